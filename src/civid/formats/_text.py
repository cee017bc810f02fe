"""Binary formats that somebody has handed over as text: base64, hexadecimal digits, a data URL."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

_HEX = re.compile(rb"[0-9A-Fa-f\s]{16,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_\-\s]{16,}={0,2}\s*")
#: So much is looked at.
_HEAD = 4096


def written_as_text(data: bytes, detect: Callable[[bytes], str | None]) -> str | None:
    """What text these bytes are and of what, or None where they are no such text.

    >>> written_as_text(b"data:image/png;base64,iVBOR", lambda data: None)
    'a data URL'
    >>> written_as_text(b"424d" * 8, lambda data: "a BMP image" if data[:2] == b"BM" else None)
    'hexadecimal digits of a BMP image'
    """
    head = data[:_HEAD].strip()
    if head[:5].lower() == b"data:":
        return "a data URL"
    if _HEX.fullmatch(head):
        digits = b"".join(head.split())
        return _of("hexadecimal digits", detect(bytes.fromhex(digits[: len(digits) & ~1].decode())))
    if _BASE64.fullmatch(head):
        letters = b"".join(head.split()).rstrip(b"=")
        letters = letters[: len(letters) & ~3].replace(b"-", b"+").replace(b"_", b"/")
        inside = detect(base64.b64decode(letters))
        return _of("base64 text", inside) if inside or len(head) >= 64 else None
    return None


def _of(text: str, inside: str | None) -> str:
    return f"{text} of {inside}" if inside else text
