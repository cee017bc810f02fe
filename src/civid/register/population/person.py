"""What the register answers about people: typed, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.people.citizen import FIELDS, Citizen
from civid.people.dates import PartialDate


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A person of the register.

    Attributes
    ----------
    reference : str
        Key in the register, 32 hexadecimal digits; never changes and says nothing.
    unit : str
        Unit that keeps the record.
    state : str
        ``active``, ``erased`` or ``merged``.
    version : int
        Counts the acts; give it back when you change the record.
    citizen : Citizen
        Every claim, with its source and days.
    entry : str
        Reference of the entry that was asked for: another one than `reference` where two entries
        of one person were merged. Give it back when you record something that came under the
        merged one's number, so that it is on the right one should the two be parted again.
    """

    reference: str
    unit: str
    state: str
    version: int
    citizen: Citizen
    entry: str = ""

    @property
    def name(self) -> str:
        """Name as it holds now; empty when not known."""
        return self.citizen.text("name")

    @property
    def number(self) -> str | None:
        """Personal number in force."""
        value = self.citizen.value("number")
        return value if isinstance(value, str) else None

    @property
    def birth(self) -> PartialDate | None:
        """Day of birth, perhaps incomplete."""
        value = self.citizen.value("birth")
        return value if isinstance(value, PartialDate) else None

    def to_dict(self, *, on: date | None = None) -> dict[str, Any]:
        """The fields that hold on a day as plain text, for JSON."""
        fields = {name: self.citizen.text(name, on=on) for name in FIELDS}
        return {
            "reference": self.reference, "unit": self.unit, "state": self.state,
            "version": self.version,
            "fields": {name: text for name, text in fields.items() if text},
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Person {self.state}, version {self.version}>"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was recorded about a person.

    Attributes
    ----------
    version : int
        The person's version since.
    at : int
        Microseconds since 1970, UTC.
    kind : str
        Such as ``add``, ``form``, ``correct``, ``retract``, ``import``, ``merge``.
    actor, unit, source : str
        Who, from where, and out of which system or form.
    fields : tuple of str
        Fields it speaks of.
    entry : str
        Reference of the entry that it is part of: another one than the person's where entries were
        merged.
    """

    version: int
    at: int
    kind: str
    actor: str
    unit: str
    source: str
    fields: tuple[str, ...]
    entry: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "fields": list(self.fields)
        }


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """Some of the people found.

    Attributes
    ----------
    people : tuple of Person
        At most as many as asked for.
    after : str or None
        Give it to the next call; None = there are no more.
    """

    people: tuple[Person, ...]
    after: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"people": [one.to_dict() for one in self.people], "after": self.after}

    def __len__(self) -> int:
        return len(self.people)

    def __repr__(self) -> str:
        return f"<Page of {len(self.people)}>"
