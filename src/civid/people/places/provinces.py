"""Provinces (tỉnh, thành phố trực thuộc trung ương) before and after 1 July 2025.

The list ``pid-63`` has the three digits of the personal identification number; the list
``stat-34`` the two digits of Decision 19/2025/QĐ-TTg. Seven codes mean another province in the
second than in the first, so that a code is nothing without its list or its date.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from civid.errors import PlaceError
from civid.people.kinds import day_of, text_of
from civid.people.places.unit import Successor, Unit
from civid.people.tables import rows

PID_63 = "pid-63"
STAT_34 = "stat-34"

#: First day of the 34 provinces (Resolution 202/2025/QH15).
MERGER = date(2025, 7, 1)
#: First use of the 63 codes in a number: the CMND of 12 digits.
FIRST_NUMBERS = date(2012, 9, 21)
_DAY = timedelta(days=1)


@cache
def all_provinces() -> tuple[Unit, ...]:
    """Every province of both lists, one entry for each name and kind it had."""
    return (*_of_63(), *_of_34())


def _of_63() -> list[Unit]:
    units = list[Unit]()
    for row in rows("province_codes_63"):
        to = frozenset({Successor(row["successor_2025_code"], STAT_34)})
        unit = Unit(
            row["pid_code"], row["name"], row["type_2021"], PID_63, FIRST_NUMBERS, MERGER - _DAY,
            None, to,
        )  # fmt: skip
        units += _with_changes(unit)
    return units


def _of_34() -> list[Unit]:
    units = list[Unit]()
    for row in rows("province_codes_34"):
        code, kind = row["stat_code_2025"], row["type_2025-07-01"]
        units += _with_changes(Unit(code, row["name"], kind, STAT_34, MERGER))
    return units


def _with_changes(unit: Unit) -> list[Unit]:
    """One entry for each name and kind that a province had under its code."""
    units = [unit]
    for row in rows("province_changes"):
        if (row["list"], row["code"]) == (unit.list_version, unit.code):
            since = date.fromisoformat(row["valid_from"])
            before = units.pop()
            units.append(replace(before, valid_to=since - _DAY))
            units.append(replace(before, name=row["name"], kind=row["kind"], valid_from=since))
    return units


def provinces(day: date) -> tuple[Unit, ...]:
    """List the provinces of a day: 63 until 30 June 2025, 34 after.

    >>> len(provinces(date(2021, 7, 1))), len(provinces(date(2025, 7, 1)))
    (63, 34)
    """
    return tuple(unit for unit in all_provinces() if unit.valid_on(day))


def province(code: str, day: date) -> Unit:
    """Find a province by its code and the day the code was written.

    Two and three digits are both accepted (``46``, ``046``): they differ by a zero only.

    Raises
    ------
    PlaceError
        When no province has the code on that day.

    >>> province("015", date(2021, 7, 1)).name, province("15", date(2025, 7, 1)).name
    ('Yên Bái', 'Lào Cai')
    """
    code, day = text_of(code, "province"), day_of(day, "day")
    short = code[1:] if len(code) == 3 and code.startswith("0") else code
    for unit in all_provinces():
        if unit.code[-2:] == short and unit.valid_on(day):
            return unit
    raise PlaceError("province", "no province has this code on this day")


def successors(unit: Unit) -> frozenset[Unit]:
    """Return what a province became; itself when it still is.

    >>> {unit.name for unit in successors(province("067", date(2021, 7, 1)))}
    {'Lâm Đồng'}
    """
    if unit.list_version == STAT_34:
        return frozenset({unit})
    codes = {successor.code for successor in unit.successors}
    return frozenset(u for u in all_provinces() if u.code in codes and u.valid_on(MERGER))


def predecessors(unit: Unit) -> frozenset[Unit]:
    """Return the provinces of 30 June 2025 that a province of today was made of.

    >>> sorted(unit.code for unit in predecessors(province("68", date(2025, 7, 1))))
    ['060', '067', '068']
    """
    return frozenset(
        old
        for old in provinces(MERGER - _DAY)
        if any(successor.code == unit.code for successor in old.successors)
    )


@cache
def changed_meaning() -> frozenset[str]:
    """Codes of two digits that mean another province since 1 July 2025.

    >>> sorted(changed_meaning())
    ['15', '24', '44', '52', '80', '82', '91']
    """
    return frozenset(
        row["stat_code_2025"]
        for row in rows("province_codes_34")
        if row["meaning_changed"] == "yes"
    )
