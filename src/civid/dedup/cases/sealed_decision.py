"""A decision as it is sealed in a case, and back."""

from __future__ import annotations

from typing import Any

from civid.dedup.decision import (
    CandidateEvidence,
    FieldEvidence,
    FingerEvidence,
    Outcome,
    PrintEvidence,
    Thresholds,
    Verdict,
)
from civid.position import Position


def candidate_of(data: dict[str, Any]) -> CandidateEvidence:
    """Evidence as `CandidateEvidence.to_dict` wrote it, rounded as it was there."""
    prints = data["prints"]
    return CandidateEvidence(
        data["reference"], Outcome(data["outcome"]), Verdict(data["verdict"]), data["decibans"],
        data["data"],
        tuple(FieldEvidence(one["field"], one["level"], one["decibans"]) for one in data["fields"]),
        PrintEvidence(
            prints["decibans"], prints["score"],
            tuple(
                FingerEvidence(
                    Position(one["position"]), Position(one["other"]), one["score"],
                    one["decibans"], one["poor"],
                )
                for one in prints["fingers"]
            ),
            prints["swapped"], prints["extrapolated"],
        ),
        tuple(data["found_by"]),
    )  # fmt: skip


def thresholds_of(data: dict[str, Any]) -> Thresholds:
    """The limits as `Thresholds.to_dict` wrote them."""
    return Thresholds(data["unique"], data["duplicate"])
