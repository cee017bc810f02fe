"""Is a JPEG 2000 stream lossless? The edition of 2011 says it, those of 2004 and 2005 do not."""

from __future__ import annotations

_SIZ, _COD, _SOT = b"\xff\x4f\xff\x51", 0xFF52, 0xFF90
#: A main header has about ten segments.
_MAX_SEGMENTS = 1024
#: In COD: length 2, style 1, progression 1, layers 2, colour 1, levels 1, block 2, its style 1.
_TRANSFORM = 11


def is_reversible(image: bytes) -> bool:
    """Does a JP2 file or a code stream use the reversible 5-3 wavelet (ISO/IEC 15444-1, A.6.1)?

    A lossless image always does. False for what is damaged or none. Never raises.

    >>> is_reversible(b"")
    False
    """
    at = image.find(_SIZ)
    if at < 0:
        return False
    at += 2
    for _ in range(_MAX_SEGMENTS):
        marker = int.from_bytes(image[at : at + 2], "big")
        length = int.from_bytes(image[at + 2 : at + 4], "big")
        if marker == _COD:
            return image[at + 2 + _TRANSFORM : at + 3 + _TRANSFORM] == b"\1"
        if marker == _SOT or marker < 0xFF00 or length < 2:
            return False
        at += 2 + length
    return False
