"""Forms DC01 and DC02 (phiếu): recorded as they are, and applied to the person in one step."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.people import personal_number
from civid.people.citizen import Citizen, Retraction
from civid.register.actor import Capability
from civid.register.ids import from_text, new_id, to_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.population import records, unions
from civid.register.population.claims import Said
from civid.register.population.lookup import NumberKind, lookup_of
from civid.register.population.papers.form import (
    Form,
    added,
    body_of,
    code_of,
    elsewhere,
    examined,
    form_of,
    number_on,
)
from civid.register.population.papers.form_record import (
    APPLIED,
    REJECTED,
    WAITING,
    FormRecord,
)
from civid.register.population.people import checked, readable
from civid.register.population.people import held as writable
from civid.register.population.sealed import sealed, unsealed
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import forms
from civid.register.units import unit_code

_TABLE = "forms"
_COLLECTOR = 64


class Forms(Service):
    """Forms of a register. Safe for threads."""

    @changes("form.record", Capability.CORRECT)
    def record(
        self, work: Work, form: Form, *, unit: str, person: str | None = None, collector: str = ""
    ) -> FormRecord:
        """Keep a form, and apply it to its person unless it contradicts what is known.

        Without `person`, the number on the form leads to the person; a DC01 of somebody who is not
        here adds them, which needs the capability to enrol.

        Parameters
        ----------
        form : Dc01, Dc02Update or Dc02Request
            As it was written; the day on it decides the circular.
        unit : str
            Unit that takes it in.
        collector : str
            Who collected it; a pseudonym or an account.

        Raises
        ------
        FormError
            No such form was in force on its day, or it has a box that the form does not have.
        NotInRegisterError
            A DC02 of somebody who is not here.
        """
        work.within(unit_code(unit))
        if len(collector) > _COLLECTOR or not (collector or "-").isprintable():
            raise FieldError("collector", f"must be text of at most {_COLLECTOR} characters")
        held = _whose(work, form, person)
        if held is None and code_of(form) != "DC01":
            raise NotInRegisterError("nobody in this register has the number of this form")
        reference = new_id()
        row = {
            "code": code_of(form), "circular": form.version.circular, "unit": unit,
            "filled": form.filled.isoformat(), "collector": collector or work.actor.name,
        }  # fmt: skip
        body: dict[str, Any] = {"form": body_of(form)}
        who, state = _applied(work, form, held, unit, body, reference)
        work.connection.execute(
            insert(forms).values(
                id=reference, person=who, state=state, **row,
                **sealed(work, _TABLE, reference, body),
            )
        )  # fmt: skip
        work.detail.update(code=row["code"], state=state)
        return _load(work, reference)

    @changes("form.decide", Capability.CORRECT)
    def decide(self, work: Work, reference: str, *, accept: bool, reason: str) -> FormRecord:
        """Decide about a form that waits: apply it all the same, or reject it.

        Raises
        ------
        TransitionError
            It does not wait, or is still not to be applied: of another person, unsigned, unread.
        """
        if not reason.strip():
            raise FieldError("reason", "missing")
        held = _load(work, from_text(reference))
        work.within(held.unit)
        if held.state != WAITING:
            raise TransitionError(f"form: {held.state} cannot be decided again")
        body = _body(work, from_text(reference))
        person: bytes | None = None if held.person is None else from_text(held.person)
        state = REJECTED
        if accept:
            record = None if person is None else writable(work, to_text(person), None)
            person, state = _applied(
                work, held.form, record, held.unit, body, from_text(reference), despite=True
            )
            if state == WAITING:
                raise TransitionError("form: cannot be applied as it stands")
        if person is not None:
            work.about(person)
        body["reason"] = reason[:200]
        done = work.connection.execute(
            update(forms)
            .where(forms.c.id == from_text(reference), forms.c.state == WAITING)
            .values(person=person, state=state, **sealed(work, _TABLE, from_text(reference), body))
        )
        if done.rowcount != 1:
            raise ChangedMeanwhileError("somebody else decided about this form first")
        work.detail.update(code=held.code, state=state)
        return _load(work, from_text(reference))

    @reads("form.read")
    def get(self, work: Work, reference: str) -> FormRecord:
        """A form, as it was written."""
        found = _load(work, from_text(reference))
        if found.person is not None:
            work.about(from_text(found.person))
        work.within(found.unit)
        return found

    @reads("form.list")
    def page(
        self, work: Work, unit: str, state: str | None = None, *, limit: int = 50,
        after: str | None = None,
    ) -> Listing[FormRecord]:  # fmt: skip
        """Forms of a unit and of all below it, in the order in which they came."""
        checked_limit(limit)
        work.within(unit_code(unit))
        query = select(forms.c.id).where(
            (forms.c.unit == unit) | forms.c.unit.startswith(unit + "/", autoescape=True),
            forms.c.state.in_([state] if state else [APPLIED, WAITING, REJECTED]),
        )
        if after is not None:
            query = query.where(forms.c.id > from_text(after))
        ids = work.connection.execute(query.order_by(forms.c.id).limit(limit + 1)).scalars().all()
        found = part([_load(work, bytes(one)) for one in ids], limit)
        work.about(*(from_text(one.person) for one in found if one.person is not None))
        return found

    @reads("form.list")
    def of_person(self, work: Work, person: str) -> tuple[FormRecord, ...]:
        """Every form about somebody, oldest first."""
        record = readable(work, from_text(person))
        ids = work.connection.execute(
            select(forms.c.id)
            .where(forms.c.person.in_(unions.entries(work.connection, record.id)))
            .order_by(forms.c.id)
        ).scalars()
        return tuple(_load(work, bytes(one)) for one in ids)


def _whose(work: Work, form: Form, person: str | None) -> records.Record | None:
    if person is not None:
        return writable(work, person, None)
    written = number_on(form).strip()
    if not personal_number.is_valid(written):
        return None
    digits = personal_number.validate(written)
    found = records.holders(work.connection, work.vault, NumberKind.PERSONAL, digits)
    return writable(work, to_text(found[0]), None) if found else None


def _applied(
    work: Work, form: Form, held: records.Record | None, unit: str, body: dict[str, Any],
    reference: bytes, *, despite: bool = False,
) -> tuple[bytes | None, str]:  # fmt: skip
    """Apply a form, or say in its body what is wrong; whose it is, and its state."""
    before = Citizen("") if held is None else held.citizen
    after, doubts, wrong = examined(form, before)
    wrong += _taken(work, before, after, held)
    if held is None and after is not None and not after.text("name"):
        wrong.append("form.name")
    refused = after is None or any(one.startswith("form.") for one in wrong)
    body["doubts"], body["wrong"] = [one.code for one in doubts], wrong
    if after is None or refused or (wrong and not despite):
        return None if held is None else held.id, WAITING
    why = f"{code_of(form)} {form.version.circular}"
    if held is not None:
        for one in elsewhere(held, before, after):
            _retract(work, held, one, to_text(reference))
            held = writable(work, to_text(held.id), None)
        said = added(held, before, after, why)
        if said.claims or said.retracted:
            records.append(work, held, said, kind="form", source=to_text(reference))
        return held.id, APPLIED
    if Capability.ENROL not in work.actor.capabilities:
        raise AccessRefusedError("adding somebody by a form needs the capability to enrol")
    person = new_id()
    said = Said(checked(after.claims), (), why)
    records.add(work, person, unit, said, kind="form", source=to_text(reference))
    work.about(person)
    return person, APPLIED


def _retract(work: Work, record: records.Record, wrong: Retraction, source: str) -> None:
    """A claim that was made through another entry of the same person no longer counts."""
    found = unions.locate(record, wrong.claim)
    if found is not None:
        where, seq, place = found
        said = Said((), ((seq, place, wrong.recorded, wrong.reason),))
        records.append(work, where, said, kind="form", source=source)


def _taken(
    work: Work, before: Citizen, after: Citizen | None, held: records.Record | None
) -> list[str]:
    """Whether the form gives somebody a personal number that is somebody else's."""
    if after is None:
        return []
    for kind, number in lookup_of(after).numbers - lookup_of(before).numbers:
        holders = records.holders(work.connection, work.vault, kind, number)
        if kind is NumberKind.PERSONAL and any(held is None or one != held.id for one in holders):
            return ["form.number_taken"]
    return []


def _row(work: Work, reference: bytes) -> Any:
    row = work.connection.execute(select(forms).where(forms.c.id == reference)).one_or_none()
    if row is None:
        raise NotInRegisterError("no such form in this register")
    return row


def _body(work: Work, reference: bytes) -> dict[str, Any]:
    return unsealed(work.vault, _TABLE, reference, _row(work, reference))


def _load(work: Work, reference: bytes) -> FormRecord:
    row = _row(work, reference)
    body = unsealed(work.vault, _TABLE, reference, row)
    return FormRecord(
        to_text(reference), row.person and to_text(row.person), row.code, row.circular,
        date.fromisoformat(row.filled), row.state, row.unit, row.collector,
        form_of(body["form"]), tuple(body["wrong"]), tuple(body["doubts"]), body.get("reason", ""),
    )  # fmt: skip
