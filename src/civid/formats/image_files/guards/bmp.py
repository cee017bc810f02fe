"""BMP: Pillow decodes run lengths in Python, run by run and for four bits pixel by pixel."""

from __future__ import annotations

import struct

from civid.errors import ImageError

_RUN_LENGTHS = (1, 2)
#: A finger at 1000 dpi has two megapixels.
_MAX_PIXELS = 4_000_000
_MAX_BYTES = 4 << 20


def check(data: bytes) -> None:
    """Run lengths only in small files."""
    if len(data) < 34:
        return
    header, width, height, _, _, compression = struct.unpack_from("<IiiHHI", data, 14)
    large = abs(width * height) > _MAX_PIXELS or len(data) > _MAX_BYTES
    if large and header > 12 and compression in _RUN_LENGTHS:
        raise ImageError(
            "the BMP image is too large for run-length encoding; save it without compression"
        )
