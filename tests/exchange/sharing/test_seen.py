"""What a citizen sees of the questions about them, and what of it can be trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from tests.exchange.sharing.office import AN, BINH, Clock, asked, granted, partner

from civid.errors import AccessRefusedError
from civid.exchange.sharing import RefusedError, Sharing, Telling
from civid.register import Actor, Capability, Register
from civid.register.store.audit_tables import audit, audit_subjects


def reference(register: Register, number: str = AN) -> str:
    return register.person(number).reference


def test_who_when_why_and_about_what(register: Register, clock: Clock) -> None:
    sharing = Sharing(register)
    sharing.grants.add(granted("birth:over_age:18", "permanent_residence:province"))
    question = asked("birth over_age 18", attributes="permanent_residence:province")
    partner(register).ask(question)
    partner(register).ask(question)  # repeated: one answer
    clock.later(days=1)
    partner(register).ask(asked("birth over_age 18", name="Lê Thị Hoa"))  # about their number
    partner(register).ask(asked("birth over_age 18", number=BINH))
    with pytest.raises(RefusedError):
        partner(register).ask(asked("sex = Nam"))
    first, second = sharing.seen_by(reference(register))
    assert (first.partner, first.unit, first.procedure) == ("bhxh", "BHXH/46", "1.004.222")
    assert first.purpose == "Cấp thẻ bảo hiểm y tế"
    assert first.law == "Luật Căn cước 2023, điều 10"
    assert first.topics == ("identity", "residence")
    assert (second.at - first.at, second.topics) == (86_400_000_000, ("identity",))
    shown = json.dumps([first.to_dict(), second.to_dict()], ensure_ascii=False)
    for hidden in ("cb-0017", "gateway", "2001", "Hoa", "yes", "over_age"):
        assert hidden not in shown


@pytest.mark.parametrize(
    ("telling", "days"), [(Telling(days=90), 90), (Telling(on=date(2026, 10, 1)), 92)]
)
def test_an_investigation_is_told_on_its_day_and_not_before(
    register: Register, clock: Clock, telling: Telling, days: int
) -> None:
    """Neither here, nor in the list of readers, nor in an export of the record."""
    sharing, who = Sharing(register), reference(register)
    grant = granted("permanent_residence:full", telling=telling, purpose="dieu-tra")
    made = sharing.grants.add(grant)
    partner(register).ask(asked(attributes="permanent_residence", purpose="dieu-tra"))

    def told() -> list[str]:
        readers = [one.purpose for one in register.audit.readers(who)]
        exported = json.dumps(register.protection.export(who), ensure_ascii=False)
        return [
            *(one.purpose for one in sharing.seen_by(who)), *readers,
            *(["export"] if "dieu-tra" in exported else []),
        ]  # fmt: skip

    clock.later(days=days - 1)
    assert "dieu-tra" not in told()
    assert "export" not in told()
    assert "dieu-tra" in [one.purpose for one in register.audit.about(who)]  # the inspection
    later = replace(grant, telling=Telling(days=3000))
    sharing.grants.add(later, replaces=made.reference)  # does not move a day that was fixed
    clock.later(days=1)
    assert told().count("dieu-tra") >= 1
    assert "export" in told()
    assert len(sharing.seen_by(who)) == 1


def test_the_affairs_of_others_are_not_told(register: Register) -> None:
    """A notary asks about a brother in an inheritance: he learns that, and not whose it is."""
    Sharing(register).grants.add(granted("death:is_alive", partner="cong-chung"))
    partner(register, "cong-chung").ask(
        asked("death is_alive", partner="cong-chung", as_relative=True)
    )
    (one,) = Sharing(register).seen_by(reference(register))
    assert (one.partner, one.unit, one.procedure) == ("cong-chung", "", "")
    notary = Actor("cc", frozenset({Capability.VERIFY}), unit="46/474", scope=(""),
                   roles=frozenset({"partner:cong-chung"}))  # fmt: skip
    Sharing(register.acting_as(notary)).ask(
        asked("death is_alive", partner="cong-chung", as_relative=True)
    )
    readers = register.audit.readers(reference(register))
    assert [one.unit for one in readers if one.operation == "share.ask"] == ["", ""]
    assert one.as_relative
    assert one.law


def test_questions_about_others_who_were_merged_are_seen(register: Register) -> None:
    Sharing(register).grants.add(granted("birth:year"))
    for number in (AN, BINH):
        partner(register).ask(asked(attributes="birth:year", number=number))
    kept = reference(register)
    register.people.merge(kept, reference(register, BINH), "prints.alike")
    assert len(Sharing(register).seen_by(kept)) == 2


def test_only_in_ones_scope(register: Register) -> None:
    elsewhere = Actor("can-bo", frozenset({Capability.READ}), unit="79")
    with pytest.raises(AccessRefusedError, match="scope"):
        Sharing(register.acting_as(elsewhere)).seen_by(reference(register))
    nobody = Actor("can-bo", frozenset({Capability.VERIFY}))
    with pytest.raises(AccessRefusedError, match="read"):
        Sharing(register.acting_as(nobody)).seen_by(reference(register))


def _hide(connection: Any, seq: int) -> None:
    connection.execute(delete(audit_subjects).where(audit_subjects.c.seq == seq))


def _remove(connection: Any, seq: int) -> None:
    connection.execute(delete(audit).where(audit.c.seq == seq))


def _rewrite(old: str, new: str) -> Callable[[Any, int], None]:
    def change(connection: Any, seq: int) -> None:
        text = connection.execute(select(audit.c.entry).where(audit.c.seq == seq)).scalar_one()
        assert old in text
        changed = text.replace(old, new)
        connection.execute(update(audit).where(audit.c.seq == seq).values(entry=changed))

    return change


def _write(text: str) -> Callable[[Any, int], None]:
    def change(connection: Any, seq: int) -> None:
        connection.execute(update(audit).where(audit.c.seq == seq).values(entry=text))

    return change


def _index(column: str, value: object) -> Callable[[Any, int], None]:
    def change(connection: Any, seq: int) -> None:
        command = f"UPDATE audit_subjects SET {column} = ? WHERE seq = ?"
        connection.connection.driver_connection.execute(command, (value, seq))

    return change


@pytest.mark.parametrize(
    "tamper",
    [
        _hide,
        _remove,
        _rewrite('"partner":"bhxh"', '"partner":"thue"'),
        _rewrite('"officer":"cb-0017"', '"officer":"cb-0018"'),
        _rewrite('"outcome":"done"', '"outcome":"refused"'),
        _rewrite('"detail":{', '"detail":{"told":9999999999999999,'),
        _rewrite('"seq":', '"seq":-9999999999999999999'),
        _rewrite('"bhxh"', '"bảo hiểm"'),
        _write("[" * 100_000),
        _write(""),
        _write("{}"),
        _index("seq", "text"),
        _index("person", 5),
    ],
    ids=[
        "hidden", "removed", "another partner", "another officer", "refused", "told later",
        "no place", "not ASCII", "deep", "empty", "no entry", "index of text", "index of numbers",
    ],
)  # fmt: skip
def test_tampering_is_found(register: Register, tamper: Callable[[Any, int], None]) -> None:
    Sharing(register).grants.add(granted("birth:year"))
    for _ in range(3):
        partner(register).ask(asked(attributes="birth:year"))
    assert register.audit.verify().whole
    asked_at = [one.seq for one in register.audit.entries() if one.operation == "share.ask"]
    register._session.database.write(lambda connection: tamper(connection, asked_at[1]))
    report = register.audit.verify()
    assert not report.whole
    assert any(str(asked_at[1]) in one or "index" in one for one in report.problems)
