"""The decision: what was found, what speaks for it, and what the machine makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civid.dedup.decision.evidence import FieldEvidence, PrintEvidence
from civid.dedup.decision.policy import Thresholds


class Verdict(StrEnum):
    """Who acts."""

    UNIQUE = "unique"  #: nobody here (không trùng): the dossier goes on
    DUPLICATE = "duplicate"  #: already here (trùng): the dossier stops
    ADJUDICATE = "adjudicate"  #: people decide (chuyển cán bộ kết luận)


class Outcome(StrEnum):
    """What it is, the gravest first: that of a decision is the gravest of its candidates."""

    FINGERS_OF_TWO = "fingers-of-two"  #: one dossier with two people's fingers
    MIXED_BIOMETRICS = "mixed-biometrics"  #: an operator's or parent's finger among the person's
    SHARED_NUMBER = "shared-number"  #: two people under one number
    TWO_NUMBERS = "two-numbers"  #: one person under two numbers
    SWAPPED_HANDS = "swapped-hands"  #: one person, hands or fingers exchanged
    DUPLICATE = "duplicate"
    ADJUDICATE = "adjudicate"
    UNPROVEN = "unproven"  #: prints that can prove nothing: capture again
    TWINS = "twins"  #: names, birth and household alike, prints different
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True, repr=False)
class CandidateEvidence:
    """Somebody in the register who was compared.

    Attributes
    ----------
    reference : str
        Of the person in the register.
    outcome : Outcome
        What the two are to each other.
    verdict : Verdict
        What follows.
    decibans : float
        All evidence together.
    data : float
        That of the fields together.
    fields : tuple of FieldEvidence
        Field by field.
    prints : PrintEvidence
        Finger by finger.
    found_by : tuple of str
        What led to them: ``number``, ``name``, ``household``, ``prints``, ``swapped`` (prints with
        labels exchanged), ``one finger``, ``case``.
    """

    reference: str
    outcome: Outcome
    verdict: Verdict
    decibans: float
    data: float
    fields: tuple[FieldEvidence, ...]
    prints: PrintEvidence
    found_by: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON. There is no name and no number in it."""
        return {
            "reference": self.reference, "outcome": self.outcome.value,
            "verdict": self.verdict.value, "decibans": round(self.decibans, 2),
            "data": round(self.data, 2), "fields": [one.to_dict() for one in self.fields],
            "prints": self.prints.to_dict(), "found_by": list(self.found_by),
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<CandidateEvidence {self.outcome.value}, {self.decibans:+.1f} dB>"


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """Answer of `Deduplicator.check`.

    Attributes
    ----------
    outcome : Outcome
        The gravest of the candidates'.
    verdict : Verdict
        Who acts.
    candidates : tuple of CandidateEvidence
        Those that matter first.
    thresholds : Thresholds
        As they were for this register.
    searched : int
        People with prints.
    prints_can_prove : bool
        Whether the enrolment had one good print at least.
    policy, weights : str
        Versions.
    """

    outcome: Outcome
    verdict: Verdict
    candidates: tuple[CandidateEvidence, ...]
    thresholds: Thresholds
    searched: int
    prints_can_prove: bool
    policy: str
    weights: str

    def explanation(self, language: str = "en") -> tuple[str, ...]:
        """Why, in sentences, English (``en``) or Vietnamese (``vi``); no name or number in it."""
        from civid.dedup.decision.words import explain

        return explain(self, language)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for a case."""
        return {
            "outcome": self.outcome.value, "verdict": self.verdict.value,
            "candidates": [one.to_dict() for one in self.candidates],
            "thresholds": self.thresholds.to_dict(), "searched": self.searched,
            "prints_can_prove": self.prints_can_prove,
            "policy": self.policy, "weights": self.weights,
            "explanation": {one: list(self.explanation(one)) for one in ("en", "vi")},
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Decision {self.outcome.value}, {len(self.candidates)} candidates>"


def gravest(outcomes: list[Outcome]) -> Outcome:
    """The gravest of some outcomes; unique for none."""
    order = list(Outcome)
    return min(outcomes, key=order.index, default=Outcome.UNIQUE)
