"""A register beside a plan: its dossiers become counts, ages and late cards of the plan's units."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.campaign.finding import Finding
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.progress.ageing import Overdue, StageAge
from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import BY_STEP
from civid.cli.commands.register.opening import opened as opened_register
from civid.people.findings.model import Severity

if TYPE_CHECKING:
    from civid.people.working_days import Calendar

Register = Annotated[
    str | None,
    typer.Option(
        "--register",
        metavar="REGISTER",
        help="Also count the dossiers of this register; its units are found in the plan.",
    ),
]
Keys = Annotated[
    Path | None, typer.Option("--keys", metavar="FILE", help="Keys of an encrypted register.")
]
_PART = 1000


def unit_of(tree: UnitTree, path: str) -> str | None:
    """The unit of a plan that a register's path means: all of it, or its lowest part.

    A register writes provinces with two digits (``46/474``), a plan of 2021 with three.
    """
    last = path.rpartition("/")[2]
    wanted = (path, last) if "/" in path else (path, last, last.zfill(3))
    return next((code for code in wanted if code in tree), None)


def read_register(
    where: str, keys: Path | None, tree: UnitTree, first: date, last: date
) -> tuple[tuple[Report, ...], tuple[Finding, ...]]:
    """Counts out of a register, one entry in its log; what does not fit the plan is a finding."""
    with opened_register(where, keys=keys, purpose="campaign progress") as register:
        counted = register.dossiers.counts(steps=tuple(BY_STEP))
    reports, left = list[Report](), Counter[tuple[str, str]]()
    for one in counted:
        unit = unit_of(tree, one.unit)
        if unit is None:
            left["no-such-unit", one.unit] += one.count
        elif not first <= one.day <= last:
            left["day-outside", one.unit] += one.count
        else:
            reports.append(Report(unit, one.day, BY_STEP[one.step], one.count))
    findings = tuple(
        Finding(code, Severity.ERROR, unit=unit, file="register") for code, unit in left
    )
    return tuple(reports), findings


def read_delay(
    where: str, keys: Path | None, on: date, calendar: Calendar
) -> tuple[tuple[StageAge, ...], Overdue]:
    """How long a register's dossiers have been lying, and which cards are late, with causes."""
    causes, units, stages, longest = Counter[str](), Counter[str](), Counter[str](), 0
    with opened_register(where, keys=keys, purpose="campaign report") as register:
        ages = register.dossiers.ageing()
        after: str | None = None
        while True:
            part = register.dossiers.overdue(on=on, calendar=calendar, limit=_PART, after=after)
            for late in part:
                causes[late.cause] += 1
                units[late.dossier.unit] += 1
                stages[late.dossier.stage] += 1
                longest = max(longest, late.working_days)
            after = part.after
            if after is None:
                break
    lying = tuple(StageAge(one.stage, one.count, int(one.oldest_days), one.by_age) for one in ages)
    late_cards = Overdue(
        causes.total(), sum(one.count for one in ages), dict(causes.most_common()),
        dict(units.most_common()), dict(stages.most_common()), longest,
    )  # fmt: skip
    return lying, late_cards
