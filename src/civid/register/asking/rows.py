"""Reading and writing requests between units, inside a transaction; no rights are checked here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, or_, select, update

from civid.errors import ChangedMeanwhileError, NotInRegisterError, TransitionError
from civid.register.asking.content import Document, Question, Reply, Verdict
from civid.register.asking.request import (
    RUNNING,
    STEPS,
    Kind,
    RequestEvent,
    RequestState,
    UnitRequest,
)
from civid.register.ids import from_text, new_id, to_text
from civid.register.population.sealed import sealed, unsealed
from civid.register.session import Work
from civid.register.store.asking_tables import unit_request_events, unit_requests
from civid.register.store.tables import persons
from civid.register.units import below, in_scope
from civid.workflow import Refusal

_TABLE = "unit_requests"
_RUNNING = [one.value for one in RUNNING]


def add(
    work: Work, kind: Kind, asks: str, asked: str, partner: str, question: Question, *,
    person: bytes | None, sent: date, due: date,
) -> UnitRequest:  # fmt: skip
    """A new request, sent."""
    made = UnitRequest(
        to_text(new_id()), None if person is None else to_text(person), kind, asks, asked, partner,
        RequestState.SENT, "", sent, due, None, None, question, None, 1,
    )  # fmt: skip
    work.connection.execute(insert(unit_requests).values(**_values(work, made)))
    event(work, made, "sent", work.actor.unit)
    return made


def load(work: Work, reference: str) -> UnitRequest:
    """One request; `NotInRegisterError` when there is none."""
    row = work.connection.execute(
        select(unit_requests).where(unit_requests.c.id == from_text(reference))
    ).one_or_none()
    if row is None:
        raise NotInRegisterError("no such request in this register")
    return _request(work, row)


def move(
    work: Work, before: UnitRequest, state: RequestState, *, reason: str = "", **changes: Any
) -> UnitRequest:
    """Take a step.

    Raises
    ------
    TransitionError
        Not a step from where it stands, or the reason is missing.
    ChangedMeanwhileError
        Somebody else was first.
    """
    refused = STEPS.refusal(before.state, state, reason=reason)
    if refused is not None:
        why = "" if refused is Refusal.STATE else f": {refused.value}"
        raise TransitionError(f"a request that is {before.state} cannot become {state}{why}")
    after = save(work, replace(before, state=state, **changes))
    event(work, after, state.value, work.actor.unit, reason)
    return after


def save(work: Work, after: UnitRequest) -> UnitRequest:
    """Write a request over the version that it was read in."""
    saved = replace(after, version=after.version + 1)
    done = work.connection.execute(
        update(unit_requests)
        .where(
            unit_requests.c.id == from_text(after.reference),
            unit_requests.c.version == after.version,
        )
        .values(**_values(work, saved))
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this request first; read it again")
    return saved


def event(work: Work, of: UnitRequest, step: str, unit: str, reason: str = "") -> None:
    """Write down a step; whoever changed the request in this moment holds its row."""
    request = from_text(of.reference)
    last = select(func.max(unit_request_events.c.seq)).where(
        unit_request_events.c.request == request
    )
    seq = (work.connection.execute(last).scalar() or 0) + 1
    work.connection.execute(
        insert(unit_request_events).values(
            request=request, seq=seq, at=work.now, step=step, actor=work.actor.name, unit=unit,
            reason=reason,
        )
    )  # fmt: skip


def events(work: Work, reference: str) -> tuple[RequestEvent, ...]:
    """Everything that happened to a request, oldest first."""
    rows = work.connection.execute(
        select(unit_request_events)
        .where(unit_request_events.c.request == from_text(reference))
        .order_by(unit_request_events.c.seq)
    )
    return tuple(RequestEvent(one.at, one.step, one.actor, one.unit, one.reason) for one in rows)


def listed(
    work: Work, side: str, unit: str, states: Iterable[RequestState], *, limit: int,
    after: str | None = None, until: date | None = None, overdue: date | None = None,
    not_reminded_on: date | None = None,
) -> list[UnitRequest]:  # fmt: skip
    """Requests of a unit and those below it, the most urgent first.

    Parameters
    ----------
    side : str
        ``asked`` or ``asks``.
    until, overdue : date, optional
        Only those due on this day or before; only those due before this day.
    not_reminded_on : date, optional
        Without those that were reminded of on this day.
    """
    query = select(unit_requests).where(
        below(unit_requests.c[side], unit),
        unit_requests.c.state.in_([one.value for one in states]),
    )
    if until is not None:
        query = query.where(unit_requests.c.due <= until.isoformat())
    if overdue is not None:
        query = query.where(unit_requests.c.due < overdue.isoformat())
    if not_reminded_on is not None:
        day = not_reminded_on.isoformat()
        query = query.where(func.coalesce(unit_requests.c.reminded, "") != day)
    if after is not None:
        last = load(work, after)
        due = last.due.isoformat()
        query = query.where(
            or_(
                unit_requests.c.due > due,
                (unit_requests.c.due == due) & (unit_requests.c.id > from_text(after)),
            )
        )
    rows = work.connection.execute(
        query.order_by(unit_requests.c.due, unit_requests.c.id).limit(limit)
    ).all()
    return [_request(work, row) for row in rows]


def of_people(work: Work, people: Sequence[bytes]) -> list[UnitRequest]:
    """Every request about somebody, oldest first."""
    rows = work.connection.execute(
        select(unit_requests).where(unit_requests.c.person.in_(people)).order_by(unit_requests.c.id)
    ).all()
    return [_request(work, row) for row in rows]


def unit_of(work: Work, person: bytes) -> str | None:
    """The unit that keeps somebody's record; None where there is no such person."""
    return work.connection.execute(
        select(persons.c.unit).where(persons.c.id == person)
    ).scalar_one_or_none()


def tally(work: Work, day: date, since: date) -> list[Any]:
    """By asked unit of the actor's scope and last day: how many run, and how many were answered.

    Rows of (asked, due, running, answered, late): what still runs by its last day, and of what was
    answered since a day how much, and how much of it after its last day.
    """
    state, due, closed = (unit_requests.c[name] for name in ("state", "due", "closed"))
    running = state.in_(_RUNNING)
    answered = (state == RequestState.ANSWERED.value) & (closed >= since.isoformat())
    return list(
        work.connection.execute(
            select(
                unit_requests.c.asked, due, _count(running), _count(answered),
                _count(answered & (closed > due)),
            )
            .where(
                in_scope(unit_requests.c.asked, work.actor), or_(running, answered),
                unit_requests.c.sent <= day.isoformat(),
            )
            .group_by(unit_requests.c.asked, due)
            .order_by(unit_requests.c.asked, due)
        ).all()
    )  # fmt: skip


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _values(work: Work, one: UnitRequest) -> dict[str, Any]:
    reference = from_text(one.reference)
    body = {"question": one.question.to_dict(), "reply": one.reply and one.reply.to_dict()}
    return {
        "id": reference, "person": None if one.person is None else from_text(one.person),
        "kind": one.kind.value, "asks": one.asks, "asked": one.asked, "partner": one.partner,
        "state": one.state.value, "owner": one.owner, "sent": one.sent.isoformat(),
        "due": one.due.isoformat(), "closed": one.closed and one.closed.isoformat(),
        "reminded": one.reminded and one.reminded.isoformat(), "version": one.version,
        **sealed(work, _TABLE, reference, body),
    }  # fmt: skip


def _request(work: Work, row: Any) -> UnitRequest:
    body = unsealed(work.vault, _TABLE, bytes(row.id), row)
    if row.person is not None:
        work.about(bytes(row.person))
    question = body["question"] | {"wanted": tuple(body["question"]["wanted"])}
    return UnitRequest(
        to_text(row.id), row.person and to_text(row.person), Kind(row.kind), row.asks, row.asked,
        row.partner, RequestState(row.state), row.owner, date.fromisoformat(row.sent),
        date.fromisoformat(row.due), row.closed and date.fromisoformat(row.closed),
        row.reminded and date.fromisoformat(row.reminded), Question(**question),
        None if body["reply"] is None else _reply(body["reply"]), row.version,
    )  # fmt: skip


def _reply(body: dict[str, Any]) -> Reply:
    return Reply(
        {name: Verdict(one) for name, one in body["verdicts"].items()}, body["results"],
        tuple(Document(**one) for one in body["documents"]), body["note"],
    )  # fmt: skip
