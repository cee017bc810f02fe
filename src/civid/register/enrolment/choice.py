"""Which captures are good enough, which print of a finger is best, and which look exchanged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from civid.fingerprint.compare import compare
from civid.fingerprint.gate import rank
from civid.position import Position
from civid.register.enrolment.frames import FRAMES, Frame
from civid.register.enrolment.plan import Plan
from civid.register.enrolment.prints_taken import Note, Print

#: Scores are -10 log10 of the false match rate: one in ten thousand.
_SAME, _OTHER = 40.0, 20.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One capture of a frame, as it is noted."""

    frame: str
    number: int
    kept: bool
    notes: tuple[Note, ...]

    def quality(self, missing: Collection[int]) -> int:
        """That of its poorest finger, as `civid.fingerprint.gate.rank` has it."""
        return min((rank(one.quality, one.reasons) for one in self.counted(missing)), default=0)

    def counted(self, missing: Collection[int]) -> tuple[Note, ...]:
        """The fingers of it that are not missing."""
        return tuple(one for one in self.notes if one.position not in missing)


@dataclass(frozen=True, slots=True)
class FrameStanding:
    """Where a frame stands.

    Attributes
    ----------
    frame : Frame
        Which.
    attempts : int
        How often it was captured.
    quality : int or None
        Of the capture that is kept; None = there is none.
    done : bool
        Good enough, captured often enough, or without a finger to capture.
    poor : bool
        Taken although it is not good.
    """

    frame: Frame
    attempts: int
    quality: int | None
    done: bool
    poor: bool


def standing(
    attempts: Sequence[Attempt], missing: Collection[int], plan: Plan
) -> tuple[FrameStanding, ...]:
    """Every frame in order, judged by the captures so far."""
    found = []
    for frame in FRAMES:
        own = [one for one in attempts if one.frame == frame.name]
        kept = next((one for one in own if one.kept), None)
        quality = None if kept is None else kept.quality(missing)
        if not frame.wanted(missing):
            found.append(FrameStanding(frame, len(own), None, True, False))
            continue
        notes = () if kept is None else kept.counted(missing)
        verdicts = [plan.gate.judge(one, attempt=len(own)) for one in notes]
        done = bool(verdicts) and all(one.accepted for one in verdicts)
        poor = done and any(one.poor for one in verdicts)
        found.append(FrameStanding(frame, len(own), quality, done, poor))
    return tuple(found)


def best(
    captures: Mapping[str, Iterable[Print]], missing: Collection[int]
) -> dict[Position, Print]:
    """The best print of each finger; a rolled one shows more and wins where both are as good."""
    chosen: dict[Position, tuple[tuple[int, bool], Print]] = {}
    for frame in FRAMES:
        for one in captures.get(frame.name, ()):
            rank = one.quality, frame.rolled
            if one.position in missing or not len(one.template):
                continue
            if one.position not in chosen or rank > chosen[one.position][0]:
                chosen[one.position] = rank, one
    return {position: chosen[position][1] for position in sorted(chosen)}


def exchanged(captures: Mapping[str, Iterable[Print]]) -> tuple[tuple[Position, Position], ...]:
    """Rolled fingers that are unlike their flat print and like that of another finger.

    The flat frames are taken for this: four fingers lie on the glass in an order that nobody gets
    wrong, and the rolled ones are checked against it (sequence check).
    """
    flat: dict[Position, Print] = {}
    rolled: dict[Position, Print] = {}
    for frame in FRAMES:
        for one in captures.get(frame.name, ()):
            (rolled if frame.rolled else flat)[one.position] = one
    found = []
    for position, one in rolled.items():
        own = flat.get(position)
        if own is None or compare(one.template, own.template).score >= _OTHER:
            continue
        for other, print_ in flat.items():
            if other != position and compare(one.template, print_.template).score >= _SAME:
                found.append((position, other))
                break
    return tuple(found)
