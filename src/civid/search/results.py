"""What a search answers with. Subject ids are citizens' numbers: no repr shows them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid.position import Position
from civid.search import operating_point
from civid.search.parameters.searching import SEARCH


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
    parameters : str
        `SearchParameters.name` of what searched; no part of a comparison of two results.
    calibrated : bool
        Whether `score` is the false match rate that it states: not with other parameters of
        comparison or fusion than the defaults, nor where either template is by an extractor that
        was never measured, or by other parameters than its defaults.
    """

    probe_position: Position
    reference_position: Position
    score: float
    pairs: int
    compared: int
    minutiae: npt.NDArray[np.int64] | None = field(default=None, compare=False, repr=False)
    parameters: str = field(default=SEARCH, compare=False, repr=False)
    calibrated: bool = field(default=True, repr=False)

    @property
    def swapped(self) -> bool:
        """Is one of the two labels wrong, if this is the same finger?"""
        known = Position.UNKNOWN not in (self.probe_position, self.reference_position)
        return known and self.probe_position != self.reference_position

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; ``minutiae`` only where it was asked for.

        >>> term = FingerEvidence(Position.RIGHT_INDEX, Position.UNKNOWN, 41.5, 12, 1)
        >>> term.to_dict()["probe_position"], term.to_dict()["reference_position"]
        ('right-index', 'unknown')
        """
        made: dict[str, Any] = {
            "probe_position": self.probe_position.word,
            "reference_position": self.reference_position.word,
            "score": float(self.score),
            "pairs": int(self.pairs),
            "compared": int(self.compared),
            "swapped": self.swapped,
        }
        if self.minutiae is not None:
            made["minutiae"] = self.minutiae.tolist()
        return made


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
    parameters : str
        `SearchParameters.name` of what searched; no part of a comparison of two results.
    calibrated : bool
        Whether `score` is the false match rate that it states: each of its terms is
        (`FingerEvidence`).
    """

    subject_id: str
    score: float
    evidence: Evidence
    searched: int = 1
    parameters: str = field(default=SEARCH, compare=False)
    calibrated: bool = True

    @property
    def fpir(self) -> float:
        """Chance that a search of this gallery for somebody not in it finds a score this good.

        An estimate as good as the scores' calibration, which is extrapolated beyond some 40
        (``docs/explain/score.md``); below 1e-323 it is 0. NaN where scores are not `calibrated`:
        no threshold lets that pass.
        """
        return operating_point.fpir(self.score, self.searched) if self.calibrated else math.nan

    @property
    def swapped(self) -> bool:
        """Were fingers of different labels found to be the same?"""
        return any(term.swapped for term in self.evidence)

    @property
    def fingers(self) -> int:
        """How many fingers the score rests on."""
        return len(self.evidence)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON. It holds the id, as no repr does.

        >>> Candidate("079204000001", 90.0, (), 1000).to_dict()["searched"]
        1000
        """
        return {
            "subject_id": self.subject_id,
            "score": float(self.score),
            "fpir": self.fpir if self.calibrated else None,
            "searched": int(self.searched),
            **_how(self.parameters, self.calibrated),
            **_finger_dicts(self.evidence),
        }

    def __repr__(self) -> str:
        return f"Candidate(score={self.score:.2f}, fingers={self.fingers})"


@dataclass(frozen=True, slots=True, repr=False)
class Verification:
    """What `Gallery.verify_subject` says of one subject.

    Parameters
    ----------
    score : float
        Fused over the fingers: -10 log10 of the false match rate; 0 where no finger of the probe
        can be compared with one of the subject.
    evidence : tuple of FingerEvidence
        By the probe's position, an unknown finger that had a choice last; empty: see `score`.
    parameters, calibrated
        As of a `Candidate`.

    >>> Verification(30.0, ()).fmr
    0.001
    """

    score: float
    evidence: Evidence
    parameters: str = field(default=SEARCH, compare=False)
    calibrated: bool = True

    @property
    def fmr(self) -> float:
        """False match rate: how often somebody else's prints reach this score.

        An estimate as good as the scores' calibration, which is extrapolated beyond some 40
        (``docs/explain/score.md``). NaN where scores are not `calibrated`.
        """
        return float(10 ** (-max(self.score, 0.0) / 10)) if self.calibrated else math.nan

    @property
    def swapped(self) -> bool:
        """Were fingers of different labels found to be the same?"""
        return any(term.swapped for term in self.evidence)

    @property
    def fingers(self) -> int:
        """How many fingers the score rests on."""
        return len(self.evidence)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; whose they are is not in it.

        >>> made = Verification(30.0, ()).to_dict()
        >>> made["fmr"], made["fingers"], made["parameters"], made["calibrated"]
        (0.001, [], 'civid-search/1', True)
        """
        return {
            "score": float(self.score),
            "fmr": self.fmr if self.calibrated else None,
            **_how(self.parameters, self.calibrated),
            **_finger_dicts(self.evidence),
        }

    def __repr__(self) -> str:
        return f"Verification(score={self.score:.2f}, fingers={self.fingers})"


class Duplicate(NamedTuple):
    """Two subjects of a gallery that look like one person: a tuple of four.

    Parameters
    ----------
    subject, other : str
        Their ids; `subject` was enrolled first.
    score : float
        Fused over the fingers: -10 log10 of the false match rate.
    evidence : tuple of FingerEvidence
        `subject` is the probe in it.

    >>> subject, other, score, evidence = Duplicate("a", "b", 80.0, ())
    >>> score > 60
    True
    """

    subject: str
    other: str
    score: float
    evidence: Evidence

    @property
    def swapped(self) -> bool:
        """Were fingers of different labels found to be the same?"""
        return any(term.swapped for term in self.evidence)

    @property
    def fingers(self) -> int:
        """How many fingers the score rests on."""
        return len(self.evidence)

    @property
    def parameters(self) -> str:
        """`SearchParameters.name` of what searched."""
        return self.evidence[0].parameters if self.evidence else SEARCH

    @property
    def calibrated(self) -> bool:
        """Whether `score` is the false match rate that it states; see `FingerEvidence`."""
        return all(term.calibrated for term in self.evidence)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON. It holds the ids, as no repr does.

        >>> made = Duplicate("a", "b", 80.0, ()).to_dict()
        >>> made["subject"], made["other"], made["score"], made["calibrated"]
        ('a', 'b', 80.0, True)
        """
        return {
            "subject": self.subject,
            "other": self.other,
            "score": float(self.score),
            **_how(self.parameters, self.calibrated),
            **_finger_dicts(self.evidence),
        }

    def __repr__(self) -> str:
        return f"Duplicate(score={self.score:.2f}, fingers={len(self.evidence)})"


def _how(parameters: str, calibrated: bool) -> dict[str, Any]:
    return {"parameters": parameters, "calibrated": calibrated}


def _finger_dicts(evidence: Evidence) -> dict[str, Any]:
    return {
        "swapped": any(term.swapped for term in evidence),
        "fingers": [term.to_dict() for term in evidence],
    }
