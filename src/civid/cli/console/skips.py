"""Tell which files took no part."""

from __future__ import annotations

from collections import Counter

from civid.cli.console.output import Output
from civid.dedup.folder.grouping import Skipped

_NO_RESOLUTION = "no-resolution"
_ENROLLED = "subject-exists"
_LISTED = 10  # the rest is in --json


def show_skipped(out: Output, skipped: list[Skipped]) -> None:
    """On stderr: how many by cause, and the first few of them."""
    if not skipped:
        return
    causes = ", ".join(
        f"{count} {code}" for code, count in Counter(one.code for one in skipped).most_common()
    )
    out.note(f"skipped {len(skipped):,} files ({causes}):")
    skipped = sorted(skipped, key=lambda one: one.code == _ENROLLED)  # faults first
    for one in skipped[:_LISTED]:
        reason = one.reason.removeprefix(f"{one.path}: ")
        out.note(f"  {one.path}: {reason}")
    if any(one.code == _NO_RESOLUTION for one in skipped):
        out.note("  what to do: give the resolution of the scanner, for example: --dpi 500")
    if len(skipped) > _LISTED:
        out.note(f"  and {len(skipped) - _LISTED:,} more; --json lists all")
