"""Every pair of galleries that looks like one person, while they are being found."""

from __future__ import annotations

from collections.abc import Iterator

from civid.search.backend import Backend, Progress
from civid.search.evidence import evidence
from civid.search.parts import View
from civid.search.results import Duplicate
from civid.search.rules import LABELLED, Rules


def duplicates(
    view: View,
    other: View,
    backend: Backend,
    *,
    min_score: float,
    threads: int,
    on_progress: Progress | None,
    rules: Rules = LABELLED,
    start: int = 0,
) -> Iterator[tuple[int, list[Duplicate]]]:
    """By blocks of subjects, in order of enrolment: the slot that is next, and what was found."""
    for following, hits in backend.pairs(
        view, other, min_score=min_score, threads=threads, on_progress=on_progress, rules=rules,
        start=start,
    ):  # fmt: skip
        yield following, [
            Duplicate(
                view.id(subject),
                other.id(reference),
                score,
                evidence(view, subject, other, reference, rules),
            )
            for subject, reference, score, _ in hits.tolist()
        ]
