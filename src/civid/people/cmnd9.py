"""Number of the old identity card (số chứng minh nhân dân), 9 digits, until 31 December 2024.

A prefix of two or three digits by issuing province, no check digit. A person who moved province
and renewed got another number, and about 50,000 numbers (271450001 to 271500000) were given to
two people each: never a key by itself; match by number, name and birth date together.

>>> number = parse("271450002")
>>> number.provinces, [w.code for w in number.warnings]
(('Bà Rịa - Vũng Tàu', 'Đồng Nai'), ['cmnd9.shared_range'])
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from civid.errors import NumberError
from civid.people.number_form import digits_of
from civid.people.tables import rows
from civid.people.warning import FieldWarning

LENGTH = 9
#: Issued both by Bà Rịa - Vũng Tàu and by Đồng Nai; found in 2007.
SHARED_RANGE = range(271450001, 271500001)


@dataclass(frozen=True, slots=True, repr=False)
class Cmnd9:
    """A well-formed number of nine digits. Not unique.

    Parameters
    ----------
    text : str
        The digits.
    """

    text: str

    @property
    def provinces(self) -> tuple[str, ...]:
        """Provinces that the (partial) list names for the prefix, doubtful ones last."""
        table = prefixes()
        return table.get(self.text[:3]) or table.get(self.text[:2]) or ()

    @property
    def warnings(self) -> tuple[FieldWarning, ...]:
        """Whether the number lies in the range that two provinces issued."""
        if int(self.text) in SHARED_RANGE:
            return (FieldWarning("cmnd9.shared_range", "two provinces issued this range"),)
        return ()

    def __repr__(self) -> str:
        return "<Cmnd9>"


@cache
def prefixes() -> dict[str, tuple[str, ...]]:
    """Map each known prefix to its provinces; the list is partial and proves nothing."""
    table: dict[str, tuple[str, ...]] = {}
    for row in rows("cmnd_prefixes"):
        listed = f"{row['provinces_listed_in_source']};{row['probable_others_unverified']}"
        names = tuple(name.strip() for name in listed.split(";") if name.strip())
        first, _, last = row["prefix"].partition("-")
        for prefix in range(int(first), int(last or first) + 1):
            table[str(prefix).zfill(len(first))] = names
    return table


def validate(text: str) -> str:
    """Return the nine digits or raise `NumberError`."""
    digits = digits_of(text, "cmnd9")
    if len(digits) != LENGTH:
        raise NumberError("cmnd9", f"{len(digits)} digits, not 9")
    return digits


def is_valid(text: object) -> bool:
    """Say whether `text` is well-formed."""
    try:
        validate(text)  # type: ignore[arg-type]
    except NumberError:
        return False
    return True


def parse(text: str) -> Cmnd9:
    """Read a number of nine digits; `NumberError` when it is none."""
    return Cmnd9(validate(text))


def format(text: str, separator: str = "") -> str:  # noqa: A001 - the verb of every number module
    """Write a number, in groups of three when a separator is given.

    >>> format("191234567", " ")
    '191 234 567'
    """
    digits = validate(text)
    return separator.join((digits[:3], digits[3:6], digits[6:]))
