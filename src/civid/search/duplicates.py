"""What a backend found, as results."""

from __future__ import annotations

from collections.abc import Iterator

from civid.search.arrays.parts import View
from civid.search.backends.base import Candidates
from civid.search.backends.rules import Rules
from civid.search.evidence import evidence
from civid.search.results import Duplicate


def duplicates(view: View, references: View, hits: Candidates, rules: Rules) -> Iterator[Duplicate]:
    """Pairs with their evidence, in the order in which they come."""
    for subject, reference, score, _ in hits.tolist():
        yield Duplicate(
            view.id(subject),
            references.id(reference),
            score,
            evidence(view, subject, references, reference, rules),
        )
