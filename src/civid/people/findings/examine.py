"""Run the rules: over one record, over a table, over a register in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from civid.errors import FieldError
from civid.people.findings.columns import COLUMNS
from civid.people.findings.join_index import JoinIndex
from civid.people.findings.model import Finding
from civid.people.findings.rules import Rule, rules
from civid.people.findings.table import Ints, Table


class Examination:
    """What the rules found, as row numbers: a few bytes a finding.

    Attributes
    ----------
    size : int
        Rows examined.
    register : JoinIndex
        Units, references and joins.
    """

    def __init__(self) -> None:
        self.size = 0
        self.register = JoinIndex()
        self._rows: dict[str, list[Ints]] = {}
        self._others: dict[str, list[Ints]] = {}

    def add(self, rule: str, rows: Ints, others: Ints | None = None) -> None:
        """Add findings of one rule; internal to `examine`."""
        import numpy as np

        if len(rows):
            self._rows.setdefault(rule, []).append(rows.astype(np.int64))
            none = np.full(len(rows), -1, np.int64)
            self._others.setdefault(rule, []).append(none if others is None else others)

    def rows(self, rule: str) -> Ints:
        """Rows that a rule objects to, ascending, each once."""
        import numpy as np

        parts = self._rows.get(rule)
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)

    @property
    def unlooked(self) -> dict[str, tuple[str, ...]]:
        """Columns that no table had -> the rules that wanted one of them.

        Said once, instead of a finding a row: a file without a column is not a register of people
        without it.
        """
        return {
            column: tuple(name for name, rule in rules().items() if column in rule.fields)
            for column in COLUMNS
            if column not in self.register.columns
        }

    def counts(self) -> dict[str, int]:
        """How many rows each rule objects to; rules without findings are left out."""
        return {name: len(self.rows(name)) for name in rules() if name in self._rows}

    def findings(self, tables: Iterable[Table]) -> Iterator[Finding]:
        """Spell the findings out, given the same tables again, row by row.

        A row that two others resemble has a finding for each.
        """
        import numpy as np

        known = rules()
        flat = []
        for number, name in enumerate(known):
            if name in self._rows:
                rows = np.concatenate(self._rows[name])
                others = np.concatenate(self._others[name])
                flat.append(np.stack([rows, np.full(len(rows), number), others], axis=1))
        if not flat:
            return
        hits = np.unique(np.concatenate(flat), axis=0)
        names = list(known)
        start = at = 0
        for table in tables:
            while at < len(hits) and hits[at, 0] < start + table.size:
                row, number, other = map(int, hits[at])
                key = self.register.references[other] if other >= 0 else ""
                yield spell(known[names[number]], table, row - start, key)
                at += 1
            start += table.size


def spell(rule: Rule, table: Table, at: int, other: str = "") -> Finding:
    """Make a finding of a rule and a row of a table."""
    evidence = table.row(at, rule.fields)
    return Finding(
        rule.id, table.texts("reference")[at], rule.axis, rule.severity, rule.fields, evidence,
        rule.suggest(evidence) if rule.suggest is not None else "", rule.decider, other,
    )  # fmt: skip


def examine(tables: Iterable[Table], *, only: Iterable[str] | None = None) -> Examination:
    """Examine a register.

    Chunks of 20,000 to 100,000 rows are best; memory is about 300 bytes a row beside one chunk.
    One thread; several registers may be examined in several threads.

    Parameters
    ----------
    tables : iterable of Table
        Chunks, in any number; read once.
    only : iterable of str, optional
        Ids of the rules to run; all when left out.

    Returns
    -------
    Examination

    Examples
    --------
    >>> table = Table({"reference": ["a"], "number": ["046301123456"], "sex": ["Nam"],
    ...                "birth": ["05/03/2001"]}, date(2021, 7, 1))
    >>> [finding.rule for finding in examine([table]).findings([table])
    ...  if finding.rule.startswith("number")]
    ['number.sex']
    """
    import numpy as np

    wanted = rules() if only is None else {name: rules()[name] for name in only}
    made = Examination()
    for table in tables:
        for name, rule in wanted.items():
            if rule.mask is not None:
                made.add(name, np.flatnonzero(rule.mask(table)) + made.size)
        made.register.extend(table)
        made.size += table.size
    if any(rule.mask is None for rule in wanted.values()):
        _cross(made, wanted)
    return made


def _cross(made: Examination, wanted: Mapping[str, Rule]) -> None:
    from civid.people.findings.cross import duplicates, family, households, numbers

    if not made.size:
        return
    for module in (numbers, duplicates, family, households):
        for name, (rows, others) in module.examine(made.register).items():
            if name not in wanted:
                continue
            made.add(name, rows, others)
            if module in (numbers, duplicates):  # both rows of a pair are concerned
                made.add(name, others, rows)


def check_record(row: Mapping[str, str], as_of: date) -> tuple[Finding, ...]:
    """Run the rules that look at one record by itself.

    Parameters
    ----------
    row : mapping
        Columns of `civid.people.findings.columns.COLUMNS` as text.
    as_of : date
        Day to judge by.

    >>> [f.suggestion for f in check_record({"birth": "31/04/1960"}, date(2021, 7, 1))
    ...  if f.rule == "birth.impossible"]
    ['01/05/1960']
    """
    if not isinstance(row, Mapping):
        raise FieldError("row", "should be a mapping of column to text")
    table = Table({name: [text] for name, text in row.items()}, as_of)
    return tuple(
        spell(rule, table, 0)
        for rule in rules().values()
        if rule.mask is not None and table.size and bool(rule.mask(table)[0])
    )
