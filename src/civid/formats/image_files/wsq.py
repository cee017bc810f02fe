"""WSQ, the format of fingerprint images (FBI IAFIS-IC-0110 v3.1).

The head of a file is read here: that it is whole, how large its image is, and the resolution that
encoders leave in the NIST comment. Pixels are decoded in C, ``native/src/wsq``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.errors import FormatError, ImageError
from civid.formats._reader import Reader
from civid.formats.image_files.wsq_comment import nist_comment, segment

NAME = "WSQ"
#: The largest image that is decoded, in pixels, and its longest side.
MAX_PIXELS: int = lib.CIVID_WSQ_MAX_PIXELS
MAX_SIDE: int = lib.CIVID_WSQ_MAX_SIDE
#: The shortest side of an image that is encoded: below it, sub-bands are empty.
MIN_SIDE: int = lib.CIVID_WSQ_MIN_SIDE

_SOI, _EOI = b"\xff\xa0", b"\xff\xa1"
#: Frame, block, wavelet, quantisation, Huffman tables, restart interval, comment: a length follows.
_SEGMENTS = {
    0xA2: "SOF",
    0xA3: "SOB",
    0xA4: "DTT",
    0xA5: "DQT",
    0xA6: "DHT",
    0xA7: "DRT",
    0xA8: "COM",
}
#: A byte full of ones: what encoders write that were not told the resolution.
_NOT_SAID = 255
#: Tables, comments and blocks; encoders write three blocks and about ten others.
_MAX_SEGMENTS = 256
#: In coded data FF is always followed by 00; restart markers, B0 to B7, belong to their block.
_MARKER = re.compile(rb"\xff[^\0\xb0-\xb7]", re.DOTALL)
_PPI = re.compile(rb"(?:^|\n)PPI (\d{1,5})(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Head:
    """Size in px, and the resolution or None where the file does not say it."""

    width: int
    height: int
    ppi: int | None


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like a WSQ file? Never raises."""
    try:
        head = bytes(memoryview(data)[:4])
    except TypeError:
        return False
    return head[:2] == _SOI and len(head) == 4 and head[2] == 0xFF and 0xA1 <= head[3] <= 0xA8


def parse(data: bytes | bytearray | memoryview) -> Head:
    """Walk all segments and read the head.

    Raises
    ------
    FormatError
        A segment is missing, damaged or cut short.
    """
    width = height = 0
    ppi = None
    found: set[str] = set()
    reader = Reader(data)
    for name, start, body in _walk(reader):
        if name == "SOF":
            if "SOF" in found or len(body) < 15:
                raise FormatError("damaged", offset=start, field="start of frame")
            height, width = int.from_bytes(body[2:4], "big"), int.from_bytes(body[4:6], "big")
        elif name == "COM" and ppi is None and body.startswith(b"NIST_COM"):
            match = _PPI.search(body)
            ppi = int(match[1]) if match else None
            ppi = None if ppi == _NOT_SAID else ppi
        found.add(name)
    missing = [name for name in ("DTT", "DQT", "DHT", "SOF", "SOB") if name not in found]
    if missing or not width or not height:
        what = ", ".join(missing) or "no size"
        raise FormatError(f"incomplete: {what}", offset=reader.pos, field="end of image")
    return Head(width, height, ppi)


def _walk(reader: Reader) -> Iterator[tuple[str, int, bytes]]:
    """Name, place and body of each segment; what is coded in blocks is passed over."""
    reader.expect(_SOI, "start of image")
    for _ in range(_MAX_SEGMENTS + 1):
        start = reader.pos
        marker = reader.take(2, "marker")
        if marker == _EOI:
            return
        name = _SEGMENTS.get(marker[1]) if marker[0] == 0xFF else None
        if name is None:
            raise FormatError("damaged", offset=start, field="marker")
        body = _segment(reader, name)
        if name == "SOB":
            # Huffman codes follow, in which FF is always followed by 00.
            end = _next_marker(reader.data, reader.pos)
            if end < 0:
                raise FormatError("cut short", offset=start, field="block")
            reader.take(end - reader.pos, "block")
        yield name, start, body
    raise FormatError("too many segments", offset=reader.pos, field="marker")


def _segment(reader: Reader, field: str) -> bytes:
    start = reader.pos
    length = reader.u16(field)
    if length < 2:
        raise FormatError("its length is damaged", offset=start, field=field)
    return reader.take(length - 2, field)


def _next_marker(data: bytes, start: int) -> int:
    found = _MARKER.search(data, start)
    return found.start() if found else -1


def decode(data: bytes | bytearray | memoryview, head: Head | None = None) -> npt.NDArray[np.uint8]:
    """The pixels of a file; thread-safe.

    Parameters
    ----------
    data : bytes-like
        The whole file.
    head : Head, optional
        What `parse` made of it, where that is known already.

    Returns
    -------
    (H, W) uint8
        Grey, 0 black.

    Raises
    ------
    FormatError
        Damaged, cut short, or larger than is decoded (`MAX_PIXELS`, `MAX_SIDE`). Every coefficient
        of the image has to be there: a lost block is an error, not a blurred picture.

    Examples
    --------
    >>> decode(encode(np.full((64, 80), 120, np.uint8))).shape
    (64, 80)
    """
    if head is None:
        parse(data)  # which names the place of what is damaged more exactly
    data = bytes(Reader(data).data)
    width, height = ffi.new("int32_t *"), ffi.new("int32_t *")
    size, place = ffi.new("uint64_t *"), ffi.new("civid_wsq_place_t *")
    status = lib.civid_wsq_decode_size(data, len(data), width, height, size, place)
    if status != lib.CIVID_OK:
        raise _fault(status, place)
    workspace = aligned(size[0])
    pixels = np.empty((height[0], width[0]), np.uint8)
    status = lib.civid_wsq_decode(
        data,
        len(data),
        address(workspace, "uint8_t[]", writable=True),
        workspace.nbytes,
        address(pixels, "uint8_t[]", writable=True),
        pixels.nbytes,
        place,
    )
    if status != lib.CIVID_OK:
        raise _fault(status, place)
    return pixels


def encode(
    pixels: npt.NDArray[np.uint8],
    *,
    bitrate: float = 0.75,
    ppi: int | None = 500,
    comment: str = "",
) -> bytes:
    """A WSQ file of a grey image; thread-safe.

    The parameters are those of part 3 of the specification, encoder number 2. The same pixels give
    the same bytes on every CPU.

    Parameters
    ----------
    pixels : (H, W) uint8
        Grey, 0 black, each side at least `MIN_SIDE` px.
    bitrate : float
        Bits a pixel to aim at, 0.01..16: 0.75 makes a print about 15 times smaller, 2.25 about
        5 times.
    ppi : int or None
        Resolution, written into the NIST comment; None writes -1, not known.
    comment : str
        Another comment, ASCII.

    Raises
    ------
    ImageError
        No such pixels, or more of them than WSQ is read with.
    FormatError
        A bit rate, a resolution or a comment that cannot be written.

    Examples
    --------
    >>> ridges = np.tile(np.arange(96, dtype=np.uint8) % 10 * 25, (96, 1))
    >>> file = encode(ridges, bitrate=2.25)
    >>> parse(file), int(abs(decode(file).astype(int) - ridges).max()) < 16
    (Head(width=96, height=96, ppi=500), True)
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.ndim != 2:
        raise ImageError("a WSQ image is made of a (height, width) array of uint8")
    height, width = pixels.shape
    comments = nist_comment(width, height, ppi, bitrate) + segment(comment)
    pixels = np.ascontiguousarray(pixels)
    size, capacity = ffi.new("uint64_t *"), ffi.new("uint64_t *")
    if lib.civid_wsq_encode_size(width, height, size, capacity) != lib.CIVID_OK:
        raise ImageError(
            f"a WSQ image of {width} x {height} px cannot be made: a side has {MIN_SIDE} to"
            f" {MAX_SIDE} px, all of it at most {MAX_PIXELS // 1_000_000} megapixels"
        )
    workspace, stream = aligned(size[0]), np.empty(capacity[0], np.uint8)
    status = lib.civid_wsq_encode(
        address(pixels, "uint8_t[]"),
        width,
        height,
        width,
        bitrate,
        address(workspace, "uint8_t[]", writable=True),
        workspace.nbytes,
        address(stream, "uint8_t[]", writable=True),
        stream.nbytes,
        size,
    )
    if status == lib.CIVID_E_VALUE:
        raise ImageError("an image of such extremes does not fit into WSQ's numbers")
    check(status)
    return _SOI + comments + stream[2 : size[0]].tobytes()


def _fault(status: int, place: Any) -> FormatError:
    """What the C library found wrong, with the place it names."""
    field = _SEGMENTS.get(place.marker, "end of image" if place.marker == _EOI[1] else "marker")
    if status == lib.CIVID_E_DIMENSIONS:
        message = f"larger than {MAX_PIXELS // 1_000_000} megapixels or {MAX_SIDE} px a side"
    elif status != lib.CIVID_E_CORRUPT:  # pragma: no cover - sizes are asked for before
        check(status)
    elif field in ("end of image", "SOB") and place.coefficients != place.expected:
        message = f"{place.coefficients} coefficients are coded, its size asks for {place.expected}"
    else:
        message = "damaged, cut short, or before what it depends on"
    return FormatError(message, offset=place.offset, field=field)
