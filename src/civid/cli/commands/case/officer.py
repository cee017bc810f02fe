"""``civid case officer``: accounts for the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.register.opening import Where
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage

File = Annotated[
    Path | None,
    typer.Option(
        "--officers",
        metavar="FILE",
        help="File of the accounts; officers.json in the folder of the register, unless given."
        " A register on a server needs it.",
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="As the log shall say it.")]

app = typer.Typer(help="Accounts of the officers who decide on the pages.")


@app.callback()
def _group() -> None:
    """Accounts of the officers who decide on the pages."""


@app.command()
def add(
    register: Where,
    name: Name,
    unit: Annotated[
        str, typer.Option(metavar="UNIT", help="Unit that the officer acts from, such as 46/474.")
    ] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UNIT",
            help="Unit whose cases the officer may see, and all below it; repeat it. The own unit,"
            " unless given.",
        ),
    ] = None,
    officers: File = None,
    as_json: AsJson = False,
) -> int:
    """Make an account, or give one a new password. The password is printed this once."""
    from civid.dedup.pages.officers import Officers

    out = Output(as_json=as_json)
    kept = Officers(officers_file(register, officers))
    password = kept.add(name, unit=unit, scope=None if scope is None else tuple(scope))
    if as_json:
        out.json({"name": name, "password": password})
    else:
        out.print(password)
        out.note("give it to the officer; it is kept nowhere and cannot be shown again")
    return Exit.DONE


@app.command()
def remove(register: Where, name: Name, officers: File = None) -> int:
    """Take an account away; whoever is signed in with it is put out."""
    from civid.dedup.pages.officers import Officers

    Officers(officers_file(register, officers)).remove(name)
    return Exit.DONE


@app.command(name="list")
def list_accounts(register: Where, officers: File = None, as_json: AsJson = False) -> int:
    """Who has an account; passwords are kept as hashes and not shown."""
    from civid.dedup.pages.officers import Officers

    out = Output(as_json=as_json)
    found = Officers(officers_file(register, officers)).all()
    if as_json:
        out.json([{"name": one.name, "unit": one.unit, "scope": one.scope} for one in found])
        return Exit.DONE
    shown = table("", "name", "unit", "scope")
    for one in found:
        add_row(shown, one.name, one.unit, ", ".join(unit or "the country" for unit in one.scope))
    out.print(shown)
    return Exit.DONE


def officers_file(register: str, given: Path | None) -> Path:
    """Where the accounts are."""
    from civid.dedup.pages.officers import FILE

    if given is not None:
        return given
    if "://" in register:
        raise usage("a register on a server needs --officers FILE")
    if not Path(register).is_dir():
        raise usage("no such register", "civid register init makes one")
    return Path(register) / FILE
