"""``civid cluster``: one gallery on many machines (cụm máy); needs the extra civid[cluster]."""

from __future__ import annotations

import typer

from civid.cli.commands.cluster.asking import duplicates, enroll, search
from civid.cli.commands.cluster.nodes import add_node, drain, rebalance, rebuild, restart
from civid.cli.commands.cluster.running import status, up

app = typer.Typer(help="Clusters: one gallery on many machines, each part of it on two of them.")
for command in (up, status, search, enroll, duplicates, drain, rebalance, restart, rebuild):
    app.command()(command)
app.command("add-node")(add_node)
