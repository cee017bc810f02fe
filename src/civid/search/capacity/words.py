"""What a plan says, in Vietnamese and English: a key and its values make a sentence.

The sentences stand in ``data/words.csv``; a value stands in them as ``{name}``.
"""

from __future__ import annotations

import csv
import math
import re
from functools import cache
from importlib.resources import files

from civid.search.capacity.ranges import Range, rounded

_SWAP = str.maketrans(",.", ".,")


def say(key: str, language: str = "en", **values: str) -> str:
    """A sentence; a key without one is an error of ours.

    >>> say("nodes", "vi")
    'máy chủ'
    """
    text = _words()[key][language]
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def number(value: float, language: str = "en", digits: int = 2) -> str:
    """Rounded to so many significant digits, as the language writes it.

    >>> number(1234567, "vi"), number(0.0123), number(float("inf"))
    ('1.200.000', '0.012', '∞')
    """
    if not math.isfinite(value):
        return "∞"
    short = rounded(value, digits)
    text = f"{short:,.0f}" if abs(short) >= 10 or short == int(short) else f"{short:,.{digits}g}"
    return text.translate(_SWAP) if language == "vi" else text


def whole(value: float, language: str = "en") -> str:
    """A count, all digits of it.

    >>> whole(98_700_000.0, "vi")
    '98.700.000'
    """
    text = f"{value:,.0f}"
    return text.translate(_SWAP) if language == "vi" else text


def size(value: float, language: str = "en") -> str:
    """Bytes, in the largest decimal unit.

    >>> size(1.26e11), size(8.5e12, "vi")
    ('130 GB', '8,5 TB')
    """
    step = min(max(int(math.log10(max(rounded(value), 1)) // 3), 0), 6)
    unit = ("B", "kB", "MB", "GB", "TB", "PB", "EB")[step]
    return f"{number(value / 1000**step, language)} {unit}"


def duration(seconds: float, language: str = "en") -> str:
    """A time in the unit that people would take; never one of it.

    >>> duration(0.0123), duration(3700), duration(5400), duration(3e6), duration(5400, "vi")
    ('12 ms', '62 minutes', '1.5 hours', '35 days', '1,5 giờ')
    """
    if not math.isfinite(seconds):
        return say("no-end", language)
    for unit, of in (("years", 2 * 365.25 * 86400), ("days", 2 * 86400), ("hours", 3816),
                     ("minutes", 120)):  # fmt: skip
        if seconds >= of:
            each = {"years": 365.25 * 86400, "days": 86400, "hours": 3600, "minutes": 60}[unit]
            return f"{number(seconds / each, language)} {say(unit, language)}"
    if seconds < 1:
        return f"{number(seconds * 1000, language)} ms"
    return f"{number(seconds, language)} s"


def span(value: Range, show: object, language: str = "en") -> str:
    """A range as people write it, the likely figure first; once where all are the same.

    >>> span(Range(1, 2, 4), whole), span(Range.exactly(3), whole)
    ('2 (1 - 4)', '3')
    """
    assert callable(show)
    low, likely, high = (str(show(one, language)) for one in value)
    return likely if low == likely == high else f"{likely} ({low} - {high})"


@cache
def _words() -> dict[str, dict[str, str]]:
    path = files("civid.search.capacity") / "data" / "words.csv"
    return {
        row["key"]: {"en": row["english"], "vi": row["vietnamese"]}
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    }


def keys() -> frozenset[str]:
    """Every key that has its words."""
    return frozenset(_words())
