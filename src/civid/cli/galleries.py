"""Open a gallery for a command, and say clearly when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import civid
from civid.cli.problems import Exit, Problem, explain

if TYPE_CHECKING:
    from civid.search import Gallery


def open_gallery(path: Path, *, read_only: bool = False) -> Gallery:
    """Open a gallery folder: to write, made when missing, or to read beside a writer.

    Raises
    ------
    Problem
        There is none, it is damaged, busy, or may not be opened.
    """
    if read_only and not path.exists():
        raise Problem(
            Exit.GALLERY,
            "no-such-gallery",
            f"{path}: no such gallery",
            "check the path, or make one with: civid enroll",
        )
    try:
        return civid.Gallery.open(path, create=not read_only, read_only=read_only)
    except OSError as error:
        if isinstance(error, civid.CividError):
            raise explain(error, path) or error from error
        reason = (error.strerror or str(error)).lower()
        advice = "check the path and your right to use it"
        raise Problem(Exit.GALLERY, "gallery-storage", f"{path}: {reason}", advice) from error
    except civid.GalleryError as error:
        raise explain(error, path) or error from error
