"""Figures that are not known to the last digit: low, likely, high."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple


class Range(NamedTuple):
    """A figure and how far off it may be.

    Parameters
    ----------
    low, likely, high : float
        ``low <= likely <= high``; infinite where it cannot be done.

    >>> Range(1.0, 2.0, 4.0).map(lambda x: 10 * x)
    Range(low=10.0, likely=20.0, high=40.0)
    """

    low: float
    likely: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Range:
        """A figure that is given.

        >>> Range.exactly(2.0)
        Range(low=2.0, likely=2.0, high=2.0)
        """
        return cls(value, value, value)

    @classmethod
    def around(cls, likely: float, *others: float) -> Range:
        """The likely figure, and whatever else it could have been.

        >>> Range.around(2.0, 1.5, 3.0)
        Range(low=1.5, likely=2.0, high=3.0)
        """
        return cls(min(likely, *others), likely, max(likely, *others))

    def map(self, call: Callable[[float], float]) -> Range:
        """The same function of all three; one that falls turns them round."""
        low, likely, high = (call(value) for value in self)
        return Range(min(low, high), likely, max(low, high))


def rounded(value: float, digits: int = 2) -> float:
    """With so many significant digits.

    >>> rounded(1234.5), rounded(0.0876), rounded(0.0)
    (1200.0, 0.088, 0.0)
    """
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))
