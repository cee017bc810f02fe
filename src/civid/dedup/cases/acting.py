"""What the last ruling does, in its own transaction; and how each of it is undone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from civid.cards.lifecycle import DossierState, Role
from civid.dedup.cases.ruling import Reason, Ruling, Statement
from civid.errors import NotInRegisterError, TransitionError
from civid.register.adjudication.rows import Stored
from civid.register.cases import rows as case_rows
from civid.register.cases.case import CaseKind, CaseState
from civid.register.enrolment.plan import CounterStep
from civid.register.identity import dossier_rows
from civid.register.identity.dossiers import advance
from civid.register.ids import from_text, to_text
from civid.register.population import apart, records, unions
from civid.register.session import Work

#: Reasons of the form CC03 by those of a ruling.
_REFUSED = {
    Reason.FALSE_PAPERS: "false_papers", Reason.HAS_VALID_CARD: "has_valid_card",
    Reason.NOT_ELIGIBLE: "not_eligible",
}  # fmt: skip
_AGAIN = {
    Reason.POOR_PRINTS: ("poor_prints", CounterStep.PRINTS),
    Reason.POOR_PORTRAIT: ("poor_portrait", CounterStep.PORTRAIT),
    Reason.MISSING_DATA: ("missing_data", CounterStep.CONFIRM),
}
_RETURNED = frozenset({DossierState.ENROLLED, DossierState.CHECKED, DossierState.APPROVED})
_AT_COUNTER = frozenset({DossierState.REQUESTED, DossierState.NEEDS_CORRECTION})
Done = list[dict[str, Any]]


def act(work: Work, case: Stored, said: Statement) -> Done:
    """Do what was decided; returns what was done, so that it can be undone."""
    done: Done = []
    close(work, case, said.ruling.value)
    people = [from_text(one) for one in said.people]
    if said.ruling is Ruling.SAME_PERSON:
        _same(work, case, said, people, done)
    elif said.ruling is Ruling.DIFFERENT_PEOPLE:
        _apart(work, case, said, people, done)
        if not people:  # somebody else gave the prints of this person
            _correct(work, case, said, done)
            _back(work, case, "data_conflict", CounterStep.CONFIRM, done)
    elif said.ruling is Ruling.SPLIT:
        _apart(work, case, said, people, done)
        _correct(work, case, said, done)
    elif said.ruling is Ruling.REJECT:
        _refuse(work, case, _REFUSED[said.reason], done)
    elif said.ruling is Ruling.SEND_BACK:
        _back(work, case, *_AGAIN[said.reason], done)
    else:
        _back(work, case, "poor_prints", CounterStep.PRINTS, done)
        if case.dossier is None:
            _correct(work, case, said, done)
    return done


def close(work: Work, case: Stored, outcome: str) -> None:
    """Close what the register has open about it: the dossier waits no longer."""
    for one in case.body["register_cases"]:
        with suppress(NotInRegisterError):  # gone with somebody who was erased
            found = case_rows.load(work, from_text(one))
            if found.state is not CaseState.CLOSED:
                case_rows.move(work, found, CaseState.CLOSED, reason=outcome.replace("-", "_"))


def _same(
    work: Work, case: Stored, said: Statement, people: list[bytes], done: Done
) -> None:  # fmt: skip
    if case.body["probe"] is None:
        entries = unions.roots(work.connection, [case.subject, *people])
        alive = [one for one in records.load_many(work.connection, work.vault, entries)
                 if one.state == records.ACTIVE]  # fmt: skip
        kept, *others = sorted(one.id for one in alive) or [case.subject]  # ids begin with the time
        for one in others:
            apart.lift(work, kept, one)
            unions.merge(work, kept, one, said.reason.value, case.id)
            done.append({"do": "merge", "kept": to_text(kept), "merged": to_text(one)})
        rest = [one for one in case.suspects if one not in people]
        _apart(work, case, said, rest, done)
    if people:  # a request under another identity: its data have to become those of the person
        _back(work, case, "data_conflict", CounterStep.CONFIRM, done)


def _apart(
    work: Work, case: Stored, said: Statement, people: list[bytes], done: Done
) -> None:  # fmt: skip
    if case.body["probe"] is not None or said.until is None:
        return
    for one in people:
        if unions.root_of(work.connection, one) == unions.root_of(work.connection, case.subject):
            continue
        apart.keep(work, case.subject, one, said.until, said.reason.value, case.id)
        done.append({"do": "apart", "one": to_text(case.subject), "other": to_text(one)})


def _correct(work: Work, case: Stored, said: Statement, done: Done) -> None:
    """Somebody with the right to correct divides the entry, or sets another number."""
    person = None if case.body["probe"] is not None else case.subject
    other = from_text(said.people[0]) if said.people else None
    opened = case_rows.open_case(
        work, CaseKind.CORRECTION, case.row["unit"], person=person, other=other,
        dossier=case.dossier, codes=[said.reason.value],
    )  # fmt: skip
    done.append({"do": "correction", "case": opened.reference})


def _back(
    work: Work, case: Stored, reason: str, step: CounterStep, done: Done
) -> None:  # fmt: skip
    """The dossier goes back to the counter, as far as it is not too late for that."""
    if case.dossier is None:
        return
    held = dossier_rows.load(work, case.dossier, lock=True)
    before = {"state": held.state.value, "todo": list(held.todo)}
    if held.state in _RETURNED:
        held = advance(_unbound(work), held, "return_for_correction", Role.DEPARTMENT_HEAD, reason)
        todo = [step.value]
        held = dossier_rows.save(work, held, todo=todo, began=None)
    elif held.state in _AT_COUNTER:
        todo = [step.value, *(one for one in held.todo if one != step.value)]
        held = dossier_rows.save(work, held, todo=todo, began=None)
        dossier_rows.event(work, held, "sent_back", reason=reason)
    else:  # printed already, or refused: people with the card in hand have to see to it
        opened = case_rows.open_case(
            work, CaseKind.CORRECTION, held.unit, person=held.person, dossier=held.id,
            codes=[reason],
        )  # fmt: skip
        done.append({"do": "correction", "case": opened.reference})
        return
    done.append({"do": "back", "dossier": to_text(held.id), "set": todo, **before})


def _refuse(work: Work, case: Stored, reason: str, done: Done) -> None:
    if case.dossier is None:
        raise TransitionError("case: there is no dossier that could be refused")
    held = dossier_rows.load(work, case.dossier, lock=True)
    before = {"state": held.state.value, "todo": list(held.todo)}
    free = _unbound(work)
    if held.state is DossierState.APPROVED:
        held = advance(
            free, held, "return_for_correction", Role.DEPARTMENT_HEAD, "suspected_duplicate"
        )
    held = advance(free, held, "refuse", Role.DEPARTMENT_HEAD, reason)
    done.append({"do": "refuse", "dossier": to_text(held.id), **before})


def _unbound(work: Work) -> Work:
    """The same work for an officer whose ruling counts in every role of a dossier's course."""
    free = replace(work.actor, roles=None)
    return replace(work, session=work.session.acting_as(free))


def take_back(work: Work, case: Stored, reason: str) -> int:
    """Undo what was done, the last first; returns how much of it was still to be undone."""
    count = 0
    for one in reversed(case.body["acted"]):
        with suppress(NotInRegisterError):  # gone with somebody who was erased
            count += _UNDO[one["do"]](work, one, reason)
    return count


def _unmerge(work: Work, one: dict[str, Any], reason: str) -> bool:
    merged = from_text(one["merged"])
    found = records.load(work.connection, work.vault, merged)
    if found.state != records.MERGED:  # parted since, or erased
        return False
    unions.unmerge(work, merged, reason)
    return True


def _lift(work: Work, one: dict[str, Any], reason: str) -> bool:
    return apart.lift(work, from_text(one["one"]), from_text(one["other"]))


def _reopen(work: Work, one: dict[str, Any], reason: str) -> bool:
    """The dossier stands where it stood, unless it has gone on since."""
    held = dossier_rows.load(work, from_text(one["dossier"]), lock=True)
    if one["do"] == "refuse":
        stands = held.state is DossierState.REFUSED
    else:
        stands = held.state in _AT_COUNTER and list(held.todo) == one["set"]
    if not stands:
        return False  # it has gone on
    held = dossier_rows.save(work, held, state=one["state"], todo=one["todo"], began=None)
    dossier_rows.event(work, held, "reopened", reason=reason)
    return True


def _close_correction(work: Work, one: dict[str, Any], reason: str) -> bool:
    found = case_rows.load(work, from_text(one["case"]))
    if found.state is CaseState.CLOSED:
        return False
    case_rows.move(work, found, CaseState.CLOSED, reason="undone")
    return True


_UNDO = {
    "merge": _unmerge, "apart": _lift, "refuse": _reopen, "back": _reopen,
    "correction": _close_correction,
}  # fmt: skip
