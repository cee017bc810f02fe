"""``civid prefill``: forms filled from the register, and what that saves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit
from civid.cli.console.results import check_place, write_bytes

app = typer.Typer(help="Forms that people need not fill in twice (điền sẵn, hỏi một lần).")


@app.command()
def form(
    register: Where,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Any number of the person.")],
    which: Annotated[str, typer.Argument(metavar="FORM", help="dc01, dc02, ct01 or card.")],
    procedure: Annotated[
        str, typer.Option("--procedure", metavar="CODE", help="Procedure it is filled for.")
    ],
    grant: Annotated[
        str | None,
        typer.Option("--grant", metavar="GRANT", help="Give no more than this grant allows."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE",
            help="Write the form there, to be printed. It holds personal data: guard it.",
        ),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:  # fmt: skip
    """Fill a form for somebody: \\[x] given, [?] to be confirmed, [ ] to be asked.

    The sums of what was not asked again go up by it: --unit says whose.
    """
    from civid.exchange.prefill import PrefillDesk, sheet_of

    out = Output(as_json=as_json)
    if output is not None:
        check_place(output)
    sheet = sheet_of(which)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        person = one.person(number).reference
        made = PrefillDesk(one).fill(sheet, person, procedure, grant=grant)
    if output is not None:
        write_bytes(output, made.text().encode())
    if as_json:
        out.json(made.to_dict())
    elif output is None:
        out.print(*made.text().splitlines())
    else:
        out.print(f"{output}: {made.not_asked_again} of {len(made.boxes)} boxes filled")
    return Exit.DONE


@app.command()
def counts(
    register: Where,
    of_unit: Annotated[
        str, typer.Option("--of", metavar="UNIT", help="Only this unit and those below it.")
    ] = "",
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM")] = "2000-01",
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM")] = "2099-12",
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """How many boxes nobody had to write again, by month, unit and procedure.

    Exit code 1: none was counted.
    """
    from civid.exchange.prefill import PrefillDesk

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = PrefillDesk(one).counts(unit=of_unit, first=first, last=last)
    if as_json:
        out.json([row.to_dict() for row in found])
    elif found:
        numbers = ("forms", "not asked again", "of these confirmed", "asked")
        made = table("", "month", "unit", "procedure", "form", *numbers, right=numbers)
        for row in found:
            add_row(made, row.month, row.unit, row.procedure, row.form, f"{row.people:,}",
                    f"{row.not_asked_again:,}", f"{row.confirmed:,}", f"{row.asked:,}")  # fmt: skip
        out.print(made)
    else:
        out.print("nothing was counted")
    return Exit.DONE if found else Exit.NOTHING
