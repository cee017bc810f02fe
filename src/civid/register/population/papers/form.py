"""Forms as bytes and back, and what of them contradicts the register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from civid.errors import FieldError, FormError, RegisterDamagedError
from civid.people.citizen import Citizen, Retraction, field_of
from civid.people.citizen.claim import claim
from civid.people.forms import Change, Dc01, Dc02Request, Dc02Update, Procedure, dc01, dc02
from civid.people.names.canonical import canonical
from civid.people.warning import FieldWarning
from civid.register.population.claims import Said
from civid.register.population.records import Record

Form = Dc01 | Dc02Update | Dc02Request


def code_of(form: Form) -> str:
    """``DC01`` or ``DC02``."""
    return "DC01" if isinstance(form, Dc01) else "DC02"


def number_on(form: Form) -> str:
    """The personal number that is written on a form; empty when none."""
    return form.values.get("number", "") if isinstance(form, Dc01) else form.number


def body_of(form: Form) -> dict[str, Any]:
    """A form as plain values."""
    body: dict[str, Any] = {"filled": form.filled.isoformat()}
    if isinstance(form, Dc01):
        return body | {
            "values": dict(form.values), "collector": form.collector, "unit": form.unit,
            "medical_paper": form.medical_paper,
            "signed": [form.signed_by_declarant, form.signed_by_police],
        }  # fmt: skip
    if isinstance(form, Dc02Update):
        changes = [
            [one.field, one.old, one.new, one.evidence, one.correction] for one in form.changes
        ]
        return body | {"number": form.number, "changes": changes, "unit": form.unit}
    return body | {
        "number": form.number, "procedures": sorted(one.name for one in form.procedures),
        "corrections": dict(form.corrections), "evidence": form.evidence,
    }  # fmt: skip


def form_of(body: dict[str, Any]) -> Form:
    """The form of `body_of`; `RegisterDamagedError` for anything else."""
    try:
        filled = date.fromisoformat(body["filled"])
        if "values" in body:
            return Dc01(
                body["values"], filled, body["collector"], body["unit"], body["medical_paper"],
                *body["signed"],
            )  # fmt: skip
        if "changes" in body:
            changes = tuple(Change(*one) for one in body["changes"])
            return Dc02Update(body["number"], changes, filled, body["unit"])
        procedures = frozenset(Procedure[one] for one in body["procedures"])
        return Dc02Request(
            body["number"], procedures, filled, body["corrections"], body["evidence"]
        )
    except (KeyError, TypeError, ValueError):
        raise RegisterDamagedError("a form cannot be read") from None


def examined(form: Form, citizen: Citizen) -> tuple[Citizen | None, list[FieldWarning], list[str]]:
    """The citizen with the form applied, doubts, and codes of what contradicts the register.

    The first is None when it cannot be applied at all.
    """
    doubts: list[FieldWarning] = []
    try:
        if isinstance(form, Dc01):
            doubts += dc01.validate(form)
            after = dc01.apply(form, citizen)
        elif isinstance(form, Dc02Update):
            doubts += dc02.validate_update(form, citizen)
            after = dc02.apply_update(form, citizen)
        else:
            doubts += dc02.validate_request(form, citizen)
            after = dc02.apply_request(form, citizen)
    except FormError as error:
        if error.field == "form" and not doubts:
            raise  # no such form on that day, or a box that it does not have
        return None, doubts, [f"form.{error.field}"]
    except FieldError as error:
        return None, doubts, [f"{error.field}.unread"]
    wrong = [one.code for one in doubts if one.code.endswith(".old")]
    if isinstance(form, Dc01):
        wrong += [f"dc01.{name}.contradicts" for name in _contradicted(form, citizen)]
    return after, doubts, wrong


def _contradicted(form: Dc01, citizen: Citizen) -> list[str]:
    """Fields that only a correction changes, and of which the slip says something else."""
    found = []
    for name, text in sorted(form.values.items()):
        held = citizen.current(name)
        if not text.strip() or held is None or not held.is_read or field_of(name).changes:
            continue
        made = claim(name, text, held.source, form.filled, keep_unread=True)
        if made.is_read and _said(made.value) != _said(held.value):
            found.append(name)
    return found


def _said(value: object) -> object:
    return canonical(value) if isinstance(value, str) else value


def added(record: Record, before: Citizen, after: Citizen, why: str) -> Said:
    """What an act has to say so that one citizen becomes another.

    Claims of other entries of the person are not retracted by it; see `elsewhere`.
    """
    made = after.claims[len(before.claims) :]
    places = [(seq, said.claims) for seq, said in record.acts] + [(record.version + 1, made)]
    retracted = tuple(
        (*_place(places, one.claim), one.recorded, one.reason)
        for one in after.retractions[len(before.retractions) :]
        if one not in elsewhere(record, before, after)
    )
    return Said(made, retracted, why)


def elsewhere(record: Record, before: Citizen, after: Citizen) -> tuple[Retraction, ...]:
    """What is retracted and was said through another entry of the same person."""
    if record.root is None and not record.joined:
        return ()
    own = [claim for _, said in record.acts for claim in said.claims]
    made = after.claims[len(before.claims) :]
    return tuple(
        one
        for one in after.retractions[len(before.retractions) :]
        if one.claim not in own and one.claim not in made
    )


def _place(places: Iterable[tuple[int, tuple[Any, ...]]], wanted: object) -> tuple[int, int]:
    for seq, claims in places:
        if wanted in claims:
            return seq, claims.index(wanted)
    raise RegisterDamagedError("a form retracts a claim that is not there")
