"""The search, once more and slowly: plain Python over civid.fingerprint.compare."""

from __future__ import annotations

import math
from collections.abc import Mapping

from civid.fingerprint.compare import compare
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import fuse
from civid.search.fingers import Fingers

Terms = list[tuple[Position, Position, float, int]]


def terms(probe: Fingers, reference: Fingers) -> Terms:
    """(probe position, reference position, score, compared) of each term."""
    mine, theirs = _known(probe), _known(reference)
    out: Terms = []
    for position in sorted(mine.keys() & theirs.keys()):
        if position is not Position.UNKNOWN:
            score = compare(mine[position], theirs[position]).score
            out.append((position, position, score, 1))
    used = {position for position, *_ in out}
    left = [
        (compare(mine[a], theirs[b]).score, a, b)
        for a in sorted(mine)
        for b in sorted(theirs)
        if Position.UNKNOWN in (a, b) and a not in used and b not in used
    ]
    if left:
        score, a, b = max(left, key=lambda item: item[0])
        out.append((a, b, score, len(left)))
    return out


def score(probe: Fingers, reference: Fingers) -> float | None:
    """The fused score; None = nothing to compare."""
    found = terms(probe, reference)
    if not found:
        return None
    return fuse([max(value - 10 * math.log10(n), 0.0) for *_, value, n in found])


def search(probe: Fingers, gallery: Mapping[str, Fingers]) -> list[tuple[str, float]]:
    """Every candidate, best first, in order of enrolment among equals."""
    found = [(name, score(probe, fingers)) for name, fingers in gallery.items()]
    return sorted(
        ((name, value) for name, value in found if value is not None), key=lambda item: -item[1]
    )


def _known(fingers: Fingers) -> dict[Position, Template]:
    known = {Position.UNKNOWN: fingers} if isinstance(fingers, Template) else dict(fingers)
    return {position: one for position, one in known.items() if len(one)}
