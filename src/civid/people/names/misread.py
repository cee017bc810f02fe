"""Mojibake (chữ vỡ): UTF-8 that something read in another encoding, once or twice.

``Võ Thị Mỹ`` shows as ``VÃµ Thá»‹ Má»¹`` in Windows-1252, ``VĂµ Thá»‹ Má»¹`` in Windows-1258, and
half of it as Chinese or Japanese in Big5 or Shift-JIS. This is looked for before anything else:
what spaces, symbols and letters stand in such text says nothing about the name, and every rule that
would tidy them destroys the bytes that the name can still be read from.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from civid.people.names.marks import QUALITY, TONES, recompose

_SINGLE_BYTE = ("cp1252", "cp1258")
_MULTI_BYTE = ("cp932", "cp950", "gb18030", "cp949")
_CHINESE = "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff61-\uff9f"
#: What the second and later bytes of UTF-8 (80 to BF) show as, and what replaces lost bytes.
_SIGNS = re.compile(
    "[\x80-\xbf\ufffd\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    f"\u2010-\u203a\u20ac\u2122{_CHINESE}]"
)
_LOST = re.compile(
    f"\ufffd|ï¿½|[\x80-\x84\x86-\x9f]|[A-Za-zÀ-ỹ][{_CHINESE}]|[{_CHINESE}][A-Za-zÀ-ỹ]"
)
#: Two or more bytes of one letter, as the single-byte encodings show them; other bytes may be lost.
_LEADS = r"[\xc3-\xc6\u0102]"
_TRAILS = (
    r"[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    r"\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u20ab\u2122\ufffd]"
)
_HORNED = re.compile(rf"á[º»]{_TRAILS}")
_ACCENTED = re.compile(rf"{_LEADS}{_TRAILS}")
#: Names and addresses are shorter; what is longer is judged by its beginning.
_LONGEST = 1024
_MARKS = QUALITY | TONES
_PUNCTUATION = frozenset("–—‘’“”…\u00a0")
#: Times over that a text may have been misread.
_MOST = 3


def reread(text: str) -> str | None:
    """What a text says when its bytes are read as UTF-8; None when they are no Vietnamese UTF-8.

    That valid UTF-8 with Vietnamese letters comes out by chance hardly ever happens.

    >>> reread("VÃµ Thá»‹ Má»¹"), reread("VĂµ Thá»‹ Má»¹"), reread("Võ Thị Mỹ")
    ('Võ Thị Mỹ', 'Võ Thị Mỹ', None)
    """
    if len(text) > _LONGEST or text.isascii() or not _SIGNS.search(text):
        return None
    return _reread(text)


@lru_cache(maxsize=4096)
def _reread(text: str) -> str | None:
    best = None
    for _ in range(_MOST):
        found = next(filter(None, (_as_utf8(text, name) for name in _ENCODINGS)), None)
        if found is None:
            break
        best = recompose(found) if _is_vietnamese(found) else best
        text = found
    return best


_ENCODINGS = (*_SINGLE_BYTE, *_MULTI_BYTE)


def is_misread(text: str) -> bool:
    """Say whether a text was read in a wrong encoding, be it readable again or not.

    >>> is_misread("VĂµ Thá»‹ Má»¹"), is_misread("Nguy盻�n"), is_misread("Nguyễn Thị An")
    (True, True, False)
    """
    text = text[:_LONGEST]
    if text.isascii() or not _SIGNS.search(text):
        return False
    return (
        _LOST.search(text) is not None
        or _HORNED.search(text) is not None
        or len(_ACCENTED.findall(text)) > 1
        or _reread(text) is not None
        or any(
            once is not None and _LOST.search(once) is not None
            for once in (_as_utf8(text, name) for name in _SINGLE_BYTE)
        )
    )


def _as_utf8(text: str, encoding: str) -> str | None:
    try:
        if encoding in _SINGLE_BYTE:
            data = b"".join(_bytes(char, encoding) for char in _apart(text, encoding))
        else:
            data = text.encode(encoding)
        found = data.decode("utf-8")
    except UnicodeError:
        return None
    return found if found != text and normalize("NFC", found) != text else None


def _bytes(char: str, encoding: str) -> bytes:
    try:
        return char.encode(encoding)
    except UnicodeEncodeError:
        if ord(char) > 0xFF:
            raise
        return bytes([ord(char)])  # the bytes that the encoding leaves open


def _apart(text: str, encoding: str) -> str:
    """Windows-1258 has tones as letters of their own; NFC may have joined them since."""
    if encoding != "cp1258":
        return text
    return "".join(_tone_apart(char) for char in text)


def _tone_apart(char: str) -> str:
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        marks = normalize("NFD", char)
        tones = "".join(mark for mark in marks if mark in TONES)
        return normalize("NFC", "".join(mark for mark in marks if mark not in TONES)) + tones
    return char


def _is_vietnamese(text: str) -> bool:
    """Whether all letters are Latin with Vietnamese marks, and some mark is there."""
    marked = False
    for char in normalize("NFD", text):
        if char in "đĐ" or char in _MARKS:
            marked = True
        elif not char.isascii() and char not in _PUNCTUATION:
            return False
    return marked
