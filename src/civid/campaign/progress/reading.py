"""Counts out of CSV: every row is counted, or a finding says with row and unit why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from civid.campaign.finding import Finding
from civid.campaign.numerals import Numerals
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import STAGES, WORDS, Stage, read_stage
from civid.campaign.sheets.counts import decide_numerals
from civid.campaign.sheets.read import Row, read_day, read_sheet
from civid.campaign.words import Value
from civid.errors import CampaignError
from civid.people.findings.model import Severity
from civid.people.places import place_key

TITLES: dict[str, tuple[str, ...]] = {
    "unit": ("code", "mã", "mã đơn vị", "đơn vị"),
    "day": ("date", "ngày"),
    "stage": ("giai đoạn", "loại", "nội dung"),
    "count": ("number", "số lượng", "số liệu"),
    "received": ("reported", "ngày báo cáo"),
    "reason": ("lý do", "lí do"),
}


#: What was told before: unit, day, stage and day of telling -> the row that said so, and its count.
Seen = dict[tuple[str, date, Stage, date], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says.

    Attributes
    ----------
    reports : tuple of Report
        What counts.
    rows : tuple of int
        The row of each.
    findings : tuple of Finding
        What does not count (ERROR), or should be looked at.
    numerals : Numerals
        The format in which the numbers are.
    """

    reports: tuple[Report, ...]
    rows: tuple[int, ...]
    findings: tuple[Finding, ...]
    numerals: Numerals


def read_reports(
    content: bytes,
    tree: UnitTree,
    first: date,
    today: date,
    *,
    last: date | None = None,
    stages: tuple[Stage, ...] = STAGES,
    numerals: Numerals | str | None = None,
    name: str = "",
    before: Seen | None = None,
) -> Told:
    """Read reports: a row a count (unit, day, stage, count), or a row a day with a column a stage.

    Parameters
    ----------
    tree : UnitTree
        Units by code; a name will do where only one unit has it.
    first, today, last : date
        First day of the campaign; the day on which this is read; last day that is counted.
    numerals : Numerals, optional
        Format of the numbers, where it is known.
    before : Seen, optional
        What files read earlier said, empty for the first: counts of this one that repeat or
        contradict them are findings, and what it says is added.

    Raises
    ------
    CampaignError
        The file as a whole cannot be read: see `civid.campaign.sheets.read_sheet`.
    """
    wide = {stage.value: WORDS[stage] for stage in stages}
    sheet = read_sheet(content, {**TITLES, **wide}, needed=("unit", "day"), name=name)
    rows = _long(sheet.rows, sheet.columns, stages, name)
    column = decide_numerals(rows, "count", numerals=numerals, file=name)
    findings = [*sheet.findings, *column.findings]
    counted = {row.number for row in rows}
    findings += [
        Finding("no-count", Severity.INFO, row.number, row["unit"][:60], name)
        for row in sheet.rows if row.number not in counted
    ]  # fmt: skip
    reports, at = list[Report](), list[int]()
    named = _by_name(tree)
    for row, count in zip(rows, column.counts, strict=True):
        if count is None:
            continue
        found = _report(row, count, tree, named, first, last, today, stages, name)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            reports.append(found)
            at.append(row.number)
    findings += _repeated(reports, at, name, Seen() if before is None else before)
    return Told(tuple(reports), tuple(at), tuple(findings), column.numerals)


def falls(told: Told, name: str = "") -> tuple[Finding, ...]:
    """Running totals that fall from day to day without a reason; they count all the same."""
    latest = dict[tuple[str, Stage, date], tuple[Report, int]]()
    by_time = sorted(
        zip(told.reports, told.rows, strict=True), key=lambda one: one[0].received or one[0].day
    )
    for report, row in by_time:
        latest[report.unit, report.stage, report.day] = report, row
    before = dict[tuple[str, Stage], int]()
    found = []
    for (unit, stage, day), (report, row) in sorted(latest.items(), key=lambda one: one[0][2]):
        known = before.get((unit, stage), 0)
        if report.count < known and not report.reason:
            values: dict[str, Value] = {"count": report.count, "before": known}
            found.append(Finding("count-falls", Severity.WARNING, row, unit, name, day, values))
        before[unit, stage] = report.count
    return tuple(found)


def _long(
    rows: Sequence[Row], columns: Sequence[str], stages: tuple[Stage, ...], name: str
) -> list[Row]:
    if "count" in columns:
        if "stage" in columns:
            return list(rows)
        if len(stages) == 1:
            return [Row(row.number, {**row.cells, "stage": stages[0].value}) for row in rows]
        message = f"{name or 'CSV'}: the column stage is missing"
        raise CampaignError(message, code="no-column")
    given = [stage for stage in stages if stage.value in columns]
    if not given:
        message = f"{name or 'CSV'}: no column with counts"
        raise CampaignError(message, code="no-column")
    kept = set(TITLES)
    return [
        Row(row.number, {column: text for column, text in row.cells.items() if column in kept}
            | {"stage": stage.value, "count": row[stage.value]})
        for row in rows for stage in given if row[stage.value]
    ]  # fmt: skip


def _by_name(tree: UnitTree) -> dict[str, str | None]:
    named = dict[str, str | None]()
    for unit in tree:
        key = place_key(unit.name)
        named[key] = None if key in named else unit.code
    return named


def _report(
    row: Row, count: int, tree: UnitTree, named: dict[str, str | None], first: date,
    last: date | None, today: date, stages: tuple[Stage, ...], name: str,
) -> Report | Finding:  # fmt: skip
    def problem(code: str, day: date | None = None, **values: Value) -> Finding:
        return Finding(code, Severity.ERROR, row.number, row["unit"][:60], name, day, values)

    code = row["unit"] if row["unit"] in tree else named.get(place_key(row["unit"]), "")
    if not code:
        return problem("no-such-unit" if code == "" else "unit-ambiguous")
    try:
        day = read_day(row["day"])
        received = read_day(row["received"]) if row["received"] else None
    except CampaignError as error:
        return problem(error.code, text=f"{row['day']} {row['received']}".strip()[:40])
    try:
        stage = read_stage(row["stage"])
    except CampaignError as error:
        return problem(error.code, text=row["stage"][:40])
    if stage not in stages:
        return problem("stage-not-counted", text=stage.value)
    if day > today or (received is not None and received > today):
        return problem("day-future", day)
    if day < first or (last is not None and day > last):
        return problem("day-outside", day)
    if received is not None and received < day:
        return problem("told-before", day)
    if not tree[code].works_on(day):
        return problem("unit-closed", day)
    return Report(code, day, stage, count, received, row["reason"])


def _repeated(
    reports: Sequence[Report], rows: Sequence[int], name: str, seen: Seen
) -> list[Finding]:
    """Two rows for one count, told on the same day: the last counts."""
    found = []
    for one, row in zip(reports, rows, strict=True):
        key = one.unit, one.day, one.stage, one.received or one.day
        if key in seen:
            other, count = seen[key]
            same = count == one.count
            severity = Severity.INFO if same else Severity.WARNING
            values: dict[str, Value] = {"other": other, "count": one.count, "before": count}
            code = "told-again" if same else "told-differently"
            found.append(Finding(code, severity, row, one.unit, name, one.day, values))
        seen[key] = str(row), one.count
    if name:  # for the files that are read after this one
        for key in {(one.unit, one.day, one.stage, one.received or one.day) for one in reports}:
            where, count = seen[key]
            seen[key] = f"{where} ({name})", count
    return found


def last_day(reports: Iterable[Report], first: date) -> date:
    """The last day that any report is about; the first day when there are none."""
    return max((one.day for one in reports), default=first)


def days_between(first: date, last: date) -> int:
    """How many days there are, both included; at least one."""
    return max(timedelta(0), last - first).days + 1
