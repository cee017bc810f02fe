"""Sounds that dialects merge (đồng âm phương ngữ), so that a heard name is spelled another way.

d/gi/r, s/x, ch/tr, n/l in the north; final n/ng and t/c and the tones hỏi/ngã in the south:
Trương/Chương, Diễm/Giễm. And the surnames that are two forms of one: Hoàng/Huỳnh, Vũ/Võ.
"""

from __future__ import annotations

import re
from functools import lru_cache

from civid.people.names.marks import HOOK, TILDE, recompose, strip_tone

#: Forms of one surname: the same person usually keeps one, families and papers may differ.
SURNAME_VARIANTS = (frozenset(("hoàng", "huỳnh")), frozenset(("vũ", "võ")))

_SPELLINGS = (
    (re.compile(r"^(gi(?=[^\Wi])|r|d(?!đ))"), "d"),
    (re.compile(r"^x"), "s"),
    (re.compile(r"^tr"), "ch"),
    (re.compile(r"^n(?![gh])"), "l"),
    (re.compile(r"ng$"), "n"),
    (re.compile(r"(?<!c)c$"), "t"),
)


@lru_cache(maxsize=8192)
def sound(syllable: str) -> str:
    """Return a key that is equal for canonical syllables some dialect merges.

    >>> sound("trương") == sound("chương"), sound("hoa") == sound("hòa")
    (True, False)
    """
    base, tones = strip_tone(syllable)
    for pattern, merged in _SPELLINGS:
        base = pattern.sub(merged, base)
    return recompose(base + tones.replace(TILDE, HOOK))


def surname_variants(a: str, b: str) -> bool:
    """Say whether two canonical surnames are forms of one.

    >>> surname_variants("hoàng", "huỳnh"), surname_variants("lê", "lý")
    (True, False)
    """
    return a != b and any(a in pair and b in pair for pair in SURNAME_VARIANTS)
