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
from civid.campaign.progress.small_tables import read_blanks, read_missing
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
    keep_apart,
    opened,
    show_findings,
)
from civid.cli.commands.campaign.progress import Counts, OfStage, Total, last_day, read_board
from civid.cli.commands.campaign.register_join import Keys, Register, read_delay
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.cli.console.results import check_place, write_bytes
from civid.cli.language.choice import Language, spoken
from civid.errors import CampaignError
from civid.people.findings.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civid.campaign.numerals import Numerals
    from civid.campaign.organisation import Plan
    from civid.campaign.progress.board import Board
    from civid.campaign.progress.missing import Missing
    from civid.campaign.report import Report
    from civid.people.working_days import Calendar

_SUFFIXES = (".html", ".json", ".csv", ".xlsx")
_MOST_JSON = 16 << 20


def report(
    folder: Folder,
    counts: Counts = None,
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
        typer.Option(metavar="FILE.json", help="What civid campaign forecast --json said, or"
                     " others in the same form; default: the forecast is made now."),
    ] = None,
    no_forecast: Annotated[
        bool, typer.Option("--no-forecast", help="Leave the forecast out.")
    ] = False,
    line: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="What civid campaign simulate --json said."),
    ] = None,
    dossiers: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Pending dossiers: unit, stage, filed, due, cause."),
    ] = None,
    missing: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Why something is missing: unit, why, count."),
    ] = None,
    blanks: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Blanks that came in: day, count.")
    ] = None,
    total: Total = False,
    register: Register = None,
    keys: Keys = None,
    numbers: Numbers = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:  # fmt: skip
    """Write the report of a campaign: progress, map, course, league, delay, bottleneck.

    Exit code 0: every row counted, 1: some did not, and are named.
    """
    lang = spoken()
    out = Output(as_json=as_json, quiet=quiet)
    if not output and not as_json:
        raise usage("nothing to write", "give --output report.html, or --json")
    keep_apart(output, folder, *counts or (), forecast, line, dossiers, missing, blanks)
    for path in output or ():
        if path.suffix.lower() not in _SUFFIXES:
            raise usage(f"{path}: not one of {', '.join(_SUFFIXES)}")
        check_place(path)
    plan, findings = opened(folder, numbers)
    board, added = read_board(
        plan, counts or [], total=total, numbers=numbers, register=register, keys=keys
    )
    on = as_of(day, last_day(board))
    if on < last_day(board):
        plan = plan.known_on(on)
    ages, late, doubts = _delay(plan, dossiers, on)
    if register is not None and dossiers is None:
        ages, late = read_delay(register, keys, on, calendar_of(plan))
    fan = None if no_forecast else _fan(plan, board, unit, stage, on, forecast)
    why, unclear = _missing(plan, missing, numbers)
    came, odd = _blanks(board, blanks, numbers)
    found = build(
        plan, board, stage, on, unit=unit,
        level=None if level is None else read_level(level),
        fan=fan, ages=ages, overdue=late,
        line=None if line is None else _json(line),
        missing=why, blanks=came,
        findings=(*findings, *added, *stage_order(board, on), *below_zero(board), *doubts,
                  *unclear, *odd),
    )  # fmt: skip
    for path in output or ():
        write_bytes(path, as_bytes(found, path.suffix.lower(), lang))
    if as_json:
        out.json(found.to_dict())
    else:
        out.print(*map(str, output or ()))
        show_findings(out, found.findings, lang)
    bad = any(one.severity is Severity.ERROR for one in found.findings)
    return Exit.NOTHING if bad else Exit.DONE


def as_bytes(found: Report, suffix: str, lang: Language) -> bytes:
    """A report in the format of a suffix."""
    if suffix == ".html":
        return page(found, lang.value).encode()
    if suffix == ".json":
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=1, default=str).encode()
    made = tables(found, lang.value)
    return write_xlsx(made) if suffix == ".xlsx" else write_csv(made[0], lang.value)


def _missing(
    plan: Plan, path: Path | None, numbers: Numerals | None
) -> tuple[tuple[Missing, ...], tuple[Finding, ...]]:
    if path is None:
        return (), ()
    return read_missing(bytes_of(path), plan.tree, numerals=numbers, name=path.name)


def _blanks(
    board: Board, path: Path | None, numbers: Numerals | None
) -> tuple[tuple[Sequence[int], int] | None, tuple[Finding, ...]]:
    if path is None:
        return None, ()
    by_day, opening, findings = read_blanks(
        bytes_of(path), board.first, board.days, numerals=numbers, name=path.name
    )
    return (by_day, opening), findings


def _fan(
    plan: Plan, board: Board, unit: str | None, stage: Stage, on: date, given: Path | None
) -> Fan | None:
    """The forecast of a file, or one made now; None where there is nothing to foresee."""
    if given is not None:
        return Fan.of(_json(given))
    from civid.campaign.forecast import forecast as project
    from civid.campaign.forecast.from_plan import capacity_of, history_of, openings_of

    under = unit or plan.tree.top.code
    quota, newest = plan.quotas.of(under), last_day(board)
    done = board.total(under, stage, on)
    if not quota or not 0 < done < quota or on >= plan.days.deadline:
        return None
    history = history_of(board, under, min(on, newest), stage)
    openings = openings_of(plan, under, on if on < newest else None)
    found = project(
        history, quota, plan.days.deadline, openings,
        capacity=capacity_of(plan, under, on), as_of=max(on, history.last),
    )  # fmt: skip
    return Fan.of(found.to_dict())


def _delay(
    plan: Plan, path: Path | None, on: date
) -> tuple[tuple[StageAge, ...], Overdue | None, tuple[Finding, ...]]:
    if path is None:
        return (), None, ()
    lines, findings = read_dossiers(bytes_of(path), plan.tree, on, name=path.name)
    return ageing(lines, on), overdue(lines, on, calendar=calendar_of(plan)), findings


def calendar_of(plan: Plan) -> Calendar:
    """Working days for the deadlines of the law, without the suspensions of all."""
    pauses = [(one.first, one.last) for one in plan.days.suspensions if not one.unit]
    return plan.days.calendar.without(pauses)


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
