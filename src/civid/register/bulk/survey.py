"""A look at a file before it is taken over (khảo sát chất lượng dữ liệu): by rule and axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.people.findings import Axis, Table, UnitProfile, examine, profile
from civid.register.bulk.files.mapping import Columns
from civid.register.bulk.files.reading import Reader
from civid.register.bulk.outcome import MOST_NAMED, Refused

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file is worth.

    Attributes
    ----------
    rows : int
        Rows of the file.
    refused : dict of str to int
        Rows that could not be taken over, by code of `civid.register.bulk.outcome.REASONS`. Numbers
        that belong to somebody else are found only by the import itself.
    named : tuple of Refused
        The first thousand of them.
    units : tuple of UnitProfile
        Findings of `civid.people.findings` over the rows that could be: all of them first, then
        those of each unit.
    """

    rows: int
    refused: dict[str, int]
    named: tuple[Refused, ...]
    units: tuple[UnitProfile, ...]

    @property
    def rules(self) -> dict[str, int]:
        """Rows by rule that objects to them."""
        return self.units[0].rules if self.units else {}

    @property
    def axes(self) -> dict[str, int]:
        """Rows with a finding that counts, by axis: đủ, đúng, sạch, sống."""
        flagged = self.units[0].flagged if self.units else {}
        return {axis.value: flagged.get(axis, 0) for axis in Axis}

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "rows": self.rows, "refused": dict(self.refused),
            "named": [one.to_dict() for one in self.named], "rules": self.rules,
            "axes": self.axes,
            "units": [
                {"unit": one.unit, "size": one.size, "rules": one.rules,
                 "indicators": one.indicators}
                for one in self.units
            ],
        }  # fmt: skip


def survey(
    rows: Iterable[Mapping[str, str] | Refused], columns: Columns, reader: Reader, as_of: date
) -> Survey:
    """Examine the rows of a file; about 300 bytes of memory a row."""
    refused: Counter[str] = Counter()
    named: list[Refused] = []
    total = 0
    wanted = {column: field for field in columns.wanted.values()
              if (column := columns.surveyed(field))}  # fmt: skip

    def tables() -> Iterator[Table]:
        nonlocal total
        good: list[Mapping[str, str]] = []
        for one in rows:
            total += 1
            read: object = one
            if not isinstance(one, Refused):
                read = reader.read(total, columns.row(one))
            if isinstance(read, Refused):
                refused[read.code] += 1
                if len(named) < MOST_NAMED:
                    named.append(read)
            elif not isinstance(one, Refused):
                good.append(one)
            if len(good) == _CHUNK:
                yield _table(good, wanted, as_of)
                good = []
        if good:
            yield _table(good, wanted, as_of)

    found = profile(examine(tables()))
    return Survey(total, dict(refused), tuple(named), found)


def _table(rows: list[Mapping[str, str]], wanted: dict[str, str], as_of: date) -> Table:
    return Table({column: [row[field] for row in rows] for column, field in wanted.items()}, as_of)
