"""Was the log tampered with?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from civid.errors import FieldError, StorageDamagedError, StorageWriteError
from civid.exchange.service.log.entry import BEGINNING, MOST_BYTES, Entry, chained, parsed
from civid.exchange.service.log.journal import read_end, read_key

_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class LogReport:
    """What verifying a log came to.

    Attributes
    ----------
    entries : int
        How many there are.
    refused : int
        Of them, requests that were refused.
    end : str
        The anchor, ``SEQ:HASH``: kept elsewhere, it shows later that this is still the same log.
    problems : tuple of str
        What is wrong, and in which line; empty = nothing.
    """

    entries: int
    refused: int
    end: str
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_log(path: Path, *, anchor: str | None = None) -> LogReport:
    """Check every line of a log against the one before, and its end. The log may be in use.

    A line that was changed, added, taken out or moved is found; so is a log that was cut at its
    end, unless the file that says where it ends was put back to an older copy, too: an anchor that
    was kept elsewhere finds that.

    Parameters
    ----------
    path : Path
        The file; its key lies beside it, ``NAME.key``.
    anchor : str, optional
        What an earlier call said as ``end``.

    Raises
    ------
    StorageKeyError
        The key is missing, or none.
    StorageWriteError
        The file cannot be read.
    FieldError
        The anchor is none.
    """
    key, problems = read_key(path), list[str]()
    wanted = _anchor(anchor)
    try:
        marked = read_end(path, key)
    except StorageDamagedError as error:
        marked = None
        problems.append(str(error))
    if marked is None and not problems:
        problems.append("the file that says where the log ends is missing")
    before, seq, at, refused = BEGINNING, 0, 0, 0
    seen: dict[int, bytes] = {0: BEGINNING}
    kept = {place for place in (wanted and wanted[0], marked and marked[0]) if place}
    for number, found in enumerate(_lines(path), 1):
        if isinstance(found, str):
            problems.append(f"line {number}: {found}")
            break
        entry, digest = found
        if entry.seq != seq + 1:
            problems.append(f"line {number}: entry {entry.seq} follows entry {seq}")
            break
        if chained(before, entry.canonical(), key) != digest:
            problems.append(f"line {number}: was changed, or the one before was taken out")
            break
        if entry.at < at:
            problems.append(f"line {number}: is earlier than the one before")
        before, seq, at = digest, entry.seq, entry.at
        refused += entry.times if entry.outcome == "refused" else 0
        if seq in kept:
            seen[seq] = digest
        if len(problems) >= _MOST_PROBLEMS:
            break
    else:
        for told, place in (("the end that was written down", marked), ("the anchor", wanted)):
            if place is not None and seen.get(place[0]) != place[1]:
                problems.append(f"{told} is not in this log: lines are missing, or it is another")
    return LogReport(seq, refused, f"{seq}:{before.hex()}", tuple(problems))


def _anchor(text: str | None) -> tuple[int, bytes] | None:
    if text is None:
        return None
    try:
        place, _, digest = text.strip().partition(":")
        found = int(place), bytes.fromhex(digest)
        if len(found[1]) != len(BEGINNING):
            raise ValueError("length")
    except ValueError:
        raise FieldError("anchor", "must be NUMBER:HASH, as an earlier verification said") from None
    return found


def _lines(path: Path) -> Iterator[tuple[Entry, bytes] | str]:
    """Every line, or why it is none."""
    try:
        with path.open("rb") as file:
            while line := file.readline(MOST_BYTES):
                if not line.endswith(b"\n"):
                    if len(line) == MOST_BYTES:
                        yield "longer than any line of ours"
                    return  # being written just now, or left by a crash
                try:
                    yield parsed(line)
                except StorageDamagedError:
                    yield "cannot be read"
                    return
    except OSError as error:
        raise StorageWriteError(f"the log cannot be read ({error.strerror})") from None
