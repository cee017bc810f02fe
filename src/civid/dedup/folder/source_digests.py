"""What a kept gallery was made from, so that a second run extracts only what is new or changed.

JSON lines beside the gallery; the last one of a subject holds. Before a subject is enrolled it is
marked incomplete, afterwards with the digest of its files: a crash in between means again.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import civid
from civid.dedup.folder.grouping import Enrolment
from civid.fingerprint.parameters import ExtractionParameters, extractor_name
from civid.problems import not_written


class SourceDigests:
    """Subject -> digest of its files. Use as a context manager."""

    def __init__(self, gallery: str | os.PathLike[str]) -> None:
        gallery = Path(gallery)
        self.path = gallery.with_name(gallery.name + ".sources.jsonl")
        self._digests = _read(self.path)
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def get(self, subject: str) -> str | None:
        """The digest that was written down; None = this subject is not from here."""
        return self._digests.get(subject)

    def write(self, entries: list[tuple[str, str]]) -> None:
        """Write down what subjects are enrolled from."""
        try:
            if self._file is None:
                self._file = self.path.open("a", encoding="utf-8")
                self._file.write("\n")  # ends a line that a crash has cut off
            for subject, files in entries:
                self._file.write(json.dumps({"subject": subject, "files": files}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())  # as the gallery is: neither may be behind the other
        except OSError as error:
            raise not_written(self.path, error) from error
        self._digests.update(entries)


def digest(
    enrolment: Enrolment, dpi: float | None, parameters: ExtractionParameters | None = None
) -> str:
    """A digest of all that the templates of an enrolment depend on.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    by = extractor_name(parameters)
    made = hashlib.sha256(f"{civid.__version__} {dpi} {by}".encode())
    for position, path in sorted(enrolment.files.items()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        made.update(f" {int(position)} {content}".encode())
    return made.hexdigest()


def _read(path: Path) -> dict[str, str]:
    digests: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for line in file:
                if entry := _entry(line):
                    digests.update([entry])
    except FileNotFoundError:
        pass
    return digests


def _entry(line: bytes) -> tuple[str, str] | None:
    """Subject and digest; None = a damaged line or one cut off by a crash: look at it again."""
    try:
        entry = json.loads(line)
        return str(entry["subject"]), str(entry["files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
