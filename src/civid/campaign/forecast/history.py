"""What was collected so far, day by day and shift by shift, and which days are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from civid.errors import FieldError

DAY = timedelta(days=1)
MOST_DAYS = 3660
MOST_COUNT = 10**9

Numbers = NDArray[np.float64]


class Works(Protocol):
    """Anything that knows working days, such as `civid.people.working_days.Calendar`."""

    def is_working(self, day: date) -> bool:
        """Whether a day is worked."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Which days a campaign works; every day, unless said otherwise (làm cả ngày nghỉ).

    Attributes
    ----------
    calendar : Works, optional
        Working days; without one weekends and holidays are worked, as in 2021.
    suspensions : tuple of (date, date)
        Pauses that are known, past and to come, first and last day (tạm dừng).
    weekdays_off : frozenset of int
        0 is Monday.
    """

    calendar: Works | None = None
    suspensions: tuple[tuple[date, date], ...] = ()
    weekdays_off: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for first, last in self.suspensions:
            if not timedelta(0) <= last - first <= DAY * MOST_DAYS:
                raise FieldError("suspension", "ends before it starts, or lasts over ten years")
        if not self.weekdays_off <= set(range(7)) or len(self.weekdays_off) == 7:
            raise FieldError("weekdays off", "not some of 0 (Monday) to 6")

    def is_open(self, day: date) -> bool:
        """Whether a day is worked.

        >>> Openings(suspensions=((date(2021, 5, 1), date(2021, 5, 10)),)).is_open(date(2021, 5, 4))
        False
        """
        if day.weekday() in self.weekdays_off:
            return False
        if any(first <= day <= last for first, last in self.suspensions):
            return False
        return self.calendar is None or self.calendar.is_working(day)

    def mask(self, first: date, days: int) -> NDArray[np.bool_]:
        """Which of so many days from ``first`` on are open."""
        return np.array([self.is_open(first + DAY * number) for number in range(days)], bool)


@dataclass(frozen=True, slots=True)
class History:
    """Counts by day and shift, from the first day to the last without gaps.

    Attributes
    ----------
    first : date
        The first day.
    shifts : tuple of str
        Names, such as "day" and "night".
    counts : array (days, shifts)
        Dossiers; 0 where nothing was reported.
    """

    first: date
    shifts: tuple[str, ...]
    counts: Numbers = field(repr=False)

    @classmethod
    def of(cls, counts: Mapping[date, int] | Iterable[tuple[date, str, int]]) -> History:
        """From counts by day, or from (day, shift, count).

        Raises
        ------
        FieldError
            No day, a day and shift twice, a count below zero, or more than ten years.

        Examples
        --------
        >>> made = History.of({date(2021, 3, 1): 90, date(2021, 3, 3): 110})
        >>> made.total, made.last, made.counts[:, 0].tolist()
        (200, datetime.date(2021, 3, 3), [90.0, 0.0, 110.0])
        """
        rows = [(day, "day", count) for day, count in counts.items()] if isinstance(
            counts, Mapping
        ) else list(counts)  # fmt: skip
        if not rows:
            raise FieldError("history", "has no day")
        first, last = min(row[0] for row in rows), max(row[0] for row in rows)
        days = (last - first).days + 1
        if days > MOST_DAYS:
            raise FieldError("history", "longer than ten years")
        shifts = tuple(dict.fromkeys(row[1] for row in rows))
        if len(shifts) > 10:
            raise FieldError("shift", "more than ten of them")
        table = np.zeros((days, len(shifts)))
        seen = set()
        for number, (day, shift, count) in enumerate(rows, 1):
            if (day, shift) in seen:
                raise FieldError("history", f"row {number}: this day and shift come twice")
            seen.add((day, shift))
            if not 0 <= count <= MOST_COUNT:
                raise FieldError("count", f"row {number}: not 0 to {MOST_COUNT:,}")
            table[(day - first).days, shifts.index(shift)] = count
        return cls(first, shifts, table)

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + DAY * (len(self.counts) - 1)

    @property
    def total(self) -> int:
        """Everything collected."""
        return int(self.counts.sum())

    def until(self, day: date) -> History:
        """The same, as it was known on the evening of a day."""
        keep = (day - self.first).days + 1
        if keep < 1:
            raise FieldError("day", "before the first day of the history")
        return History(self.first, self.shifts, self.counts[:keep])
