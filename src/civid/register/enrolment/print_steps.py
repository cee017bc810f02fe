"""The step of the prints: frames, missing fingers, and the end that puts them into the gallery."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from civid.cards.lifecycle import Role
from civid.errors import ChangedMeanwhileError, FieldError, TransitionError
from civid.position import Position
from civid.register.actor import Capability
from civid.register.codes import note as checked_note
from civid.register.enrolment import captures, duplicates
from civid.register.enrolment.choice import best, exchanged, standing
from civid.register.enrolment.counter import noted
from civid.register.enrolment.frames import FINGERS, Exceptional, Frame, MissingReason
from civid.register.enrolment.plan import CounterStep
from civid.register.enrolment.prints_taken import Print
from civid.register.enrolment.standing import Feedback, Standing, feedback
from civid.register.enrolment.steps import finish, missing_of, plan_of, view, working
from civid.register.identity import dossier_rows
from civid.register.identity.dossiers import locked, readable
from civid.register.identity.gallery_link import pack as pack_fingers
from civid.register.identity.prints import promise_enrol
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import prints as prints_table
from civid.search import Candidate
from civid.search.fingers import Fingers


class PrintSteps(Service):
    """The step of the prints as operations. Safe for threads."""

    @changes("enrolment.missing", Capability.ENROL)
    def missing(
        self, work: Work, reference: str, version: int, position: Position,
        reason: MissingReason | str, note: str = "",
    ) -> Standing:  # fmt: skip
        """Say why a finger gives no print, and describe its condition."""
        held = working(work, reference, version, CounterStep.PRINTS)
        if position not in FINGERS:
            raise FieldError("position", "no such finger")
        try:
            why = MissingReason(reason)
        except ValueError:
            raise FieldError("reason", f"not one of {', '.join(MissingReason)}") from None
        if why is MissingReason.OTHER and not note.strip():
            raise FieldError("note", "describe the condition of the finger")
        said = dict(held.body.get("missing", {}))
        said[str(int(position))] = {"reason": why.value, "note": checked_note(note)}
        made = dossier_rows.save(work, held, missing=said)
        dossier_rows.event(work, made, f"missing:{int(position)}", role=Role.COUNTER,
                           reason=why.value)  # fmt: skip
        return view(work, made)

    @changes("enrolment.present", Capability.ENROL)
    def present(self, work: Work, reference: str, version: int, position: Position) -> Standing:
        """Take back that a finger is missing."""
        held = working(work, reference, version, CounterStep.PRINTS)
        said = dict(held.body.get("missing", {}))
        if said.pop(str(int(position)), None) is None:
            raise FieldError("position", "this finger was not said to be missing")
        return view(work, dossier_rows.save(work, held, missing=said))

    @changes("enrolment.capture", Capability.ENROL)
    def keep(
        self, work: Work, reference: str, version: int, frame: Frame, prints: tuple[Print, ...]
    ) -> tuple[Feedback, Standing]:
        """Keep a capture of a frame, and say what is wrong with it."""
        held = working(work, reference, version, CounterStep.PRINTS)
        missing = missing_of(held)
        if tuple(one.position for one in prints) != frame.wanted(missing) or not prints:
            raise FieldError("frame", "not the fingers of this frame, apart from the missing ones")
        before = captures.attempts(work, held.id)
        made = captures.keep_frame(work, held.id, frame, prints, before, missing)
        after = view(work, dossier_rows.save(work, held))
        work.detail.update(frame=frame.name, attempt=made.number, quality=made.quality(missing))
        return feedback(prints, made.number, frame, made.kept, after), after

    @changes("enrolment.discard", Capability.ENROL)
    def discard(self, work: Work, reference: str, version: int, frame: Frame) -> Standing:
        """Throw away what is kept of a frame: it was another finger."""
        held = working(work, reference, version, CounterStep.PRINTS)
        captures.let_go(work, held.id, frame.name)
        work.detail["frame"] = frame.name
        return view(work, dossier_rows.save(work, held))

    @reads("enrolment.prints", Capability.ENROL)
    def best(self, work: Work, reference: str, version: int) -> tuple[dict[Position, Print], int]:
        """The best print of each finger, once every frame is done; and how many frames are poor.

        Raises
        ------
        TransitionError
            Frames are left, or rolled fingers look exchanged.
        """
        held = readable(work, reference)
        if held.version != version:
            raise ChangedMeanwhileError("another station changed this dossier first; read it again")
        missing = missing_of(held)
        frames = standing(captures.attempts(work, held.id), missing, plan_of(held))
        left = sum(not one.done for one in frames)
        if left:
            raise TransitionError(f"prints: frames are left: {left}")
        found = captures.prints(work, held.id)
        mixed = exchanged(found)
        if mixed:
            named = ", ".join(f"{int(one)} is like {int(other)}" for one, other in mixed)
            raise TransitionError(f"prints: rolled fingers look exchanged ({named}): discard them")
        return best(found, missing), sum(one.poor for one in frames)

    @reads("enrolment.kept_digest", Capability.ENROL)
    def kept_digest(self, work: Work, reference: str) -> bytes | None:
        """What tells whether somebody else changed the prints in the gallery meanwhile."""
        return _digest(work, readable(work, reference).person)

    @changes("enrolment.finish_prints", Capability.ENROL)
    def finish(
        self, work: Work, reference: str, version: int, fingers: Fingers | None, poor: int,
        found: Sequence[Candidate], digest: bytes | None,
    ) -> Standing:  # fmt: skip
        """End the step: prints are promised to the gallery, cases opened, all or nothing."""
        held = working(work, reference, version, CounterStep.PRINTS)
        if fingers is None:
            held = noted(work, held, Exceptional.NO_USABLE_FINGER)
            return view(work, finish(work, held, reason=Exceptional.NO_USABLE_FINGER.value))
        before = _digest(work, held.person)
        if before != digest:
            raise ChangedMeanwhileError("another station enrolled prints of this person first")
        packed = pack_fingers(fingers)
        promise_enrol(work, held.person, packed, replace=True)
        own = duplicates.report(work, held, found)
        if before is not None and not own:
            duplicates.report_mismatch(work, held)
        if poor:
            held = noted(work, held, Exceptional.POOR_PRINTS)
        work.detail.update(fingers=packed[0], searched=len(work.session.link.gallery))
        reason = Exceptional.POOR_PRINTS.value if poor else ""
        return view(work, finish(work, held, reason=reason, recheck=True))

    @changes("enrolment.search_again", Capability.ENROL)
    def search_again(self, work: Work, reference: str, found: Sequence[Candidate]) -> Standing:
        """Open cases for those who came into the gallery in the same second."""
        held = locked(work, reference, None)
        duplicates.report(work, held, found)
        return view(work, dossier_rows.save(work, held, recheck=False))

    @reads("enrolment.recheck", Capability.ENROL)
    def recheck(self, work: Work, reference: str) -> dict[Position, Print]:
        """The prints that have to be searched with once more; empty when that was done."""
        held = readable(work, reference)
        if not held.body.get("recheck"):
            return {}
        return best(captures.prints(work, held.id), missing_of(held))


def _digest(work: Work, person: bytes) -> bytes | None:
    found = work.connection.execute(
        select(prints_table.c.digest).where(prints_table.c.person == person)
    ).scalar_one_or_none()
    return None if found is None else bytes(found)
