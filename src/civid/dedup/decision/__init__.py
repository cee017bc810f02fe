"""Decisions (kết luận trùng): names, numbers and prints weighed in one unit against one policy."""

from civid.dedup.decision.decision import CandidateEvidence, Decision, Outcome, Verdict
from civid.dedup.decision.deduplicator import Deduplicator
from civid.dedup.decision.em import Estimate, estimate
from civid.dedup.decision.evidence import FieldEvidence, FingerEvidence, PrintEvidence
from civid.dedup.decision.policy import Policy, Thresholds
from civid.dedup.decision.question import Enrolment
from civid.dedup.decision.record import Record
from civid.dedup.decision.weights import Weights

__all__ = [
    "CandidateEvidence", "Decision", "Deduplicator", "Enrolment", "Estimate", "FieldEvidence",
    "FingerEvidence", "Outcome", "Policy", "PrintEvidence", "Record", "Thresholds", "Verdict",
    "Weights", "estimate",
]  # fmt: skip
