"""Who should be found: the same templates in a gallery in one process, without queues or deaths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.exchange.torture.plan import Plan, Step

from civid.search import Gallery
from civid.search.operating_point import threshold

#: As requests say it: targetFPIR 30, maxResults 30.
_FPIR, _MOST = 1e-3, 30


def expected(plan: Plan, steps: Sequence[Step]) -> Iterator[tuple[str, ...]]:
    """Of each identify, in order, whom it should find among those inserted before it."""
    gallery = Gallery()
    for step in steps:
        fingers = plan.templates(step)
        if step.operation == "insert":
            gallery.enroll(step.reference, fingers)
            continue
        # One's own entry is not searched, so that it does not count for the threshold.
        least = threshold(_FPIR, len(gallery) - 1)
        found = gallery.search(fingers, _MOST + 1, min_score=least)
        others = [one.subject_id for one in found if one.subject_id != step.reference]
        yield tuple(others[:_MOST])
