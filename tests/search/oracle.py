"""The search, once more and slowly: plain Python over civid.fingerprint.compare."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping

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


def swapped_score(probe: Fingers, reference: Fingers) -> float | None:
    """The score of sets whose labels may be wrong: the best of all ways, each less its price.

    Tries every assignment one by one; keep the sets small.
    """
    mine, theirs = _known(probe), _known(reference)
    if not mine or not theirs:
        return None
    ways: list[float] = []
    for price, labels in _relabellings(set(mine), set(theirs)):
        renamed = {labels[position]: one for position, one in theirs.items()}
        value = score(mine, renamed) if renamed else None
        if value is not None:
            ways.append(value - price)
    few, many = sorted((list(mine.values()), list(theirs.values())), key=len)
    table = [[compare(a, b).score for b in many] for a in few]
    choices = list(itertools.permutations(range(len(many)), len(few)))
    best = max(fuse([table[i][j] for i, j in enumerate(choice)]) for choice in choices)
    ways.append(best - 10 - 10 * math.log10(len(choices)))
    return max(*ways, 0.0)


def _relabellings(
    mine: set[Position], theirs: set[Position]
) -> Iterator[tuple[float, dict[Position, Position]]]:
    same = {position: position for position in Position}
    yield 1.0, same
    right, left = list(Position)[1:6], list(Position)[6:]
    hands = dict(zip(right + left, left + right, strict=True))
    yield 13.0, same | hands
    slap = dict(zip(right + left, left[:1] + left[:0:-1] + right[:1] + right[:0:-1], strict=True))
    yield 16.0, same | slap
    exchanges = [
        (a, b)
        for a, b in itertools.combinations(right + left, 2)
        if (a in mine and b in theirs) or (b in mine and a in theirs)
    ]
    for a, b in exchanges:
        yield 16 + 10 * math.log10(len(exchanges)), same | {a: b, b: a}


def decided_score(
    probe: Fingers, reference: Fingers, hopeless: float, decided: float
) -> tuple[float, int] | None:
    """Score and number of terms where two fingers may be enough."""
    mine, theirs = _known(probe), _known(reference)
    both = sorted((mine.keys() & theirs.keys()) - {Position.UNKNOWN})
    # Prepared templates come in steps of eight minutiae; Python's sort keeps the lower position.
    best = sorted(both, key=lambda p: -((min(len(mine[p]), len(theirs[p])) + 7) // 8))[:2]
    if len(best) == 2:
        value = fuse([compare(mine[p], theirs[p]).score for p in sorted(best)])
        if value <= hopeless or value >= decided:
            return value, 2
    every = score(probe, reference)
    return None if every is None else (every, len(terms(probe, reference)))


def search(
    probe: Fingers, gallery: Mapping[str, Fingers], *, swapped: bool = False
) -> list[tuple[str, float]]:
    """Every candidate, best first, in order of enrolment among equals."""
    rate = swapped_score if swapped else score
    found = [(name, rate(probe, fingers)) for name, fingers in gallery.items()]
    return sorted(
        ((name, value) for name, value in found if value is not None), key=lambda item: -item[1]
    )


def _known(fingers: Fingers) -> dict[Position, Template]:
    known = {Position.UNKNOWN: fingers} if isinstance(fingers, Template) else dict(fingers)
    return {position: one for position, one in known.items() if len(one)}
