"""Another system names people whom the register has already: joined where they agree, or a case."""

from __future__ import annotations

from typing import Any

import pytest
from tests.register.conftest import Opener

from civid.people.citizen import Source, claim
from civid.register import Actor, Register
from civid.register.bulk import Refused

NUMBER = "046301123456"


def row(which: str = "P1", **said: str) -> tuple[str, dict[str, str]]:
    return which, {"name": "Nguyễn Thị An", "birth": "05/03/2001", "number": NUMBER, **said}


def sync(register: Register, *rows: Any, source: str = "insurance", **how: Any) -> Any:
    made = register.bulk.synchronise(rows, source=source, unit="46/9", **how)
    assert made.given == made.new + made.changed + made.same + made.refused
    return made


@pytest.fixture
def register(opened: Opener) -> Register:
    """Somebody from a first system, somebody from the counter."""
    from datetime import date

    made = opened()
    assert sync(made, row("A1", residence_file="HH1", relation="Chủ hộ"), source="first").new == 1
    made.people.add(
        [
            claim(field, text, Source.CIVIL_STATUS, date(2001, 3, 12))
            for field, text in (("name", "Trần Văn Ba"), ("number", "046201000017"))
        ],
        unit="46/474",
    )
    return made


@pytest.mark.parametrize("name", ["Nguyễn Thị An", "NGUYEN THI AN"])
@pytest.mark.parametrize("birth", ["05/03/2001", "2001"])
def test_who_agrees_is_one_person(register: Register, name: str, birth: str) -> None:
    said = row(name=name, birth=birth, home_town="Huế", residence_file="HH7", relation="Con")
    made = sync(register, said)
    assert (made.new, made.changed, made.refused) == (0, 1, 0)
    held = register.person(NUMBER)
    assert (held.version, held.unit) == (2, "46/9")
    assert held.citizen.text("home_town") == "Huế"
    assert [one.source for one in register.people.history(held.reference)] == ["first", "insurance"]
    assert sync(register, said).same == 1
    # From now on the system knows the person by its own id, with or without the number.
    later = sync(register, ("P1", {"name": name, "home_town": "Đà Nẵng"}))
    assert (later.changed, register.person(NUMBER).version) == (1, 3)
    assert sync(register, row("A1", residence_file="HH1", relation="Chủ hộ"), source="first").same
    assert register.check().clean


def test_a_second_system_moves_nobody_to_its_unit(register: Register) -> None:
    for _ in range(2):
        register.bulk.synchronise([row(home_town="Huế")], source="insurance", unit="79")
    assert register.person(NUMBER).unit == "46/9"
    moved = register.bulk.synchronise([row("A1")], source="first", unit="46/8")
    assert (moved.changed, register.person(NUMBER).unit) == (1, "46/8")


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ({"name": "Lê Văn Tám"}, ["name"]), ({"name": "Nguyễn An"}, ["name"]),
        ({"birth": "06/03/2001"}, ["birth"]), ({"birth": "1999"}, ["birth"]),
        ({"birth": ""}, ["birth"]), ({"name": "Lê Văn Tám", "birth": "1950"}, ["name", "birth"]),
    ],
)  # fmt: skip
def test_who_does_not_is_a_case(
    register: Register, said: dict[str, str], differs: list[str]
) -> None:
    before = register.person(NUMBER)
    for _ in range(2):  # the second time opens no second case
        made = sync(register, row(**said), row("P2", number="046301000002"))
        assert made.named == (Refused(1, "number_taken", "number"),)
        (case,) = register.cases.queue(kind="conflict").items
        assert (case.person, case.unit, case.codes) == (before.reference, "46/9", ("number_taken",))
        assert (case.evidence["source"], case.evidence["differs"]) == ("insurance", differs)
    assert register.person(NUMBER).version == 1
    register.cases.close(case.reference, "other_system_is_wrong")
    sync(register, row(**said))
    assert not register.cases.queue(kind="conflict").items  # it was decided
    sync(register, row(**said, home_town="Huế"))
    assert len(register.cases.queue(kind="conflict").items) == 1  # it says something else now
    assert sync(register, row()).changed == 1  # and at last the truth


def test_a_record_without_a_birth_cannot_agree(register: Register) -> None:
    made = sync(register, row(name="Trần Văn Ba", number="046201000017"))
    assert made.reasons == {"number_taken": 1}
    assert len(register.cases.queue(kind="conflict").items) == 1


@pytest.mark.parametrize("batch", [1, 10])
def test_one_person_twice_in_a_system_stays_two_to_it(register: Register, batch: int) -> None:
    made = sync(register, row("P1"), row("P2"), batch=batch)
    assert (made.changed, made.named) == (1, (Refused(2, "number_taken", "number"),))
    new = row("N1", number="046301000009"), row("N2", number="046301000009")
    made = sync(register, *new, batch=batch)
    assert (made.new, made.named) == (1, (Refused(2, "number_taken", "number"),))
    assert len(register.cases.queue(kind="conflict").items) == 2
    again = sync(register, row("P1"), row("P2"), *new, batch=batch)
    assert (again.same, again.refused) == (2, 2)
    assert len(register.cases.queue(kind="conflict").items) == 2


def test_outside_the_scope_and_all_or_nothing(register: Register) -> None:
    far = register.acting_as(Actor("far", unit="79"))
    for _ in range(2):
        made = far.bulk.synchronise([row()], source="far", unit="79")
        assert made.named == (Refused(1, "outside_scope"),)
    assert register.person(NUMBER).version == 1
    from civid.errors import RowsRefusedError

    with pytest.raises(RowsRefusedError):
        sync(register, row(name="Lê Văn Tám"), all_or_nothing=True)
    assert not register.cases.queue(kind="conflict").items
    assert register.check().clean
