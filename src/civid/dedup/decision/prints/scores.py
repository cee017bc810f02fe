"""Scores of prints in decibans: measured as far as it could be, then with a discount.

A score is -10 log10 of the false match rate. What it proves depends also on how often the *same*
finger scores so. ``benchmarks/dedup/mated_scores.py`` measured both with ``civid-comparison/2``:
the knots below are its intervals, rounded towards 0. Beyond 40 how often the same finger scores so
is measured still, and other fingers are taken by what the score states; only that half is
discounted. ``docs/explain/decision.md`` has the table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import log10, prod

from civid.dedup.decision.evidence import despite
from civid.dedup.decision.policy import Policy
from civid.fingerprint.scores.odds import MEASURED_TO

Knots = tuple[tuple[float, float], ...]
#: One finger: 5,474 mated pairs of 429 good fingers. Up to 25 those of quality 20 to 39 (1,099 of
#: 101; 12 below 20), whose low scores say least; at 35 all of them. From 50 on: share of mates a
#: decibel over that of others, in the middle of each interval, the score taken at its word. At 30
#: and 40 what lies between.
ONE: Knots = (
    (0, -27), (7.5, -22), (12.5, -12), (17.5, -5), (25, 0), (30, 5), (35, 11), (40, 16),
    (50, 27), (75, 56), (110, 95), (155, 140),
)  # fmt: skip
#: Two good fingers, fused: 127,770 pairs of two fingers of one set as if one person's (9 of them
#: below 20), which takes fingers for independent; 840 of six people agree, none below 60. Below 10
#: none was seen: the two knots there are those of ``civid-comparison/1``, not what none allows.
TWO: Knots = (
    (0, -45), (7.5, -38), (12.5, -35), (17.5, -25), (25, -20), (35, -4), (40, 1),
    (50, 13), (75, 43), (110, 84), (155, 134),
)  # fmt: skip
#: A poor finger speaks for, never against: 200 mated pairs of 17 fingers below quality 20 score low
#: in 5 of 100, but score 40 and more in 85, as hardly an impostor does. 20 at 40, where the count
#: says 23: so few fingers do not say more.
POOR: Knots = ((0, 0), (20, 0), (30, 12), (40, 20))
#: More fingers score higher when they are the same, so that a given fused score says less: chosen,
#: not measured, for each finger beyond two.
_EACH_MORE = -3.0


def decibans(score: float, fingers: int, policy: Policy) -> float:
    """What a fused score of so many good fingers proves; 0 for none. Grows with the score.

    >>> from civid.dedup.decision.policy import Policy
    >>> [round(decibans(s, 2, Policy())) for s in (0, 40, 90, 300)]
    [-33, 1, 51, 150]
    """
    if fingers < 1:
        return 0.0
    more = _EACH_MORE * max(0, fingers - 2)
    said = _between(ONE if fingers == 1 else TWO, score, policy) + more
    unlike = policy.wrong_finger**fingers + policy.wrong_person
    return min(policy.most, despite(said, min(0.5, unlike)))


def poor_decibans(scores: Sequence[float], policy: Policy) -> float:
    """What fingers prove of which none is good.

    Which of them are of any use is not known: every choice of one or more is as likely as any
    other, so the ratio is the mean of the products over all choices.

    >>> from civid.dedup.decision.policy import Policy
    >>> [round(poor_decibans(s, Policy())) for s in ([], [5.0, 12.0], [12.0, 40.0], [200.0])]
    [0, 0, 18, 30]
    >>> round(poor_decibans([34.0, 34.0], Policy()))
    26
    """
    if not scores:
        return 0.0
    choices = prod(1 + one for one in _poor_ratios(scores, policy)) - 1
    return min(policy.poor_most, max(0.0, 10 * log10(choices / (2 ** len(scores) - 1))))


def poor_beside_good(scores: Sequence[float], policy: Policy) -> float:
    """What poor fingers add to good ones that speak for somebody; perhaps none is of any use.

    >>> from civid.dedup.decision.policy import Policy
    >>> [round(poor_beside_good(s, Policy())) for s in ([], [5.0], [40.0], [200.0, 200.0])]
    [0, 0, 17, 30]
    """
    choices = prod(0.5 + one / 2 for one in _poor_ratios(scores, policy))
    return min(policy.poor_most, 10 * log10(choices))


def _poor_ratios(scores: Sequence[float], policy: Policy) -> list[float]:
    """Of each poor finger by itself, 1 at least: it never speaks against."""
    return [10 ** (min(policy.most, _between(POOR, one, policy)) / 10) for one in scores]


def _between(knots: Knots, score: float, policy: Policy) -> float:
    """Between two knots in a straight line, above the last a decibel a decibel, discounted."""
    at = bisect_right(knots, (score, float("inf")))
    if at == 0:
        said = knots[0][1]
    elif at == len(knots):
        said = knots[-1][1] + score - knots[-1][0]
    else:
        (low, first), (high, last) = knots[at - 1], knots[at]
        said = first + (last - first) * (score - low) / (high - low)
    return said - (1 - policy.trust) * max(0.0, score - MEASURED_TO)
