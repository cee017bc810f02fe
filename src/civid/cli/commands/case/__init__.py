"""``civid case``: cases of possible duplicates, and the pages for the people who decide them."""

from __future__ import annotations

import typer

from civid.cli.commands.case.officer import app as officer
from civid.cli.commands.case.serve import serve
from civid.cli.commands.case.show import show

app = typer.Typer(help="Cases of possible duplicates: show, decide, serve the pages for it.")
for command in (show, serve):
    app.command()(command)
app.add_typer(officer, name="officer")
