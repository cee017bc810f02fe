"""The generations of identity papers and what each carries (``data/generations.csv``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from civid.people.tables import packaged


class Generation(StrEnum):
    """From the paper CMND of nine digits to the Căn cước of 2024."""

    CMND9 = "cmnd9"
    CMND12 = "cmnd12"
    CCCD_BARCODE = "cccd-barcode"
    CCCD_CHIP = "cccd-chip"
    CAN_CUOC = "can-cuoc"

    @property
    def facts(self) -> Facts:
        """Dates, names and contents."""
        return _facts()[self]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a generation.

    Attributes
    ----------
    vietnamese, english : str
        Its name.
    issued_from, issued_to : date
        First and last day of issue; the last is None for the present one.
    number_digits : int
        9 or 12.
    qr_fields : int
        0, 7 or 11.
    mrz, chip, prints_on_back : bool
        What it carries.
    """

    vietnamese: str
    english: str
    issued_from: date
    issued_to: date | None
    number_digits: int
    qr_fields: int
    mrz: bool
    chip: bool
    prints_on_back: bool
    source: str


def order(generation: Generation) -> int:
    """Its place in the chain, from 0."""
    return list(Generation).index(generation)


def may_follow(old: Generation, new: Generation) -> bool:
    """Whether somebody with the old paper can have been given the new one.

    A new card is of the same generation or a later one; nobody went back.

    >>> may_follow(Generation.CMND9, Generation.CAN_CUOC)
    True
    >>> may_follow(Generation.CCCD_CHIP, Generation.CMND12)
    False
    """
    return order(old) <= order(new)


def issued_on(day: date) -> tuple[Generation, ...]:
    """Which generations could be issued on a day; several, where localities changed in turn."""
    return tuple(
        one
        for one, facts in _facts().items()
        if facts.issued_from <= day and (facts.issued_to is None or day <= facts.issued_to)
    )


@cache
def _facts() -> dict[Generation, Facts]:
    return {
        Generation(row["generation"]): Facts(
            row["vietnamese"],
            row["english"],
            date.fromisoformat(row["issued_from"]),
            date.fromisoformat(row["issued_to"]) if row["issued_to"] else None,
            int(row["number_digits"]),
            int(row["qr_fields"]),
            row["mrz"] == "yes",
            row["chip"] == "yes",
            row["prints_on_back"] == "yes",
            row["source"],
        )
        for row in packaged("civid.cards", "generations")
    }
