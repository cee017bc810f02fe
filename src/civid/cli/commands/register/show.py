"""``civid register show``: one person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.commands.register.tables import person_table
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="Personal number or CMND, old or new.")
]


def show(
    register: Where,
    number: Number,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="As it held on a day; with --json."),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Everything that holds of one person, with the source of each field."""
    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        person = one.person(number)
    if as_json:
        out.json(person.to_dict(on=None if on is None else on.date()))
    else:
        out.print(person_table(person))
        out.note(f"reference {person.reference}, unit {person.unit}, version {person.version}")
    return Exit.DONE
