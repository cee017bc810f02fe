"""How ready a table is: what a check found, as plain values; no value of a person in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.exchange.sector.judge.grading import Criteria, Grade, Judged
from civid.exchange.sector.judge.mending import Mending
from civid.exchange.sector.judge.rules import About
from civid.exchange.sector.match.bins import Range

#: Rows that a finding names; the list of rows has all of them.
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule objects to.

    Attributes
    ----------
    rule : About
        Which.
    rows : int
        How many rows.
    examples : tuple of int
        Numbers of the first of them in the partner's file.
    """

    rule: About
    rows: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """What the register said in sum, in ranges; see `civid.exchange.sector.match.bins`.

    Attributes
    ----------
    askable : int
        Rows with enough to be asked about.
    share : float
        At least this share of them agrees.
    became : dict of str to Range
        The parts of `civid.exchange.sector.match.matching.Matching.parts` -> rows.
    """

    askable: int
    share: float
    became: dict[str, Range]


@dataclass(frozen=True, slots=True)
class Readiness:
    """The outcome of a check.

    Attributes
    ----------
    table : str
        Name of the file.
    kind, encoding : str
        ``csv``, ``xlsx`` or ``parquet``; the encoding of a CSV file.
    sheet : str
        Of a workbook, the sheet that was read; empty for other files.
    digest : str
        SHA-256 of the file, hexadecimal.
    as_of : date
        Day that it was judged by.
    rows : int
        Rows of the file without its titles.
    clean : int
        Rows to which no rule objects that is an error or a warning.
    columns : dict of str to str
        Title -> field, of those that were understood.
    passed_over : tuple of str
        Titles of the others.
    missing : tuple of str
        Fields that are needed and have no column.
    has_empty_lines : bool
        Numbers of rows do not count the empty lines of the file.
    grade : Grade
        Ready, ready with reservations, or not ready.
    judged : tuple of Judged
        What each criterion reaches.
    found : tuple of Found
        Findings by rule, most severe first.
    mend : tuple of Mending
        What to mend first, by the table alone. What it would win at the register is exact, and not
        in `to_dict`: whoever has only sums must not work out single rows from it.
    matched : Matched or None
        What the register said; None when none was asked.
    criteria : Criteria
        By which it was judged.
    """

    table: str
    kind: str
    encoding: str
    sheet: str
    digest: str
    as_of: date
    rows: int
    clean: int
    columns: dict[str, str]
    passed_over: tuple[str, ...]
    missing: tuple[str, ...]
    has_empty_lines: bool
    grade: Grade
    judged: tuple[Judged, ...]
    found: tuple[Found, ...]
    mend: tuple[Mending, ...]
    matched: Matched | None
    criteria: Criteria

    def count(self, rule: str) -> int:
        """Rows that a rule objects to."""
        return next((one.rows for one in self.found if one.rule.id == rule), 0)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "format": "civid sector readiness 1",
            "table": {
                "name": self.table, "kind": self.kind, "encoding": self.encoding,
                "sheet": self.sheet, "sha256": self.digest, "rows": self.rows, "clean": self.clean,
                "columns": self.columns,
                "passed_over": list(self.passed_over), "missing": list(self.missing),
                "has_empty_lines": self.has_empty_lines,
            },
            "as_of": self.as_of.isoformat(),
            "grade": self.grade.value,
            "criteria": [_criterion(one) for one in self.judged],
            "findings": [
                {
                    "rule": one.rule.id, "severity": one.rule.severity.name.lower(),
                    "fields": list(one.rule.fields), "rows": one.rows,
                    "examples": list(one.examples), "vi": one.rule.vietnamese,
                    "en": one.rule.english,
                }
                for one in self.found
            ],
            "mend_first": [one.to_dict() for one in self.mend],
            "register": None if self.matched is None else _matched(self.matched),
        }  # fmt: skip


def _criterion(one: Judged) -> dict[str, Any]:
    return {
        "id": one.criterion.id, "vi": one.criterion.vietnamese, "en": one.criterion.english,
        "share": None if one.share is None else round(one.share, 6),
        "ready": one.criterion.ready, "reserved": one.criterion.reserved,
        "grade": None if one.grade is None else one.grade.value,
    }  # fmt: skip


def _matched(one: Matched) -> dict[str, Any]:
    return {
        "askable": one.askable,
        "share_at_least": round(one.share, 6),
        "became": {name: count.to_dict() for name, count in one.became.items()},
    }
