"""Errors to plant, one function a class. Each says by its name which rule has to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from civid.people.synthetic.draw import Draw
from civid.people.synthetic.households import Families, Row


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error may be planted.

    Parameters
    ----------
    family : list of dict
        The household; planting may change any of it, or add a row.
    at : int
        Row that is spoilt.
    families : Families
        For further draws.
    """

    family: list[Row]
    at: int
    families: Families

    @property
    def row(self) -> Row:
        """The row to spoil."""
        return self.family[self.at]

    @property
    def draw(self) -> Draw:
        """Draws of the generator."""
        return self.families.draw

    @property
    def as_of(self) -> date:
        """Day of the register."""
        return self.families.as_of

    def born(self) -> date:
        """Birth of the row."""
        day, month, year = map(int, self.row["birth"].split("/"))
        return date(year, month, day)

    def renumber(self, new: str) -> None:
        """Give the row another number and tell its relatives."""
        old = self.row["number"]
        for member in self.family:
            for column in ("father_number", "mother_number", "spouse_number"):
                if member[column] == old and old:
                    member[column] = new
        self.row["number"] = new


#: Plants the error and returns True, or returns False when this row does not lend itself to it.
Plant = Callable[[Place], bool]


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """A class of errors.

    Parameters
    ----------
    rule : str
        Rule that has to find it.
    plant : callable
        As `Plant`.
    also : frozenset of str
        Rules that rightly object too, on this row or on others of the household.
    """

    rule: str
    plant: Plant
    also: frozenset[str]


CLASSES: dict[str, ErrorClass] = {}


def error(rule: str, *also: str, name: str = "") -> Callable[[Plant], Plant]:
    """Register an error class."""

    def register(plant: Plant) -> Plant:
        CLASSES[name or rule] = ErrorClass(rule, plant, frozenset((rule, *also)))
        return plant

    return register


def blank(rule: str, *columns: str, also: tuple[str, ...] = ()) -> None:
    """Register the class that empties columns."""

    def plant(place: Place) -> bool:
        for column in columns:
            place.row[column] = ""
        return True

    CLASSES[rule] = ErrorClass(rule, plant, frozenset((rule, *also)))
