"""Numbers that a caller gives: checked once, with the name of the argument in the error."""

from __future__ import annotations

import operator
from typing import Any

from civid.errors import FormatError

#: No side of an image is longer.
MAX_SIDE = 0xFFFF


def whole(value: Any, field: str, low: int, high: int) -> int:
    """A whole number in its range; of numpy, too, but not True.

    >>> whole(3, "view", 0, 9)
    3
    """
    number = any_whole(value, field)
    if not low <= number <= high:
        raise FormatError(f"should be a whole number {low}..{high}", field=field)
    return number


def any_whole(value: Any, field: str) -> int:
    """A whole number, whether there is what it counts or not.

    >>> any_whole(-1, "view")
    -1
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise FormatError("should be a whole number", field=field)
    return number


def pair(value: Any, field: str, low: int, high: int) -> tuple[int, int]:
    """Two of them.

    >>> pair((300, 400), "size", 1, MAX_SIDE)
    (300, 400)
    """
    try:
        first, second = value
    except (TypeError, ValueError, NotImplementedError):
        text = f"should be two whole numbers {low}..{high}"
        raise FormatError(text, field=field) from None
    return whole(first, field, low, high), whole(second, field, low, high)
