"""Erasure: nothing is left but the reference, its certificate, and a number that stays used."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update
from tests.register.check.test_check import do
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, said, somebody
from tests.search.prints import person

from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    FieldError,
    HeldError,
    NotInRegisterError,
)
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.enrolment.captures import place as capture_place
from civid.register.ids import from_text, new_id
from civid.register.protection import Certificate
from civid.register.protection.about import BELOW, OF_A_PERSON
from civid.register.store import audit_tables as lo
from civid.register.store import tables as t

BASIS = "Luật 91/2025/QH15, điều 14; yêu cầu 12/YC"


@pytest.fixture
def filled(opened: Opener) -> Register:
    register = opened(keys=KEYS)
    for which in range(2):
        made = register.people.add([*somebody(which), said("cmnd9", f"19123456{which}")], unit="46")
        register.prints.enrol(made.reference, person(which, Position.RIGHT_INDEX))
    return register


def give_papers(register: Register, who: bytes) -> None:
    """Rows in every table that can be about a person."""
    key, sealed = 1, b""
    dossier, card, case, asked = new_id(), new_id(), new_id(), new_id()
    vault = register._session.vault
    values: dict[str, dict[str, object]] = {}
    for table in (*OF_A_PERSON, *BELOW):
        row: dict[str, object] = {}
        for column in table.columns:
            if column.nullable or column.server_default is not None:
                continue
            kind = column.type.python_type
            row[column.name] = {int: 1, str: "x", bytes: bytes(16)}[kind]
        values[table.name] = row
    for name in values:
        if "id" in values[name]:
            values[name]["id"] = {
                "dossiers": dossier, "cards": card, "adjudications": case,
                "unit_requests": asked,
            }.get(name, new_id())  # fmt: skip
        if "person" in t.metadata.tables[name].c:
            values[name]["person"] = who
    values["dossier_events"]["dossier"] = values["captures"]["dossier"] = dossier
    values["card_events"]["card"] = card
    values["unit_request_events"]["request"] = asked
    values["questions"]["request"] = new_id()
    values["guesses"]["token"], values["aliases"]["token"] = new_id(), new_id()
    values["captures"]["frame"] = "portrait"
    values["adjudications"]["subject"] = values["unions"]["merged"] = who
    values["unions"]["ended"] = 1
    values["adjudications"]["state"] = "waiting"
    values["apart"]["low"] = values["open_pairs"]["low"] = values["open_pairs"]["high"] = who
    values["open_pairs"]["adjudication"] = values["suspects"]["adjudication"] = case
    values["rulings"]["adjudication"] = values["adjudication_events"]["adjudication"] = case
    values["holds"]["released"] = 1
    values["sources"]["external"] = who
    from civid.register.store.sealed import SEALED

    for one in SEALED:
        if one.table.name in values:
            row = values[one.table.name]
            place = {
                "captures": capture_place("portrait", 1), "rulings": 1, "consent_terms": 1,
            }.get(one.table.name, 0)  # fmt: skip
            owners = {"captures": "dossier", "rulings": "adjudication", "questions": "request",
                      "guesses": "token"}  # fmt: skip
            owner = row[owners.get(one.table.name, "person" if "id" not in row else "id")]
            if one.table.name == "consent_terms":
                owner = bytes(row["grant"]) + who  # type: ignore[call-overload]
            body = b'{"a": "Hu\xe1\xba\xbf", "seed": null, "register_cases": []}'
            key, sealed = vault.seal(body, one.table.name, bytes(owner),  # type: ignore[call-overload]
                                     place, one.purpose)  # fmt: skip
            row.update(key=key, sealed=sealed)
    do(register, *(insert(t.metadata.tables[name]).values(row) for name, row in values.items()))


def test_nothing_is_left(filled: Register, where: str) -> None:
    reference = filled.person(number(0)).reference
    give_papers(filled, from_text(reference))
    inspector = filled.acting_as(Actor("dpo", unit="46", scope=("46",), purpose="xóa dữ liệu"))
    certificate = inspector.protection.erase(reference, basis=BASIS)
    assert certificate.removed["acts"] == 1
    assert {"forms", "captures", "card_events", "prints", "cases"} <= set(certificate.removed)
    assert filled.people.get(reference).state == "erased"
    assert not filled.people.get(reference).citizen.claims
    assert not filled.find(name="Nguyễn Thị An An").people
    for gone in (number(0), "191234560"):
        with pytest.raises(NotInRegisterError):
            filled.person(gone)
    with pytest.raises(AlreadyInRegisterError):  # used for ever
        filled.people.add(somebody(0), unit="46")
    assert not filled.prints.identify(person(0, Position.RIGHT_INDEX))
    assert len(filled._session.link.gallery) == 1
    assert filled.protection.verify_certificate(certificate).holds
    assert filled.protection.certificate(reference) == certificate
    assert filled.check().clean
    for refused in (
        lambda: filled.protection.erase(reference, basis=BASIS),
        lambda: filled.people.record(reference, [said("religion", "Phật giáo")]),
        lambda: filled.prints.enrol(reference, person(1, Position.RIGHT_INDEX)),
    ):
        with pytest.raises(NotInRegisterError):
            refused()


def test_bytes_are_gone_from_the_files(where: str, opened: Opener, tmp_path: Path) -> None:
    register = opened()  # without keys: what is stored can be seen
    made = register.people.add([said("name", "Xuânxuânxuân"), said("number", number(5))], unit="46")
    register.prints.enrol(made.reference, person(5, Position.RIGHT_INDEX))

    def raw() -> bytes:
        return b"".join(one.read_bytes() for one in Path(where).rglob("*") if one.is_file())

    if not where.startswith("postgresql"):
        assert number(5).encode() in raw()
    register.protection.erase(made.reference, basis=BASIS)
    if not where.startswith("postgresql"):
        assert number(5).encode() not in raw()
        assert "Xuânxuânxuân".encode() not in raw()
    text = json.dumps([one.to_dict() for one in register.audit.entries()], ensure_ascii=False)
    assert number(5) not in text
    assert BASIS not in text


def test_merged_records_go_too(filled: Register) -> None:
    kept, gone = (filled.person(number(which)).reference for which in (0, 1))
    do(
        filled,
        update(t.persons).where(t.persons.c.id == from_text(gone))
        .values(state="merged", merged_into=from_text(kept)),
    )  # fmt: skip
    certificate = filled.protection.erase(kept, basis=BASIS)
    assert certificate.merged == (gone,)
    with filled._session.database.reading() as connection:
        assert len(connection.execute(select(t.acts)).all()) == 2
        assert not connection.execute(select(t.names)).all()
    assert filled.check().clean


def test_a_certificate_can_be_false(filled: Register) -> None:
    reference = filled.person(number(0)).reference
    certificate = filled.protection.erase(reference, basis=BASIS)
    again = Certificate.from_dict(json.loads(json.dumps(certificate.to_dict())))
    assert again == certificate
    verify = filled.protection.verify_certificate
    assert verify(again).holds
    assert not verify(replace(again, basis="another")).holds
    assert not verify(replace(again, removed={})).holds
    living = filled.person(number(1)).reference
    assert len(verify(replace(again, reference=living)).problems) >= 3
    do(filled, insert(t.names).values(token=bytes(16), birth_year=0, person=from_text(reference)))
    assert verify(again).problems == ("names still holds something",)
    do(filled, delete(lo.audit_subjects))
    assert verify(again).entry is None
    with pytest.raises(FieldError):
        Certificate.from_dict({"register": ""})
    with pytest.raises(NotInRegisterError):
        filled.protection.certificate(living)


def test_a_legal_hold(filled: Register) -> None:
    reference = filled.person(number(0)).reference
    hold = filled.protection.hold(reference, "Lệnh 5/TA của tòa án")
    past = filled.protection.hold(reference, "cũ", until=date(2001, 1, 1))
    with pytest.raises(HeldError):
        filled.protection.erase(reference, basis=BASIS)
    assert filled.people.get(reference).state == "active"
    assert [one.hold for one in filled.protection.holds(reference)] == [hold.hold, past.hold]
    assert filled.protection.holds(reference)[0].reason == "Lệnh 5/TA của tòa án"
    assert filled.protection.release(hold.hold).released
    assert filled.protection.erase(reference, basis=BASIS).removed["holds"] == 2
    with pytest.raises(NotInRegisterError):
        filled.protection.release(hold.hold)
    for reason in ("", " ", "x" * 501):
        with pytest.raises(FieldError):
            filled.protection.hold(filled.person(number(1)).reference, reason)


def test_who_may(filled: Register) -> None:
    reference = filled.person(number(0)).reference
    clerk = filled.acting_as(Actor("clerk", frozenset(Capability) - {Capability.DELETE}))
    elsewhere = filled.acting_as(Actor("dpo", unit="79"))
    for one in (clerk, elsewhere):
        with pytest.raises(AccessRefusedError):
            one.protection.erase(reference, basis=BASIS)
    for attempt in (
        lambda: elsewhere.protection.hold(reference, "x"),
        lambda: elsewhere.protection.holds(reference),
        lambda: elsewhere.protection.export(reference),
        lambda: elsewhere.audit.readers(reference),
        lambda: elsewhere.protection.apply_rules(),
    ):
        with pytest.raises(AccessRefusedError):
            attempt()
    for basis in ("", "x" * 201, "a\nb"):
        with pytest.raises(FieldError):
            filled.protection.erase(reference, basis=basis)


def test_an_import_does_not_bring_back_who_was_erased(register: Register) -> None:
    row = {"name": "Trần Văn Ba", "birth": "17/11/2001"}

    def run(**more: str) -> tuple[int, int, dict[str, int]]:
        made = register.bulk.synchronise([("X1", {**row, **more})], source="old", unit="46")
        return made.new, made.same, dict(made.reasons)

    assert run() == (1, 0, {})
    (held,) = register.find(name="Trần Văn Ba").people
    register.protection.erase(held.reference, basis=BASIS)
    assert run() == (0, 1, {})
    assert run(religion="Phật giáo") == (0, 0, {"erased": 1})
    assert not register.find(name="Trần Văn Ba").people
    assert register.check().clean
