"""Looks at an image file before a decoder does: what kind, and is it meant to do harm?

Every decoder here is linear in the size of the image, and every one does some work for each
segment, chunk, block, box or tile, much of it in Python. So all of these are counted first, one
file a format, and what no scanner writes is refused. The limits together keep any file within 5 s
of a core and 1 GB (``tests/formats/test_bombs.py``).
"""

from __future__ import annotations

from collections.abc import Callable

from civid.formats.image_files.guards import bmp, gif, jpeg, jpeg2000, png, tiff

_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\xff\xa0", "WSQ"),
    (b"BM", "BMP"),
    *((b"P%d" % digit + space, "PGM") for digit in range(1, 7) for space in (b"\n", b" ", b"\r")),
)

_CHECKS: dict[str, Callable[[bytes], None]] = {
    "PNG": png.check,
    "JPEG": jpeg.check,
    "JPEG 2000": jpeg2000.check_boxes,
    "GIF": gif.check,
    "BMP": bmp.check,
    "TIFF": tiff.check,
}


def kind(data: bytes) -> str | None:
    """PNG, JPEG, ... by the first bytes, or None."""
    return next((name for magic, name in _MAGICS if data.startswith(magic)), None)


def check(kind: str, data: bytes) -> None:
    """Raise `ImageError` for a file of this kind that costs more than its pixels."""
    if kind in _CHECKS:
        _CHECKS[kind](data)


def check_decoding(kind: str, data: bytes, width: int, height: int) -> None:
    """The same, where the size that the file states decides; before its pixels are decoded."""
    if kind == "JPEG 2000":
        jpeg2000.check_codestream(data, width, height)
    elif kind == "JPEG":
        jpeg.check_scans(data, width, height)
