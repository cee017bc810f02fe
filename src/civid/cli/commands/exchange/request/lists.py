"""``civid request queue``, ``waiting``, ``show``, ``history``, ``league``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.exchange.request.options import (
    OfUnit,
    Request,
    desk_of,
    requests_table,
    tell,
)
from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where
from civid.cli.commands.register.tables import when
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from civid.exchange.requests import UnitRequest
    from civid.register.listing import Listing

_Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")]
_After = Annotated[str | None, typer.Option("--after", help="Go on after this request.")]


def queue(
    register: Where,
    of_unit: OfUnit,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is late today.")] = False,
    limit: _Limit = 50,
    after: _After = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """What a unit has to answer, the most urgent first. Exit code 1: nothing."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        found = desk.queue(of_unit, limit=limit, after=after, overdue=overdue)
    return _listed(found, Output(as_json=as_json))


def waiting(
    register: Where,
    of_unit: OfUnit,
    limit: _Limit = 50,
    after: _After = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """What a unit has asked and waits for, or has to mend. Exit code 1: nothing."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        found = desk.waiting(of_unit, limit=limit, after=after)
    return _listed(found, Output(as_json=as_json))


def _listed(found: Listing[UnitRequest], out: Output) -> int:
    if out.as_json:
        out.json(found.to_dict())
    elif found.items:
        out.print(requests_table(found))
    else:
        out.print("no requests")
    if found.after is not None:
        out.note(f"--after {found.after}")
    return Exit.DONE if found.items else Exit.NOTHING


def show(
    register: Where,
    request: Request,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Show what was asked, and what was answered."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        found = desk.get(request)
    return tell(Output(as_json=as_json), found)


def history(
    register: Where,
    request: Request,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Show everything that happened to a request."""
    out = Output(as_json=as_json)
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        found = desk.history(request)
    if as_json:
        out.json([one.to_dict() for one in found])
        return Exit.DONE
    made = table("", "when", "step", "unit", "who", "reason")
    for one in found:
        add_row(made, when(one.at), say(one.step), one.unit or "-", one.actor, one.reason or "-")
    out.print(made)
    return Exit.DONE


def league(
    register: Where,
    day: Annotated[
        str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="As of this day; today.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="YYYY-MM-DD", help="Answers from this day on; 30 days before."
        ),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """How units stand with what they owe, the worst first. Exit code 1: no unit owes anything."""
    out = Output(as_json=as_json)
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        found = desk.league(day=_day(day, "--day"), since=_day(since, "--since"))
    if as_json:
        out.json([one.to_dict() for one in found])
    elif found:
        numbers = ("running", "overdue", "days late", "answered", "in time")
        made = table("", "unit", *numbers, right=numbers)
        for one in found:
            share = "-" if one.on_time is None else f"{one.on_time:.0%}"
            add_row(made, one.unit, str(one.running), str(one.overdue), str(one.oldest_days),
                    str(one.answered), share)  # fmt: skip
        out.print(made)
    else:
        out.print("no requests")
    return Exit.DONE if found else Exit.NOTHING


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise usage(f"{option}: expected a day such as 2026-11-29") from None
