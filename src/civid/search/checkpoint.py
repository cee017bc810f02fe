"""How far a search for duplicates has come, in a file: so that it can go on after a break.

Lines of JSON. The first one says of which galleries and options; each of the others which slot is
next, and what was found since the line before: slots and scores, no ids. A last line that is cut
short is passed over.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from civid.errors import GalleryStorageError, SearchError
from civid.search.backend import Candidates
from civid.search.parts import View

_KIND = "civid duplicates 1"
#: What is found again after a break: slots of subject and reference, score.
Found = list[tuple[int, int, float]]


class Checkpoint:
    """See `of`; without a path nothing is written and nothing was done before."""

    def __init__(self, file: IO[str] | None = None, start: int = 0, found: Found | None = None):
        self._file, self.start, self.found = file, start, found or []

    @classmethod
    def of(cls, path: Path | None, view: View, references: View, options: str) -> Checkpoint:
        """Open or begin the file.

        Raises
        ------
        SearchError
            It is of other galleries or options, or no checkpoint.
        GalleryStorageError
            It cannot be written.
        """
        if path is None:
            return cls()
        head = {"kind": _KIND, "of": _seal(view, references, options)}
        try:
            if path.exists() and path.stat().st_size:
                start, found, size = _read(path, head)
                os.truncate(path, size)
                return cls(path.open("a", encoding="ascii"), start, found)
            file = path.open("a", encoding="ascii")
            _append(file, head)
            return cls(file)
        except OSError as error:
            raise GalleryStorageError(f"the checkpoint cannot be used: {error.strerror}") from None

    def write(self, following: int, hits: Candidates) -> None:
        """Everything before this slot is done."""
        if self._file is not None:
            found = [[subject, other, score] for subject, other, score, _ in hits.tolist()]
            try:
                _append(self._file, {"next": following, "found": found})
            except OSError as error:
                raise GalleryStorageError(
                    f"the checkpoint cannot be written: {error.strerror}"
                ) from None

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()


def _append(file: IO[str], line: dict[str, Any]) -> None:
    file.write(json.dumps(line, separators=(",", ":")) + "\n")
    file.flush()


def _read(path: Path, head: dict[str, str]) -> tuple[int, Found, int]:
    """The next slot, what was found, and the length of the whole lines."""
    start, found, size = 0, [], 0
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if not line.endswith(b"\n"):
                break
            try:
                entry = json.loads(line)
                if number:
                    start = int(entry["next"])
                    found += [(int(a), int(b), float(score)) for a, b, score in entry["found"]]
                elif entry != head:
                    raise SearchError("the checkpoint is of other galleries or other options")
            except (ValueError, KeyError, TypeError):
                raise SearchError(f"line {number + 1} of the checkpoint is damaged") from None
            size += len(line)
    if not size:
        raise SearchError("the file is not a checkpoint")
    return start, found, size


def _seal(view: View, references: View, options: str) -> str:
    """A digest of who is in both galleries, and of the options."""
    digest = blake2b(options.encode(), digest_size=16)
    for side in (view, references):
        digest.update(b"%d %d;" % (side.subjects, side.living))
        for part in side.parts:
            digest.update(part.first.tobytes())
            digest.update(part.alive.tobytes())
            digest.update(part.offsets.tobytes())
    return digest.hexdigest()
