"""``civid campaign optimise``: the cheapest staffing for a quota, under the law's working hours."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.words import say, shown_value
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit
from civid.cli.language.choice import Language, spoken

if TYPE_CHECKING:
    from civid.campaign.optimise import Alternative

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


def optimise(
    dossiers: Annotated[int, typer.Argument(help="How many are to be collected.", min=1)],
    first: Annotated[datetime, typer.Option(formats=DAYS, help="First day.")],
    last: Annotated[datetime, typer.Option(formats=DAYS, help="Last day.")],
    machines: Annotated[int | None, typer.Option(help="As many there are.", min=1)] = None,
    officers: Annotated[int | None, typer.Option(help="As many there are.", min=1)] = None,
    reserve: Annotated[
        float, typer.Option(help="Share of the days that may be lost.", min=0, max=0.9)
    ] = 0.1,
    sundays_off: Annotated[bool, typer.Option("--sundays-off", help="Closed on Sundays.")] = False,
    urgent: Annotated[
        bool,
        typer.Option("--urgent", help="Urgent work: Labour Code 2019 Art 107(3), 300 h a year."),
    ] = False,
    machine_day: Annotated[
        float, typer.Option(help="Cost of a machine's day, in hours of wage.", min=0)
    ] = 12.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Staffing and shifts for a quota, cheapest first. Exit code 1: nothing is allowed."""
    lang = spoken()
    from civid.campaign import optimise as staffing
    from civid.campaign.forecast import Openings

    out = Output(as_json=as_json, quiet=quiet)
    off = frozenset({6}) if sundays_off else frozenset[int]()
    task = staffing.Task(
        dossiers, first.date(), last.date(), Openings(weekdays_off=off),
        machines=machines, officers=officers, reserve=reserve, urgent=urgent,
    )  # fmt: skip
    with out.progress(say("simulating", lang.value)) as progress:
        found = staffing.optimise(
            task, costs=staffing.Costs(machine_day=machine_day), on_progress=progress
        )
    any_allowed = found[0].is_allowed
    if as_json:
        out.json(
            {"dossiers": dossiers, "open_days": task.open_days,
             "alternatives": [one.to_dict() for one in found]}
        )  # fmt: skip
    else:
        _show(out, found, lang)
    return Exit.DONE if any_allowed else Exit.NOTHING


def _show(out: Output, found: tuple[Alternative, ...], lang: Language) -> None:
    from civid.campaign.optimise import PATTERNS

    names = {one.key: one.vietnamese if lang is Language.VI else one.key for one in PATTERNS}
    keys = ("line-name", "shifts", "machines", "officers", "per-machine", "per-day", "days-needed",
            "cost-hours")  # fmt: skip
    titles = tuple(say(key, lang.value) for key in keys)
    made = table("", *titles, right=titles[2:])
    for one in (one for one in found if one.is_allowed):
        numbers = (one.machines, one.officers, one.per_machine, one.capacity, one.days, one.cost)
        cells = (shown_value(round(number), lang.value) for number in numbers)
        add_row(made, one.line, names[one.pattern], *cells)
    out.print(made)
    refused = [one for one in found if not one.is_allowed]
    if refused:
        out.print(say("not-allowed", lang.value))
    for one in refused:
        said = "; ".join(found.sentence(lang.value) for found in one.findings)
        out.print(f"  {one.line}, {names[one.pattern]}: {said}")
