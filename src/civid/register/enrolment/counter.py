"""The steps at the counter as operations: each is one transaction, with its entry in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from civid.cards.lifecycle import Role
from civid.errors import AccessRefusedError, FieldError, TransitionError
from civid.people.citizen import Claim
from civid.register.actor import Capability
from civid.register.cases.case import CaseKind
from civid.register.cases.rows import open_case
from civid.register.codes import note as checked_note
from civid.register.enrolment.examination import differing, examined
from civid.register.enrolment.frames import Exceptional
from civid.register.enrolment.plan import BIOMETRIC, CounterStep
from civid.register.enrolment.standing import Checked, Standing
from civid.register.enrolment.steps import ENDS, finish, plan_of, view, working
from civid.register.identity import dossier_rows
from civid.register.identity.dossier_rows import Held
from civid.register.identity.dossiers import locked, readable
from civid.register.identity.entitlement import entitlement
from civid.register.population import records, unions
from civid.register.population.claims import Said
from civid.register.population.people import as_person, checked
from civid.register.population.records import Record
from civid.register.session import Service, Work, changes, reads


class Counter(Service):
    """Steps at a counter but for the prints. Safe for threads; `Enrolment` is what people use."""

    @changes("enrolment.take_up", Capability.ENROL)
    def take_up(self, work: Work, reference: str) -> Standing:
        """Work on a dossier from now on, at this station; a crash is gone on from.

        Whoever had it before is told at their next step (`ChangedMeanwhileError`), and it is
        written down.
        """
        held = locked(work, reference, None)
        if held.state not in ENDS or not held.todo:
            raise TransitionError("dossier: nothing is left to do at the counter")
        mine = (held.row["officer"], held.row["station"]) == (work.actor.name, work.actor.station)
        if mine and held.row["began"] is not None:
            return view(work, held)  # the clock of the step goes on
        if held.row["officer"] and not mine:
            dossier_rows.event(work, held, "contested")
        made = dossier_rows.save(
            work, held, began=work.now, officer=work.actor.name, station=work.actor.station
        )
        dossier_rows.event(work, made, f"begin:{held.todo[0]}", role=Role.COUNTER)
        return view(work, made)

    @reads("enrolment.see", Capability.ENROL)
    def see(self, work: Work, reference: str) -> Standing:
        """Where an enrolment stands."""
        return view(work, readable(work, reference))

    @changes("enrolment.check", Capability.ENROL)
    def check(
        self, work: Work, reference: str, version: int, shown: Sequence[Claim] = ()
    ) -> tuple[Checked, Standing]:
        """Look the citizen up, and say what is lacking, doubtful, or differs from their papers."""
        held = working(work, reference, version, CounterStep.CHECK)
        record = person_of(work, held)
        day = work.session.today()
        lacking, doubts = examined(record.citizen, day)
        differs = differing(record.citizen, checked(shown), day)
        work.detail.update(lacking=len(lacking), doubts=len(doubts), differs=len(differs))
        found = Checked(as_person(record), lacking, doubts, differs)
        return found, view(work, finish(work, held))

    @changes("enrolment.confirm", Capability.ENROL)
    def confirm(
        self, work: Work, reference: str, version: int, claims: Sequence[Claim] = (),
        source: str = "",
    ) -> tuple[Checked, Standing]:  # fmt: skip
        """Record what is corrected at the counter (DC02); what still lacks opens a correction."""
        held = working(work, reference, version, CounterStep.CONFIRM)
        record, said = person_of(work, held), Said(checked(claims))
        if said.claims:
            if Capability.CORRECT not in work.actor.capabilities:
                raise AccessRefusedError("enrolment.confirm needs the capability to correct")
            record = records.append(work, record, said, kind="correct", source=source)
        day = work.session.today()
        lacking, doubts = examined(record.citizen, day)
        found = Checked(as_person(record), lacking, doubts)
        if lacking:
            return found, view(work, _block(work, held, [one.rule for one in lacking], ""))
        todo = [step.value for step in _left(held, record, held.todo[1:])]
        return found, view(work, finish(work, held, todo=todo))

    @changes("enrolment.block", Capability.ENROL)
    def block(
        self, work: Work, reference: str, version: int, codes: Sequence[str], note: str = ""
    ) -> Standing:
        """Open a correction: data are missing or contradict each other; the dossier waits."""
        held = working(work, reference, version)
        if not codes:
            raise FieldError("codes", "say what is wrong")
        return view(work, _block(work, held, codes, note))

    @changes("enrolment.exception", Capability.ENROL)
    def exception(
        self, work: Work, reference: str, version: int, kind: Exceptional | str, note: str = ""
    ) -> Standing:
        """Note why a citizen is enrolled in another way, such as at home."""
        held = working(work, reference, version)
        return view(work, noted(work, held, exceptional(kind), note))


def exceptional(kind: Exceptional | str) -> Exceptional:
    """The exception by name; `FieldError` when there is no such one."""
    try:
        return Exceptional(kind)
    except ValueError:
        raise FieldError("exception", f"not one of {', '.join(Exceptional)}") from None


def noted(work: Work, held: Held, kind: Exceptional, note: str = "") -> Held:
    """A dossier with one more exception; what was written about it is sealed."""
    found: list[str] = list(held.body.get("exceptions", []))
    texts: list[Any] = list(held.body.get("notes", []))
    if kind.value not in found:
        found.append(kind.value)
    if checked_note(note):
        texts.append([kind.value, note])
    made = dossier_rows.save(work, held, exceptions=found, notes=texts)
    dossier_rows.event(work, made, "exception", role=Role.COUNTER, reason=kind.value)
    return made


def person_of(work: Work, held: Held) -> Record:
    """Whose dossier it is, kept by whatever unit: people are enrolled anywhere."""
    record = unions.entry(work.connection, work.vault, held.person)
    if record.root is not None:
        work.about(record.root.id)
    if (record.root or record).state != records.ACTIVE:
        raise FieldError("person", "is no longer kept in this register")
    return record


def _block(work: Work, held: Held, codes: Sequence[str], note: str) -> Held:
    open_case(work, CaseKind.CORRECTION, held.unit, person=held.person, dossier=held.id,
              codes=codes, text=note)  # fmt: skip
    made = dossier_rows.save(work, held, began=None)  # waiting is not working
    dossier_rows.event(work, made, "blocked", role=Role.COUNTER)
    return made


def _left(held: Held, record: Record, todo: Sequence[str]) -> tuple[CounterStep, ...]:
    """The steps that are left when the date of birth is certain: no biometrics under six."""
    found = entitlement(record.citizen, held.filed)
    left = tuple(CounterStep(one) for one in todo)
    if found is not None and not found.biometrics:
        return tuple(one for one in left if one not in BIOMETRIC)
    if ENDS[held.state] == "enrol":
        done = (CounterStep.CHECK, CounterStep.CONFIRM)
        return tuple(one for one in plan_of(held).steps() if one not in done)
    return left
