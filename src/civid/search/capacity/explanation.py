"""A plan in words: what binds it, what a search meets, what may go wrong, what it rests on."""

from __future__ import annotations

from civid.search.capacity.result import Plan
from civid.search.capacity.words import duration, number, say, size, span, whole

#: From so many times beyond what was measured a plan says so.
FAR = 2.0


def explain(plan: Plan, language: str = "en") -> tuple[str, ...]:
    """Sentences for the people who decide, in ``"en"`` or ``"vi"``.

    >>> from civid.search.capacity import plan
    >>> explain(plan(1e6, 2, 3_000, years=0))[0][:40]
    '2 nodes because every shard has so many '
    """
    found = [_bound(plan, language), _time(plan, language)]
    if plan.demand.enrolments_per_day:
        night = span(plan.sweep.night_hours.map(lambda one: one * 3600), duration, language)
        enrolments = whole(plan.demand.enrolments_per_day, language)
        found.append(say("daily", language, enrolments=enrolments, night=night))
    found += [_sweep(plan, language), *_failure(plan, language)]
    far = [one for one in plan.basis if one.times >= FAR and one.what != "scatter"]
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
    return say(
        f"bound-{plan.bound_by}", language,
        nodes=span(plan.nodes, whole, language),
        copies=number(plan.assumptions.replicas, language),
        people=whole(plan.demand.subjects, language),
        memory=size(plan.resident, language),
        rate=number(plan.peak_a_second, language),
        cpu=duration(plan.cpu_a_search, language),
        starved=number(plan.starved, language),
        other=number(other, language),
    )  # fmt: skip


def _time(plan: Plan, language: str) -> str:
    key = "too-late"
    if plan.in_time:
        key = "in-time-whole" if plan.shards == 1 else "in-time"
    return say(
        key, language,
        shards=whole(plan.shards, language),
        threads=say("one-thread" if plan.threads == 1 else "many-threads", language,
                    threads=number(plan.threads, language)),
        p99=span(plan.p99, duration, language),
        wanted=duration(plan.assumptions.most_seconds, language),
    )  # fmt: skip


def _sweep(plan: Plan, language: str) -> str:
    sweep, day = plan.sweep, 86400.0
    return say(
        "sweep", language,
        pairs=f"{sweep.pairs:.1e}",
        core_years=span(sweep.core_years.map(lambda one: one * 365.25 * day), duration, language),
        alone=span(sweep.days_alone.map(lambda one: one * day), duration, language),
        beside=span(sweep.days_beside.map(lambda one: one * day), duration, language),
    )  # fmt: skip


def _failure(plan: Plan, language: str) -> list[str]:
    failure = plan.failure
    recovery = span(failure.recovery_hours.map(lambda one: one * 3600), duration, language)
    if failure.incomplete:
        failures = number(failure.failures_a_year, language)
        return [say("failure-no-copy", language, recovery=recovery, failures=failures)]
    found = [
        say(
            "failure", language,
            delayed=number(failure.delayed, language),
            detection=duration(plan.assumptions.detection_s, language),
            partners=say(
                "one-partner" if failure.partners == 1 else "many-partners",
                language,
                partners=number(failure.partners, language),
            ),
            busiest=f"{100 * failure.busiest:.0f} %",
            p99=duration(failure.answers.p99, language),
            recovery=recovery,
        )
    ]  # fmt: skip
    if not failure.spare:
        wait = duration(plan.assumptions.replacement_hours * 3600, language)
        found.append(say("failure-no-room", language, wait=wait))
    return found
