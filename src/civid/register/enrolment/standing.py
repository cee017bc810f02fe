"""What a station sees of the enrolment that it works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from civid.fingerprint.gate import Verdict
from civid.fingerprint.reasons import Reason
from civid.people.findings import Finding
from civid.position import Position
from civid.register.cases.case import CaseKind
from civid.register.enrolment.choice import FrameStanding
from civid.register.enrolment.frames import Frame
from civid.register.enrolment.plan import CounterStep, Plan
from civid.register.enrolment.prints_taken import Print
from civid.register.identity.dossier import Dossier
from civid.register.population.person import Person


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """Where an enrolment stands.

    Attributes
    ----------
    dossier : Dossier
        The dossier, with the steps that are left.
    plan : Plan
        That of this dossier.
    frames : tuple of FrameStanding
        All thirteen, in order.
    contested : int
        How often another station tried to open a dossier for this person, or took this one up.
    """

    dossier: Dossier
    plan: Plan
    frames: tuple[FrameStanding, ...]
    contested: int

    @property
    def step(self) -> CounterStep | None:
        """What is to be done now; None = nothing is left at the counter."""
        return CounterStep(self.dossier.todo[0]) if self.dossier.todo else None

    @property
    def blocked(self) -> bool:
        """Whether a correction has to be decided first."""
        return CaseKind.CORRECTION in self.dossier.waits

    @property
    def waits(self) -> bool:
        """Whether the dossier waits for a decision; what it is about is not for the counter."""
        return bool(self.dossier.waits)

    @property
    def next_frame(self) -> Frame | None:
        """The first frame that is not done."""
        return next((one.frame for one in self.frames if not one.done), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        shown = self.dossier.to_dict()
        shown["waits"] = [CaseKind.CORRECTION.value] if self.blocked else []
        return {
            "dossier": shown, "step": self.step, "blocked": self.blocked, "waits": self.waits,
            "contested": self.contested,
            "frames": [
                {"frame": one.frame.name, "attempts": one.attempts, "quality": one.quality,
                 "done": one.done, "poor": one.poor}
                for one in self.frames
            ],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Standing at {self.step or 'the end'}>"


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What the register holds of a citizen, and what is wrong with it.

    Attributes
    ----------
    person : Person
        To be shown to the citizen.
    lacking : tuple of Finding
        Without these nobody can have a card: missing, or not readable.
    doubts : tuple of Finding
        To be asked about.
    differs : tuple of str
        Fields in which the papers shown say something else.
    """

    person: Person
    lacking: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    differs: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "person": self.person.to_dict(),
            "lacking": [one.rule for one in self.lacking],
            "doubts": [one.rule for one in self.doubts],
            "differs": list(self.differs),
        }

    def __repr__(self) -> str:
        return f"<Checked: {len(self.lacking)} lacking, {len(self.doubts)} doubts>"


@dataclass(frozen=True, slots=True)
class FingerFeedback:
    """What the gate of the plan says of one finger of a capture."""

    position: Position
    verdict: Verdict

    @property
    def quality(self) -> int:
        """0 to 100."""
        return self.verdict.quality

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What is wrong with it, the gravest first."""
        return self.verdict.reasons

    def advice(self, language: str = "en") -> tuple[str, ...]:
        """What to do, the most helpful first."""
        return self.verdict.advice(language)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said at once of a capture.

    Attributes
    ----------
    frame : Frame
        Which.
    attempt : int
        From 1.
    fingers : tuple of FingerFeedback
        Each finger of it.
    done : bool
        Whether the frame is done; else it should be captured again.
    kept : bool
        Whether it is the best so far.
    quality : int
        Of the poorest finger.
    next_frame : Frame or None
        What is to be captured now.
    """

    frame: Frame
    attempt: int
    fingers: tuple[FingerFeedback, ...]
    done: bool
    kept: bool
    quality: int
    next_frame: Frame | None

    def advice(self, language: str = "en") -> tuple[str, ...]:
        """What to do, each sentence once; empty when nothing is wrong."""
        return tuple(dict.fromkeys(a for one in self.fingers for a in one.advice(language)))

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "frame": self.frame.name, "attempt": self.attempt, "done": self.done,
            "kept": self.kept, "quality": self.quality,
            "next_frame": None if self.next_frame is None else self.next_frame.name,
            "advice": list(self.advice(language)),
            "fingers": [
                {"position": int(one.position), "quality": one.quality,
                 "reasons": [reason.value for reason in one.reasons]}
                for one in self.fingers
            ],
        }  # fmt: skip


def feedback(
    prints: tuple[Print, ...], attempt: int, frame: Frame, kept: bool, after: Standing
) -> Feedback:
    """What is said of a capture that was kept."""
    gate = after.plan.gate
    fingers = tuple(FingerFeedback(one.position, gate.judge(one, attempt)) for one in prints)
    done = next(one.done for one in after.frames if one.frame == frame)
    nothing = any(Reason.NO_PRINT in one.reasons for one in prints)
    quality = 0 if nothing else min(one.quality for one in prints)
    return Feedback(frame, attempt, fingers, done, kept, quality, after.next_frame)
