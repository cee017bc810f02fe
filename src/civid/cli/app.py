"""The command line as a whole; one module a command."""

from __future__ import annotations

from typing import Annotated

import typer

from civid.cli.commands.campaign import app as campaign
from civid.cli.commands.capacity import plan
from civid.cli.commands.card import app as card
from civid.cli.commands.case import app as case
from civid.cli.commands.cluster import app as cluster
from civid.cli.commands.compare import compare
from civid.cli.commands.dedup import dedup
from civid.cli.commands.demo import demo
from civid.cli.commands.enroll import enroll
from civid.cli.commands.evaluate import evaluate
from civid.cli.commands.exchange.abis import abis
from civid.cli.commands.exchange.consent import app as consent
from civid.cli.commands.exchange.prefill import app as prefill
from civid.cli.commands.exchange.request import app as request
from civid.cli.commands.exchange.sector import app as sector
from civid.cli.commands.exchange.serve import app as serve
from civid.cli.commands.exchange.share import app as share
from civid.cli.commands.explain import explain
from civid.cli.commands.extract import extract
from civid.cli.commands.facts import facts
from civid.cli.commands.files.convert import convert
from civid.cli.commands.files.inspect import inspect
from civid.cli.commands.files.slap import slap
from civid.cli.commands.gallery import app as gallery
from civid.cli.commands.info import info, version
from civid.cli.commands.number import number
from civid.cli.commands.register import app as register
from civid.cli.commands.register.audit import app as audit
from civid.cli.commands.register.check import check
from civid.cli.commands.register.enrol import enrol
from civid.cli.commands.search import search
from civid.cli.console.guard import Guarded
from civid.cli.console.problems import Exit

app = typer.Typer(
    cls=Guarded,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 ran, but found nothing or not the same; 2 usage; 3 unreadable"
    " input; 4 gallery or register; 5 result not written; 6 not available here; 70 a bug;"
    " 130 stopped.",
)


@app.callback(invoke_without_command=True)
def start(
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


for command in (
    extract, compare, enroll, search, dedup, demo, evaluate, explain, info, number, facts,
    check, convert, enrol, inspect, slap, abis, plan,
):  # fmt: skip
    app.command()(command)
app.add_typer(campaign, name="campaign")
app.add_typer(card, name="card")
app.add_typer(gallery, name="gallery")
app.add_typer(cluster, name="cluster")
app.add_typer(register, name="register")
app.add_typer(audit, name="audit")
app.add_typer(case, name="case")
app.add_typer(serve, name="serve")
app.add_typer(sector, name="sector")
app.add_typer(share, name="share")
app.add_typer(prefill, name="prefill")
app.add_typer(request, name="request")
app.add_typer(consent, name="consent")
