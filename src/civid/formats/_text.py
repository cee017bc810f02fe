"""Binary formats that somebody has handed over as text: base64, hexadecimal digits, a data URL."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from civid.errors import FormatError

#: What `decoded` takes; its errors have them as their field.
TEXTS = ("base64 text", "hexadecimal digits", "a data URL")
_HEX = re.compile(rb"[0-9A-Fa-f\s]{16,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_\-\s]{16,}={0,2}\s*")
_SPACE = b" \t\n\v\f\r"
_BOM = b"\xef\xbb\xbf"
#: Each costs as much as a hundred letters; writers of binary data use base64.
_MAX_SIGNS = 1 << 20
#: So much is looked at.
_HEAD = 4096

Words = tuple[str, bytes]


def written_as_text(data: bytes, detect: Callable[[bytes], str | None]) -> str | None:
    """What text these bytes are and of what, or None where they are no such text.

    >>> written_as_text(b"data:image/png;base64,iVBOR", lambda data: None)
    'a data URL'
    >>> written_as_text(b"424d" * 8, lambda data: "a BMP image" if data[:2] == b"BM" else None)
    'hexadecimal digits of a BMP image'
    """
    text = head_of_text(data)
    if text is None:
        return None
    kind, head = text
    inside = detect(head)
    if kind == "base64 text" and not inside and len(data[:_HEAD].strip()) < 64:
        return None
    return f"{kind} of {inside}" if inside else kind


def head_of_text(data: bytes) -> Words | None:
    """Which text these bytes are, and the first bytes of what it stands for; or None."""
    head = data[:_HEAD].removeprefix(_BOM).strip()
    if head[:5].lower() == b"data:":
        from urllib.parse import unquote_to_bytes

        start, comma, body = head.partition(b",")
        body = unquote_to_bytes(body)
        inside = _letters(body) if comma and start.lower().endswith(b";base64") else body
        return "a data URL", inside
    if _HEX.fullmatch(head):
        digits = b"".join(head.split())
        return "hexadecimal digits", bytes.fromhex(digits[: len(digits) & ~1].decode())
    if _BASE64.fullmatch(head):
        return "base64 text", _letters(head)
    return None


def _letters(text: bytes) -> bytes:
    """The bytes of a piece of base64, which may be cut anywhere."""
    found = _LETTERS.match(b"".join(text.split()).translate(_URL_SAFE))
    letters = found[0] if found else b""
    return base64.b64decode(letters[: len(letters) & ~3])


_LETTERS = re.compile(rb"[A-Za-z0-9+/]*")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def decoded(kind: str, data: bytes) -> bytes:
    """What the whole text stands for.

    Raises
    ------
    FormatError
        It is damaged or cut short.
    """
    text = data.removeprefix(_BOM).strip()
    if kind == "a data URL":
        return _data_url(text)
    try:
        if kind == "hexadecimal digits":
            return bytes.fromhex(text.decode("ascii"))
        return _base64(text)
    except ValueError:
        raise FormatError("damaged or cut short", field=kind) from None


def _base64(text: bytes) -> bytes:
    letters = text.translate(_URL_SAFE, _SPACE).rstrip(b"=")
    return base64.b64decode(letters + b"=" * (-len(letters) % 4), validate=True)


def _data_url(text: bytes) -> bytes:
    """RFC 2397."""
    from urllib.parse import unquote_to_bytes

    head, comma, body = text.partition(b",")
    if not comma:
        raise FormatError("has no comma, after which its data begin", field="a data URL")
    if body.count(b"%") > _MAX_SIGNS:
        raise FormatError("more percent signs than any writer needs", field="a data URL")
    try:
        # Percent signs may stand in base64, too, for + and / and =.
        body = unquote_to_bytes(body)
        return _base64(body) if head.lower().endswith(b";base64") else body
    except ValueError:
        raise FormatError("damaged or cut short", field="a data URL") from None
