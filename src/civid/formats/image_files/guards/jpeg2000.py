"""JPEG 2000: boxes of the file, and what the codestream takes memory for."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from civid.errors import ImageError

_CODESTREAM = b"\xff\x4f\xff\x51"
_MAX_BOXES = 256
#: Colours of a palette; one index of 8 bits.
_MAX_COLOURS = 256
#: Segments of the main head and of the heads of tiles.
_MAX_SEGMENTS = 65536
_MAX_COMPONENTS = 4
_COD, _COC, _QCD, _QCC, _RGN, _POC = 0x52, 0x53, 0x5C, 0x5D, 0x5E, 0x5F
_SOT, _SOD, _EOC = 0x90, 0x93, 0xD9
#: Packets, one for each layer of each precinct, and code blocks: a decoder keeps 100 bytes a piece.
_MAX_PACKETS = 1 << 18
_MAX_BLOCKS = 1 << 20
#: Bits of all samples, each of which is decoded by itself: 16 megapixels in grey, 5 in colour.
_MAX_PLANES = 250_000_000


class Size(NamedTuple):
    """The image and its tiles."""

    width: int
    height: int
    tile_x: int
    tile_y: int
    parts: int


def check_boxes(data: bytes) -> None:
    """Few boxes, and a small palette."""
    if data.startswith(_CODESTREAM):
        return
    _walk(data, 0, len(data), 0)


def _walk(data: bytes, at: int, end: int, boxes: int) -> int:
    """Count the boxes between two places; those inside the header, too."""
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        boxes += 1
        if boxes > _MAX_BOXES:
            raise ImageError("the JPEG 2000 file is damaged: too many boxes")
        if name == b"jp2c" or length < head:
            break
        if name in (b"jp2h", b"res "):
            boxes = _walk(data, at + head, min(at + length, end), boxes)
        if (
            name == b"pclr"
            and int.from_bytes(data[at + head : at + head + 2], "big") > _MAX_COLOURS
        ):
            raise ImageError("the JPEG 2000 file is damaged: too many colours")
        at += length
    return boxes


def check_codestream(data: bytes, width: int, height: int) -> None:
    """It may tell another size than the file, and be cut into far too many pieces."""
    at = data.find(_CODESTREAM)
    while at >= 0:
        size = _size(data, at)
        if size is not None:
            _check_size(size, width, height)
            for marker, body in _segments(data, at + 2):
                _check_coding(marker, body, size)
                _check_planes(marker, body, size)
        at = data.find(_CODESTREAM, at + 4)


def _size(data: bytes, at: int) -> Size | None:
    head = data[at + 4 : at + 42]
    if len(head) < 38:
        return None
    length, _, x1, y1, x0, y0, tile_x, tile_y, _, _, parts = struct.unpack(">HH8IH", head)
    return Size(x1 - x0, y1 - y0, tile_x, tile_y, parts) if length == 38 + 3 * parts else None


def _check_size(size: Size, width: int, height: int) -> None:
    if (size.width, size.height) != (width, height) or not size.tile_x or not size.tile_y:
        raise ImageError("the JPEG 2000 data is damaged: it tells two sizes")
    if _tiles(size) > max(64, width * height // 1024) or size.parts > _MAX_COMPONENTS:
        raise ImageError("the JPEG 2000 data is damaged: too many tiles")


def _tiles(size: Size) -> int:
    return -(-size.width // size.tile_x) * -(-size.height // size.tile_y)


def _segments(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Those of the main head and of the heads of tile parts."""
    for _ in range(_MAX_SEGMENTS):
        if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] == _EOC:
            return
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOT:
            part = int.from_bytes(data[at + 6 : at + 10], "big")
            end = at + part if part >= 14 else len(data)
        if marker == _SOD:
            at = end
            continue
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)
    raise ImageError("the JPEG 2000 data is damaged: too many segments")


def _check_coding(marker: int, body: bytes, size: Size) -> None:
    layers = 1
    if marker == _COD and len(body) >= 10:
        layers, sizes = int.from_bytes(body[2:4], "big"), body[5:]
        stated = bool(body[0] & 1)
    elif marker == _COC and len(body) >= 7:
        stated, sizes = bool(body[1] & 1), body[2:]
    elif marker == _POC and len(body) > 7 * 64:
        raise ImageError("the JPEG 2000 data is damaged: too many orders")
    else:
        return
    levels, across, down = sizes[0], (sizes[1] & 15) + 2, (sizes[2] & 15) + 2
    precincts = blocks = 0
    for level in range(min(levels, 32) + 1):
        stated_size = sizes[5 + level : 6 + level] if stated else b""
        both = stated_size[0] if stated_size else 0xFF
        shrunk = max(levels - level, 0)
        p_x, p_y = both & 15, both >> 4
        precincts += _pieces(size, shrunk, p_x, p_y)
        blocks += _pieces(size, shrunk, min(across, p_x), min(down, p_y))
    if layers * precincts * size.parts > _MAX_PACKETS or blocks * size.parts > _MAX_BLOCKS:
        raise ImageError("the JPEG 2000 data is damaged: it is cut into too many pieces")


def _check_planes(marker: int, body: bytes, size: Size) -> None:
    """How many bits a sample may have, whatever it is said to have."""
    if marker == _RGN:
        raise ImageError("regions of interest in JPEG 2000 images are not supported")
    if marker not in (_QCD, _QCC):
        return
    body = body[marker == _QCC :]
    style, values = body[:1], body[1:]
    if not style:
        return
    step = 2 if style[0] & 31 else 1
    planes = (style[0] >> 5) - 1 + max((value >> 3 for value in values[::step]), default=0)
    if planes * size.parts * size.width * size.height > _MAX_PLANES:
        raise ImageError("the JPEG 2000 image is too large: 16 megapixels in grey, 5 in colour")


def _pieces(size: Size, shrunk: int, p_x: int, p_y: int) -> int:
    """How many pieces of 2^p_x by 2^p_y there are in all tiles, at one resolution."""
    across = -(-size.tile_x >> shrunk) if size.tile_x < size.width else -(-size.width >> shrunk)
    down = -(-size.tile_y >> shrunk) if size.tile_y < size.height else -(-size.height >> shrunk)
    return _tiles(size) * max(-(-across >> p_x), 1) * max(-(-down >> p_y), 1)
