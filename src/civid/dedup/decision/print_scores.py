"""Scores of prints in decibans: measured as far as it could be, then with a discount.

A score is -10 log10 of the false match rate. What it proves depends also on how often the *same*
finger scores so. ``benchmarks/dedup/mated_scores.py`` measured both: the knots below are its
intervals, qualities pooled and rounded towards 0. ``docs/explain/decision.md`` has the table.
"""

from __future__ import annotations

from bisect import bisect_right

from civid.dedup.decision.evidence import despite
from civid.dedup.decision.policy import Policy

#: Up to this score impostors were counted (``docs/explain/score.md``).
MEASURED = 40.0

Knots = tuple[tuple[float, float], ...]
#: One finger: 5,674 mated pairs of 446 fingers.
ONE: Knots = (
    (0, -23), (7.5, -17), (12.5, -13), (17.5, -7), (25, 0), (30, 6), (35, 12), (40, 17),
)  # fmt: skip
#: Two fingers, fused: 840 mated pairs of six people; none scored below 60, so that what stands
#: below is what half a count in each interval allows.
TWO: Knots = ((0, -30), (7.5, -25), (12.5, -20), (17.5, -15), (25, -11), (35, -2), (40, 1))
#: More fingers score higher when they are the same, so that a given fused score says less: chosen,
#: not measured, for each finger beyond two.
_EACH_MORE = -3.0


def decibans(score: float, fingers: int, policy: Policy) -> float:
    """What a fused score of so many good fingers proves; 0 for none. Grows with the score.

    >>> from civid.dedup.decision.policy import Policy
    >>> [round(decibans(s, 2, Policy())) for s in (0, 40, 90, 300)]
    [-22, 1, 41, 120]
    """
    if fingers < 1:
        return 0.0
    knots = ONE if fingers == 1 else TWO
    more = _EACH_MORE * max(0, fingers - 2)
    said = _between(knots, score) + more + policy.trust * max(0.0, score - MEASURED)
    return min(policy.most, despite(said, policy.wrong_prints))


def _between(knots: Knots, score: float) -> float:
    at = bisect_right(knots, (score, float("inf")))
    if at == 0:
        return knots[0][1]
    if at == len(knots):
        return knots[-1][1]
    (low, first), (high, last) = knots[at - 1], knots[at]
    return first + (last - first) * (score - low) / (high - low)
