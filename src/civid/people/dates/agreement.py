"""How two dates of one event agree, and what that is worth as evidence."""

from __future__ import annotations

from enum import Enum
from math import log2

from civid.people.dates.partial import PartialDate, Precision


class DateAgreement(Enum):
    """From the same to different."""

    SAME = "same"
    LESS_PRECISE = "one is less precise"
    SWAPPED = "day and month swapped"
    ONE_PART = "day, month or year differs alone"
    DIFFERENT = "different"


#: Birth years of a register spread over about 80 years.
_YEARS = 80


def agreement(a: PartialDate, b: PartialDate) -> DateAgreement:
    """Compare two dates.

    01/01 against another day of the year, or against the year alone, is less precise and not
    different: agencies write it when only the year is known.

    >>> agreement(PartialDate(2001, 3, 5), PartialDate(2001, 5, 3)).name
    'SWAPPED'
    >>> agreement(PartialDate(1950, 1, 1), PartialDate(1950)).name
    'LESS_PRECISE'
    """
    if a == b:
        return DateAgreement.SAME
    known = min(a.precision, b.precision)
    if known is Precision.DAY:
        return _days(a, b)
    if a.year == b.year and (known is Precision.YEAR or a.month == b.month):
        return DateAgreement.LESS_PRECISE
    if a.year == b.year and (a.is_new_year or b.is_new_year):
        return DateAgreement.LESS_PRECISE
    return DateAgreement.DIFFERENT


def _days(a: PartialDate, b: PartialDate) -> DateAgreement:
    differ = [a.year != b.year, a.month != b.month, a.day != b.day]
    if not differ[0] and a.month == b.day and a.day == b.month:
        return DateAgreement.SWAPPED
    if not differ[0] and (a.is_new_year or b.is_new_year):
        return DateAgreement.LESS_PRECISE
    return DateAgreement.ONE_PART if sum(differ) == 1 else DateAgreement.DIFFERENT


def weight(a: PartialDate, b: PartialDate) -> float:
    """Bits of evidence that two births are one person's; 01/01 counts as the year alone.

    >>> round(weight(PartialDate(1985, 7, 9), PartialDate(1985, 7, 9)), 1)
    14.8
    >>> round(weight(PartialDate(1985, 1, 1), PartialDate(1985, 1, 1)), 1)
    6.3
    """
    kind = agreement(a, b)
    year = log2(_YEARS)
    if kind is DateAgreement.DIFFERENT:
        return -6.0
    if kind is DateAgreement.LESS_PRECISE or a.is_new_year or b.is_new_year:
        return year if kind is not DateAgreement.ONE_PART else year - 4
    if kind is DateAgreement.SAME:
        known = {Precision.YEAR: 0.0, Precision.MONTH: log2(12), Precision.DAY: log2(365)}
        return year + known[a.precision]
    # A swap or one wrong part happens in about 1 record of 100: log2(100) less.
    return year + log2(365) - log2(100) if kind is DateAgreement.SWAPPED else 2.0
