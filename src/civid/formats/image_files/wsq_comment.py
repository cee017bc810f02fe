"""Comments of a WSQ file: what NIST's encoder says about an image, and any other text."""

from __future__ import annotations

import struct

from civid.errors import FormatError

MIN_BITRATE, MAX_BITRATE = 0.01, 16.0
#: What is read again.
_MAX_PPI = 99_999
_MAX_COMMENT = 65_533


def nist_comment(width: int, height: int, ppi: int | None, bitrate: float) -> bytes:
    """What NIST's encoder says in its comment, in its order."""
    if isinstance(bitrate, bool) or not isinstance(bitrate, (int, float)):
        raise FormatError("no number", field="WSQ_BITRATE")
    if not MIN_BITRATE <= bitrate <= MAX_BITRATE:
        raise FormatError(f"outside {MIN_BITRATE}..{MAX_BITRATE}", field="WSQ_BITRATE")
    if ppi is not None and (isinstance(ppi, bool) or not isinstance(ppi, int)):
        raise FormatError("no whole number", field="PPI")
    if ppi is not None and not 1 <= ppi <= _MAX_PPI:
        raise FormatError(f"outside 1..{_MAX_PPI}", field="PPI")
    said = {
        "PIX_WIDTH": width,
        "PIX_HEIGHT": height,
        "PIX_DEPTH": 8,
        "PPI": -1 if ppi is None else ppi,
        "LOSSY": 1,
        "COLORSPACE": "GRAY",
        "COMPRESSION": "WSQ",
        "WSQ_BITRATE": f"{bitrate:f}",
    }
    lines = [f"NIST_COM {len(said) + 1}", *(f"{name} {value}" for name, value in said.items())]
    return segment("\n".join(lines))


def segment(text: str) -> bytes:
    """A comment of its own; none where there is no text."""
    if not isinstance(text, str) or not text.isascii() or len(text) > _MAX_COMMENT:
        raise FormatError(f"not up to {_MAX_COMMENT} ASCII characters", field="COM")
    return b"\xff\xa8" + struct.pack(">H", 2 + len(text)) + text.encode() if text else b""
