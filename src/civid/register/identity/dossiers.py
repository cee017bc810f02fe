"""Dossiers (hồ sơ cấp thẻ) as a service: opened, taken from state to state, watched for delay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from civid.cards.deadlines import due as due_on
from civid.cards.lifecycle import DossierState, Role, dossier_machine
from civid.cards.regimes import Area, Procedure
from civid.errors import AlreadyInRegisterError, FieldError, TransitionError
from civid.people.working_days import Calendar
from civid.register.actor import Capability
from civid.register.cases.case import CaseKind
from civid.register.cases.rows import open_case, waiting_for
from civid.register.codes import code
from civid.register.enrolment.plan import CounterStep, Plan
from civid.register.identity import certificates, counts, delay, dossier_rows
from civid.register.identity.counts import StepCount
from civid.register.identity.course import stepped
from civid.register.identity.dossier import (
    ENDED,
    Cause,
    Dossier,
    DossierEvent,
    Late,
    Stage,
    StepTime,
)
from civid.register.identity.dossier_rows import Held
from civid.register.identity.entitlement import entitlement
from civid.register.ids import from_text, new_id
from civid.register.listing import Listing, checked_limit, part
from civid.register.population import records, unions
from civid.register.population.records import Record
from civid.register.session import Service, Work, changes, check_capability, reads
from civid.register.store.identity_tables import cards, dossiers
from civid.register.store.tables import persons
from civid.register.units import below, in_scope, unit_code

#: Behind the counter nothing goes on while a case about the dossier is open.
_HELD_UP = frozenset({"check", "approve", "send_to_print"})
#: What has to be done again, by the reason for which a dossier came back.
_AGAIN = {
    "missing_data": (CounterStep.CONFIRM,),
    "data_conflict": (CounterStep.CONFIRM,),
    "poor_prints": (CounterStep.PRINTS,),
    "poor_portrait": (CounterStep.PORTRAIT,),
    "suspected_duplicate": (),
}
_OPENS = {
    "missing_data": CaseKind.CORRECTION,
    "data_conflict": CaseKind.CORRECTION,
    "suspected_duplicate": CaseKind.DUPLICATE,
}


class Dossiers(Service):
    """Dossiers of a register. Safe for threads."""

    def open(
        self,
        person: str,
        *,
        procedure: Procedure | str = Procedure.FIRST,
        unit: str | None = None,
        filed: date | None = None,
        area: Area | str = Area.CITY,
        plan: Plan | None = None,
        calendar: Calendar | None = None,
    ) -> Dossier:
        """Open a dossier for somebody; anybody may be enrolled anywhere.

        Parameters
        ----------
        person : str
            Reference of the person.
        procedure, area : Procedure, Area
            First card, renewal or re-issue; and where, as deadlines distinguish it.
        unit : str, optional
            Unit that takes it in; the actor's.
        filed : date, optional
            Today, unless given; chooses the law, its deadline and who may have a card.
        plan : Plan, optional
            Steps at the counter; `Plan.default`.
        calendar : Calendar, optional
            Working days, with pauses such as epidemics; the public holidays of Vietnam.

        Raises
        ------
        AlreadyInRegisterError
            A dossier of this person is open, perhaps at another station in this second; or the
            person has a valid card and asks for a first one.
        FieldError
            No card for somebody of this age, or of those who are dead.
        NotInRegisterError
            No such person: DC01 comes first.
        """
        check_capability(self._session, "dossier.open", Capability.ENROL)
        try:
            return self._open(
                person,
                Procedure(procedure),
                self._session.actor.unit if unit is None else unit,
                filed or self._session.today(),
                Area(area),
                plan or Plan.default(),
                calendar,
            )
        except AlreadyInRegisterError:
            self._contested(person)
            raise

    @changes("dossier.open", Capability.ENROL)
    def _open(
        self,
        work: Work,
        person: str,
        asked: Procedure,
        given: str,
        day: date,
        area: Area,
        plan: Plan,
        calendar: Calendar | None,
    ) -> Dossier:
        work.within(unit_code(given))
        record = _locked(work, from_text(person))
        if day > work.session.today():
            raise FieldError("filed", "is still to come")
        found = entitlement(record.citizen, day)
        _nothing_open(work, _entries(work, record), asked)
        deadline = due_on(day, asked, area, calendar=calendar)
        todo = plan.steps(biometrics=found is None or bool(found.biometrics))
        held = Held(
            new_id(), 1,
            {"person": record.id, "unit": given, "procedure": asked.value,
             "area": area.value, "state": DossierState.REQUESTED.value,
             "step": todo[0].value, "filed": day.isoformat(), "due": deadline.on.isoformat(),
             "entered": work.now, "officer": "", "station": "", "began": None, "cause": ""},
            {"law": deadline.regime.name, "days": deadline.working_days,
             "plan": plan.to_dict(), "todo": [step.value for step in todo]},
        )  # fmt: skip
        dossier_rows.add(work, held)
        dossier_rows.event(work, held, "open", role=Role.COUNTER, reason=asked.value)
        work.detail.update(procedure=asked.value, law=deadline.regime.name)
        return held.public(work)

    @changes("dossier.contested", Capability.ENROL)
    def _contested(self, work: Work, person: str) -> None:
        """Tell the station that has somebody's dossier that another one tried."""
        owner = from_text(person)
        work.about(owner)
        everywhere = unions.entries(work.connection, unions.root_of(work.connection, owner))
        for reference in work.connection.execute(_open_of(everywhere)).scalars().all():
            held = dossier_rows.load(work, bytes(reference), lock=True)
            dossier_rows.event(work, held, "contested")

    @reads("dossier.read")
    def get(self, work: Work, reference: str) -> Dossier:
        """One dossier; `NotInRegisterError` when there is none."""
        return readable(work, reference).public(work)

    @reads("dossier.history")
    def history(self, work: Work, reference: str) -> tuple[DossierEvent, ...]:
        """Everything that happened to a dossier, oldest first, with officer, station and time."""
        return dossier_rows.events(work, readable(work, reference).id)

    @reads("dossier.of")
    def of(self, work: Work, person: str) -> tuple[Dossier, ...]:
        """Somebody's dossiers, oldest first."""
        owner = from_text(person)
        work.about(owner)
        record = unions.whole(work.connection, work.vault, owner)
        work.within(record.unit)
        query = select(dossiers.c.id).where(dossiers.c.person.in_(_entries(work, record)))
        return tuple(dossier_rows.some(work, query))

    @changes("dossier.take", Capability.ENROL)
    def take(
        self,
        work: Work,
        reference: str,
        transition: str,
        *,
        role: Role | str,
        reason: str = "",
        note: str = "",
        version: int | None = None,
    ) -> Dossier:
        """Take a dossier to its next state, such as ``approve`` as ``department_head``.

        Parameters
        ----------
        transition : str
            A step of `civid.cards.lifecycle.dossier_machine`.
        role : Role
            In which role the actor acts.
        reason : str
            One of those that the step knows, where it needs one. A dossier that comes back opens
            a case, or has the step at the counter that is to be done again.
        note : str
            Free text for that case; sealed.
        version : int, optional
            Of the dossier as it was read.

        Raises
        ------
        TransitionError
            No such step from here, by this role, or without a reason; steps at the counter are
            left; or the dossier waits for a case to be closed.
        AccessRefusedError
            The actor may not act in that role, or not in that unit.
        ChangedMeanwhileError
            Somebody else was first.
        """
        held = locked(work, reference, version)
        made = advance(work, held, transition, role, reason)
        if transition == "return_for_correction":
            if reason in _OPENS:
                open_case(work, _OPENS[reason], held.unit, person=held.person, dossier=held.id,
                          codes=[reason], text=note)  # fmt: skip
            todo = [step.value for step in _AGAIN[reason]]
            made = dossier_rows.save(work, made, todo=todo, began=None)
        return made.public(work)

    @reads("dossier.queue")
    def queue(
        self,
        work: Work,
        *,
        unit: str | None = None,
        state: DossierState | str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Listing[Dossier]:
        """Dossiers of the actor's scope, oldest first: of a unit and those below it, in a state."""
        query = select(dossiers.c.id).where(in_scope(dossiers.c.unit, work.actor))
        if unit is not None:
            query = query.where(below(dossiers.c.unit, unit_code(unit)))
        if state is not None:
            query = query.where(dossiers.c.state == DossierState(state).value)
        if after is not None:
            query = query.where(dossiers.c.id > from_text(after))
        query = query.order_by(dossiers.c.id).limit(checked_limit(limit) + 1)
        found = dossier_rows.some(work, query)
        work.about(*(from_text(one.person) for one in found[:limit]))
        return part(found, limit)

    @reads("dossier.overdue")
    def overdue(
        self,
        work: Work,
        *,
        on: date | None = None,
        unit: str | None = None,
        calendar: Calendar | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Listing[Late]:
        """Dossiers whose card should have been delivered before a day, with the cause of delay."""
        return delay.overdue(work, on or work.session.today(), unit, calendar, limit, after)

    @reads("dossier.ageing")
    def ageing(self, work: Work, *, unit: str | None = None) -> tuple[Stage, ...]:
        """How many dossiers lie in which stage, and for how long."""
        return delay.ageing(work, unit)

    @reads("dossier.counts")
    def counts(
        self,
        work: Work,
        *,
        unit: str | None = None,
        steps: tuple[str, ...] = ("open", "enrol", "approve", "print", "deliver"),
    ) -> tuple[StepCount, ...]:
        """How many dossiers took which step on which day, by unit; nobody is named.

        For the progress of a campaign: `civid.campaign.progress`.
        """
        return counts.counts(work, steps, unit)

    @reads("dossier.times")
    def times(
        self, work: Work, *, unit: str | None = None, since: int | None = None,
        by_station: bool = False,
    ) -> tuple[StepTime, ...]:  # fmt: skip
        """How long each step at the counter took, by step or by step and station.

        Parameters
        ----------
        since : int, optional
            Microseconds since 1970, UTC: only steps that ended from then on.
        """
        return delay.times(work, unit, since, by_station)

    @changes("dossier.cause", Capability.ENROL)
    def explain_delay(
        self, work: Work, reference: str, cause: Cause | str, *, version: int | None = None
    ) -> Dossier:
        """Say why a card is late."""
        try:
            said = Cause(cause)
        except ValueError:
            raise FieldError("cause", f"not one of {', '.join(Cause)}") from None
        made = dossier_rows.save(work, locked(work, reference, version), cause=said.value)
        dossier_rows.event(work, made, "cause", reason=said.value)
        return made.public(work)

    @reads("dossier.certificate")
    def certificate(self, work: Work, reference: str, *, language: str = "vi") -> str:
        """The interim certificate of the personal number, as text.

        Parameters
        ----------
        language : {"vi", "en"}

        Raises
        ------
        FieldError
            Name or number is missing, or another language.
        """
        held = readable(work, reference)
        record = unions.whole(work.connection, work.vault, held.person)
        return certificates.interim(
            held.public(work), record.citizen, work.session.today(), language
        )


def readable(work: Work, reference: str) -> Held:
    """A dossier that the actor may see."""
    held = dossier_rows.load(work, from_text(reference))
    work.about(held.person)
    work.within(held.unit)
    return held


def locked(work: Work, reference: str, version: int | None) -> Held:
    """A dossier that the actor may change, locked until the end of the transaction."""
    held = dossier_rows.load(work, from_text(reference), version, lock=True)
    work.about(held.person)
    work.within(held.unit)
    return held


def advance(work: Work, held: Held, transition: str, role: Role | str, reason: str) -> Held:
    """Take a locked dossier one step on; see `Dossiers.take`."""
    if transition in ("enrol", "correct") and held.todo:
        raise TransitionError("dossier: steps at the counter are left")
    if transition in _HELD_UP and (waits := waiting_for(work, held.id, held.person)):
        shown = "a correction" if CaseKind.CORRECTION in waits else "a decision"
        raise TransitionError(f"dossier: waits for {shown}")
    if transition in _HELD_UP and held.body.get("recheck"):
        raise TransitionError("dossier: open its enrolment once more, a search was cut off")
    state, acting = stepped(
        work, dossier_machine(), held.state, held.row["entered"], transition, role, reason
    )
    made = dossier_rows.save(work, held, state=state.value)
    dossier_rows.event(work, made, transition, role=acting, reason=reason and code(reason))
    work.detail.update(transition=transition, state=state.value)
    return made


def _locked(work: Work, person: bytes) -> Record:
    """An entry for whose person no other station can open a dossier in this moment.

    The dossier of a merged entry stays with it, whatever it was merged into.
    """
    root = unions.root_of(work.connection, person)
    work.connection.execute(
        select(persons.c.id).where(persons.c.id == root).with_for_update()
    ).one_or_none()
    work.about(person, root)
    record = unions.entry(work.connection, work.vault, person)
    if (record.root or record).state != records.ACTIVE:
        raise FieldError("person", "is no longer kept in this register")
    return record


def _entries(work: Work, record: Record) -> list[bytes]:
    return unions.entries(work.connection, (record.root or record).id)


def _open_of(people: Sequence[bytes]) -> Select[Any]:
    ended = [state.value for state in ENDED]
    return select(dossiers.c.id).where(
        dossiers.c.person.in_(people), dossiers.c.state.not_in(ended)
    )


def _nothing_open(work: Work, people: Sequence[bytes], asked: Procedure) -> None:
    if work.connection.execute(_open_of(people).limit(1)).scalar_one_or_none() is not None:
        raise AlreadyInRegisterError("a dossier of this person is open already")
    if asked is Procedure.FIRST:
        today = work.session.today().isoformat()
        valid = select(cards.c.id).where(
            cards.c.person.in_(people), cards.c.state == "active", cards.c.generation != "cmnd9",
            (cards.c.expires.is_(None)) | (cards.c.expires >= today),
        )  # fmt: skip
        if work.connection.execute(valid.limit(1)).scalar_one_or_none() is not None:
            raise AlreadyInRegisterError("this person has a valid card: renewal or re-issue")
