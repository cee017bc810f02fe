"""``civid request receive``, ``confirm``, ``answer``, ``return``, ``reassign``: who is asked."""

from __future__ import annotations

from typing import Annotated

import typer

from civid.cli.commands.exchange.request.options import Note, Request, Why, desk_of, pairs, tell
from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output


def receive(
    register: Where,
    request: Request,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Take a request up (tiếp nhận): it is yours from now on."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.receive(request)
    return tell(Output(as_json=as_json), made)


def confirm(
    register: Where,
    request: Request,
    found: Annotated[
        list[str] | None,
        typer.Option(
            "--found",
            metavar="FIELD=TEXT",
            help="What your papers say, again for several; what the register holds, unless given.",
        ),
    ] = None,
    note: Note = "",
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Answer a confirmation: yes, no or unknown for each field, and never a value."""
    said = None if found is None else pairs(found, "--found")
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.confirm(request, said, text=note)
    return tell(Output(as_json=as_json), made)


def answer(
    register: Where,
    request: Request,
    result: Annotated[
        list[str] | None,
        typer.Option("--result", metavar="CODE=CODE", help="Such as residence.real=lives-there."),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", metavar="CODE=NUMBER", help="A paper by its number."),
    ] = None,
    digest: Annotated[
        list[str] | None,
        typer.Option("--sha256", metavar="CODE=DIGEST", help="Of the file of a document."),
    ] = None,
    note: Note = "",
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Answer a check or a request for documents: all that was asked, and nothing else."""
    from civid.exchange.requests import Document, Reply

    digests = pairs(digest or (), "--sha256")
    papers = tuple(
        Document(code, number, digests.get(code, ""))
        for code, number in pairs(document or (), "--document").items()
    )
    reply = Reply(results=pairs(result or (), "--result"), documents=papers, note=note)
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.answer(request, reply)
    return tell(Output(as_json=as_json), made)


def give_back(
    register: Where,
    request: Request,
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Give a request back that cannot be answered as it stands; its days stop."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.give_back(request, reason)
    return tell(Output(as_json=as_json), made)


def reassign(
    register: Where,
    request: Request,
    to: Annotated[str, typer.Argument(metavar="UNIT", help="Unit that can answer it.")],
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Pass a request on to another unit; the last day stays."""
    with desk_of(register, keys=keys, who=who, unit=unit, purpose=purpose) as desk:
        made = desk.reassign(request, to, reason)
    return tell(Output(as_json=as_json), made)
