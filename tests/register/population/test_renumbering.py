"""Old and new numbers lead to the person; a death closes the number."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from tests.register.test_register import an, said

from civid.errors import AlreadyInRegisterError, FieldError, NumberError
from civid.people.citizen import Source
from civid.people.numbers import NumberKind
from civid.register import Register
from civid.register.store.tables import numbers

DAY = date(2024, 9, 1)


def states(register: Register) -> list[str]:
    with register._session.database.reading() as connection:
        query = select(numbers.c.state).where(numbers.c.kind == 1).order_by(numbers.c.id)
        return list(connection.execute(query).scalars())


def test_a_cancelled_number_still_leads_to_the_person(register: Register) -> None:
    made = register.people.add([*an(), said("cmnd9", "191234567")], unit="46")
    after = register.renumbering.renumber(
        made.reference, "046301999999", "sai giới tính", day=DAY, version=1
    )
    assert (after.number, after.version) == ("046301999999", 2)
    for number in ("046301123456", "046301999999", "191234567"):
        assert register.person(number).reference == made.reference
    assert states(register) == ["cancelled", "active"]
    history = register.renumbering.history(made.reference)
    assert history.current == "046301999999"
    assert history.cancelled == ("046301123456",)
    assert history.cmnd9 == ("191234567",)
    old = next(one for one in history.held if one.text == "046301123456")
    assert (old.until, old.cancelled, old.kind) == (DAY, True, NumberKind.PERSONAL)
    assert [one.kind for one in register.people.history(made.reference)] == ["add", "renumber"]
    text = "".join(one.canonical() for one in register.audit.entries())
    assert "046301" not in text
    with pytest.raises(AlreadyInRegisterError):  # a number is never used again
        register.people.add([said("name", "Trần Ba"), said("number", "046301123456")], unit="46")


def test_what_is_no_renumbering(register: Register) -> None:
    made = register.people.add(an(), unit="46")
    register.people.add([said("name", "Trần Ba"), said("number", "046301000002")], unit="46")
    nameless = register.people.add([said("name", "Lê Tư")], unit="46")
    for number, reason, error in (
        ("046301123456", "x", FieldError),
        ("046301999999", " ", FieldError),
        ("12", "x", NumberError),
        ("046301000002", "x", AlreadyInRegisterError),
    ):
        with pytest.raises((error, FieldError)):
            register.renumbering.renumber(made.reference, number, reason, day=DAY)
    with pytest.raises(FieldError):  # before the number that it is to replace
        register.renumbering.renumber(made.reference, "046301999999", "x", day=date(2000, 1, 1))
    with pytest.raises(FieldError):
        register.renumbering.renumber(nameless.reference, "046301999999", "x")
    assert register.people.get(made.reference).version == 1
    assert states(register) == ["active", "active"]


def test_a_corrected_number_is_not_cancelled(register: Register) -> None:
    wrong = an()
    made = register.people.add(wrong, unit="46")
    register.people.record(made.reference, [said("number", "046301999999", DAY)])
    assert states(register) == ["active", "active"]
    history = register.renumbering.history(made.reference)
    assert history.cancelled == ()
    assert history.current == "046301999999"


def test_a_death_closes_the_number_and_its_retraction_opens_it(register: Register) -> None:
    made = register.people.add(an(), unit="46")
    died = said("death", "01/02/2025", date(2025, 2, 1), Source.CIVIL_STATUS)
    register.people.record(made.reference, [died])
    assert states(register) == ["closed"]
    (held,) = register.renumbering.history(made.reference).held
    assert held.until == date(2025, 2, 1)
    assert register.person("046301123456").reference == made.reference
    register.people.retract(made.reference, died, "another person")
    assert states(register) == ["active"]
    dead = register.people.add([*an("046301000009"), died], unit="46")
    assert states(register) == ["active", "closed"]
    assert register.renumbering.history(dead.reference).current is None
