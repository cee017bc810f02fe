"""What a country asks of its searches."""

from __future__ import annotations

import math
from dataclasses import dataclass

from civid.errors import SearchError


@dataclass(frozen=True, slots=True)
class Demand:
    """How many people, how many fingers of each, and how many searches.

    Attributes
    ----------
    subjects : float
        People in the gallery when it is full.
    fingers : int
        Of each, 1 to 10.
    enrolments_per_day : float
        Each is searched for among everybody enrolled before.
    identifications_per_day : float
        Other searches of everybody: police, disasters, lost papers.
    max_fpir : float
        Share of the searches for people who are not there that may find somebody.
    growth_per_year : float
        People more in the gallery after a year.

    Raises
    ------
    SearchError
        A number makes no sense; the message names it.

    >>> Demand(98.7e6, 2, 410_000).subjects
    98700000.0
    """

    subjects: float
    fingers: int = 2
    enrolments_per_day: float = 0.0
    identifications_per_day: float = 0.0
    max_fpir: float = 1e-3
    growth_per_year: float = 0.0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("subjects", 1, 1e11),
            ("enrolments_per_day", 0, 1e9),
            ("identifications_per_day", 0, 1e9),
            ("growth_per_year", -1e10, 1e10),
        ):
            value = getattr(self, name)
            if not (
                isinstance(value, int | float) and math.isfinite(value) and low <= value <= high
            ):
                raise SearchError(f"{name}: a number from {low:g} to {high:g} is needed")
        if self.fingers not in range(1, 11):
            raise SearchError("fingers: a whole number from 1 to 10 is needed")
        if not 0 < self.max_fpir < 1:
            raise SearchError("max_fpir must lie between 0 and 1")

    @property
    def searches_per_day(self) -> float:
        """Of either kind."""
        return self.enrolments_per_day + self.identifications_per_day
