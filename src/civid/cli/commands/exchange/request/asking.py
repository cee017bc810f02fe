"""``civid request send``, ``send-again``, ``extend``, ``cancel``, ``remind``: who asks."""

from __future__ import annotations

from typing import Annotated

import typer

from civid.cli.commands.exchange.request.options import (
    Note,
    OfUnit,
    Request,
    Why,
    desk_of,
    pairs,
    requests_table,
    tell,
)
from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit

_Values = Annotated[
    list[str] | None,
    typer.Option(
        "--value",
        metavar="FIELD=TEXT",
        help="What is to be confirmed, such as name='Nguyễn Thị An'; again for several.",
    ),
]
_Wanted = Annotated[
    list[str] | None,
    typer.Option(
        "--wanted",
        metavar="CODE",
        help="What a check or document is asked for, such as residence.real; again for several.",
    ),
]


def send(
    register: Where,
    asked: Annotated[str, typer.Argument(metavar="UNIT", help="Unit that is asked.")],
    kind: Annotated[str, typer.Argument(metavar="confirmation|check|document")],
    basis: Annotated[str, typer.Option("--basis", help="Law or decision that allows to ask.")],
    value: _Values = None,
    wanted: _Wanted = None,
    asks: Annotated[
        str | None, typer.Option("--asks", metavar="UNIT", help="Unit that asks; --unit's.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="REFERENCE", help="Whom it is about.")
    ] = None,
    procedure: Annotated[str, typer.Option("--procedure", metavar="CODE")] = "",
    matter: Annotated[
        str, typer.Option("--matter", metavar="NUMBER", help="Dossier or case it is for.")
    ] = "",
    partner: Annotated[
        str, typer.Option("--partner", metavar="CODE", help="Partner for whom it is asked.")
    ] = "",
    trace: Annotated[
        str, typer.Option("--trace", metavar="ID", help="Id in the system it came from.")
    ] = "",
    days: Annotated[int, typer.Option("--days", help="Working days for the answer.")] = 7,
    note: Note = "",
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Ask another unit for a confirmation, a check or a document."""
    values = pairs(value or (), "--value")
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.send(
            asked, kind, basis=basis, asks=asks, person=person, values=values, wanted=wanted or (),
            procedure=procedure, matter=matter, text=note, days=days, partner=partner, trace=trace,
        )  # fmt: skip
    return tell(Output(as_json=as_json), made)


def send_again(
    register: Where,
    request: Request,
    value: _Values = None,
    wanted: _Wanted = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT")] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Send a returned request again, mended; its days begin anew."""
    values = None if value is None else pairs(value, "--value")
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.send_again(request, values=values, wanted=wanted, text=note)
    return tell(Output(as_json=as_json), made)


def extend(
    register: Where,
    request: Request,
    days: Annotated[int, typer.Option("--days", help="Working days more.")],
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Give the asked unit more working days."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.extend(request, days, reason)
    return tell(Output(as_json=as_json), made)


def cancel(
    register: Where,
    request: Request,
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Cancel a request that was not answered."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.cancel(request, reason)
    return tell(Output(as_json=as_json), made)


def remind(
    register: Where,
    of_unit: OfUnit,
    within: Annotated[
        int, typer.Option("--within", metavar="DAYS", help="Due within so many working days.")
    ] = 1,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """List what has to be reminded of today, each once a day. Exit code 1: nothing.

    UNIT is the one that asks.
    """
    out = Output(as_json=as_json)
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        found = desk.remind(of_unit, within=within)
    if as_json:
        out.json([one.to_dict() for one in found])
    elif found:
        out.print(requests_table(found))
    else:
        out.print("nothing to remind of")
    return Exit.DONE if found else Exit.NOTHING
