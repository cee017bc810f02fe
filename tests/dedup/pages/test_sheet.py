"""What the page says of fingers: a poor print proves nothing, but two that are alike are told."""

from __future__ import annotations

from civid.dedup.cases.case_file import CandidateFile, Party
from civid.dedup.decision import (
    CandidateEvidence,
    FingerEvidence,
    Outcome,
    PrintEvidence,
    Verdict,
)
from civid.dedup.pages.sheet import finger_rows
from civid.position import Position

RIGHT, LEFT = Position.RIGHT_INDEX, Position.LEFT_INDEX


def rows(*fingers: FingerEvidence) -> list[tuple[bool, str]]:
    evidence = CandidateEvidence(
        "p", Outcome.ADJUDICATE, Verdict.ADJUDICATE, 0.0, 0.0, (),
        PrintEvidence(fingers=fingers), ("prints",),
    )  # fmt: skip
    file = CandidateFile(Party("p", False, "46", {}), evidence)
    return [(one.poor, one.strength.name) for one in finger_rows(file, [RIGHT, LEFT], "en")]


def test_a_poor_finger_that_is_alike_speaks_and_another_is_silent() -> None:
    alike = FingerEvidence(LEFT, LEFT, 35.0, 0.0, poor=True)
    unlike = FingerEvidence(LEFT, LEFT, 8.0, 0.0, poor=True)
    against = FingerEvidence(RIGHT, RIGHT, 2.0, -19.0)
    assert rows(against, alike) == [(False, "against1"), (True, "for1")]
    assert rows(against, unlike) == [(False, "against1"), (True, "none")]


def test_a_finger_that_was_not_compared_says_nothing() -> None:
    assert rows() == [(False, "none"), (False, "none")]
