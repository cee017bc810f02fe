"""Scores finger by finger and probabilities, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from civid.fingerprint.scores.odds import MEASURED_TO
from civid.position import Position

if TYPE_CHECKING:
    from civid.search import FingerEvidence

#: Below tables with chances in them.
EXTRAPOLATED = f"scores are measured up to {MEASURED_TO:g}; what they say beyond is extrapolated"

# Rarer than that nobody has measured; see docs/explain/score.md.
_RAREST = 1e-9
# More fingers would make a table that nobody reads.
_NAMED = 4


def chance(rate: float) -> str:
    """A probability as people say it, to two digits.

    >>> chance(2.004e-5), chance(0.4), chance(0.8), chance(0)
    ('1 in 50,000', '1 in 2.5', 'likely', '< 1 in 1 billion')
    """
    if rate > 0.5:
        return "likely"
    if rate < _RAREST:
        return "< 1 in 1 billion"
    rounded = float(f"{1 / rate:.2g}")
    return f"1 in {rounded:,.0f}" if rounded >= 10 else f"1 in {rounded:g}"


def fingers_in_words(evidence: Iterable[FingerEvidence]) -> str:
    """Which fingers were compared; where the two labels differ, both. Many are only counted."""
    same = list[str]()
    others = list[str]()
    for finger in evidence:
        probe, reference = name(finger.probe_position), name(finger.reference_position)
        if probe == reference:
            same.append(probe)
        else:
            others.append(f"{probe} -> {reference}" + (" (swapped)" if finger.swapped else ""))
    if len(same) > _NAMED:
        same = [f"{len(same)} fingers"]
    return ", ".join(same + others)


def name(position: Position) -> str:
    """As ``--position`` takes it.

    >>> name(Position.RIGHT_INDEX)
    'right-index'
    """
    return position.name.lower().replace("_", "-")
