"""``civid campaign report``: one page for those who decide, and the same for other programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civid.campaign.finding import Finding
from civid.campaign.organisation.unit import read_level
from civid.campaign.progress.ageing import Overdue, StageAge, ageing, overdue
from civid.campaign.progress.checks import below_zero, stage_order
from civid.campaign.progress.dossier_list import read_dossiers
from civid.campaign.progress.stage import Stage
from civid.campaign.report import Fan, build, page, tables
from civid.campaign.sheets.write import write_csv, write_xlsx
from civid.cli.commands.campaign.opening import (
    AtLevel,
    Day,
    Folder,
    Numbers,
    as_of,
    bytes_of,
    opened,
    show_findings,
)
from civid.cli.commands.campaign.progress import Counts, OfStage, Total, last_day, read_board
from civid.cli.commands.number import Lang
from civid.cli.console.card_words import Language
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.cli.console.results import check_place, write_bytes
from civid.errors import CampaignError

if TYPE_CHECKING:
    from civid.campaign.organisation import Plan
    from civid.campaign.report import Report

_SUFFIXES = (".html", ".json", ".csv", ".xlsx")
_MOST_JSON = 16 << 20


def report(
    folder: Folder,
    counts: Counts,
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", metavar="FILE",
                     help="What to write: .html, .json, .csv, .xlsx; several are possible."),
    ] = None,
    stage: OfStage = Stage.COLLECTED,
    unit: Annotated[
        str | None, typer.Option(metavar="CODE", help="The report of this unit.")
    ] = None,
    level: AtLevel = None,
    day: Day = None,
    forecast: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="What civid campaign forecast --json said."),
    ] = None,
    line: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="What civid campaign simulate --json said."),
    ] = None,
    dossiers: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Pending dossiers: unit, stage, filed, due, cause."),
    ] = None,
    total: Total = False,
    numbers: Numbers = None,
    lang: Lang = Language.EN,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:  # fmt: skip
    """Write the report of a campaign: progress, map, course, league, delay, bottleneck."""
    out = Output(as_json=as_json, quiet=quiet)
    if not output and not as_json:
        raise usage("nothing to write", "give --output report.html, or --json")
    for path in output or ():
        if path.suffix.lower() not in _SUFFIXES:
            raise usage(f"{path}: not one of {', '.join(_SUFFIXES)}")
        check_place(path)
    plan, findings = opened(folder, numbers)
    board, added = read_board(plan, counts, total=total, numbers=numbers)
    on = as_of(day, last_day(board))
    ages, late, doubts = _delay(plan, dossiers, on)
    found = build(
        plan, board, stage, on, unit=unit,
        level=None if level is None else read_level(level),
        fan=None if forecast is None else Fan.of(_json(forecast)), ages=ages, overdue=late,
        line=None if line is None else _json(line),
        findings=(*findings, *added, *stage_order(board, on), *below_zero(board), *doubts),
    )  # fmt: skip
    for path in output or ():
        write_bytes(path, as_bytes(found, path.suffix.lower(), lang))
    if as_json:
        out.json(found.to_dict())
    else:
        out.print(*map(str, output or ()))
        show_findings(out, found.findings, lang)
    return Exit.DONE


def as_bytes(found: Report, suffix: str, lang: Language) -> bytes:
    """A report in the format of a suffix."""
    if suffix == ".html":
        return page(found, lang.value).encode()
    if suffix == ".json":
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=1, default=str).encode()
    made = tables(found, lang.value)
    return write_xlsx(made) if suffix == ".xlsx" else write_csv(made[0], lang.value)


def _delay(
    plan: Plan, path: Path | None, on: date
) -> tuple[tuple[StageAge, ...], Overdue | None, tuple[Finding, ...]]:
    if path is None:
        return (), None, ()
    lines, findings = read_dossiers(bytes_of(path), plan.tree, on, name=path.name)
    pauses = [(one.first, one.last) for one in plan.days.suspensions if not one.unit]
    calendar = plan.days.calendar.without(pauses)
    return ageing(lines, on), overdue(lines, on, calendar=calendar), findings


def _json(path: Path) -> dict[str, Any]:
    content = bytes_of(path)
    try:
        if len(content) > _MOST_JSON:
            raise ValueError
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise CampaignError(f"{path}: not a JSON document", code="not-json") from None
    if not isinstance(document, dict):
        raise CampaignError(f"{path}: not a JSON object", code="not-json")
    return document
