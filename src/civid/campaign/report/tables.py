"""A report as tables, for CSV (the first of them) and XLSX."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from civid.campaign.finding import worst
from civid.campaign.report.content import Report
from civid.campaign.sheets.write import Cell, Written
from civid.campaign.words import Language, say


def tables(report: Report, language: Language | str = Language.VI) -> tuple[Written, ...]:
    """Units, days, stages, delay and findings; titles in a language."""
    language = Language(language)
    made = [_units(report, language), _days(report, language)]
    if report.stages:
        told: list[tuple[Cell, ...]] = [
            (say(f"stage-{stage.value}", language), count) for stage, count in report.stages
        ]
        made.append(_written("stages", ("stage", "count"), told, language))
    if report.overdue is not None:
        late: list[tuple[Cell, ...]] = [
            (say(f"cause-{cause}", language), count)
            for cause, count in report.overdue.by_cause.items()
        ]
        made.append(_written("overdue", ("cause", "count"), late, language))
    if report.findings:
        found: list[tuple[Cell, ...]] = [
            (say(one.severity.name.lower(), language), one.code, one.file, one.row, one.unit,
             one.sentence(language))
            for one in worst(report.findings)
        ]  # fmt: skip
        titles = ("severity", "code", "file", "row", "unit-code", "message")
        made.append(_written("findings", titles, found, language))
    return tuple(made)


def _units(report: Report, language: Language) -> Written:
    rows: list[tuple[Cell, ...]] = []
    whole = (None, report.unit, report.unit_name, report.rate)
    lines = [(one.rank or None, one.unit, one.name, one.rate) for one in report.standings]
    for rank, unit, name, rate in (whole, *lines):
        rows.append(
            (rank, unit, name, rate.done, rate.of, rate.percent(2), rate.remaining, rate.over)
        )
    titles = ("rank", "unit-code", "unit-name", "done", "quota", "percent", "remaining", "over")
    return _written("league", titles, rows, language)


def _days(report: Report, language: Language) -> Written:
    done = {day: (count, total) for day, count, total in report.course}
    fan = {day: rest for day, *rest in report.fan.days} if report.fan else {}
    days = [report.first + timedelta(days=place) for place in range(len(report.planned))]
    days += sorted(day for day in fan if day > report.deadline)
    rows: list[tuple[Cell, ...]] = []
    for place, day in enumerate(days):
        count, total = done.get(day, (None, None))
        planned = report.planned[place] if place < len(report.planned) else None
        foreseen: list[Cell] = [Decimal(round(one)) for one in fan.get(day, ())]
        foreseen = foreseen or [None] * 3
        rows.append((day, count, total, planned, *foreseen))
    titles = ("day", "done", "running-total", "planned", "low", "middle", "high")
    return _written("by-day", titles, rows, language)


def _written(
    name: str, titles: tuple[str, ...], rows: list[tuple[Cell, ...]], language: Language
) -> Written:
    return Written.of(say(name, language), [say(title, language) for title in titles], rows)
