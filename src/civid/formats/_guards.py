"""Looks at an image file before a decoder does: what kind, and is it meant to do harm?

Every decoder here is linear in the size of the image but for these known traps.
"""

from __future__ import annotations

import struct

from civid.errors import ImageError
from civid.formats import _exif

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

#: A progressive JPEG of a camera has about ten scans; each one costs a pass over the image.
_MAX_SCANS = 64


def kind(data: bytes) -> str | None:
    """PNG, JPEG, ... by the first bytes, or None."""
    return next((name for magic, name in _MAGICS if data.startswith(magic)), None)


def check_jpeg(data: bytes) -> None:
    """No endless scans, no exploding Exif data."""
    if data.count(b"\xff\xda") > _MAX_SCANS:
        raise ImageError("the JPEG data is damaged: too many scans")
    at, exif = 2, b""
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ImageError("the JPEG data is damaged")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            exif += body[6:] if exif else body  # Pillow joins them, too
        at += 2 + max(length, 2)
    if exif:
        try:
            _exif.weigh(exif[6:])
        except ImageError as error:
            raise ImageError(f"in the Exif data, {error}") from None


def check_jpeg2000(data: bytes, width: int, height: int) -> None:
    """The codestream is what memory is taken for, and may tell another size than the file."""
    at = data.find(b"\xff\x4f\xff\x51")
    while at >= 0:
        head = data[at + 4 : at + 42]
        if len(head) == 38:
            length, _, x1, y1, x0, y0, tile_x, tile_y, _, _, parts = struct.unpack(">HH8IH", head)
            if length == 38 + 3 * parts:
                if (x1 - x0, y1 - y0) != (width, height) or not tile_x or not tile_y:
                    raise ImageError("the JPEG 2000 data is damaged: it tells two sizes")
                tiles = -(-(x1 - x0) // tile_x) * -(-(y1 - y0) // tile_y)
                if tiles > max(64, width * height // 1024) or parts > 4:
                    raise ImageError("the JPEG 2000 data is damaged: too many tiles")
        at = data.find(b"\xff\x4f\xff\x51", at + 4)
