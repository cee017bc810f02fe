"""Every pair of a gallery that looks like one person, while they are being found."""

from __future__ import annotations

from collections.abc import Iterator

from civid.search.backend import Backend, Progress
from civid.search.evidence import evidence
from civid.search.index import View
from civid.search.results import Duplicate
from civid.search.rules import LABELLED, Rules


def duplicates(
    view: View,
    backend: Backend,
    *,
    min_score: float,
    threads: int,
    on_progress: Progress | None,
    rules: Rules = LABELLED,
) -> Iterator[Duplicate]:
    """Stream the pairs in order of enrolment of their first subject, best first within it."""
    for hits in backend.pairs(
        view, min_score=min_score, threads=threads, on_progress=on_progress, rules=rules
    ):
        for hit in hits:
            subject, other = int(hit["probe"]), int(hit["reference"])
            yield Duplicate(
                view.ids[subject],
                view.ids[other],
                float(hit["score"]),
                evidence(view, subject, view, other, rules),
            )
