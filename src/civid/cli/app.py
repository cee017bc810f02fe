"""The command line as a whole; one module a command, loaded when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer

from civid.cli.commands.info import version
from civid.cli.console.guard import Guarded
from civid.cli.console.problems import Exit
from civid.cli.language.choice import without_option

#: Where the commands lie beneath `civid.cli.commands`, in the order of the help page.
_COMMANDS = {
    "extract": "extract:extract",
    "compare": "compare:compare",
    "enroll": "enroll:enroll",
    "search": "search:search",
    "dedup": "dedup:dedup",
    "demo": "demo:demo",
    "evaluate": "evaluate:evaluate",
    "explain": "explain:explain",
    "info": "info:info",
    "number": "number:number",
    "facts": "facts:facts",
    "check": "register.check:check",
    "convert": "files.convert:convert",
    "enrol": "register.enrol:enrol",
    "inspect": "files.inspect:inspect",
    "slap": "files.slap:slap",
    "abis": "exchange.abis:abis",
    "plan": "capacity:plan",
}
#: The same for commands that have commands.
_GROUPS = {
    "campaign": "campaign:app",
    "card": "card:app",
    "gallery": "gallery:app",
    "cluster": "cluster:app",
    "register": "register:app",
    "audit": "register.audit:app",
    "case": "case:app",
    "serve": "exchange.serve:app",
    "sector": "exchange.sector:app",
    "share": "exchange.share:app",
    "prefill": "exchange.prefill:app",
    "request": "exchange.request:app",
    "consent": "exchange.consent:app",
}


def called(words: Sequence[str]) -> str | None:
    """The command that a line calls; None where it names none of ours, or asks for the whole.

    >>> called(["--lang", "vi", "compare", "--help"]), called(["--help"]), called(["comprae"])
    ('compare', None, None)
    """
    first = next(iter(without_option(words)[0]), None)
    return first if first in _COMMANDS or first in _GROUPS else None


@cache
def command_line(only: str | None = None) -> typer.Typer:
    """The whole command line, or of its commands a single one: the others cost a second to load."""
    app = typer.Typer(
        cls=Guarded,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Exit codes: 0 done; 1 ran, but found nothing or not the same; 2 usage; 3 unreadable"
        " input; 4 gallery or register; 5 result not written; 6 not available here; 70 a bug;"
        " 130 stopped.",
    )
    app.callback(invoke_without_command=True)(_start)
    for name, where in _COMMANDS.items():
        if only in (None, name):
            app.command()(_loaded(where))
    for name, where in _GROUPS.items():
        if only in (None, name):
            app.add_typer(_loaded(where), name=name)
    return app


def _loaded(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(f"civid.cli.commands.{module}"), name)


def _start(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=version, is_eager=True)
    ] = False,
    language: Annotated[
        str,
        typer.Option(
            "--lang",
            metavar="en|vi",
            help="Language of what is printed for people; may stand anywhere. Default: the variable"
            " CIVID_LANG, then that of the desktop. JSON is always English.",
        ),
    ] = "",  # taken out of the line before it is parsed: `civid.cli.language.choice`
) -> None:
    """Fingerprints for national registration: templates, comparison, galleries, duplicates."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)
        raise typer.Exit(Exit.USAGE)
