"""What a person is found by: tokens of numbers and of names, made from the claims."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, literal_column

from civid.people.citizen import Citizen
from civid.people.dates import PartialDate
from civid.people.names.canonical import key
from civid.people.names.dialect import sound
from civid.register.store.tables import numbers
from civid.register.vault import Vault

#: In place of a birth year that is not known.
NO_YEAR = 0


class NumberKind(IntEnum):
    """Which number leads to a person; the values are stored."""

    PERSONAL = 1  #: số định danh cá nhân, also that of a CMND of 12 digits
    CMND9 = 2


def is_of(kind: NumberKind) -> ColumnElement[bool]:
    """That a row of the table of numbers is of a kind, in the words of the index that serves it.

    There is an index of personal numbers and one of all others. A PostgreSQL server that is given
    the kind as a value makes its plan anew for every question; SQLite does not see that a kind of 2
    is another one than 1, and would go through all numbers.
    """
    personal: ColumnElement[int] = literal_column(str(int(NumberKind.PERSONAL)))
    if kind is NumberKind.PERSONAL:
        return numbers.c.kind == personal
    return and_(numbers.c.kind != personal, numbers.c.kind == literal_column(str(int(kind))))


#: Fields that hold a number which leads to the person.
NUMBERS = {"number": NumberKind.PERSONAL, "cmnd9": NumberKind.CMND9}


@dataclass(frozen=True, slots=True)
class Lookup:
    """Keys of one person.

    Attributes
    ----------
    numbers : frozenset of (NumberKind, str)
        Every number that was ever claimed and not retracted.
    names : frozenset of str
        Sounds of every name, without accents.
    birth_year : int
        0 = not known.
    """

    numbers: frozenset[tuple[NumberKind, str]]
    names: frozenset[str]
    birth_year: int

    def name_rows(self, vault: Vault, person: bytes) -> set[tuple[bytes, int, bytes]]:
        """Rows of the table of names."""
        return {(name_token(vault, name), self.birth_year, person) for name in self.names}


def lookup_of(citizen: Citizen) -> Lookup:
    """The keys of a citizen."""
    numbers = {
        (kind, one.value)
        for field, kind in NUMBERS.items()
        for one in citizen.history(field)
        if isinstance(one.value, str)
    }
    names = {
        sounds(one.value)
        for field in ("name", "other_name")
        for one in citizen.history(field)
        if isinstance(one.value, str)
    }
    birth = citizen.value("birth")
    year = birth.year if isinstance(birth, PartialDate) and birth.year else NO_YEAR
    return Lookup(frozenset(numbers), frozenset(names - {""}), year)


def sounds(name: str) -> str:
    """What names have in common that are spelled or heard in different ways.

    >>> sounds("Trương Thị Sen") == sounds("CHƯƠNG THỊ XEN") == sounds("Truong Thi Sen")
    True
    """
    return " ".join(map(sound, key(name).split()))


def name_token(vault: Vault, sound_of_name: str) -> bytes:
    """What a name is looked up by."""
    return vault.token("name", sound_of_name)


def number_token(vault: Vault, kind: NumberKind, number: str) -> bytes:
    """What a number is looked up by; numbers of both kinds have different lengths."""
    return vault.token("number", number)
