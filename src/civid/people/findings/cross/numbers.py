"""One number, several rows: the same person twice, or two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.people import names
from civid.people.dates import DateAgreement, PartialDate, agreement
from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.pairs import group_pairs
from civid.people.findings.rules import cross_rule

if TYPE_CHECKING:
    from civid.people.findings.join_index import JoinIndex
    from civid.people.findings.table import Ints

    Found = dict[str, tuple[Ints, Ints]]

SHARED = cross_rule(
    "number.shared", Axis.CLEAN, Severity.ERROR, ("number", "name", "birth"), Decider.COMMUNE,
    "Hai người trùng một số định danh", "The same number stands with two different people.",
)  # fmt: skip
REPEATED = cross_rule(
    "number.repeated", Axis.CLEAN, Severity.ERROR, ("number",), Decider.COMMUNE,
    "Một người có hai bản ghi cùng số định danh", "The same person with the same number twice.",
)  # fmt: skip
CMND9_SHARED = cross_rule(
    "cmnd9.shared", Axis.CLEAN, Severity.WARNING, ("cmnd9", "name", "birth"),
    Decider.CITIZEN_PAPER, "Hai người trùng một số CMND",
    "The same old number stands with two people; about 50,000 were issued twice.",
)  # fmt: skip


def partial(value: int) -> PartialDate | None:
    """Date of a number like 20010305; None for the negative and zero ones."""
    if value <= 0:
        return None
    return PartialDate(value // 10_000, value // 100 % 100 or None, value % 100 or None)


def same_person(register: JoinIndex, one: int, two: int) -> bool:
    """Whether name and birth of two rows can be one person's."""
    born = [partial(int(register.column("birth")[row])) for row in (one, two)]
    if born[0] is not None and born[1] is not None:
        kind = agreement(born[0], born[1])
        if kind is DateAgreement.DIFFERENT:
            return False
    found = names.compare(register.names[one], register.names[two])
    return found.level > names.Level.DIFFERENT or found.score >= 0.8 or found.why == "empty"


def examine(register: JoinIndex) -> Found:
    """Find shared and repeated numbers."""
    import numpy as np

    found: Found = {}
    number, cmnd9 = register.column("number"), register.column("cmnd9")
    one, two = group_pairs([number], number >= 0, window=1)
    same = np.array([same_person(register, a, b) for a, b in zip(one, two, strict=True)], bool)
    found[SHARED] = one[~same], two[~same]
    found[REPEATED] = one[same], two[same]
    one, two = group_pairs([cmnd9], cmnd9 >= 0, window=1)
    other = number[one] != number[two]
    one, two = one[other], two[other]
    same = np.array([same_person(register, a, b) for a, b in zip(one, two, strict=True)], bool)
    found[CMND9_SHARED] = one[~same], two[~same]
    return found
