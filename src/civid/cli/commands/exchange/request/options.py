"""Options that the commands about requests share, and how one request is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.register.opening import opened
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from civid.exchange.requests import RequestDesk, UnitRequest

Request = Annotated[
    str, typer.Argument(metavar="REQUEST", help="The request: 32 hexadecimal digits.")
]
OfUnit = Annotated[str, typer.Argument(metavar="UNIT", help="A unit, with those below it.")]
Why = Annotated[
    str, typer.Option("--reason", metavar="CODE", help="Why, as a code such as name_unclear.")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="A note, in any words; sealed.")]
_STATE_WORDS = ("sent", "received", "returned", "answered", "cancelled")


@contextmanager
def desk_of(
    register: str, *, keys: Path | None, who: str | None, unit: str, purpose: str
) -> Iterator[RequestDesk]:
    """The desk of an open register."""
    from civid.exchange.requests import RequestDesk

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        yield RequestDesk(one)


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """``name=text`` given several times, as a mapping; a usage error for anything else."""
    found: dict[str, str] = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign or not name.strip() or name.strip() in found:
            raise usage(f"{option}: expected NAME=TEXT, each name once")
        found[name.strip()] = text.strip()
    return found


def requests_table(found: Iterable[UnitRequest]) -> Table:
    """One row a request."""
    made = table("", "request", "state", "kind", "asks", "asked", "due", "owner")
    for one in found:
        add_row(made, one.reference, say(one.state.value), one.kind.value, one.asks, one.asked,
                one.due.isoformat(), one.owner or "-")  # fmt: skip
    return made


def tell(out: Output, one: UnitRequest) -> int:
    """Show a request after a step."""
    if out.as_json:
        out.json(one.to_dict())
        return Exit.DONE
    out.print(requests_table([one]))
    question = table("", "asked", "text or code", "answer")
    said = {} if one.reply is None else {
        **{name: verdict.value for name, verdict in one.reply.verdicts.items()},
        **one.reply.results,
        **{paper.code: paper.number for paper in one.reply.documents},
    }  # fmt: skip
    for name, text in one.question.values.items():
        add_row(question, name, text, said.get(name, "-"))
    for code in one.question.wanted:
        add_row(question, code, "", said.get(code, "-"))
    out.print(question)
    for text in (one.question.note, "" if one.reply is None else one.reply.note):
        if text:
            out.print(text)
    return Exit.DONE
