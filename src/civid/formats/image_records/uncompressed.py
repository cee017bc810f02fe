"""Uncompressed pixels of 1 to 16 bits, packed or not, as 8-bit grey."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError
from civid.formats.image_records.common import Announced, Payload, raw_sizes

#: Pixels that are unpacked at a time; a multiple of 8, so that each piece begins on a byte.
_PIECE = 1 << 18


def grey(image: bytes, announced: Announced) -> npt.NDArray[np.uint8]:
    """The pixels, (H, W) uint8: 0 black, the highest value white.

    Unpacked pixels take one byte, above 8 bits two, the high one first. Packed ones follow each
    other from the highest bit on; rows that begin on a byte are told by the length.

    Raises
    ------
    FormatError
        Fewer bytes than pixels.

    >>> grey(b"\\xa0", Announced(Payload.PACKED, 2, 2, 1, (500, 500))).tolist()
    [[255, 0], [255, 0]]
    """
    width, height, depth = announced.width, announced.height, announced.depth
    sizes = raw_sizes(announced)
    if not 1 <= depth <= 16:
        raise FormatError(f"{depth} is outside 1..16", field="pixel depth")
    if len(image) < sizes[0]:
        text = f"{len(image)} bytes; the announced size takes {sizes[0]}"
        raise FormatError(text, field="image data")
    if announced.payload is not Payload.PACKED:
        kind = ">u2" if depth > 8 else "u1"
        flat = np.frombuffer(image, kind, width * height)
        values = flat.astype(np.uint16).reshape(height, width)
    elif len(image) == sizes[-1] > sizes[0]:
        rows = np.frombuffer(image, np.uint8).reshape(height, -1)
        values = np.stack([_unpack(row, width, depth) for row in rows])
    else:
        packed = np.frombuffer(image, np.uint8, sizes[0])
        values = _unpack(packed, width * height, depth).reshape(height, width)
    return _to_8_bits(values, depth)


def _unpack(data: npt.NDArray[np.uint8], count: int, depth: int) -> npt.NDArray[np.uint16]:
    values = np.empty(count, np.uint16)
    weights = (1 << np.arange(depth - 1, -1, -1)).astype(np.uint16)
    for start in range(0, count, _PIECE):
        stop = min(start + _PIECE, count)
        piece = data[start * depth // 8 : (stop * depth + 7) // 8]
        bits = np.unpackbits(piece, count=(stop - start) * depth).reshape(-1, depth)
        values[start:stop] = bits.astype(np.uint16) @ weights
    return values


def _to_8_bits(values: npt.NDArray[np.uint16], depth: int) -> npt.NDArray[np.uint8]:
    if depth >= 8:
        return (values >> (depth - 8)).clip(0, 255).astype(np.uint8)
    white = (1 << depth) - 1
    scaled = (np.arange(256).clip(0, white) * 255 + white // 2) // white
    return scaled.astype(np.uint8)[values]
