"""What a run of ``civid dedup`` found, as values, JSON and CSV."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from civid.dedup.evidence import fingers_as_json
from civid.dedup.folder.enrolling import EnrolmentReport
from civid.dedup.folder.grouping import Enrolment, Skipped, skips_as_json
from civid.dedup.truth import DuplicateReport, Pair, judge, linked, ordered
from civid.spreadsheets import write_rows

if TYPE_CHECKING:
    from civid.search import Duplicate


@dataclass(slots=True)
class DedupReport:
    """Everything that the report says."""

    folder: Path
    enrolments: list[Enrolment]  #: in the folder
    absent: set[str]  #: those of them that could not be enrolled
    subjects: int  #: in the gallery, which may hold more
    filling: EnrolmentReport
    max_fpir: float | None
    min_score: float
    method: str  #: how they were compared: "exact", "cascade" or "index"
    duplicates: list[Duplicate]  #: best first
    skipped: list[Skipped] = field(default_factory=list)
    extraction_seconds: float = 0.0
    comparison_seconds: float = 0.0
    truth: DuplicateReport | None = None
    missed_scores: dict[Pair, float | None] = field(default_factory=dict)
    pictures: list[Path] = field(default_factory=list)

    @property
    def comparisons(self) -> int:
        """How many pairs of subjects were compared."""
        return self.subjects * (self.subjects - 1) // 2

    @property
    def groups(self) -> list[list[str]]:
        """Subjects that are linked by duplicates, directly or through others; largest first."""
        return linked((one.subject, one.other) for one in self.duplicates)

    def judged(self) -> DuplicateReport:
        """Hold the duplicates against what the file names say.

        Enrolments that failed count: their pairs are missed.
        """
        known = {one.subject: one.identity for one in self.enrolments if one.identity is not None}
        return judge(known, [(one.subject, one.other) for one in self.duplicates])


def verdicts(outcome: DedupReport) -> list[str]:
    """For each duplicate: right, false, or empty where nobody knows."""
    if outcome.truth is None:
        return [""] * len(outcome.duplicates)
    found, false = set(outcome.truth.found), set(outcome.truth.false)
    pairs = [ordered(one.subject, one.other) for one in outcome.duplicates]
    return ["right" if pair in found else "false" if pair in false else "" for pair in pairs]


def as_json_document(outcome: DedupReport) -> dict[str, object]:
    """The document of ``--json``."""
    files = {one.subject: [str(path) for path in one.files.values()] for one in outcome.enrolments}
    document: dict[str, object] = {
        "folder": str(outcome.folder),
        "enrolments": len(outcome.enrolments),
        "not_enrolled": sorted(outcome.absent),
        "subjects": outcome.subjects,
        "prints_extracted": outcome.filling.prints,
        "extractors": dict(outcome.filling.extractors),
        "subjects_reused": outcome.filling.reused,
        "comparisons": outcome.comparisons,
        "method": outcome.method,
        "max_fpir": outcome.max_fpir,
        "min_score": round(outcome.min_score, 3),
        "extraction_seconds": round(outcome.extraction_seconds, 3),
        "comparison_seconds": round(outcome.comparison_seconds, 3),
        "duplicates": [
            {
                "a": one.subject,
                "b": one.other,
                "score": round(float(one.score), 3),
                "files_a": files.get(one.subject, []),
                "files_b": files.get(one.other, []),
                "fingers": fingers_as_json(one.evidence, "a", "b"),
                "truth": verdict or None,
            }
            for one, verdict in zip(outcome.duplicates, verdicts(outcome), strict=True)
        ],
        "groups": outcome.groups,
        "skipped": skips_as_json(outcome.skipped),
        "pictures": [str(path) for path in outcome.pictures],
    }
    if outcome.truth is not None:
        document["truth"] = outcome.truth.as_dict() | {
            "missed_scores": [
                {"a": a, "b": b, "score": None if score is None else round(score, 3)}
                for (a, b), score in outcome.missed_scores.items()
            ]
        }
    return document


def as_csv(outcome: DedupReport) -> str:
    """One line a duplicate, best first."""
    text = io.StringIO()
    rows = [("a", "b", "score", "fingers", "truth")] + [
        (one.subject, one.other, f"{one.score:.3f}", str(len(one.evidence)), verdict)
        for one, verdict in zip(outcome.duplicates, verdicts(outcome), strict=True)
    ]
    write_rows(text, rows, line_end="\n")
    return text.getvalue()
