"""How commands tell of a gallery."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from civid.cli.console.output import counted
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.search.store.inspection import Description


def purge_command(gallery: Path) -> str:
    """What removes the bytes of removed subjects."""
    return f"civid gallery compact --purge {shlex.quote(str(gallery))}"


def as_json_of(told: Description) -> dict[str, object]:
    """What ``--json`` says of a gallery."""
    keys = [{"name": name or None, "segments": count} for name, count in told.keys]
    return {
        "subjects": told.subjects,
        "fingers": told.fingers,
        "method": told.method,
        "segments": told.segments,
        "tail": told.tail,
        "removed_in_segments": told.removed,
        "memory_bytes": told.memory_bytes,
        "disk_bytes": told.disk_bytes,
        "encrypted": told.encrypted,
        "keys": keys,
        "stale_segments": told.stale,
        "slow_to_open": told.slow or None,
        "version": told.version,
    }


def encryption(told: Description) -> str:
    """With which keys; of those that are not encrypted too, if there are keys."""
    if not told.encrypted:
        return say("no")
    if not told.keys:
        return say("yes")
    segments = ", ".join(
        f"{counted(count, 'segment')} {say(f'with key {name}' if name else 'not encrypted')}"
        for name, count in told.keys
    )
    return f"{say('yes')} ({segments})"
