"""A column of counts (số lượng): which format its numbers are written in, decided for the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civid.campaign.finding import Finding
from civid.campaign.numerals import Numerals, is_unsure, read_count
from civid.campaign.sheets.read import Row
from civid.errors import CampaignError
from civid.people.findings.model import Severity


@dataclass(frozen=True, slots=True)
class Column:
    """Counts by row; None where a row has none that can be believed, and a finding says why."""

    counts: tuple[int | None, ...]
    numerals: Numerals
    findings: tuple[Finding, ...]


def decide_numerals(
    rows: Sequence[Row],
    column: str,
    *,
    unit: str = "unit",
    numerals: Numerals | str | None = None,
    file: str = "",
) -> Column:
    """Read a column of counts that may be in Vietnamese or English format, or in both.

    ``1.234`` alone may be thousands or decimals. What the file is written in is told by the numbers
    that leave no doubt (``1.234.567``, ``1,234,567``). Without any, it is read as thousands, with
    a warning; in a file that has both formats such a number is an error, and is not counted.

    Parameters
    ----------
    numerals : Numerals, optional
        The format, when somebody knows it.

    >>> rows = [Row(2, {"n": "1.234.567"}), Row(3, {"n": "1.234"})]
    >>> decide_numerals(rows, "n").counts
    (1234567, 1234)
    """
    given = None if numerals is None else Numerals(numerals)
    read = [_read(row, column, unit, file) for row in rows]
    seen, doubtful = set[Numerals](), set[Numerals]()
    for row, (_, styles, problem) in zip(rows, read, strict=True):
        if problem is None and len(styles) == 1:
            known = doubtful if is_unsure(row[column]) else seen
            known |= styles - {Numerals.PLAIN}
    seen = seen or (doubtful if len(doubtful) > 1 else set())
    style = given or (next(iter(seen)) if len(seen) == 1 else None)
    counts, findings = list[int | None](), list[Finding]()
    for row, (count, styles, problem) in zip(rows, read, strict=True):
        if problem is None:
            problem = _doubt(row, column, unit, file, styles, style, mixed=len(seen) > 1)
        if problem is not None:
            findings.append(problem)
        refused = problem is not None and problem.severity is Severity.ERROR
        counts.append(None if refused else count)
    return Column(tuple(counts), style or Numerals.PLAIN, tuple(findings))


def _read(
    row: Row, column: str, unit: str, file: str
) -> tuple[int | None, frozenset[Numerals], Finding | None]:
    try:
        return *read_count(row[column]), None
    except CampaignError as error:
        return None, frozenset(), Finding(
            error.code, Severity.ERROR, row.number, row[unit], file,
            values={"text": row[column][:20]},
        )  # fmt: skip


def _doubt(
    row: Row, column: str, unit: str, file: str, styles: frozenset[Numerals],
    style: Numerals | None, *, mixed: bool,
) -> Finding | None:  # fmt: skip
    text = {"text": row[column]}
    if mixed and style is None:
        if is_unsure(row[column]):
            return Finding(
                "ambiguous-number", Severity.ERROR, row.number, row[unit], file, values=text
            )
        if len(styles) == 1:
            return Finding(
                "mixed-numbers", Severity.WARNING, row.number, row[unit], file, values=text
            )
        return None
    if style is not None and style not in styles and styles != {Numerals.PLAIN}:
        return Finding("other-numbers", Severity.ERROR, row.number, row[unit], file, values=text)
    if style is None and is_unsure(row[column]):
        return Finding("unsure-number", Severity.WARNING, row.number, row[unit], file, values=text)
    return None
