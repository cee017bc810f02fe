"""Forms filled from the register: given, confirmed, asked; and the sum of what that saves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.register.citizens import Clock, citizen
from tests.register.conftest import Opener
from tests.register.people import KEYS

from civid.errors import AccessRefusedError, FieldError
from civid.exchange.prefill import (
    CT01,
    DC01,
    SHEETS,
    Filled,
    FilledForm,
    FormSheet,
    PrefillDesk,
    Why,
    fill,
    fill_from_answer,
    sheet_of,
    wanted,
)
from civid.exchange.sharing import Allow, Grant, Question, Sharing, Subject
from civid.people.citizen import Citizen, Source, claim
from civid.register import Actor, Capability, Register

TODAY = date(2026, 3, 2)
NUMBER = "046301000777"
GRANT = Grant(
    "ubnd", "ho-tich", "60/2014/QH13", "Luật Hộ tịch",
    tuple(map(Allow.of, ("name:full", "birth:full", "phone:full", "sex:=", "home_town:full"))),
    date(2026, 1, 1), date(2026, 12, 31), match=("name",), two_person=False,
)  # fmt: skip
VALUES = {
    "name": "Bùi Thị An", "birth": "05/03/2001", "sex": "Nữ", "number": NUMBER,
    "phone": "0901234567", "email": "an@example.vn", "head_name": "Bùi Văn Ba",
    "relation": "Con đẻ", "head_number": "046201000778",
}  # fmt: skip


def said(
    field: str, text: str, source: Source = Source.CIVIL_STATUS, day: date = date(2025, 1, 2)
) -> Any:
    return claim(field, text, source, day, keep_unread=True)


def box(form: FilledForm, field: str) -> tuple[Filled, str, Why | None]:
    (found,) = (one for one in form.boxes if one.field == field)
    return found.state, found.value, found.why


@given(
    st.sets(st.sampled_from(sorted(VALUES))), st.none() | st.sets(st.sampled_from(sorted(VALUES)))
)
def test_what_is_held_and_allowed_is_filled(held: set[str], allowed: set[str] | None) -> None:
    person = Citizen("x").with_claims(*(said(field, VALUES[field]) for field in sorted(held)))
    form = fill(CT01, person, today=TODAY, allowed=allowed)
    given_out = {one.field for one in form.boxes if one.state is not Filled.ASK}
    assert given_out == held & (held if allowed is None else allowed)
    assert form.not_asked_again == len(given_out)
    assert sum(form.count(state) for state in Filled) == len(CT01.boxes)
    for one in form.boxes:
        assert bool(one.value) == (one.state is not Filled.ASK)
        assert (one.why is None) == (one.state is Filled.FILLED)
    for field in set(VALUES) - given_out:
        assert VALUES[field] not in form.text() + str(form.to_dict())


@pytest.mark.parametrize(
    ("claims", "state", "why"),
    [
        ([said("birth", "05/03/2001")], Filled.FILLED, None),
        ([said("birth", "2001")], Filled.CONFIRM, Why.INCOMPLETE),
        ([said("birth", "03/2001")], Filled.CONFIRM, Why.INCOMPLETE),
        ([said("birth", "01/01/1950")], Filled.CONFIRM, Why.WEAK_DAY),
        ([said("birth", "31/04/2001")], Filled.ASK, Why.UNREAD),
        ([said("birth", "05/03/2001"), said("birth", "06/03/2001")], Filled.ASK, Why.DISPUTED),
        ([said("birth", "05/03/2001"), said("birth", "6/3/2001", Source.CITIZEN)], Filled.FILLED,
         None),
        ([said("birth", "05/03/2001", Source.CITIZEN)], Filled.CONFIRM, Why.SELF_DECLARED),
        ([said("phone", "0901", Source.RESIDENCE, date(2021, 3, 1))], Filled.CONFIRM, Why.OLD),
        ([said("phone", "0901", Source.RESIDENCE, date(2021, 3, 3))], Filled.FILLED, None),
        ([said("number", NUMBER, day=date(2001, 3, 12))], Filled.FILLED, None),
        ([], Filled.ASK, Why.NOT_HELD),
    ],
)  # fmt: skip
def test_what_is_doubtful(claims: list[Any], state: Filled, why: Why | None) -> None:
    field = claims[0].field if claims else "birth"
    form = fill(CT01, Citizen("x").with_claims(*claims), today=TODAY)
    found = box(form, field)
    assert (found[0], found[2]) == (state, why)


def test_the_29th_of_february() -> None:
    form = fill(CT01, Citizen("x").with_claims(said("phone", "0901")), today=date(2028, 2, 29))
    assert box(form, "phone")[0] is Filled.FILLED


def test_printed() -> None:
    person = Citizen("x").with_claims(said("name", "Bùi Thị An"), said("birth", "2001"))
    text = fill(CT01, person, today=TODAY).text()
    lines = text.splitlines()
    assert lines[0] == "Tờ khai thay đổi thông tin cư trú (CT01)"
    assert lines[1].startswith("[x] Họ, chữ đệm và tên ")
    assert lines[1].endswith("Bùi Thị An")
    assert lines[2].startswith("[?] Ngày, tháng, năm sinh")
    assert lines[10].startswith("[ ] Nội dung đề nghị")
    assert lines[-1] == "Không phải khai lại: 2/10; [?] cần xác nhận: 1"
    assert "Bùi" not in repr(fill(CT01, person, today=TODAY))


def test_every_sheet_is_whole() -> None:
    for key, sheet in SHEETS.items():
        assert sheet_of(key) is sheet
        assert fill(sheet, Citizen("x"), today=TODAY).not_asked_again == 0
    assert len(DC01.boxes) == 26
    with pytest.raises(FieldError):
        sheet_of("dc99")
    for wrong in (
        ("Mẫu 1", "t", {"a": "name"}), ("m1", "t", {}), ("m1", "t", {"a": "shoe_size"}),
        ("m1", "t", {"a\n": "name"}), ("m1", "t" * 200, {"a": "name"}),
    ):  # fmt: skip
        with pytest.raises(FieldError):
            FormSheet.of(*wrong)  # type: ignore[arg-type]


class Office:
    """A register with one person."""

    def __init__(self, register: Register):
        self.register = register
        claims = citizen("Bùi Thị An", number=NUMBER, home_town="Hương Trà, Huế")
        self.person = register.people.add(claims, unit="46/474").reference
        self.desk = PrefillDesk(register)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Register.open(tmp_path / "register", create=True, keys=KEYS, clock=Clock()) as register:
        yield Office(register)


def test_counted_by_month_unit_and_procedure(opened: Opener) -> None:
    clock = Clock()
    office = Office(opened(keys=KEYS, clock=clock))
    form = office.desk.fill(CT01, office.person, "1.004222", unit="46/474")
    assert form.not_asked_again == 4
    office.desk.fill(CT01, office.person, "1.004222", unit="46/474")
    office.desk.fill(DC01, office.person, "1.004222", unit="46/475")
    clock.wait(days=31)
    office.desk.fill(CT01, office.person, "2.000001", unit="46/474")
    rows = [one.to_dict() for one in office.desk.counts()]
    assert [(one["month"], one["unit"], one["form"], one["people"], one["not_asked_again"])
            for one in rows] == [
        ("2026-03", "46/474", "ct01", 2, 8), ("2026-03", "46/475", "dc01", 1, 6),
        ("2026-04", "46/474", "ct01", 1, 4),
    ]  # fmt: skip
    assert all(one["filled"] + one["confirmed"] + one["asked"] == one["people"] * (
        26 if one["form"] == "dc01" else 10) for one in rows)  # fmt: skip
    assert [one.unit for one in office.desk.counts(unit="46/475", last="2026-03")] == ["46/475"]
    assert office.person not in str(rows)
    office.register.protection.erase(office.person, basis="yêu cầu")
    assert [one.to_dict() for one in office.desk.counts()] == rows  # it was never about anybody


def test_many_count_at_once(opened: Opener) -> None:
    office = Office(opened(keys=KEYS, clock=Clock()))

    def work() -> None:
        for _ in range(3):
            office.desk.fill(CT01, office.person, "1.004222", unit="46/474")

    threads = [Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (row,) = office.desk.counts()
    assert (row.people, row.not_asked_again) == (12, 48)


def test_under_a_grant_no_more_than_it_gives(office: Office) -> None:
    grant = Sharing(office.register).grants.add(GRANT).reference
    form = office.desk.fill(CT01, office.person, "1.004222", unit="46/474", grant=grant)
    assert {one.field for one in form.boxes if one.value} == {"name", "birth"}
    assert box(form, "sex")[2] is Why.NOT_GRANTED  # granted to be compared, not to be given
    Sharing(office.register).grants.revoke(grant, "expired")
    with pytest.raises(FieldError):
        office.desk.fill(CT01, office.person, "1.004222", unit="46/474", grant=grant)


def test_a_partner_fills_its_own_form_from_an_answer(office: Office) -> None:
    sharing = Sharing(office.register)
    sharing.grants.add(GRANT)
    sheet = FormSheet.of(
        "ho-tich-1", "Tờ khai đăng ký kết hôn",
        {"Họ tên": "name", "Ngày sinh": "birth", "Điện thoại": "phone", "Giới tính": "sex",
         "Nghề nghiệp": None},
    )  # fmt: skip
    question = Question(
        "r1", "ubnd", "ho-tich", "1.000894", "46/474", "cb-1", Subject(number=NUMBER),
        given={"name": "Bùi Thị An"}, attributes=wanted(sheet, GRANT),
    )  # fmt: skip
    form = fill_from_answer(sheet, sharing.ask(question).values)
    assert [(one.state, one.why) for one in form.boxes] == [
        (Filled.FILLED, None), (Filled.FILLED, None), (Filled.ASK, Why.NOT_HELD),
        (Filled.ASK, Why.NOT_GRANTED), (Filled.ASK, Why.ONLY_THE_CITIZEN),
    ]  # fmt: skip
    office.desk.count(form, "1.000894", unit="46/474")
    (row,) = office.desk.counts()
    assert (row.form, row.not_asked_again) == ("ho-tich-1", 2)
    weak = fill_from_answer(sheet, {"birth:full": "1950-01-01", "name:full": None})
    assert box(weak, "birth") == (Filled.CONFIRM, "1950-01-01", Why.WEAK_DAY)
    with pytest.raises(FieldError):
        fill_from_answer(sheet, {"birth:full": "hôm qua"})


def test_rights_and_what_is_wrong(office: Office) -> None:
    form = fill(CT01, Citizen("x"), today=TODAY)
    steps: list[tuple[Capability, Any]] = [
        (Capability.READ, lambda d: d.fill(CT01, office.person, "1", unit="46/474")),
        (Capability.READ, lambda d: d.counts()),
        (Capability.VERIFY, lambda d: d.count(form, "1", unit="46/474")),
    ]
    for right, step in steps:
        without = Actor("clerk", frozenset(Capability) - {right})
        with pytest.raises(AccessRefusedError, match=right):
            step(PrefillDesk(office.register.acting_as(without)))
    far = PrefillDesk(office.register.acting_as(Actor("far", unit="79")))
    with pytest.raises(AccessRefusedError):
        far.fill(CT01, office.person, "1")
    for wrong in ("", " ", "x" * 65, "a\nb"):
        with pytest.raises(FieldError):
            office.desk.fill(CT01, office.person, wrong, unit="46/474")
    with pytest.raises(FieldError):
        office.desk.counts(first="2026")
    assert not office.desk.counts()
    operations = [one.operation for one in office.register.audit.readers(office.person)]
    assert "prefill.fill" in operations  # refused ones, too
