"""What became of the files of a folder: on screen, and as a report for a table or a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from civid.campaign.sheets import Written, write_csv, write_xlsx
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import usage
from civid.cli.console.results import check_place, write_whole
from civid.dedup.folder.grouping import Skipped
from civid.dedup.folder.outcomes import TITLES, Outcome

_NO_RESOLUTION = "no-resolution"
_ENROLLED = "subject-exists"
_KINDS = (".csv", ".xlsx", ".json")
_LISTED = 10  # the rest is in --json


def show_skipped(out: Output, skipped: list[Skipped]) -> None:
    """On stderr: how many by cause, and the first few of them."""
    if not skipped:
        return
    causes = ", ".join(
        f"{count} {code}" for code, count in Counter(one.code for one in skipped).most_common()
    )
    out.note(f"skipped {counted(len(skipped), 'file')} ({causes}):")
    skipped = sorted(skipped, key=lambda one: one.code == _ENROLLED)  # faults first
    for one in skipped[:_LISTED]:
        reason = one.reason.removeprefix(f"{one.path}: ")
        out.note(f"  {one.path}: {reason}")
    if any(one.code == _NO_RESOLUTION for one in skipped):
        out.note("  what to do: give the resolution of the scanner, for example: --dpi 500")
    if len(skipped) > _LISTED:
        out.note(f"  and {len(skipped) - _LISTED:,} more; --json lists all")


def note_left_out(out: Output, folder: Path, skipped: list[Skipped]) -> None:
    """In one line: how many files of a folder belong to nobody, and why."""
    if skipped:
        causes = Counter(one.code for one in skipped).most_common()
        told = ", ".join(f"{number:,} {code}" for code, number in causes)
        out.note(f"{folder}: {counted(len(skipped), 'file')} left out: {told}")


def check_report_name(path: Path | None) -> None:
    """Refuse, before any work is done, a report that could not be written."""
    if path is None:
        return
    if path.suffix.lower() not in _KINDS:
        raise usage(f"{path}: a report ends in {', '.join(_KINDS)}")
    check_place(path)


def write_report(outcomes: Sequence[Outcome], path: Path) -> None:
    """All of it or nothing. The same rows give the same CSV and JSON to the byte.

    Raises
    ------
    Problem
        It cannot be written.
    UnavailableError
        XLSX without the extra ``civid[campaign]``.
    """
    kind = path.suffix.lower()
    if kind == ".json":
        document = {"prints": [one.to_dict() for one in outcomes]}
        content = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    else:
        table = Written.of("prints", TITLES, [one.row() for one in outcomes])
        content = write_csv(table) if kind == ".csv" else write_xlsx([table])
    write_whole(path, content)
