"""``civid request``: what units ask each other, by when, and what was answered."""

from __future__ import annotations

import typer

from civid.cli.commands.exchange.request.answering import (
    answer,
    confirm,
    give_back,
    reassign,
    receive,
)
from civid.cli.commands.exchange.request.asking import cancel, extend, remind, send, send_again
from civid.cli.commands.exchange.request.lists import history, league, queue, show, waiting

app = typer.Typer(help="Requests between units (phiếu yêu cầu): asked, due, answered.")
for command in (
    send, queue, waiting, show, history, receive, confirm, answer, reassign, extend, cancel,
    remind, league,
):  # fmt: skip
    app.command()(command)
app.command(name="return")(give_back)
app.command(name="send-again")(send_again)
