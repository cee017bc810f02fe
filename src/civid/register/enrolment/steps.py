"""What the steps at the counter have in common: a locked dossier, the next step, its time."""

from __future__ import annotations

from typing import Any

from civid.cards.lifecycle import DossierState, Role
from civid.errors import AccessRefusedError, TransitionError
from civid.register.cases.case import CaseKind
from civid.register.cases.rows import waiting_for
from civid.register.enrolment import captures
from civid.register.enrolment.choice import standing
from civid.register.enrolment.plan import CounterStep, Plan
from civid.register.enrolment.standing import Standing
from civid.register.identity import dossier_rows
from civid.register.identity.dossier_rows import Held
from civid.register.identity.dossiers import advance, locked
from civid.register.session import Work

#: Where there is something to do at the counter, and what ends it.
ENDS = {DossierState.REQUESTED: "enrol", DossierState.NEEDS_CORRECTION: "correct"}


def plan_of(held: Held) -> Plan:
    """The plan that a dossier was opened with."""
    return Plan.from_dict(held.body["plan"])


def missing_of(held: Held) -> tuple[int, ...]:
    """Fingers that give no print."""
    return tuple(int(one) for one in held.body.get("missing", {}))


def view(work: Work, held: Held) -> Standing:
    """What the station sees."""
    plan = plan_of(held)
    frames = standing(captures.attempts(work, held.id), missing_of(held), plan)
    heard = dossier_rows.count(work, held.id, "contested")
    return Standing(held.public(work), plan, frames, heard)


def working(work: Work, reference: str, version: int, *steps: CounterStep) -> Held:
    """A dossier that is locked, at this step, and not held up by a correction.

    Raises
    ------
    TransitionError
        Another step is next, nothing is left, or a correction has to be decided first.
    ChangedMeanwhileError
        Another station changed it, or took it up.
    """
    held = locked(work, reference, version)
    if not work.actor.acts_as(Role.COUNTER):
        raise AccessRefusedError("you may not act at a counter")
    if held.state not in ENDS or not held.todo:
        raise TransitionError("dossier: nothing is left to do at the counter")
    if steps and held.todo[0] not in steps:
        raise TransitionError(f"dossier: the next step is {held.todo[0]}")
    if CaseKind.CORRECTION in waiting_for(work, held.id, held.person):
        raise TransitionError("dossier: waits for a correction")
    work.detail["step"] = held.todo[0]
    return held


def finish(work: Work, held: Held, *, reason: str = "", **changed: Any) -> Held:
    """Tick the present step off, with its time; the last one sends the dossier on."""
    step = held.todo[0]
    began = held.row["began"]
    seconds = None if began is None else max(0, work.now - began) // 1_000_000
    changed.setdefault("todo", list(held.todo[1:]))
    made = dossier_rows.save(
        work, held, began=work.now, officer=work.actor.name, station=work.actor.station, **changed
    )
    dossier_rows.event(
        work, made, f"step:{step}", seconds=seconds, role=Role.COUNTER, reason=reason
    )
    if not made.todo:
        made = advance(work, made, ENDS[made.state], Role.COUNTER, "")
    return made
