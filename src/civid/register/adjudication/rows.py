"""Reading and writing cases of possible duplicates, inside a transaction; no rights are checked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import ChangedMeanwhileError, NotInRegisterError
from civid.register.cases.case import SEARCHED, Case, CaseState
from civid.register.cases.rows import case_of
from civid.register.ids import new_id
from civid.register.population.apart import ordered
from civid.register.population.sealed import sealed, unsealed
from civid.register.session import Work
from civid.register.store.adjudication_tables import (
    adjudication_events,
    adjudications,
    open_pairs,
    rulings,
    suspects,
)
from civid.register.store.tables import cases, persons
from civid.register.units import in_scope

TABLE = "adjudications"
WAITING, TAKEN, CLOSED, UNDONE = "waiting", "taken", "closed", "undone"
#: Columns that a caller may change.
_COLUMNS = frozenset(one.name for one in adjudications.columns) - {"id", "version", "key", "sealed"}


@dataclass(frozen=True, slots=True, repr=False)
class Stored:
    """A case as stored: its columns, whom it is about, and the sealed body."""

    id: bytes
    version: int
    row: dict[str, Any]
    suspects: tuple[bytes, ...]
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> bytes:
        """A person, or the token of claims of nobody yet."""
        return bytes(self.row["subject"])

    @property
    def state(self) -> str:
        """One of `WAITING`, `TAKEN`, `CLOSED`, `UNDONE`."""
        return str(self.row["state"])

    @property
    def dossier(self) -> bytes | None:
        """The dossier that waits for it."""
        found = self.row["dossier"]
        return None if found is None else bytes(found)

    def __repr__(self) -> str:
        return f"<Stored case, {self.state}>"


def lock_people(work: Work, people: Iterable[bytes]) -> None:
    """Keep others from opening a case about them in this moment; nobody waits in a circle."""
    some = list(people)
    query = select(persons.c.id).where(persons.c.id.in_(some)).order_by(persons.c.id)
    work.connection.execute(query.with_for_update()).all()


def add(
    work: Work, subject: bytes, people: Sequence[bytes], body: dict[str, Any], *, unit: str,
    dossier: bytes | None = None, batch: str = "", pairs: bool = True,
) -> Stored:  # fmt: skip
    """A new case; with its pairs, so that there is no second one about them."""
    made = new_id()
    work.connection.execute(
        insert(adjudications).values(
            id=made, subject=subject, dossier=dossier, unit=unit, state=WAITING, batch=batch,
            officer="", assigned=None, ticket=None, not_before=work.now, postponed=0, rulings=0,
            opened=work.now, closed=None, outcome="", version=1,
            **sealed(work, TABLE, made, body),
        )
    )  # fmt: skip
    add_suspects(work, made, people)
    if pairs:
        add_pairs(work, made, subject, people)
    event(work, made, "filed")
    return load(work, made)


def add_suspects(work: Work, case: bytes, people: Sequence[bytes], first: int = 0) -> None:
    """Whom a case is about, the ones that matter first."""
    rows = [
        {"adjudication": case, "person": one, "place": first + place}
        for place, one in enumerate(people)
    ]
    if rows:
        work.connection.execute(insert(suspects), rows)


def add_pairs(work: Work, case: bytes, subject: bytes, people: Sequence[bytes]) -> None:
    """Pairs that an open case is about; `ChangedMeanwhileError` if another one is."""
    rows = [
        dict(zip(("low", "high"), ordered(subject, one), strict=True), adjudication=case)
        for one in people
    ]
    try:
        if rows:
            work.connection.execute(insert(open_pairs), rows)
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else filed a case about these two first") from None


def pairs_open(work: Work, subject: bytes, people: Sequence[bytes]) -> dict[bytes, bytes]:
    """Which of these people an open case is about together with the subject: person -> case."""
    rows = work.connection.execute(
        select(open_pairs).where(
            or_(
                (open_pairs.c.low == subject) & open_pairs.c.high.in_(list(people)),
                (open_pairs.c.high == subject) & open_pairs.c.low.in_(list(people)),
            )
        )
    )
    return {
        bytes(row.high if bytes(row.low) == subject else row.low): bytes(row.adjudication)
        for row in rows
    }


def open_alone(work: Work, subject: bytes) -> bytes | None:
    """An open case about somebody with nobody to compare."""
    found = work.connection.execute(
        select(adjudications.c.id)
        .outerjoin(suspects, suspects.c.adjudication == adjudications.c.id)
        .where(
            adjudications.c.subject == subject, adjudications.c.state.in_((WAITING, TAKEN)),
            suspects.c.person.is_(None),
        )
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    return None if found is None else bytes(found)


def next_waiting(work: Work, skip: Sequence[bytes] = ()) -> Stored | None:
    """The case that has waited longest in the actor's scope and was not judged by them; locked."""
    judged = exists().where(
        rulings.c.adjudication == adjudications.c.id, rulings.c.officer == work.actor.name
    )
    row = work.connection.execute(
        select(adjudications)
        .where(
            adjudications.c.state == WAITING, adjudications.c.not_before <= work.now,
            in_scope(adjudications.c.unit, work.actor), adjudications.c.id.not_in(list(skip)),
            ~judged,
        )
        .order_by(adjudications.c.not_before, adjudications.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()  # fmt: skip
    return None if row is None else of_row(work, row)


def held_by(work: Work, officer: str) -> Stored | None:
    """The case that an officer has."""
    row = work.connection.execute(
        select(adjudications).where(
            adjudications.c.officer == officer, adjudications.c.state == TAKEN
        )
    ).one_or_none()
    return None if row is None else of_row(work, row)


def listed(
    work: Work, *, states: Sequence[str], batch: str | None, limit: int, after: bytes | None
) -> list[Any]:
    """Rows of cases of the actor's scope, oldest first, with the number of suspects."""
    count = (
        select(func.count())
        .where(suspects.c.adjudication == adjudications.c.id)
        .scalar_subquery()
        .label("candidates")
    )
    query = select(adjudications, count).where(
        in_scope(adjudications.c.unit, work.actor), adjudications.c.state.in_(list(states))
    )
    if batch is not None:
        query = query.where(adjudications.c.batch == batch)
    if after is not None:
        query = query.where(adjudications.c.id > after)
    return list(work.connection.execute(query.order_by(adjudications.c.id).limit(limit)).all())


def open_of_register(work: Work, limit: int) -> tuple[tuple[Case, ...], int]:
    """Cases of the register about possible duplicates that nobody has taken up, oldest first.

    And how many name nobody: there is nobody to compare.
    """
    wanted = (
        cases.c.state == CaseState.OPEN.value, in_scope(cases.c.unit, work.actor),
        cases.c.kind.in_([str(one) for one in SEARCHED]),
    )  # fmt: skip
    query = select(cases).where(*wanted, cases.c.person.is_not(None))
    found = work.connection.execute(query.order_by(cases.c.id).limit(limit)).all()
    nobody = select(func.count()).where(*wanted, cases.c.person.is_(None))
    left = work.connection.execute(nobody).scalar_one()
    return tuple(case_of(work, one) for one in found), left


def between(work: Work, since: int, until: int, batch: str | None) -> list[Stored]:
    """Cases of the actor's scope that were filed in a time."""
    query = select(adjudications).where(
        adjudications.c.opened >= since, adjudications.c.opened < until,
        in_scope(adjudications.c.unit, work.actor),
    )  # fmt: skip
    if batch is not None:
        query = query.where(adjudications.c.batch == batch)
    return [of_row(work, row) for row in work.connection.execute(query).all()]


def drop_pairs(work: Work, case: bytes) -> None:
    """The case is no longer open."""
    work.connection.execute(delete(open_pairs).where(open_pairs.c.adjudication == case))


def load(work: Work, reference: bytes, *, lock: bool = False) -> Stored:
    """One case, locked when it is going to be changed; `NotInRegisterError` when there is none."""
    query = select(adjudications).where(adjudications.c.id == reference)
    row = work.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotInRegisterError("no such case in this register")
    return of_row(work, row)


def of_row(work: Work, row: Row[Any]) -> Stored:
    """A row, opened."""
    case = bytes(row.id)
    people = work.connection.execute(
        select(suspects.c.person).where(suspects.c.adjudication == case).order_by(suspects.c.place)
    ).scalars()
    return Stored(
        case, row.version, {name: getattr(row, name) for name in _COLUMNS},
        tuple(bytes(one) for one in people), unsealed(work.vault, TABLE, case, row),
    )  # fmt: skip


def save(work: Work, case: Stored, body: dict[str, Any] | None = None, **columns: Any) -> Stored:
    """Write a case that was read in this transaction; its version rises.

    Raises
    ------
    ChangedMeanwhileError
        Somebody else was first; or the officer has another open case.
    """
    assert columns.keys() <= _COLUMNS
    values: dict[str, Any] = {**columns, "version": case.version + 1}
    if body is not None:
        values |= sealed(work, TABLE, case.id, body)
    try:
        done = work.connection.execute(
            update(adjudications)
            .where(adjudications.c.id == case.id, adjudications.c.version == case.version)
            .values(values)
        )
    except IntegrityError:
        raise ChangedMeanwhileError("this officer has taken another case in between") from None
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this case first; read it again")
    return load(work, case.id)


def new_ticket() -> bytes:
    """What goes with one assignment: a ruling under another one comes too late."""
    return secrets.token_bytes(8)


def event(work: Work, case: bytes, what: str, reason: str = "") -> None:
    """Write down what happened to a case."""
    last = work.connection.execute(
        select(func.max(adjudication_events.c.seq)).where(
            adjudication_events.c.adjudication == case
        )
    ).scalar_one()
    try:
        work.connection.execute(
            insert(adjudication_events).values(
                adjudication=case, seq=(last or 0) + 1, at=work.now, what=what,
                officer=work.actor.name, reason=reason,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else changed this case first") from None


def events(work: Work, case: bytes) -> list[Row[Any]]:
    """Everything that happened to a case, oldest first."""
    return list(
        work.connection.execute(
            select(adjudication_events)
            .where(adjudication_events.c.adjudication == case)
            .order_by(adjudication_events.c.seq)
        ).all()
    )
