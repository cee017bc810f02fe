"""What ended and is past its time is removed, unless it is held; nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from tests.register.check.test_check import do
from tests.register.conftest import Opener
from tests.register.people import somebody
from tests.register.protection.test_erasure import give_papers

from civid.errors import FieldError
from civid.register import Register
from civid.register.ids import from_text, new_id
from civid.register.store import identity_tables as i
from civid.register.store import tables as t
from civid.register.store.asking_tables import unit_request_events, unit_requests

DAY = 86_400_000_000
START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1e6)
RULES = ("captures", "forms", "slips", "cases", "requests")
TABLES = {"requests": "unit_requests"}


def count(register: Register) -> dict[str, int]:
    with register._session.database.reading() as connection:
        return {
            name: len(connection.execute(select(t.metadata.tables[TABLES.get(name, name)])).all())
            for name in RULES
        }


def test_rules(opened: Opener) -> None:
    now = START
    register = opened(clock=lambda: now)
    people = [from_text(register.people.add(somebody(i), unit="46").reference) for i in range(2)]
    for one in people:
        give_papers(register, one)
    ended = (START - 10 * DAY) // 1
    day = (datetime(2026, 1, 1) - timedelta(days=10)).date().isoformat()
    do(
        register,
        update(i.dossiers).values(state="delivered", entered=ended),
        update(t.forms).values(state="applied", filled=day),
        update(t.slips).values(answered=day),
        update(t.cases).values(closed=ended),
        update(unit_requests).values(closed=day),
        insert(t.cases).values(id=new_id(), kind="x", state="open", unit="46", opened=1, version=1,
                               key=1, sealed=b""),
        insert(t.forms).values(id=new_id(), person=people[0], code="DC01", circular="x",
                               filled=day, state="waiting", unit="46", collector="x", key=1,
                               sealed=b""),
    )  # fmt: skip
    held = register.protection.hold(people[1].hex(), "Lệnh 5/TA")
    assert register.protection.due() == ()
    for what in RULES:
        register.protection.set_rule(what, 10, "Thông tư 99/2026/TT-BCA")
        register.protection.set_rule(what, 11, "Thông tư 99/2026/TT-BCA")
    assert [one.days for one in register.protection.rules()] == [11] * 5
    assert all(one.records == one.held == 0 for one in register.protection.due())
    now = START + 3 * DAY
    due = register.protection.due()
    assert [(one.what, one.records, one.held) for one in due] == [
        (what, 1, 1) for what in sorted(RULES)
    ]
    assert register.protection.apply_rules() == due
    assert count(register) == {"captures": 1, "forms": 2, "slips": 1, "cases": 2, "requests": 1}
    register.protection.release(held.hold)
    assert [one.records for one in register.protection.apply_rules(limit=1)] == [1] * 5
    assert count(register) == {"captures": 0, "forms": 1, "slips": 0, "cases": 1, "requests": 0}
    with register._session.database.reading() as connection:
        assert not connection.execute(select(unit_request_events)).all()
    assert register.check().clean


@pytest.mark.parametrize(
    ("what", "days", "basis"),
    [("acts", 1, "x"), ("forms", 0, "x"), ("forms", 1, ""), ("forms", 1, "a\nb")],
)
def test_rules_that_cannot_be(opened: Opener, what: str, days: int, basis: str) -> None:
    with pytest.raises(FieldError):
        opened().protection.set_rule(what, days, basis)
