"""How many people have a number, and who has none and why (tỷ lệ đã cấp số định danh)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from civid.people import personal_number
from civid.people.places.registration import assigned
from civid.people.sex import Sex


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """A person of the register, as far as numbering needs.

    Parameters
    ----------
    reference : str
        Key of the person in the register.
    number : str
        Personal identification number, empty when none.
    place_code : str
        Three digits of the place of birth registration; empty when not known.
    sex : Sex
        UNKNOWN when not known.
    birth_year : int or None
        None when not known.
    """

    reference: str
    number: str = ""
    place_code: str = ""
    sex: Sex = Sex.UNKNOWN
    birth_year: int | None = None

    def __repr__(self) -> str:
        return "<Candidate>"


@dataclass(frozen=True, slots=True, repr=False)
class Coverage:
    """Answer of `coverage`.

    Parameters
    ----------
    total, numbered : int
        People, and those with a well-formed number.
    without : tuple of (reference, reason)
        Everyone else. Reasons: ``ready`` (a number can be given), ``malformed``, ``no place``,
        ``no sex``, ``no birth year``.
    """

    total: int
    numbered: int
    without: tuple[tuple[str, str], ...]

    @property
    def rate(self) -> float:
        """Share with a number; 1 for nobody at all."""
        return self.numbered / self.total if self.total else 1.0

    @property
    def reasons(self) -> dict[str, int]:
        """How many lack a number for each reason."""
        return dict(Counter(reason for _, reason in self.without))

    def __repr__(self) -> str:
        return f"<Coverage {self.numbered}/{self.total}>"


def coverage(people: Iterable[Candidate]) -> Coverage:
    """Count who has a number and say why the others have none.

    >>> coverage([Candidate("a", "046301123456"), Candidate("b", "", "046", Sex.MALE)]).reasons
    {'no birth year': 1}
    """
    total = numbered = 0
    without: list[tuple[str, str]] = []
    for person in people:
        total += 1
        if personal_number.is_valid(person.number):
            numbered += 1
        else:
            without.append((person.reference, _reason(person)))
    return Coverage(total, numbered, tuple(without))


def _reason(person: Candidate) -> str:
    if person.number.strip():
        return "malformed"
    if not assigned(person.place_code):
        return "no place"
    if person.sex is Sex.UNKNOWN:
        return "no sex"
    if person.birth_year is None or not 1900 <= person.birth_year <= 2399:
        return "no birth year"
    return "ready"
