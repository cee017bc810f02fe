"""Dates as cards write them, and as Python has them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from civid.errors import DateError
from civid.people.dates.partial import PartialDate

#: What stands in the place of an expiry date on a card without one.
NO_EXPIRY = "Không thời hạn"


@lru_cache(maxsize=1 << 16)
def from_ddmmyyyy(text: str) -> date | None:
    """A date from ``DDMMYYYY``; None where it is incomplete (00) or impossible.

    >>> from_ddmmyyyy("05032001")
    datetime.date(2001, 3, 5)
    """
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


def partial(text: str) -> PartialDate:
    """A date from ``DDMMYYYY`` with ``00`` for what is not known.

    Raises
    ------
    DateError
        There is no such date.
    """
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise DateError("birth", "is no DDMMYYYY")
    return PartialDate(int(text[4:]), int(text[2:4]) or None, int(text[:2]) or None)


def from_slashes(text: str) -> date | None:
    """A date from ``DD/MM/YYYY``, or from eight digits."""
    parts = text.strip().split("/")
    if len(parts) == 3 and [len(part) for part in parts] == [2, 2, 4]:
        return from_ddmmyyyy("".join(parts))
    return from_ddmmyyyy(text.strip())


def ddmmyyyy(day: date) -> str:
    """``DDMMYYYY``."""
    return f"{day.day:02d}{day.month:02d}{day.year:04d}"


def slashes(day: date) -> str:
    """``DD/MM/YYYY``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
