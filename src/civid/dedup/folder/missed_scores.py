"""The scores of duplicates that were missed: how far below the threshold they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import civid
from civid.dedup.truth import Pair

if TYPE_CHECKING:
    from civid.search import Gallery


def missed_scores(gallery: Gallery, missed: Iterable[Pair]) -> dict[Pair, float | None]:
    """Compare the missed pairs once more; the closest first. None: one is not in the gallery."""
    partners: defaultdict[str, list[str]] = defaultdict(list)
    scores: dict[Pair, float | None] = {}
    for a, b in missed:
        if a in gallery and b in gallery:
            partners[a].append(b)
        else:
            scores[a, b] = None
    for a, others in partners.items():
        few = civid.Gallery()
        few.enroll_many((other, gallery.get(other)) for other in others)
        scores |= dict.fromkeys(((a, other) for other in others), 0.0)
        for candidate in few.search(gallery.get(a), limit=None):
            scores[a, candidate.subject_id] = candidate.score
    return dict(sorted(scores.items(), key=_closest_first))


def _closest_first(item: tuple[Pair, float | None]) -> tuple[float, Pair]:
    pair, score = item
    return (1.0 if score is None else -score, pair)
