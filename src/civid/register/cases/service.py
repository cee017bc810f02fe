"""Cases as a service: queues by kind, unit and age; taken, given back, closed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import func, select

from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    NotInRegisterError,
    TransitionError,
)
from civid.register.actor import Capability
from civid.register.cases import rows
from civid.register.cases.case import ADJUDICATION, SEARCHED, WATCHED, Case, CaseState
from civid.register.codes import code
from civid.register.ids import from_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.session import Service, Work, changes, reads
from civid.register.store.identity_tables import dossiers
from civid.register.store.tables import cases, persons
from civid.register.units import below, in_scope, unit_code

_NEEDS = ((SEARCHED, Capability.IDENTIFY), (WATCHED, Capability.WATCH))


@dataclass(frozen=True, slots=True)
class QueueSize:
    """How many cases of a kind wait.

    Attributes
    ----------
    kind, state : str
        Which.
    count : int
        How many.
    oldest_days : int
        Age of the oldest in full days.
    overdue : int
        How many should have been decided before today.
    """

    kind: str
    state: str
    count: int
    oldest_days: int
    overdue: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Cases(Service):
    """Cases of a register. Safe for threads.

    Cases that come from a search (possible duplicates) are seen only by those who may search: the
    capability to identify is needed beside that to read.
    """

    @changes("case.open", Capability.CORRECT)
    def open(
        self,
        work: Work,
        kind: str,
        *,
        unit: str,
        person: str | None = None,
        other: str | None = None,
        dossier: str | None = None,
        codes: tuple[str, ...] = (),
        note: str = "",
        due: date | None = None,
    ) -> Case:
        """Open a case.

        Parameters
        ----------
        kind : str
            One of `CaseKind`, or a code of your own.
        unit : str
            Unit whose queue it goes into.
        person, other, dossier : str, optional
            References of those it is about.
        codes : tuple of str
            What is wrong, such as ``birth.missing``.
        note : str
            Free text; sealed.
        due : date, optional
            Until when it should be decided.

        Raises
        ------
        AccessRefusedError
            The unit lies outside the actor's scope.
        NotInRegisterError
            There is no such person or dossier.
        """
        work.within(unit_code(unit))
        _may_see(work, kind)
        who, whom, which = (
            None if one is None else from_text(one) for one in (person, other, dossier)
        )
        _name(work, who, whom)
        for table, one in ((persons, who), (persons, whom), (dossiers, which)):
            if (
                one is not None
                and not work.connection.execute(select(table.c.id).where(table.c.id == one)).first()
            ):
                raise NotInRegisterError("a case about somebody who is not in this register")
        work.detail["kind"] = code(kind, "kind")
        return rows.open_case(
            work, kind, unit, person=who, other=whom, dossier=which, codes=codes, text=note, due=due
        )

    @reads("case.read")
    def get(self, work: Work, reference: str) -> Case:
        """One case; `NotInRegisterError` when there is none."""
        return _held(work, reference, None)

    @reads("case.queue")
    def queue(
        self,
        work: Work,
        *,
        kind: str | None = None,
        unit: str | None = None,
        state: CaseState | str | None = None,
        owner: str | None = None,
        dossier: str | None = None,
        older_than_days: int | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Listing[Case]:
        """Cases of the actor's scope, the oldest first; those not closed, unless told.

        Parameters
        ----------
        unit : str, optional
            This unit and those below it.
        older_than_days : int, optional
            Only those opened so many days ago or earlier.
        limit, after : int, str
            How many, and where an earlier part ended.
        """
        query = select(cases).where(in_scope(cases.c.unit, work.actor), *_seen(work))
        if state is None:
            query = query.where(cases.c.state != CaseState.CLOSED.value)
        else:
            query = query.where(cases.c.state == CaseState(state).value)
        if kind is not None:
            _may_see(work, kind)
            query = query.where(cases.c.kind == str(kind))
        if unit is not None:
            query = query.where(below(cases.c.unit, unit_code(unit)))
        if owner is not None:
            query = query.where(cases.c.owner == owner)
        if dossier is not None:
            query = query.where(cases.c.dossier == from_text(dossier))
        if older_than_days is not None:
            query = query.where(cases.c.opened <= work.now - older_than_days * 86_400_000_000)
        if after is not None:
            query = query.where(cases.c.id > from_text(after))
        query = query.order_by(cases.c.id).limit(checked_limit(limit) + 1)
        found = [rows.case_of(work, row) for row in work.connection.execute(query).all()]
        for one in found[:limit]:
            _name(work, *(from_text(who) for who in (one.person, one.other) if who))
        return part(found, limit)

    @reads("case.sizes")
    def sizes(self, work: Work, *, unit: str | None = None) -> tuple[QueueSize, ...]:
        """How many cases of each kind wait, and how long the oldest has."""
        today = work.session.today().isoformat()
        late = func.sum(when((cases.c.due < today, 1), else_=0))
        query = select(
            cases.c.kind, cases.c.state, func.count(), func.min(cases.c.opened), late
        ).where(
            cases.c.state != CaseState.CLOSED.value, in_scope(cases.c.unit, work.actor),
            *_seen(work),
        )  # fmt: skip
        if unit is not None:
            query = query.where(below(cases.c.unit, unit_code(unit)))
        query = query.group_by(cases.c.kind, cases.c.state).order_by(cases.c.kind, cases.c.state)
        return tuple(
            QueueSize(kind, state, count, max(0, work.now - oldest) // 86_400_000_000, int(overdue))
            for kind, state, count, oldest, overdue in work.connection.execute(query)
        )

    @changes("case.take", Capability.CORRECT)
    def take(self, work: Work, reference: str, *, version: int | None = None) -> Case:
        """Take a case: it is the actor's from now on.

        Raises
        ------
        TransitionError
            Somebody has taken or closed it.
        """
        return rows.move(
            work, _free(work, reference, version), CaseState.TAKEN, owner=work.actor.name
        )

    @changes("case.give_back", Capability.CORRECT)
    def give_back(self, work: Work, reference: str, *, version: int | None = None) -> Case:
        """Put a taken case back into the queue."""
        return rows.move(work, _free(work, reference, version), CaseState.OPEN)

    @changes("case.close", Capability.CORRECT)
    def close(
        self, work: Work, reference: str, reason: str, *, note: str = "", version: int | None = None
    ) -> Case:
        """Close a case; a dossier that waited for it goes on.

        Parameters
        ----------
        reason : str
            Code of the decision, such as ``corrected``.
        note : str
            Free text; sealed.

        Raises
        ------
        TransitionError
            It is closed already, or there is no reason; or it is being adjudicated, which ends
            with a ruling (`civid.dedup.cases`).
        """
        work.detail["reason"] = str(reason)[:64]
        case = _free(work, reference, version)
        return rows.move(work, case, CaseState.CLOSED, reason=reason, text=note)


def _held(work: Work, reference: str, version: int | None) -> Case:
    case = rows.load(work, from_text(reference))
    _name(work, *(from_text(who) for who in (case.person, case.other) if who))
    work.within(case.unit)
    _may_see(work, case.kind)
    if version is not None and version != case.version:
        raise ChangedMeanwhileError("somebody else changed this case first; read it again")
    return case


def _free(work: Work, reference: str, version: int | None) -> Case:
    """A case that is not being adjudicated: what ends one is a ruling."""
    case = _held(work, reference, version)
    if case.state is CaseState.TAKEN and case.owner == ADJUDICATION:
        raise TransitionError("case: is being adjudicated, and ends with a ruling")
    return case


def _may_see(work: Work, kind: str) -> None:
    for kinds, wanted in _NEEDS:
        if kind in kinds and wanted not in work.actor.capabilities:
            raise AccessRefusedError(f"this case needs the capability to {wanted}")


def _seen(work: Work) -> list[Any]:
    return [
        cases.c.kind.not_in([str(one) for one in kinds])
        for kinds, wanted in _NEEDS
        if wanted not in work.actor.capabilities
    ]


def _name(work: Work, *people: bytes | None) -> None:
    work.about(*(one for one in people if one is not None))
