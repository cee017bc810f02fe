"""Combining marks of Vietnamese: quality marks (dấu mũ, móc, trăng), tone marks (dấu thanh), Đ.

NFC alone does not make equal what looks equal: a circumflex and an acute are of one combining
class, so that ``e + acute + circumflex`` and ``ế`` stay apart. `recompose` puts the quality mark
first.
"""

from __future__ import annotations

from unicodedata import combining, normalize

CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
QUALITY = frozenset((CIRCUMFLEX, BREVE, HORN))
TONES = frozenset((GRAVE, ACUTE, TILDE, HOOK, DOT))

#: Look-alikes of Đ: eth and African D, upper and lower; official pages really use the eth.
D_STROKE = {0x00D0: "Đ", 0x0189: "Đ", 0x00F0: "đ", 0x0256: "đ"}


#: Letters with a stroke or hook, which do not decompose: đ, and b, k of minorities (Ƀok, Ƙ).
_STRUCK = str.maketrans("đĐƀɃɓƁƙƘ", "dDbBbBkK")


def recompose(text: str) -> str:
    """Return NFC with quality marks before tone marks and no mark twice on a letter.

    >>> recompose("e\\u0301\\u0302") == "ế"
    True
    """
    text = normalize("NFD", text)
    out: list[str] = []
    run: list[str] = []
    for char in text:
        if combining(char):
            if char not in run:
                run.append(char)
        else:
            if run:
                out.extend(sorted(run, key=_rank))
                run.clear()
            out.append(char)
    out.extend(sorted(run, key=_rank))
    return normalize("NFC", "".join(out))


def _rank(mark: str) -> int:
    return 0 if mark in QUALITY else 1


def strip_tone(text: str) -> tuple[str, str]:
    """Take the tone marks off: the text without them in NFC, and the marks in order.

    >>> strip_tone("hòa")[0]
    'hoa'
    """
    letters = normalize("NFD", text)
    tones = "".join(char for char in letters if char in TONES)
    return recompose("".join(char for char in letters if char not in TONES)), tones


def strip_all(text: str) -> str:
    """Take every mark off, and the stroke of đ and ƀ.

    >>> strip_all("Đắk Lắk")
    'Dak Lak'
    """
    bare = "".join(char for char in normalize("NFD", text) if not combining(char))
    return bare if bare.isascii() else bare.translate(_STRUCK)
