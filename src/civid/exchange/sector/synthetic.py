"""Tables as insurers and tax offices have them (bảng giả lập), with errors whose rows are known.

No real person is in them. The errors are those of `civid.people.synthetic`, and a few that only
tables have.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from civid.exchange.sector.report.whole_file import whole_file
from civid.people.findings import Table
from civid.people.synthetic import CLASSES, Population, Truth

#: Title -> field, as a partner may have them.
TITLES = {
    "Mã KH": "", "Họ và tên": "name", "Ngày sinh": "birth", "Giới tính": "sex",
    "Số CCCD/CMND": "number", "Tỉnh/Thành phố": "province_name", "Địa chỉ thường trú": "address",
}  # fmt: skip
#: Classes of `civid.people.synthetic` that show in these columns.
PLANTED = (
    "number.missing", "number.zero_lost", "number.malformed", "number.place", "number.sex",
    "number.year", "number.shared", "number.repeated", "duplicate.same", "duplicate.no_accents",
    "name.missing", "name.unreadable", "name.encoding", "name.tcvn3", "name.typing",
    "name.no_accents", "name.not_nfc", "name.invisible", "name.look_alike", "name.spaces",
    "name.digits", "name.symbols", "name.script", "name.initials", "birth.missing",
    "birth.partial", "birth.impossible", "birth.unreadable", "birth.future", "sex.missing",
    "sex.unreadable", "place.name_unknown",
)  # fmt: skip
#: Every so many rows one with an error that only tables have.
_EVERY = 97
_SERIAL_START = date(1899, 12, 30)


@dataclass(slots=True)
class Planted:
    """What was planted in a table.

    Attributes
    ----------
    rows : int
        Rows of the table.
    planted : dict of str to list of int
        Rule -> numbers of the rows that it has to find; the titles are row 1.
    allowed : dict of int to set of str
        Number of a row -> rules that rightly object to it because of what was planted.
    """

    rows: int = 0
    planted: dict[str, list[int]] = field(default_factory=dict)
    allowed: dict[int, set[str]] = field(default_factory=dict)

    def add(self, rule: str, row: int, *also: str) -> None:
        """Note one."""
        self.planted.setdefault(rule, []).append(row)
        self.allowed.setdefault(row, set()).update((rule, *also))


def sector_rows(
    people: int, *, seed: int = 0, error_rate: float = 0.1, truth: Planted | None = None,
    classes: Sequence[str] = PLANTED,
) -> Iterator[Mapping[str, str]]:  # fmt: skip
    """Rows of a partner's table, field -> text, with errors in a share of households.

    >>> noted = Planted()
    >>> rows = list(sector_rows(300, seed=4, truth=noted))
    >>> noted.rows == len(rows), len(noted.planted["number.old"]) > 0
    (True, True)
    """
    noted = truth or Planted()
    spoilt = Truth()
    population = Population(people, seed, error_rate, classes=tuple(classes))
    number = 1
    for table in population.tables(truth=spoilt):
        for row in _rows(table):
            number += 1
            if number % _EVERY == 0 and number - 2 not in spoilt.allowed:
                row = _of_tables(row, number, noted)
            yield row
    noted.rows = number - 1
    for name, rows in spoilt.planted.items():
        noted.planted.setdefault(CLASSES[name].rule, []).extend(row + 2 for row in rows)
    for at, rules in spoilt.allowed.items():
        noted.allowed.setdefault(at + 2, set()).update(rules)


def _rows(table: Table) -> Iterator[dict[str, str]]:
    fields = [name for name in TITLES.values() if name]
    for values in zip(*map(table.texts, fields), strict=True):
        yield dict(zip(fields, values, strict=True))


def _of_tables(row: dict[str, str], number: int, noted: Planted) -> dict[str, str]:
    """An error that comes of spreadsheets and of old forms."""
    which = number // _EVERY % 2
    if which and row["number"]:
        noted.add("number.old", number)
        return row | {"number": f"19{number * 7919 % 10**7:07d}"}
    day, month, year = map(int, row["birth"].split("/"))
    born = date(year, month, day)
    serial = (born - _SERIAL_START).days
    if serial < 10_000:
        return row
    noted.add("birth.serial", number)
    return row | {"birth": str(serial)}


def write_example(
    path: str | os.PathLike[str], people: int = 1000, *, seed: int = 0, error_rate: float = 0.1
) -> Planted:
    """Write a partner's table as CSV, and say what is wrong with it.

    Raises
    ------
    Problem
        The file cannot be written (``not-written``).
    """
    noted = Planted()
    with whole_file(Path(path), mark=True) as file:
        file.write(";".join(TITLES) + "\n")
        for at, row in enumerate(sector_rows(people, seed=seed, error_rate=error_rate,
                                             truth=noted), 1):  # fmt: skip
            cells = [f"KH{at:07d}", *(row[name] for name in TITLES.values() if name)]
            file.write(";".join(map(_quoted, cells)) + "\n")
    return noted


def _quoted(text: str) -> str:
    if any(mark in text for mark in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_people(
    path: str | os.PathLike[str], people: int = 1000, *, seed: int = 0, error_rate: float = 0.1
) -> int:
    """Write the people of `write_example` as a register may have them, to try a comparison on.

    Rows with a planted error are left out. Of the others the register has every twentieth with
    another day of birth, and every fiftieth not at all.

    Returns
    -------
    int
        How many people.

    Raises
    ------
    Problem
        The file cannot be written (``not-written``).
    """
    noted = Planted()
    rows = list(sector_rows(people, seed=seed, error_rate=error_rate, truth=noted))
    spoilt = {number for found in noted.planted.values() for number in found}
    kept = 0
    with whole_file(Path(path)) as file:
        file.write("id,number,name,birth,sex\n")
        for number, row in enumerate(rows, 2):
            if number in spoilt or number % 50 == 7 or not row["number"]:
                continue
            birth = f"28/02/{row['birth'][-4:]}" if number % 20 == 3 else row["birth"]
            file.write(f"{number},{row['number']},{row['name']},{birth},{row['sex']}\n")
            kept += 1
    return kept
