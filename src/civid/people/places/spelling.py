"""Find a province by a name as people write it (tên địa danh, nhiều cách viết)."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cache

from civid.errors import PersonNameError, PlaceError
from civid.people.names.canonical import MAX_LENGTH, canonical, key
from civid.people.places.provinces import MERGER, all_provinces
from civid.people.places.unit import Unit
from civid.people.tables import rows

_KIND = re.compile(r"^(tỉnh|thành phố|tp\.?|tinh|thanh pho|t\.)\s*(?=\S)")
_NOT_LETTERS = re.compile(r"[\W_]+")


def place_key(text: str, *, accents: bool = True) -> str:
    """Fold a place name: canonical, without the word for its kind, spaces and hyphens.

    >>> place_key("Tỉnh Thừa Thiên-Huế") == place_key("THỪA THIÊN HUẾ")
    True
    """
    folded = canonical(text)
    folded = _KIND.sub("", folded)
    return _NOT_LETTERS.sub("", folded if accents else key(folded))


@cache
def _index(accents: bool) -> dict[str, frozenset[Unit]]:
    found: dict[str, set[Unit]] = defaultdict(set)
    for unit in all_provinces():
        found[place_key(unit.name, accents=accents)].add(unit)
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in rows("place_aliases"):
        aliases[row["pid_code"]].append(row["alias"])
    today = {unit.name: unit for unit in all_provinces() if unit.valid_on(MERGER)}
    for unit in all_provinces():
        for alias in aliases.get(unit.code, ()):
            names = {place_key(alias, accents=accents)}
            for name in names:
                found[name].add(unit)
                if unit.name in today:
                    found[name].add(today[unit.name])
    return {name: frozenset(units) for name, units in found.items()}


def find(text: str, day: date | None = None) -> frozenset[Unit]:
    """Find the provinces that a text can mean; a set, because names outlive borders.

    Parameters
    ----------
    text : str
        With or without Tỉnh, Thành phố, TP.; old and new spellings; accents may be lost.
    day : date, optional
        Only provinces of that day. Without it those of all times: Hưng Yên is then two units, of
        another extent before and after 1 July 2025.

    >>> [unit.code for unit in find("Đắc Lắc", date(2021, 3, 11))]
    ['066']
    >>> [unit.name for unit in find("TP.HCM", date(2021, 3, 11))]
    ['Hồ Chí Minh']
    """
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        return frozenset()
    try:
        units = _index(True).get(place_key(text))
        if units is None:
            units = _index(False).get(place_key(text, accents=False), frozenset())
    except PersonNameError:  # half a surrogate pair: no name of anything
        return frozenset()
    if day is not None:
        units = frozenset(unit for unit in units if unit.valid_on(day))
    return units


def find_one(text: str, day: date) -> Unit:
    """Find the one province a text means on a day; `PlaceError` when none or several."""
    units = find(text, day)
    if len(units) != 1:
        raise PlaceError("province", "no such province" if not units else "several provinces")
    return next(iter(units))
