"""Comparison levels: how one field of two records agrees, in a few steps from same to different."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import log2

from civid.dedup.decision.record import Record
from civid.people.dates import DateAgreement, agreement
from civid.people.names import Level, compare
from civid.people.names.canonical import key
from civid.people.names.frequency import (
    GIVEN,
    MIDDLE,
    SURNAME,
    share_without_accents,
)

MISSING = "missing"
SAME, DIFFERENT = "same", "different"

#: Levels of each field, the best agreement first.
LEVELS: dict[str, tuple[str, ...]] = {
    "name": (SAME, "written differently", "accents lost", "part missing", "near", DIFFERENT),
    "birth": (SAME, "year", "swapped", "one part", DIFFERENT),
    "sex": (SAME, DIFFERENT),
    "place": (SAME, DIFFERENT),
    "residence": (SAME, DIFFERENT),
    "father": (SAME, DIFFERENT),
    "mother": (SAME, DIFFERENT),
    "household": (SAME, DIFFERENT),
    "number": (SAME, "one off", DIFFERENT),
    "cmnd9": (SAME, DIFFERENT),
}
#: What brothers and sisters have in common: it speaks for a family before it speaks for a person.
FAMILY = ("place", "residence", "father", "mother", "household")

_NAME_LEVELS = {
    Level.SAME: SAME,
    Level.WRITTEN_DIFFERENTLY: "written differently",
    Level.ACCENTS_LOST: "accents lost",
    Level.PART_MISSING: "part missing",
}
#: Names of level DIFFERENT that score this much are near. Of pairs of `people.synthetic.linkage`,
#: 19 of 20 siblings score at most 0.72, 19 of 20 with a letter lost at least 0.80, as heard 0.73.
_NEAR = 0.73
#: Most bits of a middle name.
_MIDDLE = 6.0
_BIRTH_LEVELS = {
    DateAgreement.SAME: SAME,
    DateAgreement.LESS_PRECISE: "year",
    DateAgreement.SWAPPED: "swapped",
    DateAgreement.ONE_PART: "one part",
    DateAgreement.DIFFERENT: DIFFERENT,
}


def level(field: str, one: Record, two: Record) -> str:
    """Level of a field; symmetric; `MISSING` when either side does not know it."""
    return _COMPARATORS[field](one, two)


def _name(one: Record, two: Record) -> str:
    return name_level(one, two)[0]


def name_level(one: Record, two: Record) -> tuple[str, float]:
    """Level of the two names that agree best, and the bits of information in what agrees.

    The bits are those of the commoner of the two names, without accents: the cautious reading.
    """
    best: tuple[int, float] | None = None
    for a in one.names:
        for b in two.names:
            found = name_pair(a, b)
            if best is None or found > best:
                best = found
    if best is None:
        return MISSING, 0.0
    return LEVELS["name"][-1 - best[0]], best[1]


@lru_cache(maxsize=65536)
def name_pair(a: str, b: str) -> tuple[int, float]:
    """Rank of the level of two names, 0 = different, and bits of the commoner."""
    found = compare(a, b)
    if found.level is Level.DIFFERENT:
        near = found.score >= _NEAR
        return int(near), min(information(a), information(b)) if near else 0.0
    order = LEVELS["name"]
    rank = len(order) - 1 - order.index(_NAME_LEVELS[found.level])
    return rank, min(information(a), information(b))


@lru_cache(maxsize=65536)
def information(name: str) -> float:
    """Bits in a name without accents, its parts taken as independent."""
    # Middle names are estimates from a short list: none counts as rare.
    words = key(name).split()
    if not words:
        return 0.0
    parts = [SURNAME, *[MIDDLE] * (len(words) - 2), GIVEN] if len(words) > 1 else [GIVEN]
    return sum(
        min(_MIDDLE if part == MIDDLE else 64.0, -log2(share_without_accents(word, part)))
        for word, part in zip(words, parts, strict=True)
    )


def _birth(one: Record, two: Record) -> str:
    if one.birth is None or two.birth is None:
        return MISSING
    kind = agreement(one.birth, two.birth)
    if kind is DateAgreement.SAME and (one.birth.is_new_year or one.birth.month is None):
        return "year"  # 1 January is written when only the year is known
    return _BIRTH_LEVELS[kind]


def _sex(one: Record, two: Record) -> str:
    return _equal(one.sex and one.sex.value, two.sex and two.sex.value)


def _equal(one: str | None, two: str | None) -> str:
    if not one or not two:
        return MISSING
    return SAME if one == two else DIFFERENT


def _parent(one: str, two: str) -> str:
    if not one or not two or one.isdecimal() != two.isdecimal():
        return MISSING  # a number and a name cannot be compared
    if one == two:
        return SAME
    if one.isdecimal():
        return DIFFERENT
    return SAME if name_pair(one, two)[0] >= 2 else DIFFERENT


def _number(one: Record, two: Record) -> str:
    if not one.number or not two.number:
        return MISSING
    if one.number == two.number:
        return SAME
    return "one off" if one_off(one.number, two.number) else DIFFERENT


def one_off(a: str, b: str) -> bool:
    """One digit wrong, or two neighbours exchanged.

    >>> one_off("046301123456", "046301123465"), one_off("046301123456", "046301654321")
    (True, False)
    """
    if len(a) != len(b):
        return False
    wrong = [i for i in range(len(a)) if a[i] != b[i]]
    if len(wrong) == 1:
        return True
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and a[wrong[0]] == b[wrong[1]]
        and a[wrong[1]] == b[wrong[0]]
    )


def _cmnd9(one: Record, two: Record) -> str:
    if not one.cmnd9 or not two.cmnd9:
        return MISSING
    return SAME if one.cmnd9 & two.cmnd9 else DIFFERENT


_COMPARATORS: dict[str, Callable[[Record, Record], str]] = {
    "name": _name,
    "birth": _birth,
    "sex": _sex,
    "place": lambda one, two: _equal(one.place, two.place),
    "residence": lambda one, two: _equal(one.residence, two.residence),
    "father": lambda one, two: _parent(one.father, two.father),
    "mother": lambda one, two: _parent(one.mother, two.mother),
    "household": lambda one, two: _equal(one.household, two.household),
    "number": _number,
    "cmnd9": _cmnd9,
}
