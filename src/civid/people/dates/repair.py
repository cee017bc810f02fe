"""Dates of old papers that the calendar does not have, and their repairs.

The Department of Justice of Huế (guidance of 2020) counts on into the next month; no other repair
is official, and a civil-status officer decides.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from enum import Enum

from civid.people.dates.partial import FIRST_YEAR, LAST_YEAR, PartialDate


@dataclass(frozen=True, slots=True)
class DateRepair:
    """A date that an impossible one may stand for.

    Parameters
    ----------
    date : PartialDate
        The suggestion.
    basis : str
        Who says so.
    official : bool
        False for a mere guess such as swapped day and month.
    """

    date: PartialDate
    basis: str
    official: bool


_HUE = "Huế Department of Justice, guidance of 2020"


def repairs(year: int, month: int, day: int) -> tuple[DateRepair, ...]:
    """Suggest what an impossible date stands for, official repairs first.

    >>> [r.date.iso() for r in repairs(1971, 2, 29)], [r.date.iso() for r in repairs(1971, 2, 30)]
    (['1971-03-01'], ['1971-03-02'])
    >>> [(r.date.iso(), r.official) for r in repairs(1971, 13, 5)]
    [('1971-05-13', False)]
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    if month == 2 and day == 29 and not isleap(year):
        return (DateRepair(PartialDate(year, 3, 1), _HUE, True),)
    if month == 2 and day == 30:
        return (DateRepair(PartialDate(year, 3, 1 if isleap(year) else 2), _HUE, True),)
    if month in (4, 6, 9, 11) and day == 31:
        return (DateRepair(PartialDate(year, month + 1, 1), _HUE, True),)
    if month > 12 and 1 <= day <= 12 and month <= 31:
        try:
            swapped = PartialDate(year, day, month)
        except ValueError:
            return ()
        return (DateRepair(swapped, "day and month swapped", False),)
    return ()


class Convention(Enum):
    """How a sector fills in what is missing (tự điền); such days are not evidence."""

    SOCIAL_INSURANCE = "01/01, or day 01 of a known month"
    OFFICER_PENSION = "01/07"


def complete(value: PartialDate, convention: Convention) -> PartialDate:
    """Fill in a date as a sector does, for its own use only.

    Completing a birth date in the register is an act of civil status (Circular 04/2020/TT-BTP
    Art 18): medical birth record, agreeing papers, first-issued paper, written pledge.

    >>> complete(PartialDate(1950), Convention.OFFICER_PENSION).iso()
    '1950-07-01'
    """
    if value.day is not None:
        return value
    month = value.month or (7 if convention is Convention.OFFICER_PENSION else 1)
    return PartialDate(value.year, month, 1, value.recorded_as or value.vietnamese())
