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
_YEAR = 365.25 * 86400
_LARGE = (
    (1e18, "billion-billion"), (1e15, "million-billion"), (1e12, "thousand-billion"),
    (1e9, "billion"), (1e6, "million"),
)  # fmt: skip


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


def size(value: float, language: str = "en", digits: int = 2) -> str:
    """Bytes, in the largest decimal unit.

    >>> size(1.26e11), size(8.5e12, "vi"), size(5.12e11, digits=3)
    ('130 GB', '8,5 TB', '512 GB')
    """
    step = min(max(int(math.log10(max(rounded(value, digits), 1)) // 3), 0), 6)
    unit = ("B", "kB", "MB", "GB", "TB", "PB", "EB")[step]
    return f"{number(value / 1000**step, language, digits)} {unit}"


def many(value: float, language: str = "en") -> str:
    """How many, in words where there are more digits than people read.

    >>> many(4950), many(0.004), many(0), many(4.9e15), many(4.9e15, "vi")
    ('4,950', 'fewer than one', 'none', '4.9 million billion', '4,9 triệu tỷ')
    """
    if value < 1:
        return say("fewer-than-one" if value else "none", language)
    for least, key in _LARGE:
        if rounded(value) >= least:
            return f"{number(value / least, language)} {say(key, language)}"
    return number(value, language) if value >= 10_000 or value % 1 else whole(value, language)


def counted(key: str, value: float, language: str = "en") -> str:
    """So many of something; one of it has its own words, and so has none.

    >>> counted("fingers", 1), counted("fingers", 2), counted("fingers", 2, "vi")
    ('one finger', '2 fingers', '2 ngón')
    """
    kind = "one" if value == 1 else "many" if value else "none"
    text = number(value, language) if value % 1 and value < 10 else whole(value, language)
    return say(f"{key}-{kind}", language, n=text)


_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0, "year": _YEAR}


def often(value: float, unit: str, language: str = "en") -> str:
    """How often something happens that comes so many times a day, say.

    >>> often(410, "day"), often(0.01, "day"), often(0, "day"), often(0.01, "day", "vi")
    ('410 a day', 'one in 3.3 months', 'none', 'cứ 3,3 tháng một lần')
    """
    if value == 0:
        return say("none", language)
    if value < 1:
        return say("one-in", language, time=duration(_SECONDS[unit] / value, language))
    return say(f"a-{unit}", language, n=number(value, language))


def rate(a_second: float, language: str = "en") -> str:
    """How often something happens, in the shortest unit in which it happens at all.

    >>> rate(28.5), rate(0.25), rate(7e-5)
    ('28 a second', '15 a minute', 'one in 4 hours')
    """
    unit = next((one for one in ("second", "minute") if a_second * _SECONDS[one] >= 1), "hour")
    return often(a_second * _SECONDS[unit], unit, language)


def per_cent(part: float, language: str = "en") -> str:
    """A share of all.

    >>> per_cent(0.456), per_cent(0.0001), per_cent(0)
    ('46 %', 'under 1 %', '0 %')
    """
    if 0 < part < 0.01:
        return say("under", language, least="1 %")
    return f"{100 * part:.0f} %"


def duration(seconds: float, language: str = "en") -> str:
    """A time in the unit that people would take; never one of it, but a millisecond.

    >>> duration(0.0123), duration(3700), duration(5400), duration(3e6), duration(5400, "vi")
    ('12 ms', '62 minutes', '1.5 hours', '35 days', '1,5 giờ')
    >>> duration(2e-6), duration(1e7)
    ('under 1 ms', '3.8 months')
    """
    if not math.isfinite(seconds):
        return say("no-end", language)
    if 0 < seconds < 0.001:
        return say("under", language, least="1 ms")
    for unit, of, each in (("years", 2 * _YEAR, _YEAR), ("months", _YEAR / 4, _YEAR / 12),
                           ("days", 2 * 86400, 86400), ("hours", 3816, 3600),
                           ("minutes", 120, 60)):  # fmt: skip
        if seconds >= of:
            return f"{many(seconds / each, language)} {say(unit, language)}"
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
