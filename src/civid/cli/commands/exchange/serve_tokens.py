"""``civid serve token`` and ``verify-log``: who may come in, and what they did."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit, Problem, explain, usage
from civid.cli.language.sentences import say
from civid.errors import StorageError
from civid.extras import need

if TYPE_CHECKING:
    from civid.exchange.service.access.office_tokens import OfficeToken, OfficeTokens

PURPOSE, EXTRA = "serving over HTTP", "service"
#: In the folder of the people.
ROOM = "service"
_DAYS = 365

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the people.")]
File = Annotated[
    Path | None,
    typer.Option(
        "--tokens",
        metavar="FILE",
        help="File of the tokens; FOLDER/service/tokens.json, unless given.",
    ),
]

token = typer.Typer(help="Tokens of offices: made, listed, revoked.")


@token.callback()
def _group() -> None:
    """Tokens of offices: made, listed, revoked."""


@token.command()
def add(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is, as the log says it.")],
    scope: Annotated[
        list[str],
        typer.Option(
            metavar="SCOPE",
            help="What it is for: enrol, identify, verify, read, correct, delete, export, metrics,"
            " administer, or a scope of OSIA; repeat it.",
        ),
    ],
    until: Annotated[
        str, typer.Option(metavar="DATE", help="Its last day, such as 2027-06-30; a year, unless"
                          " given.")
    ] = "",
    tokens: File = None,
    as_json: AsJson = False,
) -> int:  # fmt: skip
    """Make a token. It is printed this once, and kept as a hash."""
    out = Output(as_json=as_json)
    with told(folder):
        made = tokens_of(folder, tokens).add(name, scope, until=_end(until))
    if as_json:
        out.json({"name": name, "token": made})
    else:
        out.print(made)
        out.note("give it to the office; it is kept nowhere and cannot be shown again")
    return Exit.DONE


@token.command(name="list")
def list_tokens(folder: Folder, tokens: File = None, as_json: AsJson = False) -> int:
    """Which tokens there are; not the tokens themselves."""
    out = Output(as_json=as_json)
    with told(folder):
        found = tokens_of(folder, tokens).all()
    if as_json:
        out.json(
            [
                {"id": one.id, "name": one.name, "scopes": one.scopes, "until": _day(one.until),
                 "state": _state(one)}
                for one in found
            ]
        )  # fmt: skip
        return Exit.DONE
    shown = table("", "id", "name", "scopes", "until", "state")
    for one in found:
        add_row(shown, one.id, one.name, ", ".join(one.scopes), _day(one.until), say(_state(one)))
    out.print(shown)
    return Exit.DONE


@token.command()
def revoke(
    folder: Folder,
    which: Annotated[
        str, typer.Argument(metavar="ID", help="Id of the token, or the name of all of an office.")
    ],
    tokens: File = None,
) -> int:
    """End a token at once; a running service need not be told."""
    with told(folder):
        count = tokens_of(folder, tokens).revoke(which)
    Output(as_json=False).print(f"revoked: {count}")
    return Exit.DONE


def verify_log(
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="The file, or the folder of the people.")
    ],
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor",
            metavar="ENTRIES:HASH",
            help="What an earlier verify-log printed, kept elsewhere: finds a log that was cut off"
            " or put back to an older copy.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Check every line of the log of a service. Exit code 0: it is whole, 4: it was changed."""
    from civid.exchange.service.log import verify_log as verified

    out = Output(as_json=as_json)
    path = log / ROOM / "log.jsonl" if log.is_dir() else log
    with told(path, "its key lies beside it, NAME.key, or in the copy that was kept elsewhere"):
        report = verified(path, anchor=anchor)
    if as_json:
        out.json(
            {"log": str(path), "whole": report.ok, "entries": report.entries,
             "refused": report.refused, "anchor": report.end, "problems": report.problems}
        )  # fmt: skip
    elif report.ok:
        out.print(f"the log is whole: {report.entries:,} entries, {report.refused:,} refused")
        out.print(f"anchor: {report.end}")
        out.note("keep the anchor elsewhere, and give it to the next verify-log with --anchor")
    else:
        out.print("the log was tampered with, or is damaged:")
        for problem in report.problems:
            out.print(f"  {problem}")
    return Exit.DONE if report.ok else Exit.GALLERY


@contextmanager
def told(path: Path, advice: str = "") -> Iterator[None]:
    """Say which file it is that cannot be used, and end as commands on galleries do."""
    try:
        yield
    except StorageError as error:
        problem = explain(error, path)
        assert problem is not None
        raise Problem(problem.code, problem.message, advice) from error


def tokens_of(folder: Path, given: Path | None) -> OfficeTokens:
    """The tokens of a folder, or of a file that was given."""
    need("fastapi", PURPOSE, EXTRA)
    from civid.exchange.service.access.office_tokens import OfficeTokens

    return OfficeTokens(given or folder / ROOM / "tokens.json")


def _end(day: str) -> int:
    """The end of a day, UTC."""
    if not day:
        return int(time.time()) + _DAYS * 86400
    try:
        return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) + 86400
    except ValueError:
        raise usage("--until must be a day such as 2027-06-30") from None


def _day(until: int) -> str:
    return datetime.fromtimestamp(until - 1, UTC).date().isoformat()


_STATE_WORDS = ("revoked", "expired", "valid")


def _state(one: OfficeToken) -> str:
    if one.revoked:
        return "revoked"
    return "expired" if one.until <= time.time() else "valid"
