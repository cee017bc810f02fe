"""``civid campaign simulate``: a day of a counter as a production line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.words import say
from civid.cli.commands.campaign.line_options import hours_of
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit
from civid.cli.language.choice import Language, spoken

if TYPE_CHECKING:
    from civid.campaign.line import Change, Line, Outcome

DEFAULT = "7-nguoi-6-buoc"
HOURS = "7:30-11:30,13-17"


def simulate(
    line: Annotated[
        str,
        typer.Option(
            "--line",
            help="7-nguoi-6-buoc, 6-nguoi-6-buoc, 4-nguoi-luu-dong or 2-nguoi-tai-nha.",
        ),
    ] = DEFAULT,
    citizens: Annotated[
        float, typer.Option(help="How many are invited for a day.", min=0, max=20_000)
    ] = 400,
    hours: Annotated[str, typer.Option(help="Opening hours.")] = HOURS,
    arrivals: Annotated[
        str, typer.Option(help="appointments, random, batches or queue (all at the door).")
    ] = "appointments",
    elderly: Annotated[float, typer.Option(help="Share of the elderly.", min=0, max=1)] = 0.08,
    no_show: Annotated[float, typer.Option(help="Share who do not come.", min=0, max=1)] = 0.0,
    outages: Annotated[float, typer.Option(help="Network outages a day.", min=0, max=50)] = 0.0,
    new_team: Annotated[
        float | None, typer.Option(help="Days of experience of a new team.", min=0)
    ] = None,
    days: Annotated[int, typer.Option(help="Days to simulate.", min=1, max=1_000_000)] = 300,
    seed: Annotated[int, typer.Option(help="Same seed, same days.", min=0)] = 1,
    worth: Annotated[
        bool, typer.Option("--worth", help="Also what one more person or machine brings.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Simulate a day of a line: through-put, waiting, where it jams. The first run compiles."""
    lang = spoken()
    from civid.campaign import line as lines
    from civid.campaign.line.day import learning
    from civid.cli.console.problems import usage

    out = Output(as_json=as_json, quiet=quiet)
    kinds = {one.name.lower(): one for one in lines.Arrivals}
    if arrivals.lower() not in kinds:
        raise usage(f"--arrivals {arrivals}: should be one of {', '.join(kinds)}")
    chosen = lines.preset(line)
    day = lines.Day(
        citizens,
        hours=hours_of(hours),
        arrivals=kinds[arrivals.lower()],
        elderly=elderly,
        no_show=no_show,
        outages=outages,
        slower=1.0 if new_team is None else learning(new_team),
    )
    with out.progress(say("simulating", lang.value)) as progress:
        found = lines.simulate(chosen, day, days, seed, progress)
    changes = lines.worth(chosen, day, min(days, 100), seed) if worth else ()
    if as_json:
        document = {"line": chosen.name, "staff": chosen.staff, **found.to_dict()}
        if worth:
            document["worth"] = [_change(one) for one in changes]
        out.json(document)
        return Exit.DONE
    _show(out, chosen, found, lang)
    if worth:
        _show_worth(out, changes, lang)
    return Exit.DONE


def _change(one: Change) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(one)


def _show(out: Output, line: Line, found: Outcome, lang: Language) -> None:
    def said(key: str) -> str:
        return say(key, lang.value)

    made = table(line.name, said("per-day"), said("mean-95"), right=(said("mean-95"),))
    for key, value in (
        ("line-came", found.came), ("line-finished", found.finished),
        ("line-handling", found.handling), ("line-minutes", found.minutes),
        ("line-minutes-90", found.minutes_90), ("line-overtime", found.overtime),
        ("line-unsent", found.unsent),
    ):  # fmt: skip
        add_row(made, said(key), _number(value, lang))
    out.print(made)
    titles = (said("line-step"), said("line-use"), said("line-wait"), said("line-queue"))
    steps = table("", *titles, right=titles[1:])
    for step in found.steps:
        jam = step.key == found.bottleneck
        name = step.vietnamese if lang is Language.VI else step.key
        add_row(
            steps,
            f"{name} <- {said('bottleneck')}" if jam else name,
            f"{100 * step.utilisation.mean:.0f} %",
            f"{step.wait.mean:.0f}",
            f"{step.queue.mean:.1f}".replace(".", "," if lang is Language.VI else "."),
            style="bold" if jam else "",
        )
    out.print(steps)


def _show_worth(out: Output, changes: tuple[Change, ...], lang: Language) -> None:
    titles = tuple(say(key, lang.value) for key in ("one-more", "line-step", "brings", "shorter"))
    made = table("", *titles, right=titles[2:])
    for one in changes:
        name = one.vietnamese if lang is Language.VI else one.step
        kind = say(one.kind.replace(" ", "-"), lang.value)
        add_row(made, kind, name, f"{one.capacity:+.0f}", f"{one.minutes:+.1f}")
    out.print(made)


def _number(value: object, lang: Language) -> str:
    text = str(value).replace(" to ", " - ")
    return text.translate(str.maketrans(",.", ".,")) if lang is Language.VI else text
