"""``civid gallery``: look after a gallery."""

from __future__ import annotations

import typer

from civid.cli.commands.gallery.archives import export, import_
from civid.cli.commands.gallery.backups import backup, move, restore
from civid.cli.commands.gallery.changing import add, remove, replace
from civid.cli.commands.gallery.finding import duplicates
from civid.cli.commands.gallery.looking import info, list_, show, verify
from civid.cli.commands.gallery.re_extracting import re_extract
from civid.cli.commands.gallery.tidying import compact, encrypt, rotate

app = typer.Typer(help="Galleries: look after them, find duplicates in them.")
app.command()(duplicates)
app.command()(info)
app.command("list")(list_)
for command in (show, verify, add, replace, remove, compact, backup, restore, move, export):
    app.command()(command)
app.command("import")(import_)
app.command("re-extract")(re_extract)
app.command()(encrypt)
app.command()(rotate)
