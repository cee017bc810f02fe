"""``civid campaign plan``: does a plan hold, and what can it do?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from civid.campaign.sheets.write import Written
from civid.campaign.words import say
from civid.cli.commands.campaign.opening import (
    AtLevel,
    Day,
    Folder,
    Numbers,
    Result,
    as_of,
    check_places,
    level_of,
    opened,
    show_findings,
    show_table,
    write_tables,
)
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit
from civid.cli.language.choice import Language, spoken
from civid.people.findings.model import Severity

if TYPE_CHECKING:
    from datetime import date

    from civid.campaign.organisation import Level, Plan

TITLES = ("unit-code", "unit-name", "quota", "per-day-needed", "teams", "staff", "kits",
          "per-day-able", "days-worked")  # fmt: skip


def plan(
    folder: Folder,
    day: Day = None,
    level: AtLevel = None,
    numbers: Numbers = None,
    output: Result = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Hold a plan against itself. Exit code 0: it holds, 1: something in it cannot be."""
    lang = spoken()
    out = Output(as_json=as_json, quiet=quiet)
    check_places(output, folder)
    made, findings = opened(folder, numbers)
    on, top = as_of(day, made.days.first), made.tree.top.code
    shown = units_table(made, on, level_of(made, level, top))
    write_tables(output, [shown], lang)
    if as_json:
        out.json(_document(made, on, shown) | {"findings": [one.to_dict() for one in findings]})
    else:
        say_days(out, made, lang)
        show_table(out, shown, lang, 100)
        show_findings(out, findings, lang)
    bad = any(one.severity is Severity.ERROR for one in findings)
    return Exit.NOTHING if bad else Exit.DONE


def units_table(plan: Plan, day: date, level: Level) -> Written:
    """Of each unit: quota, what it needs a day, and what its teams and kits can do."""
    able = plan.capacity(day)
    rows = []
    for unit in (plan.tree.top, *(one for one in plan.tree.at(level) if one != plan.tree.top)):
        places = plan.tree.subtree(unit.code)
        teams = [team for team in plan.teams if plan.tree.index(team.unit) in places]
        kits = [kit for kit in plan.kits if plan.tree.index(kit.unit) in places]
        needed = plan.required_per_day(unit.code, 0, plan.days.first - timedelta(days=1))
        rows.append(
            (unit.code, unit.name, plan.quotas.of(unit.code),
             None if needed is None else Decimal(f"{needed:.0f}"), len(teams),
             sum(team.staff for team in teams), len(kits),
             int(able[places.start : places.stop].sum()),
             plan.days.worked(plan.days.first, plan.days.deadline, unit.code, plan.tree))
        )  # fmt: skip
    return Written.of("plan", TITLES, rows)


def say_days(out: Output, plan: Plan, lang: Language) -> None:
    """Name, days and pauses, a line each."""
    days = plan.days
    out.print(plan.name)
    out.print(
        say("plan-days", lang.value, first=days.first, last=days.deadline, count=days.count,
            worked=days.worked(days.first, days.deadline))
    )  # fmt: skip
    for pause in days.suspensions:
        name = plan.tree[pause.unit].name if pause.unit else ""
        out.print(say("plan-pause", lang.value, first=pause.first, last=pause.last,
                      count=pause.days, reason=pause.reason, unit=name))  # fmt: skip


def _document(plan: Plan, day: date, shown: Written) -> dict[str, Any]:
    days = plan.days
    return {
        "name": plan.name, "day": day, "first": days.first, "deadline": days.deadline,
        "days": days.count, "days_worked": days.worked(days.first, days.deadline),
        "suspensions": [{"first": one.first, "last": one.last, "days": one.days,
                         "reason": one.reason, "unit": one.unit} for one in days.suspensions],
        "units": [{title.replace("-", "_"): cell for title, cell in
                   zip(shown.titles, row, strict=True)} for row in shown.rows],
    }  # fmt: skip
