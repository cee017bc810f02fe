"""Tables of a plan, for people."""

from __future__ import annotations

import dataclasses

import civid
from civid.cli.console.output import Output, add_row, table
from civid.cli.language.choice import Language
from civid.search.arrays.packing import INDEX_VERSION
from civid.search.capacity import Assumptions, Plan, Range, explain
from civid.search.capacity.words import (
    counted,
    duration,
    many,
    number,
    often,
    per_cent,
    rate,
    say,
    size,
    span,
    whole,
)


def show(out: Output, plan: Plan, lang: Language) -> None:
    """A plan: what is needed, in words, then the tables behind it."""
    tongue = lang.value
    demand = plan.demand
    title = say(
        "title", tongue, people=counted("people", demand.subjects, tongue),
        fingers=counted("fingers", demand.fingers, tongue),
        searches=counted("searches", demand.searches_per_day, tongue),
    )  # fmt: skip
    _rows(out, title, _needs(plan, tongue), tongue)
    for sentence in explain(plan, tongue):
        out.print(sentence)
    out.print("")
    if plan.sweep.pairs:
        _rows(out, say("sweep-title", tongue), _sweep(plan, tongue), tongue)
    _rows(out, say("failure-title", tongue), _failure(plan, tongue), tongue)
    if demand.growth_per_year:
        _growth(out, plan, tongue)
    _basis(out, plan, tongue)
    show_assumptions(out, plan.assumptions, lang)


def show_assumptions(out: Output, given: Assumptions, lang: Language) -> None:
    """What is assumed, and why."""
    tongue = lang.value
    titles = tuple(say(key, tongue) for key in ("name", "value", "unit", "why"))
    made = table(say("assumptions-title", tongue), *titles, right=(titles[1],))
    now = dataclasses.asdict(given)
    for name, default, unit, why in Assumptions.table(tongue):
        value = _assumption(now[name], unit, tongue)
        value += "" if now[name] == default else f" ({_assumption(default, unit, tongue)})"
        add_row(made, name, value, unit, why)
    out.print(made)


def _assumption(value: float, unit: str, tongue: str) -> str:
    """Bytes in the unit that people would take, all others as they are given."""
    if unit in ("B", "B/s"):
        return size(value, tongue, 3) + unit[1:]
    return number(value, tongue, 4)


def _rows(out: Output, title: str, rows: list[tuple[str, str]], tongue: str) -> None:
    titles = (say("what", tongue), say("amount", tongue))
    made = table(title, *titles, right=titles[1:])
    for key, value in rows:
        add_row(made, say(key, tongue), value)
    out.print(made)


def _needs(plan: Plan, tongue: str) -> list[tuple[str, str]]:
    cores = plan.nodes.map(lambda one: one * plan.assumptions.node_cores)
    busiest = [
        ("peak-a-second", rate(plan.peak_a_second, tongue)),
        ("busy", span(plan.busy, per_cent, tongue)),
    ]
    waits = [
        ("p50", span(plan.p50, duration, tongue)),
        ("p99", span(plan.p99, duration, tongue)),
    ]
    if not plan.demand.searches_per_day:
        busiest, waits = [], []
    return [
        ("nodes", span(plan.nodes, whole, tongue)),
        ("cores", span(cores, whole, tongue)),
        ("shards", whole(plan.shards, tongue)),
        ("subjects-a-shard", number(plan.demand.subjects / plan.shards, tongue)),
        ("memory-a-node", size(plan.resident_a_node, tongue)),
        ("memory", size(plan.resident, tongue)),
        ("disk-a-node", size(plan.disk_a_node, tongue)),
        ("disk", size(plan.disk, tongue)),
        *busiest,
        ("alone", span(plan.alone, duration, tongue)),
        *waits,
        ("threshold", number(plan.threshold, tongue, 4)),
        ("chance-a-day", often(plan.chance_a_day, "day", tongue)),
        ("load", duration(plan.load_h * 3600, tongue)),
    ]


def _sweep(plan: Plan, tongue: str) -> list[tuple[str, str]]:
    sweep = plan.sweep

    def time(value: Range, seconds: float) -> str:
        return span(value.map(lambda one: one * seconds), duration, tongue)

    night = [("sweep-night", time(sweep.night_hours, 3600))]
    return [
        ("sweep-pairs", many(sweep.pairs, tongue)),
        ("sweep-core-years", time(sweep.core_years, 365.25 * 86400)),
        ("sweep-alone", time(sweep.days_alone, 86400)),
        ("sweep-beside", time(sweep.days_beside, 86400)),
        *(night if plan.demand.enrolments_per_day else []),
        ("sweep-chance", many(sweep.chance_pairs, tongue)),
    ]


def _failure(plan: Plan, tongue: str) -> list[tuple[str, str]]:
    failure = plan.failure
    recovery = span(failure.recovery_hours.map(lambda one: one * 3600), duration, tongue)
    meanwhile = [
        ("failure-partners", whole(failure.partners, tongue)),
        ("failure-busiest", per_cent(failure.busiest, tongue)),
        ("p50", duration(failure.answers.p50, tongue)),
        ("p99", duration(failure.answers.p99, tongue)),
        ("failure-delayed", many(failure.delayed, tongue)),
    ]
    return [
        *([] if failure.incomplete else meanwhile),  # nobody takes over
        ("failure-recovery", recovery),
        ("failure-year", often(failure.failures_a_year, "year", tongue)),
        ("failure-gone", duration(failure.incomplete_hours_a_year * 3600, tongue)),
    ]


def _growth(out: Output, plan: Plan, tongue: str) -> None:
    titles = tuple(say(key, tongue) for key in ("year", "people", "nodes", "memory", "disk"))
    made = table(say("growth-title", tongue), *titles, right=titles)
    for one in plan.growth:
        add_row(
            made, str(one.year), whole(one.subjects, tongue), span(one.nodes, whole, tongue),
            size(one.resident, tongue), size(one.disk, tongue),
        )  # fmt: skip
    out.print(made)


def _basis(out: Output, plan: Plan, tongue: str) -> None:
    keys = ("what", "basis-measured", "basis-planned", "basis-times")
    titles = tuple(say(key, tongue) for key in keys)
    made = table(say("basis-title", tongue), *titles, right=titles[1:])
    for one in plan.basis:
        times = say("within", tongue) if one.times == 1 else number(one.times, tongue)
        add_row(
            made, say(f"basis-{one.what}", tongue), whole(one.measured, tongue),
            number(one.planned, tongue, 3), times,
        )  # fmt: skip
    numbers = [whole(one, tongue) for one in plan.basis[0].fingers]
    if numbers != [whole(plan.demand.fingers, tongue)]:
        both = len(numbers) > 1
        words = say("and", tongue, one=numbers[0], other=numbers[1]) if both else numbers[0]
        add_row(
            made, say("basis-fingers", tongue), words, whole(plan.demand.fingers, tongue),
            say("between" if both else "stands-in", tongue),
        )  # fmt: skip
    out.print(made)
    machine = plan.machine
    out.print(
        say("basis-from", tongue, machine=machine.name, load=number(machine.load, tongue),
            source=machine.source)
    )  # fmt: skip
    here = f"{civid.__version__}/{INDEX_VERSION}"
    if machine.engine != here:
        out.print(say("other-engine", tongue, measured=machine.engine, here=here))
