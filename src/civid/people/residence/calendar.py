"""Days, months and working days as the residence law counts them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Go on by whole months; the last day of a shorter month stands for a day it lacks.

    >>> add_months(date(2024, 8, 31), 6), add_months(date(2024, 2, 29), 12)
    (datetime.date(2025, 2, 28), datetime.date(2025, 2, 28))
    """
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_working_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """Go on by working days: Saturdays, Sundays and the given holidays do not count.

    >>> add_working_days(date(2021, 7, 2), 7)
    datetime.date(2021, 7, 13)
    """
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            count -= 1
    return day
