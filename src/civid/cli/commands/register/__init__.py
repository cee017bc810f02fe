"""``civid register``: people, their history, and who has read it."""

from __future__ import annotations

import typer

from civid.cli.commands.register.backups import backup, restore
from civid.cli.commands.register.bring import import_people, survey
from civid.cli.commands.register.check import check
from civid.cli.commands.register.export import export
from civid.cli.commands.register.find import find
from civid.cli.commands.register.history import history
from civid.cli.commands.register.init import init
from civid.cli.commands.register.mobile import merge, pack
from civid.cli.commands.register.show import show
from civid.cli.commands.register.upgrade import upgrade

app = typer.Typer(help="Registers: people, their prints, dossiers and cards.")
for command in (
    init, survey, find, show, history, pack, merge, export, backup, restore, upgrade
):  # fmt: skip
    app.command()(command)
app.command(name="import")(import_people)
app.command(name="check")(check)  # civid check, where one looks for it first
