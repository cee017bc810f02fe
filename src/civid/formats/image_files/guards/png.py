"""PNG: chunks, each of which Pillow reads in Python, and compressed texts and profiles."""

from __future__ import annotations

import struct

from civid.errors import ImageError

#: Chunks of pixels: 64 MiB in steps of 1 KiB; libpng writes 8 KiB.
_MAX_PIXEL_CHUNKS = 65536
_MAX_OTHERS = 1024
#: Each of these is inflated, up to 1 MiB.
_INFLATED = frozenset((b"iCCP", b"zTXt", b"iTXt"))
_MAX_INFLATED = 64


def check(data: bytes) -> None:
    """No endless chunks."""
    at, pixels, others, inflated = 8, 0, 0, 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        pixels += name == b"IDAT"
        others += name != b"IDAT"
        inflated += name in _INFLATED
        if pixels > _MAX_PIXEL_CHUNKS or others > _MAX_OTHERS or inflated > _MAX_INFLATED:
            raise ImageError("the PNG file is damaged: too many chunks")
        if name == b"IEND":
            return
        at += 12 + length
