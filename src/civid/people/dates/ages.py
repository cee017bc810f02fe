"""Birthdays and ages in full years (tuổi tròn)."""

from __future__ import annotations

from datetime import date

from civid.errors import FieldError


def birthday(birth: date, age: int) -> date:
    """The day on which somebody reaches an age.

    Who was born on 29 February reaches it on 28 February of a common year. The law does not say
    so; the Civil Code lets a period end on the last day of a month that lacks the day. [C]

    >>> birthday(date(2000, 2, 29), 25)
    datetime.date(2025, 2, 28)
    """
    year = birth.year + age
    if year > date.max.year:
        raise FieldError("birth", "too late a year")
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_on(birth: date, day: date) -> int:
    """Age in full years; negative before birth.

    >>> age_on(date(2001, 3, 5), date(2021, 3, 4))
    19
    """
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1
