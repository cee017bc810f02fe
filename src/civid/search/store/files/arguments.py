"""What a gallery is opened with, checked; and the path in the messages of what went wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from civid.errors import GalleryError, GalleryFormatError

#: Longer waits are as good as endless: SQLite counts milliseconds in 32 bits.
_LONGEST = 1e6


def checked_folder(path: str | os.PathLike[str]) -> Path:
    """Raises `GalleryFormatError` for what no path can be."""
    try:
        folder = Path(path)
        if b"\0" not in os.fsencode(folder):
            return folder
    except (TypeError, ValueError):  # not a path; or surrogates that the file system cannot name
        pass
    raise GalleryFormatError("this is no path of a folder")


def checked_timeout(seconds: float) -> float:
    """Raises `GalleryError` unless it is a number from 0."""
    try:
        if seconds >= 0:
            return min(float(seconds), _LONGEST)
    except TypeError:
        pass
    raise GalleryError("timeout must be a number of seconds, 0 or more")


@contextmanager
def naming(folder: Path) -> Iterator[None]:
    """Put the folder before the message of a gallery's error."""
    try:
        yield
    except GalleryError as error:
        if str(folder) not in str(error):
            error.args = (f"{folder}: {error}",)
        raise
