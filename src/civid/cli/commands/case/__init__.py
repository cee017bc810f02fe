"""``civid case``: possible duplicates that people judge, and the pages on which they do."""

from __future__ import annotations

import typer

from civid.cli.commands.case.judging import assign, decide, postpone, show, withdraw
from civid.cli.commands.case.keeping import release, report, seed, take_up, undo
from civid.cli.commands.case.listing import list_cases
from civid.cli.commands.case.officer import app as officer
from civid.cli.commands.case.serve import serve

app = typer.Typer(help="Possible duplicates (kết luận trùng): taken up, judged, undone.")
app.command(name="take-up")(take_up)
app.command(name="list")(list_cases)
for command in (assign, show, decide, withdraw, postpone, undo, release, seed, report, serve):
    app.command()(command)
app.add_typer(officer, name="officer")
