"""Communes and districts, loaded by the user (danh mục đơn vị hành chính cấp xã).

civid carries provinces only: complete commune lists are large, change often, and some are under
licences of their own. A list comes as CSV with the columns ``code, name, kind, valid_from,
valid_to, parent, successors``; successors as ``code`` (all of it went there) or ``code~`` (a part),
separated by blanks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TextIO

from civid.errors import PlaceError
from civid.people.names.canonical import MAX_LENGTH
from civid.people.places.spelling import place_key
from civid.people.places.unit import Successor, Unit

_KINDS = ("xã", "phường", "thị trấn", "đặc khu", "p.", "x.", "tt.")


class UnitRegister:
    """Units of several code lists, with their history.

    Read-only after loading, so that any thread may ask.

    Parameters
    ----------
    units : iterable of Unit
        Codes may be used again in another list or at another time, with another extent.

    Examples
    --------
    >>> old = Unit("00001", "Phúc Xá", "ward", "2024", valid_to=date(2025, 6, 30),
    ...            successors=frozenset({Successor("00004", "2025", False),
    ...                                  Successor("00091", "2025", False)}))
    >>> new = [Unit(c, n, "ward", "2025", date(2025, 7, 1))
    ...        for c, n in (("00004", "Ba Đình"), ("00091", "Hồng Hà"))]
    >>> register = UnitRegister([old, *new])
    >>> sorted(unit.name for unit in register.convert("00001", "2024", "2025"))
    ['Ba Đình', 'Hồng Hà']
    """

    def __init__(self, units: Iterable[Unit]):
        self._units: dict[tuple[str, str], list[Unit]] = {}
        self._names: dict[str, list[Unit]] = {}
        for unit in units:
            self._units.setdefault((unit.list_version, unit.code), []).append(unit)
            self._names.setdefault(unit_key(unit.name), []).append(unit)

    def __len__(self) -> int:
        return sum(map(len, self._units.values()))

    def __iter__(self) -> Iterator[Unit]:
        for units in self._units.values():
            yield from units

    def get(self, code: str, list_version: str, day: date | None = None) -> Unit:
        """Return the unit of a code in a list, on a day when the code was used twice."""
        found = [
            unit
            for unit in self._units.get((list_version, code), ())
            if day is None or unit.valid_on(day)
        ]
        if len(found) != 1:
            raise PlaceError("unit", "no such code in this list" if not found else "needs a day")
        return found[0]

    def find(self, name: str, day: date, parent: str | None = None) -> frozenset[Unit]:
        """Find units by name on a day; many communes share a name, so the answer is a set."""
        if len(name) > MAX_LENGTH:
            return frozenset()
        return frozenset(
            unit
            for unit in self._names.get(unit_key(name), ())
            if unit.valid_on(day) and parent in (None, unit.parent)
        )

    def convert(self, code: str, list_version: str, to: str) -> frozenset[Unit]:
        """Follow successors into a later list; several where the unit was split.

        Raises
        ------
        PlaceError
            When the code is unknown, the chain ends before `to`, or it runs in a circle.
        """
        wave = {self.get(code, list_version)}
        seen: set[tuple[str, str]] = set()
        done: set[Unit] = set()
        while wave:
            unit = wave.pop()
            if unit.list_version == to:
                done.add(unit)
                continue
            if (unit.list_version, unit.code) in seen:
                continue
            seen.add((unit.list_version, unit.code))
            for successor in unit.successors:
                wave.update(self._units.get((successor.list_version, successor.code), ()))
        if not done:
            raise PlaceError("unit", "its successors are not known")
        return frozenset(done)


def unit_key(name: str) -> str:
    """Fold the name of a commune: place key, numbers without leading zeros (Phường 01)."""
    words = name.split()
    if len(words) > 1 and words[0].lower() in _KINDS:
        words = words[1:]
    elif len(words) > 2 and " ".join(words[:2]).lower() in _KINDS:
        words = words[2:]
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        return words[0].lstrip("0") or "0"
    return place_key(" ".join(words))


def load_units(file: TextIO, list_version: str, successor_list: str = "") -> UnitRegister:
    """Read one code list from an open CSV file.

    Raises
    ------
    PlaceError
        When a column is missing or a date is not ISO, with the line.
    """
    units = []
    reader = csv.DictReader(file)
    for line, row in enumerate(reader, 2):
        try:
            units.append(
                Unit(
                    row["code"],
                    row["name"],
                    row.get("kind") or "commune",
                    list_version,
                    date.fromisoformat(row["valid_from"]) if row.get("valid_from") else None,
                    date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
                    row.get("parent") or None,
                    frozenset(
                        Successor(code.rstrip("~"), successor_list, not code.endswith("~"))
                        for code in (row.get("successors") or "").split()
                    ),
                )
            )
        except (KeyError, ValueError, AttributeError, TypeError):
            raise PlaceError("unit", f"line {line} is not a unit") from None
    return UnitRegister(units)
