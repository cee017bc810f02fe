"""Months as the residence law counts them; working days are in `civid.people.working_days`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from civid.people.working_days import add_working_days

__all__ = ["add_months", "add_working_days"]


def add_months(day: date, months: int) -> date:
    """Go on by whole months; the last day of a shorter month stands for a day it lacks.

    >>> add_months(date(2024, 8, 31), 6), add_months(date(2024, 2, 29), 12)
    (datetime.date(2025, 2, 28), datetime.date(2025, 2, 28))
    """
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
