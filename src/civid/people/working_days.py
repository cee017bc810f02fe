"""Working days (ngày làm việc) in Vietnam: weekends, public holidays, and days swapped for them.

The holidays come from the package ``holidays`` (extra ``civid[cards]``), which knows Tết by the
lunar calendar and the swaps that the government announced for past years. Swaps are announced late,
some a week before: those that the package lacks stand in ``data/swapped_days.csv``, each with its
announcement, and deadlines beyond the years of that table can move (`swaps_known_until`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from civid.errors import FieldError
from civid.extras import need
from civid.people.tables import rows, sources

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_DAY = timedelta(days=1)
_MOST_DAYS = 1000  # working days; four years


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked.

    Attributes
    ----------
    closed, opened : frozenset of date
        Days off apart from weekends, and weekend days that are worked.
    national : bool
        Take the public holidays of Vietnam into account too.
    """

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    national: bool = field(default=True)

    def is_working(self, day: date) -> bool:
        """Whether a day is worked.

        Raises
        ------
        UnavailableError
            The package ``holidays`` is not installed.
        FieldError
            A year before 1990 or after 2100.
        """
        if day in self.closed:
            return False
        if day in self.opened:
            return True
        if not self.national:
            return day.weekday() < 5
        off, on = _national(day.year)
        return day in on or (day.weekday() < 5 and day not in off)

    def without(self, pauses: Iterable[tuple[date, date]]) -> Calendar:
        """The same with pauses, such as epidemics (tạm dừng), first and last day included."""
        days = set[date]()
        for first, last in pauses:
            if not timedelta(0) <= last - first <= timedelta(days=3660):
                raise FieldError("pause", "ends before it starts, or lasts over ten years")
            days |= {first + _DAY * number for number in range((last - first).days + 1)}
        return Calendar(self.closed | days, self.opened - days, self.national)

    def add(self, start: date, working_days: int) -> date:
        """The day that ends a period; the day it starts on does not count (Civil Code Art 147).

        >>> Calendar(national=False).add(date(2024, 7, 5), 7)
        datetime.date(2024, 7, 16)
        """
        if not 0 <= working_days <= _MOST_DAYS:
            raise FieldError("working days", f"not 0 to {_MOST_DAYS}")
        return _add(start, working_days, self.is_working, _LAST_YEAR)

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``."""
        if end - start > timedelta(days=36600):
            raise FieldError("end", "more than a century later")
        days = (start + _DAY * number for number in range(1, (end - start).days + 1))
        return sum(map(self.is_working, days))


def add_working_days(day: date, count: int, holidays: Collection[date] | Calendar = ()) -> date:
    """Go on by the days that a calendar works, or by weekdays that are not among the holidays.

    >>> add_working_days(date(2021, 7, 2), 7)
    datetime.date(2021, 7, 13)
    """
    if isinstance(holidays, Calendar):
        return holidays.add(day, count)
    return _add(
        day, count, lambda one: one.weekday() < 5 and one not in holidays, date.max.year - 1
    )


def _add(start: date, count: int, is_working: Callable[[date], bool], last_year: int) -> date:
    day, left = start, count
    while left > 0:
        day += _DAY
        if day.year > last_year:
            raise FieldError("working days", f"end after the year {last_year}")
        left -= is_working(day)
    return day


@cache
def _national(year: int) -> tuple[frozenset[date], frozenset[date]]:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise FieldError("year", f"not {_FIRST_YEAR} to {_LAST_YEAR}")
    found = need("holidays", "counting working days").country_holidays("VN", years=[year])
    worked = {day for day in getattr(found, "weekend_workdays", ()) if day.year == year}
    off = set(found)
    for row in rows("swapped_days"):
        off.add(date.fromisoformat(row["day_off"]))
        worked.add(date.fromisoformat(row["worked"]))
    return frozenset(off - worked), frozenset(worked - off)


def swaps_known_until() -> date:
    """The last day for which swapped working days have been looked up.

    >>> swaps_known_until() >= date(2026, 12, 31)
    True
    """
    return date.fromisoformat(sources()["swapped_days"].valid_to)
