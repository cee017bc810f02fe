"""What a search answers with. Subject ids are citizens' numbers: no repr shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from civid.position import Position
from civid.search import operating_point


@dataclass(frozen=True, slots=True)
class FingerEvidence:
    """One of the comparisons that a fused score is made of.

    Parameters
    ----------
    probe_position, reference_position : Position
        How the finger is labelled on either side. They differ where one is UNKNOWN, and in a search
        for swapped fingers.
    score : float
        Of this comparison alone, -10 log10 of the false match rate.
    pairs : int
        How many minutiae were paired.
    compared : int
        An unknown finger is compared with several and the best counts, less 10 log10(compared);
        1 otherwise.
    minutiae : (pairs, 2) int64, or None
        The paired minutiae: index into the probe's, index into the reference's. Only on request,
        and never part of a comparison of two results.
    """

    probe_position: Position
    reference_position: Position
    score: float
    pairs: int
    compared: int
    minutiae: npt.NDArray[np.int64] | None = field(default=None, compare=False, repr=False)

    @property
    def swapped(self) -> bool:
        """Is one of the two labels wrong, if this is the same finger?"""
        known = Position.UNKNOWN not in (self.probe_position, self.reference_position)
        return known and self.probe_position != self.reference_position


Evidence = tuple[FingerEvidence, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """A subject found by a search.

    Parameters
    ----------
    subject_id : str
        As it was enrolled.
    score : float
        Fused over the fingers: -10 log10 of the false match rate.
    evidence : tuple of FingerEvidence
        By the probe's position, an unknown finger that had a choice last.
    searched : int
        How many subjects the gallery had: the probe was looked for among them.
    """

    subject_id: str
    score: float
    evidence: Evidence
    searched: int = 1

    @property
    def fpir(self) -> float:
        """Chance that a search of this gallery for somebody not in it finds a score this good.

        An estimate as good as the scores' calibration, which is extrapolated beyond some 40
        (``docs/explain/score.md``); below 1e-323 it is 0.
        """
        return operating_point.fpir(self.score, self.searched)

    @property
    def swapped(self) -> bool:
        """Were fingers of different labels found to be the same?"""
        return any(term.swapped for term in self.evidence)

    @property
    def fingers(self) -> int:
        """How many fingers the score rests on."""
        return len(self.evidence)

    def __repr__(self) -> str:
        return f"Candidate(score={self.score:.2f}, fingers={self.fingers})"


@dataclass(frozen=True, slots=True, repr=False)
class Duplicate:
    """Two subjects of a gallery that look like one person; unpacks to its four parts.

    Parameters
    ----------
    subject, other : str
        Their ids; `subject` was enrolled first.
    score : float
        Fused over the fingers: -10 log10 of the false match rate.
    evidence : tuple of FingerEvidence
        `subject` is the probe in it.
    """

    subject: str
    other: str
    score: float
    evidence: Evidence

    @property
    def swapped(self) -> bool:
        """Were fingers of different labels found to be the same?"""
        return any(term.swapped for term in self.evidence)

    def __iter__(self) -> Iterator[object]:
        yield from (self.subject, self.other, self.score, self.evidence)

    def __repr__(self) -> str:
        return f"Duplicate(score={self.score:.2f}, fingers={len(self.evidence)})"
