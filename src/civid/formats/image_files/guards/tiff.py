"""TIFF: strips and tiles, how many, how large, and which bytes they ask for."""

from __future__ import annotations

from civid.errors import ImageError
from civid.formats.image_files import exif

_WIDTH, _HEIGHT = 256, 257
_STRIP_OFFSETS, _STRIP_BYTES = 273, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325
_ONCE = (_WIDTH, _HEIGHT, _STRIP_OFFSETS, _STRIP_BYTES, *range(_TILE_WIDTH, _TILE_BYTES + 1))
#: Strips of one row of the tallest image, or tiles of 16 x 16 of the largest.
_MAX_PIECES = 65536
#: A tile may be larger than a small image; writers make them of 128 to 1024 px.
_LEAST_TILE = 1 << 20


def check(data: bytes) -> None:
    """No swarm of pieces, none far larger than the image, and no byte asked for many times."""
    first = exif.weigh(data)
    for tag in _ONCE:
        if len(first.find(tag)) > 1:
            raise ImageError("the TIFF directory is damaged: a tag stands there twice")
    for offsets, sizes in ((_STRIP_OFFSETS, _STRIP_BYTES), (_TILE_OFFSETS, _TILE_BYTES)):
        if max(first.count(offsets), first.count(sizes)) > _MAX_PIECES:
            raise ImageError("the TIFF image is damaged: too many strips or tiles")
        if sum(first.numbers(data, sizes)) > 2 * len(data) + 0x10000:
            raise ImageError("the TIFF image is damaged: its strips or tiles overlap")
    width, height, across, down = (
        sum(first.numbers(data, tag)[:1]) for tag in (_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT)
    )
    if across * down > max(4 * width * height, _LEAST_TILE):
        raise ImageError("the TIFF image is damaged: its tiles are larger than the image")
