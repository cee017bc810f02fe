"""Words of the pages, Vietnamese and English; a text that is missing is an error, not a gap."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from civid.errors import FieldError
from civid.position import Position

#: In the order of the texts; the first that the browser asks for is taken, else Vietnamese.
LANGUAGES = ("en", "vi")
DEFAULT = "vi"
_ENGLISH_FINGERS = ("thumb", "index finger", "middle finger", "ring finger", "little finger")
_VIETNAM = timedelta(hours=7)


@cache
def _texts() -> dict[str, tuple[str, str]]:
    file = Path(__file__).with_name("words.json")
    return {key: (two[0], two[1]) for key, two in json.loads(file.read_text("utf-8")).items()}


def words(language: str) -> Callable[..., str]:
    """The function that says a text by its key, with what stands in its gaps.

    >>> words("en")("days", 3), words("vi")("undo")
    ('3 days', 'Hoàn tác')
    """
    if language not in LANGUAGES:
        raise FieldError("language", "must be en or vi")
    at = LANGUAGES.index(language)

    def say(key: str, *gaps: object) -> str:
        text = _texts()[key][at]
        return text.format(*gaps) if gaps else text

    return say


def chosen(cookie: str, accepted: str) -> str:
    """The language of a visitor: what was chosen, else the first of ours the browser accepts."""
    if cookie in LANGUAGES:
        return cookie
    for part in accepted[:200].lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return DEFAULT


def finger(position: Position, language: str) -> str:
    """A finger in words.

    >>> finger(Position.RIGHT_INDEX, "en"), finger(Position.LEFT_THUMB, "vi")
    ('right index finger', 'ngón cái trái')
    """
    if position is Position.UNKNOWN:
        return {"en": "unknown finger", "vi": "ngón không rõ"}[language]
    if language == "vi":
        return position.vietnamese
    side = "right" if position <= Position.RIGHT_LITTLE else "left"
    return f"{side} {_ENGLISH_FINGERS[(position - 1) % 5]}"


def moment(at: int) -> str:
    """Day and time in Vietnam of microseconds since 1970.

    >>> moment(0)
    '01/01/1970 07:00'
    """
    return (datetime.fromtimestamp(at / 1e6, UTC) + _VIETNAM).strftime("%d/%m/%Y %H:%M")


def age(microseconds: int, language: str) -> str:
    """How long ago, in days."""
    say, days = words(language), max(0, microseconds) // 86_400_000_000
    return say("today") if days == 0 else say("day") if days == 1 else say("days", days)
