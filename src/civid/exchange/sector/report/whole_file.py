"""Files that are there whole or not at all, for their owner alone: they hold rows of people."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO, cast

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
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(  # readable by its owner alone
            "w", dir=path.parent, prefix=".civid-", delete=False, newline="",
            encoding="utf-8-sig" if mark else "utf-8", errors="backslashreplace",
        ) as file:  # fmt: skip
            temporary = Path(file.name)
            yield cast("TextIO", file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise not_written(path, error) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
