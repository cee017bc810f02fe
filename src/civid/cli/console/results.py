"""Write result files, and say clearly when that cannot be done."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from civid.cli.console.problems import not_written, usage
from civid.private_files import replacing

if TYPE_CHECKING:
    from PIL.Image import Image

    from civid.fingerprint.template import Template

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


def write_whole(path: Path, content: bytes) -> None:
    """Write all of a file or nothing: one that is half written is never under its name.

    Folders that are missing are made.

    Raises
    ------
    Problem
        It cannot be written.
    """
    check_kind(path)
    path = Path(os.path.realpath(path))  # a link stays one, and what it points to is written
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(content)
            Path(file.name).chmod(0o666 & ~_umask())
    except OSError as error:
        raise not_written(path, error) from error


def check_kind(path: Path) -> None:
    """Refuse a device or a pipe: a file would take its place in the file system."""
    if path.exists() and not path.is_file():
        reason = "is a folder" if path.is_dir() else "is not a regular file"
        raise not_written(path, FileExistsError(errno.EEXIST, reason))


def _umask() -> int:
    """The process's; there is no other way to ask."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def check_place(path: Path) -> None:
    """Refuse a file that cannot be written, before any work is done."""
    if not path.parent.is_dir():
        raise not_written(path, FileNotFoundError(errno.ENOENT, "no such folder"))
    if path.is_dir():
        raise not_written(path, IsADirectoryError(errno.EISDIR, "is a folder"))


def check_outside(path: Path, folder: Path) -> None:
    """Refuse to write where prints are read from: they would be read as prints the next time."""
    inside, outside = folder.resolve(), path.resolve()
    if outside == inside or inside in outside.parents:
        raise usage(f"{path}: lies in the folder that is read", "give another folder")


def check_picture_name(path: Path | None) -> None:
    """Refuse a name that no picture can have, before any work is done."""
    if path is not None and path.suffix.lower() not in _PICTURES:
        raise usage(f"{path}: a picture cannot be saved under this name", "let it end in .png")


def print_as_json(path: Path, template: Template) -> dict[str, object]:
    """What ``--json`` says of one of the prints that were compared."""
    return {
        "file": str(path),
        "minutiae": len(template),
        "quality": template.quality,
        "extractor": template.extractor or None,
    }


def save_picture(picture: Image, path: Path, *, make_folder: bool = False) -> None:
    """Save a picture in the format that its suffix names."""
    write_bytes(path, picture_bytes(picture, path), make_folder=make_folder)


def picture_bytes(picture: Image, path: Path) -> bytes:
    """A picture in the format that the suffix of a file names."""
    check_picture_name(path)
    buffer = io.BytesIO()
    picture.save(buffer, format=_PICTURES[path.suffix.lower()])
    return buffer.getvalue()
