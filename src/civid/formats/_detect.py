"""What do these bytes look like, in words for an error?"""

from __future__ import annotations

from civid.formats._registry import FORMATS

#: Those that are only named, or named in other words; in this order.
_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"FMR\0", "a finger minutiae record of an unknown edition"),
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
    (b"%PDF-", "a PDF document"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"<?xml", "XML"),
)
_HEAD, _LOOKED_AT = 32, 4096


def detect(data: bytes | bytearray | memoryview) -> str | None:
    """Name of the format that bytes look like, or None. Never raises.

    >>> detect(b"FAC" + bytes(1) + b"010" + bytes(1))
    'ISO/IEC 19794-5 (a face image)'
    >>> detect(b"iVBORw0KGgoAAAANSUhEUgAA")
    'base64 text of a PNG image'
    """
    from civid.formats._wrappings import wrapped

    try:
        view = memoryview(data).cast("B")
    except TypeError:
        return None
    return _binary(data, bytes(view[:_HEAD])) or wrapped(
        bytes(view), lambda inside: _binary(inside, inside[:_HEAD])
    )


def _binary(data: bytes | bytearray | memoryview, head: bytes) -> str | None:
    found = next((one.name for one in FORMATS if one.fits(data, head)), None)
    if found is not None:
        return found
    return next((name for magic, name in _MAGICS if head.startswith(magic)), None)
