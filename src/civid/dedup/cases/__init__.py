"""Cases (vụ việc trùng): people decide what the machine must not; all can be undone."""

from civid.dedup.cases.case_file import (
    Answer,
    CandidateFile,
    Capture,
    CaseEvent,
    CaseFile,
    CaseState,
    CaseSummary,
    Document,
    HouseholdLine,
    Party,
    RulingSeen,
    TakenUp,
)
from civid.dedup.cases.desk import CaseDesk
from civid.dedup.cases.measures import Measures, Share
from civid.dedup.cases.ruling import Reason, Ruling, Statement

__all__ = [
    "Answer", "CandidateFile", "Capture", "CaseDesk", "CaseEvent", "CaseFile", "CaseState",
    "CaseSummary", "Document", "HouseholdLine", "Measures", "Party", "Reason", "Ruling",
    "RulingSeen", "Share", "Statement", "TakenUp",
]  # fmt: skip
