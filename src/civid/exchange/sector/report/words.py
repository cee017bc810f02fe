"""Words of the page, English and Vietnamese; a text that is missing is an error, not a gap."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from importlib.resources import files

from civid.errors import FieldError
from civid.people.findings import COLUMNS

#: In the order of the texts.
LANGUAGES = ("en", "vi")


@cache
def _texts() -> dict[str, list[str]]:
    text = files("civid.exchange.sector.report").joinpath("words.json").read_text("utf-8")
    made: dict[str, list[str]] = json.loads(text)
    return made


def words(language: str) -> Callable[..., str]:
    """The function that says a text by its key, with what stands in its gaps.

    >>> words("en")("fewer", 5), words("vi")("rows")
    ('fewer than 5', 'dòng')
    """
    if language not in LANGUAGES:
        raise FieldError("language", "must be en or vi")
    at = LANGUAGES.index(language)

    def say(key: str, *gaps: object) -> str:
        text = _texts()[key][at]
        return text.format(*gaps) if gaps else text

    return say


def field_name(field: str, language: str) -> str:
    """A field of a table in words."""
    key = f"field.{field}"
    if key in _texts():
        return words(language)(key)
    return COLUMNS.get(field, field) if language == "vi" else field.replace("_", " ")


def number(value: int, language: str) -> str:
    """A count with its groups.

    >>> number(98713820, "vi"), number(1234, "en")
    ('98.713.820', '1,234')
    """
    text = f"{value:,}"
    return text.replace(",", ".") if language == "vi" else text


def percent(share: float, language: str) -> str:
    """A share, rounded down: what is not reached is not shown as reached.

    >>> percent(0.99999, "en"), percent(0.985, "vi"), percent(1.0, "vi")
    ('99.9%', '98,5%', '100%')
    """
    made = (Decimal(repr(share)) * 100).quantize(Decimal("0.1"), rounding=ROUND_FLOOR)
    text = f"{made.normalize():f}" if made == made.to_integral() else f"{made:f}"
    return (text.replace(".", ",") if language == "vi" else text) + "%"
