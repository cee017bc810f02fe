"""Every number a person has had (lịch sử số): all of them lead to the person.

Several old CMND to one personal number; a cancelled personal number beside the one in force. A CMND
of nine digits may be two people's, so that it leads to a set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from civid.errors import NumberError
from civid.people import cmnd9, personal_number


class NumberKind(Enum):
    """What paper the number stood on."""

    CMND9 = "CMND 9 số"
    CMND12 = "CMND 12 số"
    PERSONAL = "số định danh cá nhân"


_VALIDATE = {
    NumberKind.CMND9: cmnd9.validate,
    NumberKind.CMND12: personal_number.validate,
    NumberKind.PERSONAL: personal_number.validate,
}


@dataclass(frozen=True, slots=True, repr=False)
class HeldNumber:
    """A number that a person has or had.

    Parameters
    ----------
    kind : NumberKind
        What it is.
    text : str
        Its digits; `NumberError` when they are not of the kind.
    since, until : date or None
        First and last day; None where not known or still in force.
    cancelled : bool
        Cancelled (hủy) and replaced, not merely superseded by another paper.
    """

    kind: NumberKind
    text: str
    since: date | None = None
    until: date | None = None
    cancelled: bool = False

    def __post_init__(self) -> None:
        if _VALIDATE[self.kind](self.text) != self.text:
            raise NumberError("number", "has separators; validate it first")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise NumberError("number", "ended before it began")

    def __repr__(self) -> str:
        return f"<HeldNumber {self.kind.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class NumberHistory:
    """The numbers of one person, oldest first.

    Parameters
    ----------
    person : str
        Key of the person in the register.
    held : tuple of HeldNumber
        All of them.
    """

    person: str
    held: tuple[HeldNumber, ...]

    def __post_init__(self) -> None:
        if len([n for n in self.held if n.kind is NumberKind.PERSONAL and self._open(n)]) > 1:
            raise NumberError("number", "two personal numbers in force")

    @staticmethod
    def _open(number: HeldNumber) -> bool:
        return number.until is None and not number.cancelled

    @property
    def current(self) -> str | None:
        """The personal number in force; that of a CMND of 12 digits when there is no other."""
        for kind in (NumberKind.PERSONAL, NumberKind.CMND12):
            for number in reversed(self.held):
                if number.kind is kind and self._open(number):
                    return number.text
        return None

    @property
    def cancelled(self) -> tuple[str, ...]:
        """Cancelled personal numbers, which the QR of a card since 2024 repeats."""
        return tuple(n.text for n in self.held if n.cancelled and n.kind is NumberKind.PERSONAL)

    @property
    def cmnd9(self) -> tuple[str, ...]:
        """Old numbers of nine digits, oldest first."""
        return tuple(n.text for n in self.held if n.kind is NumberKind.CMND9)

    def __repr__(self) -> str:
        return f"<NumberHistory of {len(self.held)}>"


class NumberIndex:
    """From any number, old or new, to people.

    Read-only after it is made, so that any thread may ask.

    >>> history = NumberHistory("p-1", (HeldNumber(NumberKind.CMND9, "191234567"),
    ...                                 HeldNumber(NumberKind.PERSONAL, "046301123456")))
    >>> NumberIndex([history]).people("191 234 567")
    frozenset({'p-1'})
    """

    def __init__(self, histories: Iterable[NumberHistory]):
        self._people: dict[str, set[str]] = {}
        for history in histories:
            for number in history.held:
                self._people.setdefault(number.text, set()).add(history.person)

    def people(self, text: str) -> frozenset[str]:
        """People who have or had a number; more than one for a CMND issued twice.

        Raises
        ------
        NumberError
            When the text is a number of neither 9 nor 12 digits.
        """
        digits = personal_number.compact(text)
        if not (cmnd9.is_valid(digits) or personal_number.is_valid(digits)):
            raise NumberError("number", "neither 9 nor 12 digits")
        return frozenset(self._people.get(digits, ()))

    def shared(self) -> frozenset[str]:
        """Numbers that lead to more than one person."""
        return frozenset(text for text, people in self._people.items() if len(people) > 1)
