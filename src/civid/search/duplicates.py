"""What a backend found, as results."""

from __future__ import annotations

from collections.abc import Iterator

from civid.search.backend import Candidates
from civid.search.evidence import evidence
from civid.search.parts import View
from civid.search.results import Duplicate
from civid.search.rules import Rules


def duplicates(view: View, references: View, hits: Candidates, rules: Rules) -> Iterator[Duplicate]:
    """Pairs with their evidence, in the order in which they come."""
    for subject, reference, score, _ in hits.tolist():
        yield Duplicate(
            view.id(subject),
            references.id(reference),
            score,
            evidence(view, subject, references, reference, rules),
        )
