"""Countries: the two letters of a message (ISO 3166-1 alpha-2) <-> Vietnamese names."""

from __future__ import annotations

from functools import cache

from civid.people.names.canonical import MAX_LENGTH, canonical
from civid.people.tables import rows

HOME, HOME_NAME = "VN", "Việt Nam"


@cache
def _names() -> dict[str, str]:
    found = {HOME: HOME_NAME}
    for row in rows("country_codes"):
        name = row["name_vi_as_listed"].partition("(")[0].strip()
        if row["iso3166_alpha2"] and name:
            found.setdefault(row["iso3166_alpha2"], name)
    return found


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in _names().items():
        found.setdefault(canonical(name), code)
    return found


def country_name(code: str) -> str | None:
    """The Vietnamese name of a country, or None.

    >>> country_name("VN"), country_name("xx")
    ('Việt Nam', None)
    """
    return _names().get(code)


def country_code(text: str) -> str | None:
    """The two letters of a country that is named, or already written so; None for others.

    >>> country_code("việt nam"), country_code("AF"), country_code("Sao Hỏa")
    ('VN', 'AF', None)
    """
    if text in _names():
        return text
    return _codes().get(canonical(text)) if len(text) <= MAX_LENGTH else None
