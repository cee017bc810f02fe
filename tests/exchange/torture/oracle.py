"""Who should be found: the same templates in a gallery in one process, without queues or deaths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.exchange.torture.plan import Plan

from civid.search import Gallery
from civid.search.operating_point import threshold

#: As requests say it: targetFPIR 30, maxResults 30.
_FPIR, _MOST = 1e-3, 30


@dataclass(frozen=True)
class Seen:
    """What an identify can have seen. Brokers change the order of what they hand out again.

    Parameters
    ----------
    certain : frozenset of str
        References whose insert was answered before the identify was sent.
    possible : int
        How many inserts, from the first, were sent before it was answered.
    """

    certain: frozenset[str]
    possible: int


@dataclass(frozen=True)
class Expected:
    """Who has to be found by an identify, and who may."""

    must: frozenset[str]
    may: frozenset[str]


def expected(plan: Plan, seen: Sequence[Seen]) -> Iterator[Expected]:
    """Of each identify, in order."""
    inserts = [step for step in plan.steps if step.operation == "insert"]
    identifies = [step for step in plan.steps if step.operation == "identify"]
    gallery, there = Gallery(), 0
    for step, one in zip(identifies, seen, strict=True):
        for insert in inserts[there : one.possible]:
            gallery.enroll(insert.reference, plan.templates(insert))
        there = max(there, one.possible)
        possible = {insert.reference for insert in inserts[: one.possible]} - {step.reference}
        # One's own entry is not searched, so that it does not count for the threshold.
        fewest = threshold(_FPIR, max(1, len(one.certain - {step.reference})))
        most = threshold(_FPIR, max(1, len(possible)))
        found = gallery.search(plan.templates(step), there, min_score=fewest)
        scores = {two.subject_id: two.score for two in found if two.subject_id in possible}
        assert len(scores) <= _MOST, "more than an answer holds"
        yield Expected(
            frozenset(who for who in scores if who in one.certain and scores[who] >= most),
            frozenset(scores),
        )
