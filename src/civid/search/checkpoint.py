"""How far a search for duplicates has come, in a file: so that it can go on after a break.

Lines of JSON. The first one says of which galleries and options, and which engine scores; each of
the others who is next, and what was found since the line before: numbers and scores, no ids.
Subjects are numbered in order of enrolment without those removed, which is the same after a gallery
was closed and opened. A last line that is cut short is passed over; each has a checksum.

What another engine has scored is not gone on with: its scores are on another scale, and whom it
left out was left out by that. civid 0.1 named none; its engine was another one.
"""

from __future__ import annotations

import json
import math
import os
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import numpy as np

from civid._native import ffi
from civid.errors import GalleryStorageError, SearchError
from civid.search.arrays.parts import Part, Slots, View
from civid.search.backends.base import Candidates
from civid.search.parameters.engine import engine_name

_KIND = "civid duplicates 1"
#: The first line is shorter.
_LONGEST_HEAD = 256
#: What checkpoints call the backends: frozen, so that those of older versions go on.
_BACKEND_KEYS = {
    "auto": "AutoBackend",
    "cascade": "CascadeBackend",
    "exact": "ExactBackend",
    "index": "IndexBackend",
}
#: What is found again after a break: slots of subject and reference, score.
Found = list[tuple[int, int, float]]


def backend_key(name: str) -> str:
    """What a checkpoint calls the backend of this name, whatever its class is called today."""
    return _BACKEND_KEYS.get(name, name)


class Checkpoint:
    """See `of`; without a file nothing is written and nothing was done before.

    Parameters
    ----------
    file : text file, optional
        Where to write.
    probes, references : (n,) int64
        Slots of the living.
    start : int
        The slot to go on from.
    found : list of tuple
        What was found before it.
    """

    def __init__(
        self,
        file: IO[str] | None = None,
        probes: Slots | None = None,
        references: Slots | None = None,
        start: int = 0,
        found: Found | None = None,
    ):
        none = np.empty(0, np.int64)
        self._file, self.start, self.found = file, start, found or []
        self._probes = none if probes is None else probes
        self._references = none if references is None else references

    @classmethod
    def of(cls, path: Path | None, view: View, references: View, options: str) -> Checkpoint:
        """Open or begin the file.

        Raises
        ------
        SearchError
            It is of other galleries or options, of another engine, damaged, or no checkpoint.
        GalleryStorageError
            It cannot be written.
        """
        if path is None:
            return cls()
        of = _seal(view, references, options)
        head = {"kind": _KIND, "of": of, "engine": engine_name()}
        mine, theirs = _living(view), _living(references)
        start, found = 0, None
        try:
            if new := not (path.exists() and path.stat().st_size):
                file = path.open("a", encoding="ascii")
            else:
                following, numbers, size = _read(path, head, len(mine), len(theirs))
                start = int(mine[following]) if following < len(mine) else view.subjects
                found = [(int(mine[a]), int(theirs[b]), score) for a, b, score in numbers]
                file = path.open("a", encoding="ascii")
                os.truncate(file.fileno(), size)
        except OSError as error:
            raise GalleryStorageError(f"the checkpoint cannot be used: {error.strerror}") from None
        mark = cls(file, mine, theirs, start, found)
        if new:
            try:
                mark._append(head)
            except GalleryStorageError:
                mark.close()
                raise
        return mark

    def write(self, following: int, hits: Candidates) -> None:
        """Everything before this slot is done.

        Raises
        ------
        GalleryStorageError
            It cannot be written.
        """
        if self._file is None:
            return
        subjects = np.searchsorted(self._probes, hits["probe"]).tolist()
        others = np.searchsorted(self._references, hits["reference"]).tolist()
        found = list(zip(subjects, others, hits["score"].tolist(), strict=True))
        entry = {"next": int(np.searchsorted(self._probes, following)), "found": found}
        self._append(checksummed(entry))

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            with suppress(OSError):  # what could not be written was reported by then
                self._file.close()

    def _append(self, line: dict[str, Any]) -> None:
        assert self._file is not None
        try:
            self._file.write(_line(line) + "\n")
            self._file.flush()
        except OSError as error:
            raise GalleryStorageError(
                f"the checkpoint cannot be written: {error.strerror}"
            ) from None


def check_engine(theirs: object) -> None:
    """Refuse to go on with what another engine has scored, by its name in a checkpoint.

    Raises
    ------
    SearchError
        It is another one, or none is named: civid 0.1 did not.
    """
    mine = engine_name()
    if theirs is None:
        raise SearchError(
            "the checkpoint does not name the engine that scored it: an earlier civid began it,"
            " whose scores are on another scale"
        )
    if theirs != mine:
        raise SearchError(
            f"another engine began the checkpoint, {str(theirs)[:64]}: its scores are on another"
            f" scale than those of {mine}"
        )


def _read(path: Path, head: dict[str, str], probes: int, references: int) -> tuple[int, Found, int]:
    """Who is next, what was found, and the length of the whole lines."""
    start, found = 0, Found()
    with path.open("rb") as file:
        first = file.readline(_LONGEST_HEAD)
        entry = _parsed(first)
        if not (isinstance(entry, dict) and entry.get("kind") == _KIND and first.endswith(b"\n")):
            raise SearchError("the file is not a checkpoint")
        theirs = entry.pop("engine", None)
        if entry | {"engine": head["engine"]} != head:
            raise SearchError("the checkpoint is of other galleries or other options")
        check_engine(theirs)
        size = len(first)
        for number, line in enumerate(file, 2):
            if not line.endswith(b"\n"):
                break
            try:
                start, more = _entry(_parsed(line), start, probes, references)
            except (ValueError, KeyError, TypeError):
                raise SearchError(f"line {number} of the checkpoint is damaged") from None
            found += more
            size += len(line)
    return start, found, size


def _line(entry: object) -> str:
    return json.dumps(entry, separators=(",", ":"))


def checksum(entry: object) -> str:
    """Of what a line of JSON says, without the checksum: values are written as they are read.

    >>> checksum({"next": 8, "found": [[1, 2, 7.5]]})
    'f255e21e'
    """
    return f"{zlib.crc32(_line(entry).encode('ascii')):08x}"


def checksummed(line: dict[str, Any]) -> dict[str, Any]:
    """A line as it is written; see `verify`."""
    return line | {"check": checksum(line)}


def verify(line: Any, names: set[str]) -> None:
    """Take the checksum, which lines of civid 0.1 lack, out of a line that was read.

    Raises
    ------
    ValueError, TypeError
        It holds something else than these names, or its checksum is of other values.
    """
    found = set(line)
    if found != names and (found != names | {"check"} or line.pop("check") != checksum(line)):
        raise ValueError


def _parsed(line: bytes) -> Any:
    """None = no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _entry(entry: Any, start: int, probes: int, references: int) -> tuple[int, Found]:
    """Who is next, and what was found; ValueError, KeyError or TypeError if that cannot be."""
    verify(entry, {"next", "found"})
    following = _number(entry["next"], start, probes + 1)
    found = [
        (_number(a, start, following), _number(b, 0, references), float(score))
        for a, b, score in entry["found"]
    ]
    if not all(math.isfinite(score) for *_, score in found):
        raise ValueError
    return following, found


def _number(value: Any, begin: int, end: int) -> int:
    if type(value) is not int or not begin <= value < end:
        raise ValueError
    return value


def _living(view: View) -> Slots:
    """Their slots, in order."""
    slots = [part.living(0, part.subjects) + part.base for part in view.parts]
    return np.concatenate([np.empty(0, np.int64), *slots])


def _seal(view: View, references: View, options: str) -> str:
    """A digest of the living of both galleries, and of the options; the same however they lie."""
    digest = blake2b(options.encode(), digest_size=16)
    digest.update(b"one" if view is references else b"two")
    for side in (view, references):
        kinds = [blake2b() for _ in range(4)]
        for part in side.parts:
            for kind, data in zip(kinds, _prints(part), strict=True):
                kind.update(data)
        for kind in kinds:
            digest.update(kind.digest())
    return digest.hexdigest()


def _prints(part: Part) -> tuple[bytes, bytes, bytes, bytes]:
    """Of the living: how many fingers; positions; lengths; and the first code of each."""
    part.check(0, part.subjects)
    fingers = np.diff(part.first)
    alive = part.alive != 0
    kept = np.flatnonzero(np.repeat(alive, fingers))
    lengths = np.diff(part.offsets)[kept]
    words = part.offsets[kept] // 8 - kept.astype(np.uint64)
    size = part.pointer.block_size - 8 * part.fingers
    codes = np.frombuffer(ffi.buffer(part.pointer.codes, size), np.uint64)
    return (
        fingers[alive].tobytes(),
        part.positions[kept].tobytes(),
        lengths.tobytes(),
        codes[words].tobytes(),
    )
