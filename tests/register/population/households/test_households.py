"""Households: members, heads, splits; nothing about them is overwritten."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.test_register import said

from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    CodeError,
    FieldError,
    HouseholdError,
    NotInRegisterError,
)
from civid.register import Actor, Capability, Register

DAY = date(2022, 5, 1)
LATER = date(2023, 5, 1)


def family(register: Register, unit: str = "46/19753") -> tuple[str, str, str]:
    """Father, mother, child."""
    people = [
        ("Nguyễn Văn Ba", "05/03/1975", "nam", "046075000001"),
        ("Trần Thị Tư", "06/04/1978", "nữ", "046178000002"),
        ("Nguyễn Thị An", "05/03/2001", "nữ", "046301123456"),
    ]
    made = [
        register.people.add(
            [said("name", name), said("birth", birth), said("sex", sex), said("number", number),
             *([said("father_number", "046075000001")] if number == "046301123456" else [])],
            unit=unit,
        ).reference
        for name, birth, sex, number in people
    ]  # fmt: skip
    return made[0], made[1], made[2]


def test_a_household_is_made_and_found(register: Register) -> None:
    father, mother, child = family(register)
    relations = {father: "chủ hộ", mother: "vợ", child: "con gái"}
    made = register.households.make(
        "HS-1", relations, unit="46/19753", address="12 Lê Lợi", day=DAY
    )
    assert made.warnings == ()
    assert made.version == 1
    again = register.households.get(made.reference)
    assert again == made
    assert again.household.head.reference == father
    assert again.household.address == "12 Lê Lợi"
    assert again.household.member(child).father == father
    assert register.households.by_code(" HS-1 ") == made
    assert register.households.by_member(child) == (made,)
    found = register.find(household="HS-1").people
    assert {one.reference for one in found} == {father, mother, child}
    with pytest.raises(AlreadyInRegisterError):
        register.households.make("HS-1", {child: "chủ hộ"}, unit="46/19753")
    with pytest.raises(NotInRegisterError):
        register.households.make("HS-2", {"00" * 16: "chủ hộ"}, unit="46/19753")
    with pytest.raises(CodeError):
        register.households.make("HS-2", {child: "bạn thân nhất"}, unit="46/19753")
    with pytest.raises(FieldError):
        register.households.make(" ", {child: "chủ hộ"}, unit="46/19753")
    with pytest.raises(NotInRegisterError):
        register.households.by_code("HS-2")


def test_what_cannot_be_right_is_a_warning(register: Register) -> None:
    father, mother, child = family(register)
    made = register.households.make(
        "HS-1", {father: "chủ hộ", child: "cha", mother: "chủ hộ"}, unit="46/19753", day=DAY
    )
    assert {one.code for one in made.warnings} >= {"household.heads", "household.relation_sex"}
    other = register.households.make("HS-2", {child: "chủ hộ"}, unit="46/19753", day=DAY)
    assert [one.code for one in other.warnings] == ["household.twice"]
    assert other.warnings[0].members == (child,)
    assert other.to_dict()["warnings"][0]["code"] == "household.twice"


def test_who_leaves_stays_in_the_history(register: Register) -> None:
    father, mother, child = family(register)
    relations = {father: "chủ hộ", mother: "vợ", child: "con đẻ"}
    made = register.households.make("HS-1", relations, unit="46/19753", day=DAY)
    old, new = register.households.split(
        made.reference, "HS-2", {child: "chủ hộ"}, day=LATER, version=1
    )
    assert (old.version, new.version) == (2, 1)
    assert [one.reference for one in new.household.members] == [child]
    (left,) = old.household.former
    assert (left[0].reference, left[1], left[2]) == (child, LATER, "tách hộ")
    assert register.households.by_member(child) == (new,)
    both = register.households.by_member(child, former=True)
    assert {one.reference for one in both} == {old.reference, new.reference}
    with pytest.raises(ChangedMeanwhileError):
        register.households.remove(made.reference, mother, "chuyển đi", version=1)
    back = register.households.add_member(
        old.reference, child, "con đẻ", leaves=new.reference, day=LATER
    )
    assert {one.reference for one in back.household.members} == {father, mother, child}
    assert register.households.get(new.reference).household.members == ()
    with pytest.raises(HouseholdError):
        register.households.add_member(old.reference, child, "con đẻ")
    gone = register.households.remove(old.reference, father, "chết", day=LATER)
    assert [one.code for one in gone.warnings] == ["household.no_head"]
    headed = register.households.change_head(
        old.reference, {mother: "chủ hộ", child: "con đẻ"}, day=LATER
    )
    assert headed.household.head.reference == mother
    assert headed.warnings == ()
    assert {(one.reference, why) for one, _, why in headed.household.former} == {
        (child, "tách hộ"), (father, "chết"), (mother, "đổi chủ hộ"),
    }  # fmt: skip
    since = {one.reference: one.since for one in headed.household.members}
    assert since[mother] == LATER


def test_a_change_that_fails_leaves_nothing(register: Register) -> None:
    father, mother, child = family(register)
    relations = {father: "chủ hộ", mother: "vợ", child: "con đẻ"}
    made = register.households.make("HS-1", relations, unit="46/19753", day=DAY)
    register.households.make("HS-9", {}, unit="46/19753")
    with pytest.raises(AlreadyInRegisterError):
        register.households.split(made.reference, "HS-9", {child: "chủ hộ"})
    with pytest.raises(HouseholdError):  # the head leaves others behind
        register.households.split(made.reference, "HS-3", {father: "chủ hộ"})
    with pytest.raises(HouseholdError):
        register.households.change_head(made.reference, {mother: "chủ hộ"})
    assert register.households.get(made.reference) == made


def test_units_page_through_their_households(register: Register) -> None:
    references = [
        register.households.make(f"HS-{i}", {}, unit="46/19753" if i % 3 else "79/1").reference
        for i in range(10)
    ]
    wanted = [one for i, one in enumerate(references) if i % 3]
    found: list[str] = []
    after = None
    while True:
        page = register.households.page("46", limit=4, after=after)
        found += [one.reference for one in page.items]
        if (after := page.after) is None:
            break
    assert found == sorted(wanted)
    assert not register.households.page("4").items


def test_scope_and_log(register: Register) -> None:
    father, _, _ = family(register)
    made = register.households.make("HS-1", {father: "chủ hộ"}, unit="46/19753", day=DAY)
    other = register.acting_as(Actor("other", unit="79"))
    reader = register.acting_as(Actor("reader", frozenset({Capability.READ}), unit="46"))
    for refused in (
        lambda: other.households.get(made.reference),
        lambda: other.households.remove(made.reference, father, "chết"),
        lambda: other.households.page("46"),
        lambda: reader.households.remove(made.reference, father, "chết"),
        lambda: other.households.make("HS-2", {}, unit="46"),
    ):
        with pytest.raises(AccessRefusedError):
            refused()
    assert other.households.by_member(father) == ()
    assert reader.households.get(made.reference) == made
    entries = register.audit.about(father)
    assert [one.operation for one in entries if one.outcome == "done"] == [
        "person.add", "household.make", "household.read", "household.read",
    ]  # fmt: skip
    text = "".join(one.canonical() for one in register.audit.entries())
    assert "HS-1" not in text
    assert "chủ hộ" not in text
    assert "HS-1" not in repr(made)
