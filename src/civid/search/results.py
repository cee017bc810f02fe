"""What a search answers with. Subject ids are citizens' numbers: no repr shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civid.position import Position


@dataclass(frozen=True, slots=True)
class FingerEvidence:
    """One of the comparisons that a fused score is made of.

    Parameters
    ----------
    probe_position, reference_position : Position
        Which finger of either side; they differ only where one is UNKNOWN.
    score : float
        Of this comparison alone, -10 log10 of the false match rate.
    pairs : int
        How many minutiae were paired.
    compared : int
        An unknown finger is compared with several and the best counts, less 10 log10(compared);
        1 otherwise.
    """

    probe_position: Position
    reference_position: Position
    score: float
    pairs: int
    compared: int


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
        Known positions ascending, an unknown finger last.
    """

    subject_id: str
    score: float
    evidence: Evidence

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

    def __iter__(self) -> Iterator[object]:
        yield from (self.subject, self.other, self.score, self.evidence)

    def __repr__(self) -> str:
        return f"Duplicate(score={self.score:.2f}, fingers={len(self.evidence)})"
