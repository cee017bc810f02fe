"""``civid campaign``: plan, follow, verify and foresee the enrolment of a country."""

from __future__ import annotations

import typer

from civid.cli.commands.campaign.forecast import forecast
from civid.cli.commands.campaign.optimise import optimise
from civid.cli.commands.campaign.plan import plan
from civid.cli.commands.campaign.progress import progress
from civid.cli.commands.campaign.report import report
from civid.cli.commands.campaign.sample import app as sample
from civid.cli.commands.campaign.simulate import simulate

app = typer.Typer(help="Campaigns: plan, progress, re-verification, forecast, report.")
for command in (plan, progress, forecast, simulate, optimise, report):
    app.command()(command)
app.add_typer(sample, name="sample")
