"""``civid campaign progress``: how far is it, unit by unit, and what does not agree?"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.finding import Finding
from civid.campaign.numerals import Numerals
from civid.campaign.progress.board import Board, Kind
from civid.campaign.progress.checks import below_zero, stage_order
from civid.campaign.progress.league import Standing, league, over_plan
from civid.campaign.progress.reading import Seen, Told, falls, read_reports
from civid.campaign.progress.stage import SLIPS, STAGES, Stage
from civid.campaign.rate import Rate
from civid.campaign.sheets.write import Written
from civid.campaign.words import say
from civid.cli.commands.campaign.opening import (
    AtLevel,
    Day,
    Folder,
    Numbers,
    Result,
    as_of,
    bytes_of,
    check_places,
    level_of,
    opened,
    show_findings,
    show_table,
    write_tables,
)
from civid.cli.commands.campaign.register_join import Keys, Register, read_register
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage
from civid.cli.language.choice import Language, spoken
from civid.people.findings.model import Severity

if TYPE_CHECKING:
    from civid.campaign.organisation import Plan

Counts = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="COUNTS.csv...",
        help="Counts: unit, day, stage, count; or unit, day and a column for each stage.",
    ),
]
OfStage = Annotated[
    Stage, typer.Option("--stage", help="What is held against the quota.", show_default=True)
]
Total = Annotated[
    bool, typer.Option("--total", help="The counts are running totals (lũy kế), not of a day.")
]
TITLES = ("rank", "unit-code", "unit-name", "done", "quota", "percent", "remaining", "over")


def progress(
    folder: Folder,
    counts: Counts = None,
    stage: OfStage = Stage.COLLECTED,
    unit: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only this unit and those below it.")
    ] = None,
    level: AtLevel = None,
    day: Day = None,
    known_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], metavar="DAY",
                     help="As it was known on this day, without later reports."),
    ] = None,
    total: Total = False,
    register: Register = None,
    keys: Keys = None,
    numbers: Numbers = None,
    output: Result = None,
    rows: Annotated[int, typer.Option(metavar="N", help="At most so many rows.", min=1)] = 100,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:  # fmt: skip
    """Progress by unit. Exit code 0: every row counted, 1: some did not, and are named.

    With --day in the past, suspensions that began later are not known yet.
    """
    lang = spoken()
    out = Output(as_json=as_json, quiet=quiet)
    check_places(output, folder, *counts or ())
    plan, findings = opened(folder, numbers)
    board, added = read_board(
        plan, counts or [], total=total, numbers=numbers, register=register, keys=keys
    )
    findings += added
    if known_on is not None:
        board = board.known_on(known_on.date())
    under = unit or plan.tree.top.code
    on = as_of(day, last_day(board))
    if on < last_day(board):
        plan = plan.known_on(on)
    standings = league(board, plan.quotas, level_of(plan, level, under), stage, day=on, under=under)
    findings += stage_order(board, on) + below_zero(board)
    whole = Rate(board.total(under, stage, on), plan.quotas.of(under) or 0)
    shown = league_table(standings)
    write_tables(output, [shown, daily_table(board, stage)], lang)
    if as_json:
        out.json(
            {"name": plan.name, "day": on, "stage": stage.value, "unit": under,
             **whole.to_dict(), "required_per_day": plan.required_per_day(under, whole.done, on),
             "units": [one.to_dict() for one in standings],
             "over_plan": [one.unit for one in over_plan(standings)],
             "findings": [one.to_dict() for one in findings]}
        )  # fmt: skip
    else:
        _say_whole(out, plan, under, stage, on, whole, lang)
        show_table(out, shown, lang, rows)
        _say_over(out, standings, lang)
        show_findings(out, findings, lang)
    bad = any(one.severity is Severity.ERROR for one in findings)
    return Exit.NOTHING if bad else Exit.DONE


def read_board(
    plan: Plan,
    counts: list[Path],
    *,
    total: bool,
    numbers: Numerals | None,
    register: str | None = None,
    keys: Path | None = None,
) -> tuple[Board, tuple[Finding, ...]]:
    """All counts of the files and the register on one board, and what should be looked at."""
    if not counts and register is None:
        raise usage("nothing to count", "give files with counts, or --register")
    if register is not None and (total or counts):
        raise usage("--register counts by itself", "give either files or a register")
    days = plan.days
    board = Board(
        plan.tree, days.first, days.count, STAGES + SLIPS, Kind.TOTAL if total else Kind.DAILY
    )
    findings, before = list[Finding](), Seen()
    for path in counts:
        told: Told = read_reports(
            bytes_of(path), plan.tree, days.first, date.today(), last=days.deadline,
            stages=board.stages, numerals=numbers, name=path.name, before=before,
        )  # fmt: skip
        findings += told.findings
        if total:
            findings += falls(told, path.name)
        board.add(told.reports)
    if register is not None:
        reports, left = read_register(register, keys, plan.tree, days.first, days.deadline)
        board.add(reports)
        findings += left
    return board, tuple(findings)


def last_day(board: Board) -> date:
    """The last day on which anything was done; the first when nothing was."""
    done = [place for place, day in enumerate(board.rolled[..., 0]) if day.any()]
    return date.fromordinal(board.first.toordinal() + (done[-1] if done else 0))


def league_table(standings: tuple[Standing, ...]) -> Written:
    """A league as a table."""
    return Written.of(
        "league", TITLES,
        [(one.rank or None, one.unit, one.name, one.rate.done, one.rate.of, one.rate.percent(2),
          one.rate.remaining, one.rate.over) for one in standings],
    )  # fmt: skip


def daily_table(board: Board, stage: Stage) -> Written:
    """Day by day: what was done, and what that made up to then."""
    top = board.tree.top.code
    daily, running = (board.series(top, stage, running=one) for one in (False, True))
    rows = [
        (date.fromordinal(board.first.toordinal() + place), int(count), int(running[place]))
        for place, count in enumerate(daily)
    ]
    return Written.of("by-day", ("day", "done", "running-total"), rows)


def _say_whole(
    out: Output, plan: Plan, under: str, stage: Stage, on: date, whole: Rate, lang: Language
) -> None:
    name, what = plan.tree[under].name, say(f"stage-{stage.value}", lang.value)
    day = say("at-day", lang.value, day=on)
    out.print(f"{name}, {what}, {day}: {whole.text(lang.value, 2)}")
    needed = plan.required_per_day(under, whole.done, on)
    if needed is not None and whole.remaining:
        left = plan.days.worked(date.fromordinal(on.toordinal() + 1), plan.days.deadline, under,
                                plan.tree)  # fmt: skip
        out.print(say("needed", lang.value, count=round(needed), days=left))


def _say_over(out: Output, standings: tuple[Standing, ...], lang: Language) -> None:
    names = [one.name for one in over_plan(standings)]
    if names:
        out.print(say("over-plan", lang.value, count=len(names), names="; ".join(names)))
