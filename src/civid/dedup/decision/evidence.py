"""Evidence (chứng cứ) in decibans: 10 log10 of the likelihood ratio.

+10 = ten times as likely if both are one person than if they are two; 0 = says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Any

from civid.position import Position


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """What one field says of two records. It holds no value of the field.

    Attributes
    ----------
    field : str
        As in `Record`.
    level : str
        How the two agree, one of `civid.dedup.decision.levels.LEVELS`; ``missing`` if one is empty.
    decibans : float
        As it counts, that is after what the family has in common was cut down.
    """

    field: str
    level: str
    decibans: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "field": self.field,
            "level": self.level,
            "decibans": round(self.decibans, 2),
        }


@dataclass(frozen=True, slots=True)
class FingerEvidence:
    """What one finger says.

    Attributes
    ----------
    position, other : Position
        Label in the enrolment and in the register; they differ where hands or fingers were mixed.
    score : float
        -10 log10 of the false match rate of this comparison.
    decibans : float
        Of this finger alone; 0 for a poor print.
    poor : bool
        Whether one of the two prints is too poor to prove anything.
    """

    position: Position
    other: Position
    score: float
    decibans: float
    poor: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "position": int(self.position), "other": int(self.other),
            "score": round(self.score, 2), "decibans": round(self.decibans, 2), "poor": self.poor,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintEvidence:
    """What the prints say together.

    Attributes
    ----------
    decibans : float
        0 where nothing could be compared.
    score : float
        Fused over the good fingers; the best of poor ones where there is no good one.
    fingers : tuple of FingerEvidence
        One a compared finger.
    swapped : bool
        Whether the labels had to be exchanged for it.
    extrapolated : bool
        Whether the score lies beyond what was measured (``docs/explain/decision.md``).
    """

    decibans: float = 0.0
    score: float = 0.0
    fingers: tuple[FingerEvidence, ...] = ()
    swapped: bool = False
    extrapolated: bool = False

    @property
    def good(self) -> int:
        """How many fingers can prove something."""
        return sum(not one.poor for one in self.fingers)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "decibans": round(self.decibans, 2), "score": round(self.score, 2),
            "swapped": self.swapped, "extrapolated": self.extrapolated,
            "fingers": [one.to_dict() for one in self.fingers],
        }  # fmt: skip


def despite(decibans: float, share: float) -> float:
    """Evidence when in a share of cases of one person the data are somebody else's.

    A second identity has another name throughout; a wrong finger was taken. So no contradiction can
    weigh more than this happens: never less than 10 log10(share).

    >>> round(despite(-80.0, 0.05), 1), round(despite(40.0, 0.05), 1)
    (-13.0, 39.8)
    """
    if decibans > 300:  # 10^30: the share does not show
        return decibans + 10 * log10(1 - share)
    return 10 * log10((1 - share) * 10 ** (decibans / 10) + share)
