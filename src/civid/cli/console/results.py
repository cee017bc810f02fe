"""Write result files, and say clearly when that cannot be done."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import TYPE_CHECKING

from civid.cli.console.problems import not_written, usage

if TYPE_CHECKING:
    from PIL.Image import Image

_PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".tiff": "TIFF"}


def write_bytes(path: Path, content: bytes, *, make_folder: bool = False) -> None:
    """Write a file; its folder is made only on request.

    Raises
    ------
    Problem
        It cannot be written.
    """
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise not_written(path, error) from error


def check_place(path: Path) -> None:
    """Refuse a file that cannot be written, before any work is done."""
    if not path.parent.is_dir():
        raise not_written(path, FileNotFoundError(errno.ENOENT, "no such folder"))
    if path.is_dir():
        raise not_written(path, IsADirectoryError(errno.EISDIR, "is a folder"))


def check_picture_name(path: Path | None) -> None:
    """Refuse a name that no picture can have, before any work is done."""
    if path is not None and path.suffix.lower() not in _PICTURES:
        raise usage(f"{path}: a picture cannot be saved under this name", "let it end in .png")


def save_picture(picture: Image, path: Path, *, make_folder: bool = False) -> None:
    """Save a picture in the format that its suffix names."""
    check_picture_name(path)
    buffer = io.BytesIO()
    picture.save(buffer, format=_PICTURES[path.suffix.lower()])
    write_bytes(path, buffer.getvalue(), make_folder=make_folder)
