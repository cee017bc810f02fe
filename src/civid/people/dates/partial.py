"""A date known to the day, the month or the year (ngày tháng năm, có thể thiếu)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from civid.errors import DateError

#: Nobody alive, and no paper in use, is older; the numbers end with 2399.
FIRST_YEAR, LAST_YEAR = 1850, 2399


class Precision(IntEnum):
    """How much of a date is known."""

    YEAR = 1
    MONTH = 2
    DAY = 3


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A possible date of precision day, month or year.

    Two are equal when they say the same, however it was written down.

    Parameters
    ----------
    year : int
        1850 to 2399.
    month, day : int or None
        None where not known; a day without a month cannot be.
    recorded_as : str
        The text of the paper, for people to read; not compared.

    Raises
    ------
    DateError
        For a date that the calendar does not have.
    """

    year: int
    month: int | None = None
    day: int | None = None
    recorded_as: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise DateError("date", f"year outside {FIRST_YEAR} to {LAST_YEAR}")
        if self.month is None:
            if self.day is not None:
                raise DateError("date", "a day without a month")
            return
        if not 1 <= self.month <= 12:
            raise DateError("date", "no such month")
        if self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise DateError("date", "no such day in this month")

    @property
    def precision(self) -> Precision:
        """Day, month or year."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def earliest(self) -> date:
        """First day it can have been."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Last day it can have been."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def is_new_year(self) -> bool:
        """01/01: weak evidence, since agencies write it when only the year is known."""
        return self.month == 1 and self.day == 1

    def exact(self) -> date:
        """Return the day; `DateError` when it is not known to the day."""
        if self.day is None or self.month is None:
            raise DateError("date", "not known to the day")
        return date(self.year, self.month, self.day)

    def iso(self) -> str:
        """Write ``2001-03-05``, ``2001-03`` or ``2001``.

        >>> PartialDate(2001, 3).iso()
        '2001-03'
        """
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def vietnamese(self) -> str:
        """Write ``05/03/2001``, ``03/2001`` or ``2001``."""
        return "/".join(reversed(self.iso().split("-")))

    def __str__(self) -> str:
        return self.iso()
