"""``civid consent``: what somebody agreed to, withdrawn, and shown to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer

from civid.cli.commands.exchange.share_grant import grant_parts
from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.commands.register.show import Number
from civid.cli.commands.register.tables import when
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say

app = typer.Typer(help="Consents (đồng ý của công dân): to what, how it was given, withdrawn.")
_Grant = Annotated[
    str,
    typer.Argument(metavar="GRANT", help="Reference of the grant, as share grant list prints it."),
]


@app.command()
def give(
    register: Where,
    number: Number,
    grant: _Grant,
    how: Annotated[
        str, typer.Option("--how", metavar="paper|counter|app", help="How it was said.")
    ],
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="REFERENCE", help="Of the paper or message.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="self|representative")] = "self",
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help="Last day; until it is withdrawn."),
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="In any words; sealed.")] = "",
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Record that somebody agreed, and print what they are given for it."""
    from civid.exchange.consent import ConsentDesk

    out, end = Output(as_json=as_json), None if until is None else _end_of(until)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        person = one.person(number).reference
        made = ConsentDesk(one).give(
            grant_parts(grant)[0], person, how, evidence, by=by, until=end, text=note
        )
    if as_json:
        out.json(made.to_dict())
    else:
        out.print(*made.text().splitlines())
    return Exit.DONE


@app.command()
def withdraw(
    register: Where,
    number: Number,
    grant: _Grant,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Withdraw every consent of somebody to a grant, at once. Exit code 1: there was none."""
    from civid.exchange.consent import ConsentDesk

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        count = ConsentDesk(one).withdraw(grant_parts(grant)[0], one.person(number).reference)
    if as_json:
        out.json({"withdrawn": count})
    else:
        out.print(f"withdrawn: {count}")
    return Exit.DONE if count else Exit.NOTHING


@app.command(name="list")
def list_consents(
    register: Where,
    number: Number,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Every consent of somebody, oldest first. Exit code 1: none."""
    from civid.exchange.consent import ConsentDesk

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = ConsentDesk(one).of(one.person(number).reference)
    if as_json:
        out.json([each.to_dict() for each in found])
    elif found:
        made = table("", "partner", "purpose", "attributes", "how", "given", "ends", "in force")
        for each in found:
            ends = [at for at in (each.until, each.withdrawn) if at is not None]
            add_row(made, each.partner, each.purpose, ", ".join(each.attributes),
                    "-" if each.how is None else each.how.value, when(each.given),
                    when(min(ends)) if ends else "-",
                    say("yes" if each.in_force else "no"))  # fmt: skip
        out.print(made)
    else:
        out.print("no consent")
    return Exit.DONE if found else Exit.NOTHING


def _end_of(text: str) -> int:
    """The end of a day of the country's clock, microseconds since 1970."""
    try:
        day = date.fromisoformat(text) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise usage("--until: expected a day such as 2026-11-29") from None
    start = datetime.combine(day, time(), UTC) - timedelta(hours=7)
    return int(start.timestamp()) * 1_000_000
