"""Rows as they should be written (chuẩn hóa): what can be put right without asking anybody, is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from civid.errors import NumberError, PersonNameError
from civid.people.findings import Table
from civid.people.findings.row.numbers import _old_with_zero, _with_zeros
from civid.people.names.canonical import MAX_LENGTH
from civid.people.names.marks import D_STROKE, recompose
from civid.people.names.repairs import repairs
from civid.people.number_form import digits_of, of_quantity
from civid.people.places import find
from civid.people.places.provinces import STAT_34, successors

#: Columns of a row as it should be written, in the order of the file that is handed back.
NORMAL = ("number", "cmnd9", "name", "birth", "sex", "province_now")
_QUOTES = "'’‘`\""
#: Days since this one are what a spreadsheet keeps of a date.
_SERIAL_START, _SERIAL = date(1899, 12, 30), re.compile(r"[1-6]\d{4}(?:\.0+)?")
_SEXES = ("", "Nam", "Nữ")
_MOST_KNOWN = 1 << 16


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table.

    Attributes
    ----------
    numbers : tuple of int
        Number of each row in the partner's file.
    table : Table
        What stands in them, with numbers in plain digits and CMND numbers in their own column.
    old : tuple of bool
        Rows with a CMND number where the personal number should be.
    serial : tuple of bool
        Rows whose birth was kept as a spreadsheet's count of days.
    """

    numbers: tuple[int, ...]
    table: Table
    old: tuple[bool, ...]
    serial: tuple[bool, ...]


def chunk_of(rows: Sequence[tuple[int, Mapping[str, str]]], as_of: date) -> Chunk:
    """Put numbers into the column that they belong to.

    >>> made = chunk_of([(2, {"number": "191 234 567"}), (3, {"number": "'046301123456"})],
    ...                 date(2026, 1, 1))
    >>> made.table.texts("cmnd9"), made.table.texts("number"), made.old
    (['191234567', ''], ['', '046301123456'], (True, False))
    """
    fields = list(dict.fromkeys(field for _, row in rows[:1] for field in row))
    columns = {field: [row[field] for _, row in rows] for field in fields}
    old, serial = [False] * len(rows), [False] * len(rows)
    if "number" in columns:
        numbers = [_plain(text) for text in columns["number"]]
        olds = [_plain(text) for text in columns.get("cmnd9", [""] * len(rows))]
        for at, text in enumerate(numbers):
            if 0 < len(text) <= 9 and _is_old(text) and not olds[at]:
                numbers[at], olds[at], old[at] = "", text, True
        columns["number"] = numbers
        if "cmnd9" in columns or any(old):
            columns["cmnd9"] = olds
    elif "cmnd9" in columns:
        columns["cmnd9"] = [_plain(text) for text in columns["cmnd9"]]
    if "birth" in columns:
        births = columns["birth"]
        for at, text in enumerate(births):
            if len(text) >= 5 and _SERIAL.fullmatch(text):
                births[at], serial[at] = _day(text), True
    columns["reference"] = [str(number) for number, _ in rows]
    return Chunk(tuple(n for n, _ in rows), Table(columns, as_of), tuple(old), tuple(serial))


def _plain(text: str) -> str:
    """Digits without what stands between them; other text as it is."""
    if len(text) == 12 and text.isascii() and text.isdigit():
        return text
    bare = text.strip().strip(_QUOTES).strip()
    try:
        return digits_of(bare)
    except NumberError:
        return text


def _is_old(text: str) -> bool:
    digits = of_quantity(text) or text
    return (
        digits.isascii() and digits.isdigit() and (len(digits) == 9 or bool(_old_with_zero(text)))
    )


def _day(text: str) -> str:
    day = _SERIAL_START + timedelta(int(text.partition(".")[0]))
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def normal(chunk: Chunk) -> dict[str, list[str]]:
    """The columns of `NORMAL`; empty where nobody but the person or a paper can tell.

    >>> made = normal(chunk_of([(2, {"name": "NguyÔn  V¨n An", "birth": "5.3.2001", "sex": "1",
    ...                              "number": "46301123456"})], date(2026, 1, 1)))
    >>> [made[name][0] for name in ("name", "birth", "sex", "number")]
    ['Nguyễn Văn An', '2001-03-05', 'Nam', '046301123456']
    """
    table = chunk.table
    return {
        "number": _numbers(table),
        "cmnd9": _olds(table),
        "name": _names(table),
        "birth": [_iso(value) for value in table.date("birth").tolist()],
        "sex": [_SEXES[max(value, 0)] for value in table.sex().tolist()],
        "province_now": _provinces(table),
    }


def _numbers(table: Table) -> list[str]:
    return [
        text if value >= 0 else _with_zeros(text) if text else ""
        for text, value in zip(table.texts("number"), table.number("number").tolist(), strict=True)
    ]


def _olds(table: Table) -> list[str]:
    return [
        text if value >= 0 else _old_with_zero(text) if text else ""
        for text, value in zip(table.texts("cmnd9"), table.cmnd9().tolist(), strict=True)
    ]


def _names(table: Table) -> list[str]:
    damage = table.damage().tolist()
    canonical = table.canonical_names()
    return [
        "" if not canonical[at] else _repaired(text) if damage[at] else _tidy(text)
        for at, text in enumerate(table.texts("name"))
    ]


def _repaired(text: str) -> str:
    found = repairs(text) if len(text) <= MAX_LENGTH else ()
    return found[0].text if found else ""


def _tidy(text: str) -> str:
    """NFC, one space between words, nothing invisible."""
    plain = text if text.isascii() else recompose(text[:MAX_LENGTH].translate(D_STROKE))
    words = "".join(one if one.isprintable() else "" for one in plain.replace("\u00a0", " "))
    return " ".join(words.split()).strip(" .,;:")


def _iso(value: int) -> str:
    """A day, month or year as 2001-03-05, 2001-03 or 2001; empty where there is none."""
    if value <= 0:
        return ""
    year, month, day = value // 10_000, value // 100 % 100, value % 100
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


_NOW: dict[str, str] = {}


def _provinces(table: Table) -> list[str]:
    """The province of today that the named one lies in; empty where it is not one alone."""
    return list(map(_now, table.texts("province_name")))


def _now(name: str) -> str:
    if not name:
        return ""
    if name not in _NOW:
        if len(_NOW) >= _MOST_KNOWN:
            _NOW.clear()
        _NOW[name] = _province_now(name)
    return _NOW[name]


def _province_now(name: str) -> str:
    try:
        found = find(name) if len(name) <= MAX_LENGTH else frozenset()
    except (PersonNameError, ValueError):
        return ""
    names = {unit.name for unit in found if unit.list_version == STAT_34}
    names |= {
        new.name for unit in found if unit.list_version != STAT_34 for new in successors(unit)
    }
    return names.pop() if len(names) == 1 else ""
