"""Read dates as the papers write them: day first, ISO, digits only, words, incomplete."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from civid.errors import DateError
from civid.people.dates.partial import FIRST_YEAR, LAST_YEAR, PartialDate
from civid.people.dates.repair import DateRepair, repairs

MAX_LENGTH = 64

#: Day first; 00 or blanks for what is not known.
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[/.\- ])?(?:(\d{1,2})[/.\- ])?(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?", re.ASCII)
#: In words, in small letters and NFC; what is not known is left out.
_WORDS = re.compile(
    r"(?:sinh )?(?:"
    r"(?:(?:ngày )?(?P<day>\d{1,2}) )?tháng (?P<month>\d{1,2})(?: năm |, năm |/| )"
    r"|ngày (?P<number>\d{1,2})[/.-](?P<second>\d{1,2})[/.-]"
    r"|năm "
    r")(?P<year>\d{4})",
    re.ASCII,
)
#: Midnight, as spreadsheets and databases write it behind a day; any other time is another matter.
_MIDNIGHT = re.compile(r"[t ]0?0:00(?::00(?:\.0+)?)?z?$", re.ASCII)
#: What forms have where a day or month is not known: strokes, dots, letters, question marks.
_BLANK = re.compile(r"(?:--|__|\.\.|xx|\?\?)(?=[/\- ])")
_EIGHT = re.compile(r"\d{8}", re.ASCII)


class ImpossibleDateError(DateError):
    """The paper has a date that the calendar does not.

    Attributes
    ----------
    repairs : tuple of DateRepair
        What it may stand for, official repairs first; empty when nobody says.
    """

    def __init__(self, field: str, reason: str, repairs: tuple[DateRepair, ...] = ()):
        super().__init__(field, reason)
        self.repairs = repairs


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """What a text says as a date; `date` is None when it says none.

    Parameters
    ----------
    recorded_as : str
        The text.
    date : PartialDate or None
        The date.
    problem : str
        Why there is none; empty when there is.
    repairs : tuple of DateRepair
        For an impossible date.
    """

    recorded_as: str
    date: PartialDate | None
    problem: str = ""
    repairs: tuple[DateRepair, ...] = ()

    def __repr__(self) -> str:
        return f"<Reading {self.problem or 'date'}>"


def parse(text: str) -> PartialDate:
    """Read a date, perhaps incomplete; day first, as in Việt Nam, unless the year stands first.

    Raises
    ------
    ImpossibleDateError
        For 31/04, 29/02 of a common year, month 13 and the like; holds the repairs.
    DateError
        For what is no date.

    >>> parse("05/03/2001").iso(), parse("5-3-2001").iso(), parse("20010305").iso()
    ('2001-03-05', '2001-03-05', '2001-03-05')
    >>> parse("00/00/1950").iso(), parse("03/1950").iso(), parse("NĂM 1950").iso()
    ('1950', '1950-03', '1950')
    """
    reading = read(text)
    if reading.date is None:
        kind = ImpossibleDateError if reading.problem == _IMPOSSIBLE else None
        if kind is not None:
            raise kind("date", reading.problem, reading.repairs)
        raise DateError("date", reading.problem)
    return reading.date


_IMPOSSIBLE = "no such day in the calendar"


def read(text: str) -> Reading:
    """Read a date without raising: what cannot be read is kept with the problem.

    >>> reading = read("31/04/1960")
    >>> reading.problem, reading.repairs[0].date.iso()
    ('no such day in the calendar', '1960-05-01')
    """
    if not isinstance(text, str):
        return Reading("", None, "not text")
    if len(text) > MAX_LENGTH:
        return Reading(text[:MAX_LENGTH], None, f"longer than {MAX_LENGTH} characters")
    return _read(text)


@lru_cache(maxsize=1 << 16)
def _read(text: str) -> Reading:
    parts = _split(_folded(text))
    if parts is None:
        return Reading(text, None, "empty" if not text.strip() else "not written like a date")
    year, month, day = parts
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Reading(text, None, f"year outside {FIRST_YEAR} to {LAST_YEAR}")
    if month == 0 and day:
        return Reading(text, None, "a day without a month")
    try:
        return Reading(text, PartialDate(year, month or None, day or None, text))
    except DateError:
        return Reading(text, None, _IMPOSSIBLE, repairs(year, month, day))


def _folded(text: str) -> str:
    text = " ".join(normalize("NFC", text).lower().split())
    return _BLANK.sub("00", _MIDNIGHT.sub("", text))


def _split(text: str) -> tuple[int, int, int] | None:
    """Year, month, day; zero for what is not known."""
    if _EIGHT.fullmatch(text):
        # DDMMYYYY and YYYYMMDD never both give a year of our range: 20 and 19 are no months.
        first = int(text[:2]), int(text[2:4]), int(text[4:])
        if FIRST_YEAR <= first[2] <= LAST_YEAR:
            return first[2], first[1], first[0]
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4] or 0)
    if match := _WORDS.fullmatch(text):
        day, month = match["day"] or match["number"], match["month"] or match["second"]
        return int(match["year"]), int(month or 0), int(day or 0)
    if match := _DAY_FIRST.fullmatch(text):
        first_part, second, year = match.groups()
        if second is None:
            first_part, second = None, first_part  # 03/1950
        return int(year), int(second or 0), int(first_part or 0)
    return None


def read_many(texts: Iterable[str]) -> list[Reading]:
    """Read many; texts seen before cost a look-up."""
    return [read(text) for text in texts]
