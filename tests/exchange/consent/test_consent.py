"""Consents: to one version of a grant, on terms that can be shown, withdrawn at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.register.citizens import Clock, citizen
from tests.register.conftest import Opener
from tests.register.people import KEYS

from civid.errors import AccessRefusedError, FieldError, NotInRegisterError, TransitionError
from civid.exchange.consent import By, ConsentDesk, How
from civid.exchange.sharing import (
    Allow,
    Grant,
    Question,
    Refusal,
    RefusedError,
    Sharing,
    Subject,
    Wanted,
)
from civid.register import Actor, Capability, Register
from civid.register.asking.consents import gives_more
from civid.register.ids import from_text
from civid.register.session import Work
from civid.register.sharing import consents

NUMBER = "046301000777"
DAY = 86_400_000_000


def without_terms(register: Register, grant: str, person: str) -> None:
    """As consents were recorded before their terms were."""
    session = register._session
    keys = from_text(grant), from_text(person)
    session.database.write(
        lambda connection: consents.give(
            Work(connection, session, session.clock()), *keys, "PDY-1", None
        )
    )


class Office:
    """A register with one person and a grant that asks for consent."""

    def __init__(self, register: Register):
        self.register = register
        said = citizen(number=NUMBER, permanent_residence="12 Lê Lợi, Huế")
        self.person = register.people.add(said, unit="46/474").reference
        self.grant = self.granted("birth:year").reference
        self.desk = ConsentDesk(register)

    def granted(self, *allows: str, replaces: str | None = None, **more: Any) -> Any:
        """A grant of the social insurance."""
        made = Grant(
            "bhxh", "bhyt.cap-the", "46/2014/QH13", "Luật Bảo hiểm y tế",
            tuple(map(Allow.of, allows)), date(2026, 1, 1), date(2026, 12, 31),
            purpose_text="Cấp thẻ bảo hiểm y tế", match=("name",), consent=True,
            two_person=False, **more,
        )  # fmt: skip
        return Sharing(self.register).grants.add(made, replaces=replaces)

    def ask(self, request: str, *wanted: str) -> dict[str, str | None] | Refusal:
        """What the partner is answered."""
        sharing = Sharing(self.register)
        question = Question(
            request, "bhxh", "bhyt.cap-the", "1.004", "46", "cb-1", Subject(number=NUMBER),
            given={"name": "Nguyễn Thị An"}, attributes=tuple(map(Wanted.of, wanted)),
        )  # fmt: skip
        try:
            return dict(sharing.ask(question).values)
        except RefusedError as error:
            return error.reason


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with Register.open(tmp_path / "register", create=True, keys=KEYS, clock=clock) as register:
        yield Office(register)


def test_no_answer_before_and_none_after(opened: Opener, clock: Clock) -> None:
    office = Office(opened(keys=KEYS, clock=clock))
    assert office.ask("r1", "birth:year") is Refusal.NO_CONSENT
    made = office.desk.give(office.grant, office.person, "counter", "PDY-12")
    assert (made.partner, made.attributes, made.how, made.in_force) == (
        "bhxh", ("birth:year",), How.COUNTER, True,
    )  # fmt: skip
    assert office.ask("r2", "birth:year") == {"birth:year": "2001"}
    assert office.desk.has_consent(office.person, office.grant)
    clock.wait(seconds=1)
    assert office.desk.withdraw(office.grant, office.person) == 1
    assert office.ask("r3", "birth:year") is Refusal.NO_CONSENT
    (seen,) = office.desk.of(office.person)
    assert not seen.in_force
    assert seen.withdrawn == clock.now
    assert office.desk.withdraw(office.grant, office.person) == 0
    assert office.register.check().clean


def test_a_grant_that_gives_more_needs_another_consent(office: Office, clock: Clock) -> None:
    office.desk.give(office.grant, office.person, How.PAPER, "PDY-12")
    clock.wait(days=1)
    office.granted("birth:year", "permanent_residence:full", replaces=office.grant)
    assert office.ask("r1", "birth:year") is Refusal.NO_CONSENT
    assert not office.desk.has_consent(office.person, office.grant)
    assert [one.in_force for one in office.desk.of(office.person)] == [False]
    office.desk.give(office.grant, office.person, How.PAPER, "PDY-13")
    assert office.ask("r2", "permanent_residence:full") == {
        "permanent_residence:full": "12 Lê Lợi, Huế"
    }
    office.granted("birth:year", replaces=office.grant)  # less again: still agreed to
    assert office.ask("r3", "birth:year") == {"birth:year": "2001"}
    assert [one.in_force for one in office.desk.of(office.person)] == [True, True]


def test_more_is_also_what_an_answer_may_tell(office: Office) -> None:
    exists = {"existence": True}
    for base, more in (
        ({}, exists), (exists, exists | {"reasons": True}), ({}, {"pseudonym": True})
    ):  # fmt: skip
        office.granted("birth:year", replaces=office.grant, **base)
        office.desk.give(office.grant, office.person, How.PAPER, "PDY-12")
        assert office.desk.has_consent(office.person, office.grant)
        office.granted("birth:year", replaces=office.grant, **more)
        assert not office.desk.has_consent(office.person, office.grant), more
        office.desk.withdraw(office.grant, office.person)


def test_a_consent_without_terms_is_to_the_version_of_its_day(office: Office, clock: Clock) -> None:
    without_terms(office.register, office.grant, office.person)
    assert office.ask("r1", "birth:year") == {"birth:year": "2001"}
    (seen,) = office.desk.of(office.person)
    assert (seen.how, seen.in_force) == (None, True)
    clock.wait(days=1)
    office.granted("birth:full", replaces=office.grant)
    assert office.ask("r2", "birth:full") is Refusal.NO_CONSENT


def test_until_a_moment(office: Office, clock: Clock) -> None:
    office.desk.give(
        office.grant, office.person, How.APP, "VNeID-1", by=By.REPRESENTATIVE,
        until=clock.now + DAY, text="mẹ của em bé",
    )  # fmt: skip
    assert office.ask("r1", "birth:year") == {"birth:year": "2001"}
    clock.wait(days=1)
    assert office.ask("r2", "birth:year") is Refusal.NO_CONSENT


def test_the_citizen_can_read_it_and_print_it(office: Office) -> None:
    made = office.desk.give(office.grant, office.person, How.PAPER, "PDY-12", by="representative")
    paper = made.text()
    for word in ("bhxh", "Cấp thẻ bảo hiểm y tế", "Luật Bảo hiểm y tế", "PDY-12",
                 "ngày, tháng, năm sinh (chỉ năm)", "rút lại", "người đại diện"):  # fmt: skip
        assert word.lower() in paper.lower()
    operations = [one.operation for one in office.register.audit.readers(office.person)]
    assert "consent.give" in operations
    tables = [one["table"] for one in office.register.protection.export(office.person)["records"]]
    assert {"consents", "consent_terms"} <= set(tables)
    office.register.protection.erase(office.person, basis="yêu cầu")
    with office.register._session.database.reading() as connection:
        for table in ("consents", "consent_terms"):
            assert not connection.exec_driver_sql(f"SELECT 1 FROM {table}").all()


def test_what_is_no_consent(office: Office) -> None:
    for wrong in (
        {"how": "silence"}, {"evidence": " "}, {"evidence": "x" * 65}, {"by": "neighbour"},
        {"until": 1}, {"until": 1 << 60}, {"text": "x" * 3000},
    ):  # fmt: skip
        given: dict[str, Any] = {"how": "paper", "evidence": "PDY-12", **wrong}
        with pytest.raises(FieldError):
            office.desk.give(
                office.grant, office.person, given.pop("how"), given.pop("evidence"), **given
            )
    assert not office.desk.of(office.person)


def test_no_consent_to_what_has_ended_or_is_not_there(office: Office) -> None:
    with pytest.raises(NotInRegisterError):
        office.desk.give("0" * 32, office.person, How.PAPER, "PDY-12")
    Sharing(office.register).grants.revoke(office.grant, "expired")
    with pytest.raises(TransitionError):
        office.desk.give(office.grant, office.person, How.PAPER, "PDY-12")


def test_rights(office: Office) -> None:
    steps: list[tuple[Capability, Any]] = [
        (Capability.CORRECT, lambda desk: desk.give(office.grant, office.person, "paper", "x")),
        (Capability.CORRECT, lambda desk: desk.withdraw(office.grant, office.person)),
        (Capability.READ, lambda desk: desk.of(office.person)),
        (Capability.VERIFY, lambda desk: desk.has_consent(office.person, office.grant)),
    ]
    for right, step in steps:
        without = Actor("clerk", frozenset(Capability) - {right})
        far = Actor("far", unit="79")
        for actor in (without, far):
            with pytest.raises(AccessRefusedError):
                step(ConsentDesk(office.register.acting_as(actor)))


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("name:full", "name:masked", False),
        ("name:masked", "name:full", True),
        ("birth:full", "birth:over_age:18", False),
        ("birth:over_age", "birth:over_age:18", False),
        ("birth:over_age:18", "birth:over_age:18", False),
        ("birth:over_age:18", "birth:over_age:18,21", True),
        ("birth:over_age:18", "birth:over_age", True),
        ("birth:over_age", "birth:<", True),
        ("birth:year", "name:full", True),
    ],
)
def test_what_is_more(before: str, after: str, more: bool) -> None:
    def body(allowed: str) -> dict[str, Any]:
        return Grant(
            "bhxh", "bhyt", "46/2014", "Luật BHYT", (Allow.of(allowed),), date(2026, 1, 1),
            date(2026, 12, 31), match=("name",),
        ).to_dict()  # fmt: skip

    assert gives_more(body(before), body(after)) is more


def test_a_version_that_waits_is_not_agreed_to(office: Office, clock: Clock) -> None:
    """A consent without terms is not to what a second officer has not confirmed yet."""
    sharing = Sharing(office.register)
    terms = Grant(
        "thue", "mst", "108/2025", "Luật Quản lý thuế", (Allow.of("birth:year"),),
        date(2026, 1, 1), date(2026, 12, 31), match=("name",), consent=True,
    )  # fmt: skip
    second = Sharing(office.register.acting_as("second"))
    grant = second.grants.confirm(sharing.grants.add(terms).reference).reference
    clock.wait(seconds=1)
    loose = replace(terms, allows=(Allow.of("birth:full"),), two_person=False)
    sharing.grants.add(loose, replaces=grant)
    clock.wait(seconds=1)
    without_terms(office.register, grant, office.person)
    clock.wait(seconds=1)
    second.grants.confirm(grant)
    assert not office.desk.has_consent(office.person, grant)
    office.desk.give(grant, office.person, How.PAPER, "PDY-2")
    assert office.desk.has_consent(office.person, grant)
