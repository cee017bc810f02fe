"""The scores of duplicates that were missed: how far below the threshold they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import civid
from civid.lab.duplicate_report import Pair

if TYPE_CHECKING:
    from civid.search import Gallery


def missed_scores(gallery: Gallery, missed: Iterable[Pair]) -> dict[Pair, float]:
    """Compare the missed pairs once more; the closest first."""
    partners: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in missed:
        partners[a].append(b)
    scores: dict[Pair, float] = {}
    for a, others in partners.items():
        few = civid.Gallery()
        few.enroll_many((other, gallery.get(other)) for other in others)
        scores |= dict.fromkeys(((a, other) for other in others), 0.0)
        for candidate in few.search(gallery.get(a), limit=None):
            scores[a, candidate.subject_id] = candidate.score
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
