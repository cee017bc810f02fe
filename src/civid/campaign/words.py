"""What a campaign says, in Vietnamese and English: a key and its values make a sentence.

The sentences stand in ``data/words.csv``; a value stands in them as ``{name}``.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from civid.campaign.numerals import Numerals, written
from civid.people.tables import packaged


class Language(StrEnum):
    """Language of what is written for people."""

    EN = "en"
    VI = "vi"

    @property
    def numerals(self) -> Numerals:
        """How it writes numbers."""
        return Numerals(self.value)


Value = str | int | Decimal | date


def say(key: str, language: Language | str = Language.VI, **values: Value) -> str:
    """A sentence in a language; a key without one is said as it is.

    >>> say("count-falls", "en", count=5, before=1200)
    'the count falls from 1,200 to 5'
    >>> say("count-falls", "vi", count=5, before=1200)
    'số lũy kế giảm từ 1.200 xuống 5'
    """
    language = Language(language)
    row = _words().get(key)
    if row is None:
        return key
    shown = {name: shown_value(value, language) for name, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda found: shown.get(found[1], found[0]), row[language.value])


def shown_value(value: Value, language: Language | str = Language.VI) -> str:
    """A value as a language writes it: numbers and days.

    >>> shown_value(date(2021, 6, 8), "vi"), shown_value(1234, "en")
    ('08/06/2021', '1,234')
    """
    language = Language(language)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if language is Language.VI else value.isoformat()
    return written(value, language.numerals)


@cache
def _words() -> dict[str, dict[str, str]]:
    return {
        row["key"]: {"en": row["english"], "vi": row["vietnamese"]}
        for row in packaged("civid.campaign", "words")
    }


def keys() -> frozenset[str]:
    """Every key that has its words."""
    return frozenset(_words())
