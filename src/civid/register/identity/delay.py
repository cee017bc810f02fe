"""Delay of dossiers: how long they lie in each stage, which cards are overdue, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from civid.cards.lifecycle import DossierState
from civid.people.working_days import Calendar
from civid.register.cases.case import CaseKind
from civid.register.enrolment.plan import CounterStep
from civid.register.identity import dossier_rows
from civid.register.identity.dossier import ENDED, Cause, Dossier, Late, Stage, StepTime
from civid.register.ids import from_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.session import Work
from civid.register.store.identity_tables import dossier_events, dossiers
from civid.register.units import below, in_scope, unit_code

_DAY = 86_400_000_000
#: Upper ends, in days, of the classes of age; the law gives seven working days.
_CLASSES = (3, 7, 15)
_BY_STATE = {
    DossierState.MISPRINTED: Cause.MISPRINT,
    DossierState.RETURNED_AS_UNDELIVERABLE: Cause.NOT_COLLECTED,
    DossierState.RECEIVED_BY_UNIT: Cause.NOT_COLLECTED,
}
_BY_CASE = {
    CaseKind.CORRECTION.value: Cause.DATA_CONFLICT,
    CaseKind.DUPLICATE.value: Cause.DUPLICATE,
    CaseKind.MISMATCH.value: Cause.DUPLICATE,
}


def overdue(
    work: Work, on: date, unit: str | None, calendar: Calendar | None, limit: int,
    after: str | None,
) -> Listing[Late]:  # fmt: skip
    """Dossiers in the actor's scope that are past their day and have not ended, oldest first."""
    query = select(dossiers.c.id).where(_open(work, unit), dossiers.c.due < on.isoformat())
    if after is not None:
        query = query.where(dossiers.c.id > from_text(after))
    query = query.order_by(dossiers.c.id).limit(checked_limit(limit) + 1)
    used = calendar or Calendar()
    rows = dossier_rows.some(work, query)
    work.about(*(from_text(one.person) for one in rows[:limit]))
    found = [Late(one, used.between(one.due, on), cause_of(one)) for one in rows]
    return part(found, limit)


def cause_of(dossier: Dossier) -> str:
    """Why a dossier is late: as somebody said, or as its cases and its state tell."""
    if dossier.cause:
        return dossier.cause
    told = [_BY_CASE[kind] for kind in dossier.waits if kind in _BY_CASE]
    return (told[0] if told else _BY_STATE.get(dossier.state, Cause.OTHER)).value


def ageing(work: Work, unit: str | None) -> tuple[Stage, ...]:
    """Counts and ages by stage, computed by the database."""
    age = work.now - dossiers.c.entered
    today = work.session.today().isoformat()

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    ends = [end * _DAY for end in _CLASSES]
    query = (
        select(
            dossiers.c.state, dossiers.c.step, func.count(), counted(dossiers.c.due < today),
            func.min(dossiers.c.entered), func.sum(age), *(counted(age <= end) for end in ends),
        )
        .where(_open(work, unit))
        .group_by(dossiers.c.state, dossiers.c.step)
        .order_by(dossiers.c.state, dossiers.c.step)
    )  # fmt: skip
    found = []
    for state, step, count, late, oldest, total, *upto in work.connection.execute(query):
        first, second, third = map(int, upto)
        found.append(
            Stage(
                step or state, count, int(late), max(0, work.now - oldest) / _DAY,
                max(0.0, float(total)) / count / _DAY,
                (first, second - first, third - second, count - third),
            )
        )  # fmt: skip
    return tuple(found)


def times(
    work: Work, unit: str | None, since: int | None, by_station: bool
) -> tuple[StepTime, ...]:
    """How long steps at the counter took, of dossiers in the actor's scope."""
    took, station = dossier_events.c.seconds, dossier_events.c.station
    groups: list[Any] = [dossier_events.c.step]
    if by_station:
        groups.append(station)
    query = (
        select(
            dossier_events.c.step, station if by_station else literal(""), func.count(),
            func.sum(took), func.max(took),
        )
        .join(dossiers, dossiers.c.id == dossier_events.c.dossier)
        .where(
            dossier_events.c.step.in_([f"step:{step}" for step in CounterStep]),
            took.is_not(None), in_scope(dossiers.c.unit, work.actor),
        )
        .group_by(*groups)
        .order_by(*groups)
    )  # fmt: skip
    if since is not None:
        query = query.where(dossier_events.c.at >= since)
    if unit is not None:
        query = query.where(below(dossiers.c.unit, unit_code(unit)))
    return tuple(
        StepTime(step.removeprefix("step:"), where, count, int(total) / count, int(longest))
        for step, where, count, total, longest in work.connection.execute(query)
    )


def _open(work: Work, unit: str | None) -> ColumnElement[bool]:
    scope = in_scope(dossiers.c.unit, work.actor)
    if unit is not None:
        scope = scope & below(dossiers.c.unit, unit_code(unit))
    # Named one by one, so that the index on state and day serves.
    running = [state.value for state in DossierState if state not in ENDED]
    return scope & dossiers.c.state.in_(running)
