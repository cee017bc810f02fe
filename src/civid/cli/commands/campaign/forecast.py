"""``civid campaign forecast``: when will it be done, how fast must it go, and what if?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.progress.stage import Stage
from civid.campaign.words import say, shown_value
from civid.cli.commands.campaign.opening import (
    Day,
    Folder,
    Numbers,
    as_of,
    opened,
    show_findings,
)
from civid.cli.commands.campaign.what_if import CLOSE, MOVE, SHIFT, scenario_of
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.choice import Language, spoken

if TYPE_CHECKING:
    from rich.table import Table

    from civid.campaign.forecast import Forecast
    from civid.campaign.organisation import Plan
    from civid.campaign.progress.board import Board
    from civid.campaign.whatif import Compared, Projection


def forecast(
    folder: Folder,
    counts: Annotated[
        list[Path], typer.Argument(metavar="COUNTS.csv...", help="As for: civid campaign progress.")
    ],
    stage: Annotated[Stage, typer.Option("--stage", help="What is forecast.")] = Stage.COLLECTED,
    unit: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only this unit and those below it.")
    ] = None,
    day: Day = None,
    total: Annotated[
        bool, typer.Option("--total", help="The counts are running totals (lũy kế).")
    ] = False,
    capacity: Annotated[
        float | None, typer.Option(help="Most of a day; default: the kits and shifts.", min=1)
    ] = None,
    close: Annotated[list[str] | None, typer.Option("--close", help=CLOSE)] = None,
    move: Annotated[list[str] | None, typer.Option("--move", help=MOVE)] = None,
    shift: Annotated[list[str] | None, typer.Option("--shift", help=SHIFT)] = None,
    numbers: Numbers = None,
    paths: Annotated[int, typer.Option(help="Futures to draw.", min=50, max=100_000)] = 1000,
    seed: Annotated[int, typer.Option(help="Same seed, same futures.", min=0)] = 1,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Completion and the rate that is needed, as intervals of 80 %; what if, with --close etc.

    With --day in the past, suspensions that began later are not known yet.
    Exit code 1: more likely than not the deadline is missed.
    """
    lang = spoken()
    from civid.campaign.forecast import forecast as project
    from civid.campaign.forecast.from_plan import capacity_of, history_of, openings_of
    from civid.cli.commands.campaign.progress import last_day, read_board

    out = Output(as_json=as_json, quiet=quiet)
    plan, findings = opened(folder, numbers)
    board, added = read_board(plan, counts, total=total, numbers=numbers)
    under = unit or plan.tree.top.code
    newest = last_day(board)
    today = min(as_of(day, newest), newest) if day is None else as_of(day, newest)
    quota = plan.quotas.of(under)
    if not quota:
        raise usage(f"{under}: the plan has no quota for it")
    known = today if today < newest else None
    history = history_of(board, under, min(today, newest), stage)
    ceiling = capacity if capacity is not None else capacity_of(plan, under, today)
    found = project(
        history, quota, plan.days.deadline, openings_of(plan, under, known),
        capacity=ceiling, as_of=max(today, history.last), paths=paths, seed=seed,
    )  # fmt: skip
    compared: tuple[Compared, ...] = ()
    if close or move or shift:
        scenario = scenario_of(close or (), move or (), shift or ())
        with out.progress(say("simulating", lang.value)) as progress:
            compared = _what_if(plan, board, under, today, newest, stage, scenario, progress)
    if as_json:
        told = [one.to_dict() for one in (*findings, *added)]
        document = {"unit": under, "stage": stage.value, **found.to_dict(), "findings": told}
        if compared:
            document["what_if"] = [one.to_dict() for one in compared]
        out.json(document)
    else:
        out.print(f"{plan.tree[under].name}, {say(f'stage-{stage.value}', lang.value)}")
        _show(out, found, lang)
        if compared:
            _show_compared(out, compared, plan, lang)
        show_findings(out, (*findings, *added), lang)
    return Exit.DONE if found.chance >= 0.5 else Exit.NOTHING


def _what_if(
    plan: Plan, board: Board, under: str, today: date, newest: date, stage: Stage,
    scenario: object, progress: object,
) -> tuple[Compared, ...]:  # fmt: skip
    from civid.campaign.forecast.from_plan import (
        capacity_of,
        history_of,
        machines_of,
        openings_of,
    )
    from civid.campaign.whatif import Scenario, Unit, compare

    assert isinstance(scenario, Scenario)
    known = today if today < newest else None
    below = plan.tree.children(under) or (plan.tree[under],)
    units = []
    for one in below:
        quota = plan.quotas.of(one.code)
        if not quota:
            continue
        machines = machines_of(plan, one.code, today)
        most = capacity_of(plan, one.code, today)
        each = most / machines if machines and most != float("inf") else 100_000.0
        history = history_of(board, one.code, min(today, newest), stage)
        days = openings_of(plan, one.code, known)
        units.append(Unit(one.code, quota, history, machines, each, days))
    return compare(
        units, (Scenario("as-it-is"), scenario), plan.days.deadline,
        on_progress=progress,  # type: ignore[arg-type]
    )  # fmt: skip


def _day(day: date | None, lang: Language) -> str:
    return say("not-in-two-years", lang.value) if day is None else shown_value(day, lang.value)


def _show(out: Output, found: Forecast, lang: Language) -> None:
    titles = ("", *(say(key, lang.value) for key in ("early-10", "middle-50", "late-90")))
    made = table("", *titles, right=titles[1:])

    def number(value: float) -> str:
        return "-" if value == float("inf") else shown_value(round(value), lang.value)

    days = (found.early, found.middle, found.late)
    add_row(made, say("completion", lang.value), *(_day(one, lang) for one in days))
    add_row(made, say("at-deadline", lang.value, day=found.deadline),
            *map(number, found.at_deadline))  # fmt: skip
    add_row(made, say("required-a-day", lang.value), *map(number, found.required))
    out.print(made)
    chance = f"{100 * found.chance:.0f} %"
    out.print(
        say("forecast-whole", lang.value, day=found.as_of, done=found.collected, of=found.quota,
            rate=round(found.run_rate), days=found.open_days, chance=chance)
    )  # fmt: skip


def _show_compared(out: Output, compared: tuple[Compared, ...], plan: Plan, lang: Language) -> None:
    keys = ("scenario", "early-10", "middle-50", "late-90", "in-time", "days-won")
    titles = tuple(say(key, lang.value) for key in keys)
    made = table(say("what-if", lang.value), *titles, right=titles[4:])
    for one in compared:
        won = "?" if one.days_won is None else f"{one.days_won:+.0f}"
        _add_scenario(made, say(one.name, lang.value), one.whole, won, lang)
        name = say("every-unit", lang.value, name=say(one.name, lang.value))
        _add_scenario(made, name, one.every, "", lang)
    out.print(made)
    names = tuple(say(one.name, lang.value) for one in compared)
    units = table("", say("unit-name", lang.value), *names)
    for place, first in enumerate(compared[0].units):
        cells = []
        for one in compared:
            unit = one.units[place]
            cells.append(
                " / ".join(_day(day, lang) for day in (unit.early, unit.middle, unit.late))
            )
        add_row(units, plan.tree[first.key].name, *cells)
    out.print(units)


def _add_scenario(made: Table, name: str, one: Projection, won: str, lang: Language) -> None:
    days = (_day(day, lang) for day in (one.early, one.middle, one.late))
    add_row(made, name, *days, f"{100 * one.chance:.0f} %", won)
