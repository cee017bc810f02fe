"""The papers that one person has had: CMND9, CMND12, CCCD with barcode, CCCD with chip, Căn cước.

A person may have had several CMND of nine digits (a move to another province gave a new number)
and lawfully another personal number; both are told, not refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from civid.cards.generations import Generation, may_follow
from civid.cards.lifecycle.states import CardState
from civid.people.warning import FieldWarning


@dataclass(frozen=True, slots=True)
class Paper:
    """One identity paper.

    Attributes
    ----------
    generation : Generation
        Which kind.
    number : str
        9 or 12 digits.
    issued : date
        Day of issue.
    expires_on : date or None
        None = no expiry.
    state : CardState
        What it is worth now.
    """

    generation: Generation
    number: str = field(repr=False)
    issued: date
    expires_on: date | None = None
    state: CardState = CardState.ACTIVE


def current(papers: Iterable[Paper], day: date) -> Paper | None:
    """The newest paper that is valid on a day, or None."""
    valid = [
        one
        for one in papers
        if one.state is CardState.ACTIVE
        and one.issued <= day
        and (one.expires_on is None or day <= one.expires_on)
    ]
    return max(valid, key=lambda one: one.issued, default=None)


def check_chain(papers: Sequence[Paper]) -> tuple[FieldWarning, ...]:
    """What is odd about the papers of one person, in any order.

    >>> old = Paper(Generation.CAN_CUOC, "046301123456", date(2024, 8, 1))
    >>> new = Paper(Generation.CMND9, "191234567", date(2024, 9, 1))
    >>> [one.code for one in check_chain([old, new])]
    ['chain.issued', 'chain.order', 'chain.active']
    """
    found = dict[str, str]()
    ordered = sorted(papers, key=lambda one: one.issued)
    for one in ordered:
        facts = one.generation.facts
        digits = one.number.isascii() and one.number.isdigit()
        if len(one.number) != facts.number_digits or not digits:
            found["chain.number"] = "a number that this paper cannot have"
        after = facts.issued_to is not None and one.issued > facts.issued_to
        if one.issued < facts.issued_from or after:
            found["chain.issued"] = "issued when this paper was not issued"
        if one.expires_on is not None and one.expires_on <= one.issued:
            found["chain.expiry"] = "expires before it was issued"
    for before, after_it in pairwise(ordered):
        if not may_follow(before.generation, after_it.generation):
            found["chain.order"] = "a newer paper of an older generation"
    if sum(one.state is CardState.ACTIVE for one in ordered) > 1:
        found["chain.active"] = "more than one paper is active"
    if len({one.number for one in ordered if len(one.number) == 12}) > 1:
        found["chain.renumbered"] = "several 12-digit numbers: one was cancelled, or is wrong"
    return tuple(FieldWarning(code, message) for code, message in found.items())
