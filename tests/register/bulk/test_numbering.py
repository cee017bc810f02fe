"""Numbers in bulk: everybody who can have one gets one, once; the others are listed with why."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from tests.register.conftest import Opener

from civid.errors import AccessRefusedError, NumberError, NumberTakenError
from civid.people.citizen import Citizen, Claim, Source, claim
from civid.people.numbers import NumberState, allocate, cancel, confirm, resolve
from civid.register import Actor, Capability, Register
from civid.register.bulk.numbering import place_code
from civid.register.population.ledger import RegisterLedger
from civid.register.session import Work

DAY = date(2001, 3, 12)


def child(**said: str) -> list[Claim]:
    said = {
        "name": "Nguyễn Thị An", "sex": "Nữ", "birth": "05/03/2001",
        "birth_registration_place": "Thừa Thiên Huế", **said,
    }  # fmt: skip
    return [claim(f, text, Source.CIVIL_STATUS, DAY) for f, text in said.items() if text]


def test_who_can_have_a_number_gets_one_and_the_others_are_listed(register: Register) -> None:
    has = register.people.add(child(number="046301123456"), unit="46/474")
    ready = register.people.add(child(), unit="46/474")
    below = register.people.add(child(name="Lê Ba", sex="Nam"), unit="46/475")
    no_sex = register.people.add(child(sex=""), unit="46")
    no_place = register.people.add(child(birth_registration_place="Paris"), unit="46")
    no_birth = register.people.add(child(birth=""), unit="46")
    elsewhere = register.people.add(child(), unit="461")
    why = {
        ready.reference: "ready", below.reference: "ready", no_sex.reference: "no sex",
        no_place.reference: "no place", no_birth.reference: "no birth year",
    }  # fmt: skip
    before = register.bulk.coverage(unit="46")
    assert (before.total, before.numbered, dict(before.without)) == (6, 1, why)
    made = register.bulk.allocate(unit="46", batch=2)
    assert (made.looked_at, made.given) == (5, 2)
    assert dict(made.without) == {who: one for who, one in why.items() if one != "ready"}
    after = register.bulk.coverage(unit="46")
    assert (after.numbered, after.reasons) == (3, {"no sex": 1, "no place": 1, "no birth year": 1})
    numbers = [register.people.get(one.reference).number for one in (has, ready, below)]
    assert numbers[0] == "046301123456"
    assert str(numbers[1]).startswith("046301")
    assert str(numbers[2]).startswith("046201")
    assert register.person(str(numbers[1])).reference == ready.reference
    assert register.people.get(elsewhere.reference).number is None
    assert register.bulk.allocate(unit="46").given == 0
    log = register.audit.about(ready.reference)
    assert "bulk.allocate" in [one.operation for one in log]
    assert str(numbers[1]) not in "".join(one.canonical() for one in register.audit.entries())


@pytest.mark.parametrize(
    ("place", "day", "code"),
    [
        ("xã Lộc Trì, Thừa Thiên Huế", date(2001, 3, 12), "046"),
        ("Lào Cai", date(2001, 3, 12), "010"),
        ("TP. Hồ Chí Minh", date(2025, 8, 1), "079"),
        ("Lào Cai", date(2025, 8, 1), ""),  # 015 in the new list, which was Yên Bái
        ("Paris", date(2001, 3, 12), ""),
        ("", date(2001, 3, 12), ""),
    ],
)
def test_the_place_of_a_number(place: str, day: date, code: str) -> None:
    said = [claim("birth_registration_place", place, Source.CIVIL_STATUS, day)] if place else []
    assert place_code(Citizen("p", tuple(said))) == code


def test_eight_writers_never_give_a_number_twice(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few numbers that everybody draws what somebody else draws.
    monkeypatch.setattr(allocate, "CELL_SIZE", 60)
    people = [
        register.people.add(child(), unit=f"46/{unit}").reference
        for unit in range(4)
        for _ in range(8)
    ]
    wrong: list[BaseException] = []
    given = []

    def run(at: int) -> None:
        try:
            given.append(register.bulk.allocate(unit=f"46/{at % 4}", batch=3).given)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(at,)) for at in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
    assert sum(given) == len(people)  # two work at each unit, and share its people
    numbers = {register.people.get(one).number for one in people}
    assert None not in numbers
    assert len(numbers) == len(people)


def test_the_ledger_of_a_register(opened: Opener) -> None:
    register = opened()
    register.people.add(child(number="046301123456"), unit="46")
    session = register._session

    def inside(connection: object) -> None:
        ledger = RegisterLedger(Work(connection, session, session.clock()))  # type: ignore[arg-type]
        with ledger.batch():
            assert not ledger.reserve("046301123456", "birth/1")  # somebody has it
            assert ledger.find_request("birth/1") is None
            assert ledger.reserve("046301000001", "birth/1")
            assert not ledger.reserve("046301000001", "birth/2")
            with pytest.raises(NumberTakenError):
                ledger.reserve("046301000002", "birth/1")
        record = ledger.find_request("birth/1")
        assert record is not None
        assert record == ledger.get("046301000001")
        assert (record.request, record.state) == ("birth/1", NumberState.RESERVED)
        assert (ledger.used("046301"), ledger.used("046201")) == (2, 0)
        confirm(ledger, "046301000001")
        assert ledger.reserve("046301000003", "birth/3")
        cancel(ledger, "046301000001", "sex corrected", "046301000003")
        assert resolve(ledger, "046301000001").number == "046301000003"
        held = ledger.get("046301000001")
        assert held is not None
        assert held.reason == "sex corrected"
        with pytest.raises(NumberError):
            ledger.move(held, NumberState.ACTIVE)
        assert ledger.get("046301999999") is None

    session.database.write(inside)


def test_who_may(register: Register) -> None:
    reader = register.acting_as(Actor("reader", frozenset({Capability.READ}), unit="46"))
    with pytest.raises(AccessRefusedError):
        reader.bulk.allocate(unit="46")
    other = register.acting_as(Actor("clerk", unit="79"))
    for refused in (other.bulk.allocate, other.bulk.coverage):
        with pytest.raises(AccessRefusedError):
            refused(unit="46")  # type: ignore[operator]
