"""Tables of a plan, for people."""

from __future__ import annotations

import dataclasses

import civid
from civid.cli.console.output import Output, add_row, table
from civid.cli.language.choice import Language
from civid.search.arrays.packing import INDEX_VERSION
from civid.search.capacity import Assumptions, Plan, Range, explain
from civid.search.capacity.words import duration, number, say, size, span, whole


def show(out: Output, plan: Plan, lang: Language) -> None:
    """A plan: what is needed, in words, then the tables behind it."""
    tongue = lang.value
    demand = plan.demand
    title = say(
        "title", tongue, subjects=whole(demand.subjects, tongue),
        fingers=number(demand.fingers, tongue), searches=whole(demand.searches_per_day, tongue),
    )  # fmt: skip
    _rows(out, title, _needs(plan, tongue), tongue)
    for sentence in explain(plan, tongue):
        out.print(sentence)
    out.print("")
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
        value = f"{now[name]:g}" + ("" if now[name] == default else f" ({default:g})")
        add_row(made, name, value, unit, why)
    out.print(made)


def _rows(out: Output, title: str, rows: list[tuple[str, str]], tongue: str) -> None:
    titles = (say("what", tongue), say("amount", tongue))
    made = table(title, *titles, right=titles[1:])
    for key, value in rows:
        add_row(made, say(key, tongue), value)
    out.print(made)


def _needs(plan: Plan, tongue: str) -> list[tuple[str, str]]:
    cores = plan.nodes.map(lambda one: one * plan.assumptions.node_cores)
    return [
        ("nodes", span(plan.nodes, whole, tongue)),
        ("cores", span(cores, whole, tongue)),
        ("shards", whole(plan.shards, tongue)),
        ("subjects-a-shard", number(plan.demand.subjects / plan.shards, tongue)),
        ("memory-a-node", size(plan.resident_a_node, tongue)),
        ("memory", size(plan.resident, tongue)),
        ("disk-a-node", size(plan.disk_a_node, tongue)),
        ("disk", size(plan.disk, tongue)),
        ("peak-a-second", number(plan.peak_a_second, tongue)),
        ("busy", _per_cent(plan.busy, tongue)),
        ("alone", span(plan.alone, duration, tongue)),
        ("p50", span(plan.p50, duration, tongue)),
        ("p99", span(plan.p99, duration, tongue)),
        ("threshold", number(plan.threshold, tongue, 4)),
        ("chance-a-day", number(plan.chance_a_day, tongue)),
        ("load", duration(plan.load_h * 3600, tongue)),
    ]


def _sweep(plan: Plan, tongue: str) -> list[tuple[str, str]]:
    sweep = plan.sweep

    def days(value: Range) -> str:
        return span(value.map(lambda one: one * 86400), duration, tongue)

    return [
        ("sweep-pairs", f"{sweep.pairs:.1e}"),
        ("sweep-core-years", span(sweep.core_years, number, tongue)),
        ("sweep-alone", days(sweep.days_alone)),
        ("sweep-beside", days(sweep.days_beside)),
        ("sweep-night", span(sweep.night_hours.map(lambda one: one * 3600), duration, tongue)),
        ("sweep-chance", number(sweep.chance_pairs, tongue)),
    ]


def _failure(plan: Plan, tongue: str) -> list[tuple[str, str]]:
    failure = plan.failure
    recovery = span(failure.recovery_hours.map(lambda one: one * 3600), duration, tongue)
    return [
        ("failure-partners", whole(failure.partners, tongue)),
        ("failure-busiest", f"{100 * failure.busiest:.0f} %"),
        ("p50", duration(failure.answers.p50, tongue)),
        ("p99", duration(failure.answers.p99, tongue)),
        ("failure-delayed", number(failure.delayed, tongue)),
        ("failure-recovery", recovery),
        ("failure-year", number(failure.failures_a_year, tongue)),
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
        add_row(
            made, say(f"basis-{one.what}", tongue), whole(one.measured, tongue),
            number(one.planned, tongue, 3), number(one.times, tongue),
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


def _per_cent(value: Range, tongue: str) -> str:
    return span(value.map(lambda one: 100 * one), lambda one, _: f"{one:.0f} %", tongue)
