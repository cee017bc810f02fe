"""How alike two words of two names are, and how much each word says."""

from __future__ import annotations

from enum import Enum
from math import log2

from civid.people.names.bare import Bareness
from civid.people.names.canonical import _BARE
from civid.people.names.dialect import sound, surname_variants
from civid.people.names.frequency import (
    SURNAME,
    UNSEEN,
    bits,
    share,
    share_without_accents,
)


class Likeness(Enum):
    """Why two words count as alike, with the share of their information that agrees.

    The shares were chosen so that every kind of harmless difference ranks above every pair of two
    names in the synthetic linkage set; ``docs/people/linkage.md`` prints what they reach.
    """

    EQUAL = 1.0
    ACCENTS_LOST = 0.92
    VARIANT = 0.8  # Hoàng/Huỳnh, Vũ/Võ
    INITIAL = 0.7  # N. for Nguyễn
    SOUND = 0.6  # Trương/Chương
    TYPING = 0.6  # one letter off
    ACCENTS_DIFFER = 0.3  # Hoa/Hòa: two names
    DIFFERENT = 0.0


def compare_words(a: str, b: str, part: str, bare_a: Bareness, bare_b: Bareness) -> Likeness:
    """Compare two canonical words.

    Parameters
    ----------
    a, b : str
        Canonical words.
    part : str
        ``surname``, ``middle`` or ``given``.
    bare_a, bare_b : Bareness
        Whether that whole name is written without accents.
    """
    if a == b:
        return Likeness.EQUAL
    key_a, key_b = _BARE[a], _BARE[b]
    if key_a == key_b:
        lost = _lost(a, key_a, bare_a) or _lost(b, key_b, bare_b)
        return Likeness.ACCENTS_LOST if lost else Likeness.ACCENTS_DIFFER
    if part == SURNAME and surname_variants(a, b):
        return Likeness.VARIANT
    short, long = sorted((a.rstrip("."), b.rstrip(".")), key=len)
    if len(short) == 1 and long.startswith(short) and len(long) > 1:
        return Likeness.INITIAL
    if sound(a) == sound(b):
        return Likeness.SOUND
    if min(len(key_a), len(key_b)) >= 3 and _one_off(key_a, key_b):
        known = share(a, part) > UNSEEN and share(b, part) > UNSEEN  # Lan/Lam: two names
        return Likeness.DIFFERENT if known else Likeness.TYPING
    return Likeness.DIFFERENT


def _lost(word: str, bare: str, how: Bareness) -> bool:
    """Whether a word without accents may have lost them, judged by its whole name."""
    return word == bare and how in (Bareness.LIKELY, Bareness.SURE)


def _one_off(a: str, b: str) -> bool:
    """Say whether one insertion, deletion, change or swap of neighbours turns a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    at = 0
    while at < min(len(a), len(b)) and a[at] == b[at]:
        at += 1
    rest_a, rest_b = a[at:], b[at:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[2:] == rest_b[2:] and rest_a[:2] == rest_b[1::-1])
    )


def information(a: str, b: str, part: str, likeness: Likeness) -> float:
    """Bits that agreement on two words is worth: by the commoner, without accents where lost."""
    if likeness is Likeness.ACCENTS_LOST:
        return -log2(share_without_accents(_BARE[a], part))
    return min(bits(a, part), bits(b, part))
