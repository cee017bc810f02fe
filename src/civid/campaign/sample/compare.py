"""Compare what is recorded with what was found (đối chiếu), field by field.

What is one value in two spellings is no error: tone placement, case and spaces of a name, the way a
day is written. What the verifier left empty was not checked, and counts neither way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from civid.errors import FieldError
from civid.people import dates
from civid.people.names import canonical
from civid.people.places import place_key

_NAMES = frozenset({"name", "full_name", "father", "mother", "spouse", "head"})
_DAYS = frozenset({"birth", "issued", "day"})
_PLACES = frozenset({"residence", "permanent", "temporary", "origin", "address"})


class Outcome(StrEnum):
    """What comparing a field told."""

    SAME = "same"  #: đúng
    DIFFERENT = "different"  #: sai
    MISSING = "missing"  #: thiếu: nothing is recorded, and something was found
    UNCHECKED = "unchecked"  #: chưa phúc tra


@dataclass(frozen=True, slots=True, repr=False)
class FieldCheck:
    """One field of one record; its values do not show."""

    field: str
    recorded: str
    found: str

    @property
    def outcome(self) -> Outcome:
        """Whether they are one value."""
        return compare_field(self.field, self.recorded, self.found)

    def __repr__(self) -> str:
        return f"<FieldCheck {self.field} {self.outcome}>"


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """A record of the sample with what was found of it."""

    reference: str
    unit: str
    fields: tuple[FieldCheck, ...]
    row: int | None = None

    @property
    def wrong(self) -> tuple[str, ...]:
        """Names of the fields that are wrong or missing."""
        bad = (Outcome.DIFFERENT, Outcome.MISSING)
        return tuple(one.field for one in self.fields if one.outcome in bad)

    @property
    def is_checked(self) -> bool:
        """Whether any field was."""
        return any(one.outcome is not Outcome.UNCHECKED for one in self.fields)

    def __repr__(self) -> str:
        return f"<Checked {self.unit}, {len(self.wrong)} wrong>"


def compare_field(field: str, recorded: str, found: str) -> Outcome:
    """Whether two texts are one value of a field.

    >>> compare_field("name", "NGUYỄN THỊ HOÀ", "Nguyễn Thị Hòa").value
    'same'
    >>> compare_field("birth", "05/03/2001", "2001-03-05").value
    'same'
    >>> compare_field("birth", "05/03/2001", "").value
    'unchecked'
    """
    if not found.strip():
        return Outcome.UNCHECKED
    if not recorded.strip():
        return Outcome.MISSING
    same = _key(field, recorded) == _key(field, found)
    return Outcome.SAME if same else Outcome.DIFFERENT


def _key(field: str, text: str) -> object:
    try:
        if field in _NAMES:
            return canonical(text)
        if field in _DAYS:
            day = dates.parse(text)
            return day.year, day.month, day.day
        if field in _PLACES:
            return place_key(text)
    except FieldError:
        pass  # not what it should be: compared as it is written
    return " ".join(normalize("NFC", text).casefold().split())
