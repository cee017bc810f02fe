"""What do these bytes look like?"""

from __future__ import annotations

from civid.formats._text import written_as_text
from civid.formats.minutiae import ansi378_2004, ansi378_2009, iso19794_2_2005, iso19794_2_2011

#: Those that are read and written.
_MODULES = (iso19794_2_2005, ansi378_2004, iso19794_2_2011, ansi378_2009)

#: Those that are only named; in this order.
_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"FMR\0", "a finger minutiae record of an unknown edition"),
    (b"FIR\0" + b"010\0", "ISO/IEC 19794-4:2005 (a finger image)"),
    (b"FIR\0" + b"020\0", "ISO/IEC 19794-4:2011 (a finger image)"),
    (b"FIR\0", "a finger image record of an unknown edition"),
    (b"FAC\0", "ISO/IEC 19794-5 (a face image)"),
    (b"IIR\0", "ISO/IEC 19794-6 (an iris image)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (b"\xff\xa0", "a WSQ image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"1.001:", "an ANSI/NIST-ITL transaction"),
    (b"<?xml", "XML"),
)


def detect(data: bytes | bytearray | memoryview) -> str | None:
    """Name of the format that bytes look like, or None. Never raises.

    >>> detect(b"FIR" + bytes(1) + b"020" + bytes(1))
    'ISO/IEC 19794-4:2011 (a finger image)'
    >>> detect(b"iVBORw0KGgoAAAANSUhEUgAA")
    'base64 text of a PNG image'
    """
    try:
        view = memoryview(data).cast("B")
        head = bytes(view[:32])
    except TypeError:
        return None
    found = _binary(data, head)
    return found or written_as_text(bytes(view[:4096]), lambda inside: _binary(inside, inside[:32]))


def _binary(data: bytes | bytearray | memoryview, head: bytes) -> str | None:
    for module in _MODULES:
        if module.sniff(data):
            return str(module.NAME)
    return next((name for magic, name in _MAGICS if head.startswith(magic)), None)
