"""A plan in words: what binds it, what a search meets, what may go wrong, what it rests on."""

from __future__ import annotations

from civid.search.capacity.result import Plan
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

#: From so many times beyond what was measured a plan says so.
FAR = 2.0


def explain(plan: Plan, language: str = "en") -> tuple[str, ...]:
    """Sentences for the people who decide, in ``"en"`` or ``"vi"``.

    >>> from civid.search.capacity import plan
    >>> explain(plan(1e6, 2, 3_000, years=0))[0][:40]
    '2 nodes, because 2 copies of everybody h'
    """
    found = [_bound(plan, language), _time(plan, language)]
    if plan.demand.enrolments_per_day:
        night = span(plan.sweep.night_hours.map(lambda one: one * 3600), duration, language)
        enrolments = many(plan.demand.enrolments_per_day, language)
        found.append(say("daily", language, enrolments=enrolments, night=night))
    if plan.sweep.pairs:
        found.append(_sweep(plan, language))
    found += [*_failure(plan, language), *_fingers(plan, language)]
    far = [one for one in plan.basis if one.times >= FAR]
    if far:
        told = [
            say("far-one", language, what=say(f"basis-{one.what}", language),
                times=number(one.times, language))
            for one in far
        ]  # fmt: skip
        found.append(say("far", language, what=", ".join(told)))
    return tuple(found)


def _bound(plan: Plan, language: str) -> str:
    other = {
        "memory": plan.nodes_of_work,
        "work": plan.nodes_of_memory,
        "bandwidth": plan.nodes_of_memory,
    }.get(plan.bound_by, max(plan.nodes_of_memory, plan.nodes_of_work))
    alone = plan.bound_by == "replicas" and plan.assumptions.replicas == 1
    return say(
        "bound-one" if alone else f"bound-{plan.bound_by}", language,
        nodes=span(plan.nodes, whole, language),
        copies=counted("copies", plan.assumptions.replicas, language),
        people=counted("people", plan.demand.subjects, language),
        memory=size(plan.resident, language),
        rate=rate(plan.peak_a_second, language),
        cpu=duration(plan.cpu_a_search, language),
        starved=number(plan.starved, language),
        other=whole(other, language),
    )  # fmt: skip


def _time(plan: Plan, language: str) -> str:
    asking = plan.shards * (plan.scatter.shard_s + plan.assumptions.cluster_shard_s)
    wanted = plan.assumptions.most_seconds
    key = "too-late-shards" if plan.shards > 1 and 2 * asking > wanted else "too-late"
    if plan.in_time:
        key = "in-time-whole" if plan.shards == 1 else "in-time"
        if not plan.demand.searches_per_day:
            key = "no-searches"
    return say(
        key, language,
        shards=whole(plan.shards, language),
        threads=say("one-thread" if plan.threads == 1 else "many-threads", language,
                    threads=number(plan.threads, language)),
        p99=span(plan.p99, duration, language),
        alone=span(plan.alone, duration, language),
        asking=duration(asking, language),
        wanted=duration(wanted, language),
    )  # fmt: skip


def pairs_of(plan: Plan, language: str) -> str:
    """The pairs of people of a sweep, in words."""
    pairs = plan.sweep.pairs
    if pairs == 1:
        return say("pairs-one", language)
    return say("pairs-more", language, n=many(pairs, language))


def _fingers(plan: Plan, language: str) -> list[str]:
    """Whose costs stand for those of so many fingers, where they were not measured."""
    asked, numbers = plan.demand.fingers, plan.basis[0].fingers
    if numbers == (asked,):
        return []
    names = [counted("fingers", one, language) for one in numbers]
    fingers = counted("fingers", asked, language)
    if len(names) > 1:
        return [say("fingers-between", language, fingers=fingers, fewer=names[0], more=names[1])]
    return [say("fingers-other", language, fingers=fingers, other=names[0])]


def _sweep(plan: Plan, language: str) -> str:
    sweep, day = plan.sweep, 86400.0
    return say(
        "sweep", language,
        pairs=pairs_of(plan, language),
        core_years=span(sweep.core_years.map(lambda one: one * 365.25 * day), duration, language),
        alone=span(sweep.days_alone.map(lambda one: one * day), duration, language),
        beside=span(sweep.days_beside.map(lambda one: one * day), duration, language),
    )  # fmt: skip


def _failure(plan: Plan, language: str) -> list[str]:
    failure = plan.failure
    recovery = span(failure.recovery_hours.map(lambda one: one * 3600), duration, language)
    if failure.incomplete:
        failures = often(failure.failures_a_year, "year", language)
        return [say("failure-no-copy", language, recovery=recovery, failures=failures)]
    found = [
        say(
            "failure", language,
            delayed=many(failure.delayed, language),
            detection=duration(plan.assumptions.detection_s, language),
            partners=say(
                "one-partner" if failure.partners == 1 else "many-partners",
                language,
                partners=number(failure.partners, language),
                busiest=per_cent(failure.busiest, language),
            ),
            p99=duration(failure.answers.p99, language),
            recovery=recovery,
        )
    ]  # fmt: skip
    if not failure.spare:
        wait = duration(plan.assumptions.replacement_hours * 3600, language)
        found.append(say("failure-no-room", language, wait=wait))
    return found
