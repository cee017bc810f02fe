"""``civid register find``: who is this?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.commands.register.tables import people_table
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage


def find(
    register: Where,
    number: Annotated[
        str | None, typer.Option("--number", help="Personal number or CMND, old or new.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Whole name, with or without accents.")
    ] = None,
    birth: Annotated[
        str | None, typer.Option("--birth", help="With --name: year, or day as 05/03/2001.")
    ] = None,
    household: Annotated[
        str | None, typer.Option("--household", help="Residence file number (số hồ sơ cư trú).")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", help="Most people to show.", min=1, max=200)
    ] = 50,
    after: Annotated[
        str | None, typer.Option("--after", help="Go on after an earlier answer.")
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    gallery: Annotated[Path | None, typer.Option(hidden=True)] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Find people by number, by name and birth, or by household. Exit code 1: nobody."""
    if sum(one is not None for one in (number, name, household)) != 1:
        raise usage("give one of --number, --name and --household")
    out = Output(as_json=as_json, quiet=quiet)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery) as one:
        page = one.find(
            number=number, name=name, birth=birth, household=household, limit=limit, after=after
        )
        while not page.people and page.after is not None:  # "nobody" is said of all, not of a part
            page = one.find(
                number=number, name=name, birth=birth, household=household, limit=limit,
                after=page.after,
            )  # fmt: skip
    if as_json:
        out.json(page.to_dict())
    elif page.people:
        out.print(people_table(page.people))
    else:
        out.print("nobody")
        if name is not None and page.after is None:
            out.note("names are looked for as a whole: family name, middle name, given name")
    if page.after is not None:
        out.note(f"there may be more: --after {page.after}")
    return Exit.DONE if page.people else Exit.NOTHING
