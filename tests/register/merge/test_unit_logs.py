"""What was done in the field is answered at home, when the folder is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, update
from tests.register.conftest import Opener
from tests.register.merge.test_merge import UNIT, UNIT_KEYS, moved, unit_of
from tests.register.test_register import KEYS, an

from civid.errors import AccessRefusedError, NotInRegisterError
from civid.register import Actor, Capability
from civid.register.store.audit_tables import unit_audit


def test_who_has_read_a_record_in_the_field(opened: Opener, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    held = register.people.add(an(), unit=UNIT)
    folder = tmp_path / "unit"
    packed = register.pack(folder, unit=UNIT, keys=UNIT_KEYS)
    with unit_of(folder, keys=UNIT_KEYS) as unit:
        unit.person("046301123456")
    first = register.merge(folder, keys=UNIT_KEYS)
    with unit_of(folder, keys=UNIT_KEYS) as unit:
        unit.people.record(held.reference, [moved("5 Trần Phú")])
    second = register.merge(folder, keys=UNIT_KEYS)
    assert second.entries == first.entries + 1
    shutil.rmtree(folder)
    read = register.unit_logs.about(held.reference)
    assert [(one.operation, one.actor) for one in read] == [
        ("person.read", "officer-3"), ("person.record", "officer-3"),
    ]  # fmt: skip
    (log,) = register.unit_logs.logs()
    assert (log.register, log.unit, log.entries) == (packed.register, UNIT, second.entries)
    report = register.unit_logs.verify(packed.register)
    assert report.whole
    assert (report.entries, report.head) == (second.entries, second.head)
    with pytest.raises(NotInRegisterError):
        register.unit_logs.verify("00" * 16)
    other = register.acting_as(Actor("other", unit="79"))
    assert other.unit_logs.logs() == ()
    with pytest.raises(AccessRefusedError):
        other.unit_logs.verify(packed.register)
    # Officers are named: for the inspection of that unit alone.
    reader = Actor("reader", frozenset(Capability) - {Capability.ADMINISTER}, unit=UNIT)
    for who in (other, register.acting_as(reader)):
        with pytest.raises(AccessRefusedError):
            who.unit_logs.about(held.reference)
        with pytest.raises(AccessRefusedError):
            who.audit.about(held.reference)
    with pytest.raises(NotInRegisterError):
        register.unit_logs.about("00" * 16)

    def forge(connection: Connection) -> None:
        connection.execute(
            update(unit_audit)
            .where(unit_audit.c.seq == 2)
            .values(entry=read[0].canonical().replace("officer-3", "officer-4"))
        )

    register._session.database.write(forge)
    problems = register.unit_logs.verify(packed.register).problems
    assert [one[:7] for one in problems] == ["entry 2"]
