"""Files that are there whole or not at all, for their owner alone: they hold rows of people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from civid.private_files import replacing
from civid.problems import not_written


@contextmanager
def whole_file(path: Path, *, mark: bool = False) -> Iterator[TextIO]:
    """A text file under another name until everything is in it.

    Parameters
    ----------
    mark : bool
        Begin with the mark that Excel needs to read Vietnamese.

    Raises
    ------
    Problem
        It cannot be written (``not-written``); nothing is left behind.
    """
    encoding = "utf-8-sig" if mark else "utf-8"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, "w", newline="", encoding=encoding, errors="backslashreplace") as file:
            yield cast("TextIO", file)
    except OSError as error:
        raise not_written(path, error) from None
