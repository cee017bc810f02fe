"""Reading and writing the rows of cases, inside a transaction; no rights are checked here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update

from civid.errors import ChangedMeanwhileError, NotInRegisterError, TransitionError
from civid.register.cases.case import SEARCHED, STEPS, Case, CaseState
from civid.register.codes import code, note
from civid.register.ids import new_id, to_text
from civid.register.session import Work
from civid.register.store.tables import cases


def open_case(
    work: Work,
    kind: str,
    unit: str,
    *,
    person: bytes | None = None,
    other: bytes | None = None,
    dossier: bytes | None = None,
    codes: Iterable[str] = (),
    evidence: Mapping[str, Any] | None = None,
    text: str = "",
    due: date | None = None,
) -> Case:
    """A new case in a unit's queue, in the transaction of what it is about."""
    made = new_id()
    body = {"codes": [code(one, "codes") for one in codes], "evidence": dict(evidence or {}),
            "note": note(text)}  # fmt: skip
    key, sealed = work.vault.seal(json.dumps(body).encode(), "cases", made)
    work.connection.execute(
        insert(cases).values(
            id=made, kind=code(kind, "kind"), state=CaseState.OPEN.value, unit=unit, person=person,
            other=other, dossier=dossier, owner="", opened=work.now,
            due=None if due is None else due.isoformat(), closed=None, reason="", version=1,
            key=key, sealed=sealed,
        )
    )  # fmt: skip
    return load(work, made)


def load(work: Work, reference: bytes) -> Case:
    """One case; `NotInRegisterError` when there is none."""
    row = work.connection.execute(select(cases).where(cases.c.id == reference)).one_or_none()
    if row is None:
        raise NotInRegisterError("no such case in this register")
    return case_of(work, row)


def case_of(work: Work, row: Row[Any]) -> Case:
    """A row as a case."""
    body = json.loads(work.vault.open(row.key, row.sealed, "cases", bytes(row.id)))
    person, other, dossier = (
        None if one is None else to_text(one) for one in (row.person, row.other, row.dossier)
    )
    return Case(
        to_text(row.id), row.kind, CaseState(row.state), row.unit, person, other, dossier,
        row.owner, row.opened, None if row.due is None else date.fromisoformat(row.due),
        row.closed, row.reason, row.version, tuple(body["codes"]), body["evidence"], body["note"],
    )  # fmt: skip


def move(
    work: Work, case: Case, state: CaseState, *, owner: str = "", reason: str = "", text: str = ""
) -> Case:
    """Take, give back or close a case that was read in this transaction.

    Raises
    ------
    TransitionError
        It is closed already, or taken by somebody, or there is no reason.
    ChangedMeanwhileError
        Somebody else was first.
    """
    refusal = STEPS.refusal(case.state, state, reason=reason)
    if refusal is not None:
        raise TransitionError(f"case: {case.state} cannot become {state} ({refusal.value})")
    reference = bytes.fromhex(case.reference)
    values: dict[str, Any] = {"state": state.value, "owner": owner, "version": case.version + 1}
    if state is CaseState.CLOSED:
        said = "\n".join(one for one in (case.note, note(text)) if one)
        body = {"codes": list(case.codes), "evidence": dict(case.evidence), "note": said}
        key, sealed = work.vault.seal(json.dumps(body).encode(), "cases", reference)
        values |= {"closed": work.now, "reason": code(reason), "key": key, "sealed": sealed}
        values["owner"] = owner or case.owner or work.actor.name
    done = work.connection.execute(
        update(cases).where(cases.c.id == reference, cases.c.version == case.version).values(values)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this case first; read it again")
    return load(work, reference)


def waiting_for(work: Work, dossier: bytes, person: bytes) -> tuple[str, ...]:
    """Kinds of the cases that a dossier waits for, each once; see `waiting`."""
    return waiting(work, [(dossier, person)])[dossier]


def waiting(work: Work, wanted: Sequence[tuple[bytes, bytes]]) -> dict[bytes, tuple[str, ...]]:
    """Kinds of the cases that dossiers wait for, given with their people, by dossier.

    Those about the dossier; and those that a search has opened about its person, whoever came
    first: when two stations enrol the same fingers, both dossiers wait.
    """
    which, people = [one for one, _ in wanted], [person for _, person in wanted]
    searched = [str(one) for one in SEARCHED]
    rows = work.connection.execute(
        select(cases.c.kind, cases.c.dossier, cases.c.person, cases.c.other).where(
            cases.c.state != CaseState.CLOSED.value,
            or_(
                cases.c.dossier.in_(which),
                and_(
                    cases.c.kind.in_(searched),
                    or_(cases.c.person.in_(people), cases.c.other.in_(people)),
                ),
            ),
        )
    )
    by_dossier: dict[bytes, set[str]] = {}
    by_person: dict[bytes, set[str]] = {}
    for row in rows:
        if row.dossier is not None:
            by_dossier.setdefault(bytes(row.dossier), set()).add(row.kind)
        if row.kind in SEARCHED:
            for one in (row.person, row.other):
                if one is not None:
                    by_person.setdefault(bytes(one), set()).add(row.kind)
    return {
        dossier: tuple(sorted(by_dossier.get(dossier, set()) | by_person.get(person, set())))
        for dossier, person in wanted
    }
