"""A mobile unit's day: packed, worked offline, merged; on both stores as the target."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.register.conftest import Opener
from tests.register.test_register import KEYS, an, said
from tests.search.prints import again, person

from civid.errors import (
    AccessRefusedError,
    ForeignRegisterError,
    NotInRegisterError,
    RegisterDamagedError,
    RegisterFormatError,
    RegisterKeyError,
)
from civid.people.citizen import Claim, Source
from civid.people.forms import Dc01
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.merge.rest import fate
from civid.register.store import migrate
from civid.register.store.tables import cases
from civid.search.segments.keys import StaticKeyProvider

UNIT = "46/19753"
UNIT_KEYS = StaticKeyProvider({"unit-7": bytes(range(32, 64))})
LATER = date(2025, 6, 1)


def claims(number: str, name: str = "Nguyễn Thị An") -> list[Claim]:
    return [said("name", name), said("birth", "05/03/2001"), said("number", number)]


def moved(text: str) -> Claim:
    return said("permanent_residence", text, LATER, Source.RESIDENCE)


def opened_cases(register: Register) -> list[tuple[str, list[str], Any]]:
    """Kind, codes and evidence of every case."""
    import json

    session = register._session
    with session.database.reading() as connection:
        rows = connection.execute(select(cases).order_by(cases.c.id)).all()
    found = []
    for row in rows:
        body = json.loads(session.vault.open(row.key, row.sealed, "cases", bytes(row.id)))
        found.append((row.kind, body["codes"], body["evidence"]))
    return found


def unit_of(folder: Path, **kwargs: Any) -> Register:
    return Register.open(folder, actor=Actor("officer-3", unit=UNIT), **kwargs)


def test_a_day_of_a_mobile_unit(opened: Opener, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    known = register.people.add(claims("046301123456"), unit=UNIT)
    fingers = person(1, Position.RIGHT_INDEX, Position.LEFT_INDEX)
    register.prints.enrol(known.reference, fingers)
    register.people.add(claims("046301000009", "Lê Tư"), unit="79/1")
    register.households.make("HS-1", {known.reference: "chủ hộ"}, unit=UNIT)
    folder = tmp_path / "unit"
    packed = register.pack(folder, unit=UNIT, keys=UNIT_KEYS)
    assert (packed.people, packed.prints, packed.households) == (1, 1, 1)
    with pytest.raises(RegisterKeyError):
        Register.open(folder, keys=KEYS)

    with unit_of(folder, keys=UNIT_KEYS) as unit:  # without a connection
        copy = unit.person("046301123456")
        assert (copy.reference, copy.version) == (known.reference, 1)
        assert unit.prints.verify(copy.reference, again(fingers, 3)) > 40
        assert unit.households.by_code("HS-1").household.head.reference == known.reference
        with pytest.raises(NotInRegisterError):
            unit.person("046301000009")
        unit.people.record(copy.reference, [moved("5 Trần Phú")])
        added = unit.people.add(claims("046301000010", "Trần Ba"), unit=UNIT)
        unit.prints.enrol(added.reference, person(2, Position.RIGHT_INDEX))
        slip = Dc01({"name": "LÊ NĂM", "birth": "1/1/1960", "sex": "nam",
                     "nationality": "Việt Nam", "number": "046060000011"}, LATER)  # fmt: skip
        form = unit.forms.record(slip, unit=UNIT)
        home = unit.households.by_code("HS-1")
        unit.households.add_member(home.reference, added.reference, "vợ", day=LATER)
        asked = unit.slips.send(unit.slips.draft(copy.reference, "79/1").reference)

    calls: list[tuple[int, int]] = []
    report = register.merge(
        folder, keys=UNIT_KEYS, on_progress=lambda done, total: calls.append((done, total))
    )
    assert report.counts["person"] == {"changed": 1, "new": 2}
    assert report.counts["prints"] == {"new": 1}
    assert report.counts["household"] == {"changed": 1}
    assert report.counts["form"] == {"new": 1}
    assert report.counts["slip"] == {"new": 1}
    assert (report.cases, report.resumed, report.unit) == ((), False, UNIT)
    assert calls[-1][0] == calls[-1][1] == 6
    after = register.people.get(known.reference)
    assert after.version == 2
    assert after.citizen.text("permanent_residence") == "5 Trần Phú"
    acts = register.people.history(known.reference)
    assert [(one.kind, one.actor) for one in acts][1:] == [("correct", "officer-3")]
    assert register.person("046301000010").reference == added.reference
    (hit,) = register.prints.identify(again(person(2, Position.RIGHT_INDEX), 9))
    assert hit.reference == added.reference
    assert register.forms.get(form.reference).form == slip
    assert register.person("046060000011").reference == form.person
    assert register.slips.get(asked.reference) == asked
    members = register.households.by_code("HS-1").household.members
    assert {one.reference for one in members} == {known.reference, added.reference}
    entry = next(one for one in register.audit.about(added.reference))
    assert entry.operation == "register.merge"
    assert register.audit.verify().whole

    twice = register.merge(folder, keys=UNIT_KEYS)
    assert twice.changed_nothing
    assert twice.head == report.head
    assert register.people.get(known.reference) == after
    with unit_of(folder, keys=UNIT_KEYS) as unit:  # another day of the same unit
        unit.people.record(added.reference, [moved("7 Hùng Vương")])
        unit.slips.withdraw(asked.reference)
    third = register.merge(folder, keys=UNIT_KEYS)
    assert third.counts["person"] == {"same": 2, "changed": 1}
    assert third.counts["slip"] == {"changed": 1}
    assert third.cases == ()
    assert register.person("046301000010").citizen.text("permanent_residence") == "7 Hùng Vương"


def test_what_both_sides_changed_is_not_overwritten(register: Register, tmp_path: Path) -> None:
    held = [register.people.add(claims(f"04630100000{i}"), unit=UNIT) for i in range(4)]
    home = register.households.make("HS-1", {held[0].reference: "chủ hộ"}, unit=UNIT)
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    mine = said("religion", "Không", LATER)
    with unit_of(folder) as unit:
        for one in held[:3]:
            unit.people.record(one.reference, [moved("ở đơn vị")])
            unit.people.record(one.reference, [mine])
        unit.people.retract(held[0].reference, moved("ở đơn vị"), "sai")
        unit.households.remove(home.reference, held[0].reference, "chuyển đi")
        unit.people.record(held[3].reference, [said("number", "046301777777", LATER)])
    register.people.record(held[0].reference, [moved("ở đây")])
    register.people.record(held[1].reference, [moved("ở đơn vị")])  # the same on both sides
    register.people.record(held[2].reference, [said("ethnic", "Tày")])
    register.people.add(claims("046301777777", "Trần Ba"), unit=UNIT)
    register.households.add_member(home.reference, held[1].reference, "con đẻ")

    report = register.merge(folder)
    assert report.counts["person"] == {"disputed": 2, "changed": 2}
    assert report.counts["household"] == {"disputed": 1}
    citizens = [register.people.get(one.reference).citizen for one in held]
    assert [one.text("permanent_residence") for one in citizens[:3]] == [
        "ở đây", "ở đơn vị", "ở đơn vị",
    ]  # fmt: skip
    assert [one.text("religion") for one in citizens[:3]] == ["Không"] * 3
    assert citizens[2].text("ethnic") == "Tày"
    assert citizens[3].text("number") == "046301000003"
    found = opened_cases(register)
    assert [(kind, codes) for kind, codes, _ in found] == [
        ("conflict", ["act.withheld", "permanent_residence.changed"]),
        ("conflict", ["number.personal"]),
        ("conflict", ["household.changed"]),
    ]
    words = found[0][2]["acts"]
    assert [one["seq"] for one in words] == [2, 4]
    assert "ở đơn vị" in words[0]["said"]
    members = register.households.get(home.reference).household.members
    assert len(members) == 2
    assert register.merge(folder).changed_nothing
    assert len(opened_cases(register)) == 3


def test_one_person_on_both_sides_is_a_duplicate(register: Register, tmp_path: Path) -> None:
    folder, other_folder = tmp_path / "unit", tmp_path / "other"
    register.pack(folder, unit=UNIT)
    register.pack(other_folder, unit=UNIT, people=[])
    mine = register.people.add(an(), unit=UNIT)
    fingers = person(1, Position.RIGHT_INDEX, Position.LEFT_INDEX)
    with unit_of(folder) as unit:
        first = unit.people.add(an(), unit=UNIT)  # the same number
        unit.prints.enrol(first.reference, fingers)
    with unit_of(other_folder) as unit:
        second = unit.people.add([said("name", "Nguyễn Thị Anh")], unit=UNIT)
        unit.prints.enrol(second.reference, again(fingers, 4))  # the same fingers
    report = register.merge(folder)
    assert report.counts["person"] == {"new": 1}
    assert register.person("046301123456").reference == mine.reference
    kept = register.people.get(first.reference)
    assert kept.number is None  # until somebody decides; nothing is lost
    assert [one.field for one in kept.citizen.claims] == ["name", "birth", "number"]
    assert len(report.cases) == 1
    with unit_of(folder) as unit:
        unit.people.record(first.reference, [moved("5 Trần Phú")])
    assert register.merge(folder).counts["person"] == {"changed": 1}
    assert register.people.get(first.reference).citizen.text("permanent_residence")
    assert register.people.get(first.reference).number is None
    register.merge(other_folder)
    found = opened_cases(register)
    assert [(kind, codes) for kind, codes, _ in found] == [
        ("duplicate", ["number.personal"]), ("duplicate", ["prints.alike"]),
    ]  # fmt: skip
    assert found[1][2]["score"] > 40
    assert {one.reference for one in register.prints.identify(fingers)} == {
        first.reference, second.reference,
    }  # fmt: skip
    assert "046301123456" not in "".join(one.canonical() for one in register.audit.entries())


def test_prints_that_both_sides_took(register: Register, tmp_path: Path) -> None:
    held = [register.people.add(claims(f"04630100000{i}"), unit=UNIT) for i in range(3)]
    for i, one in enumerate(held):
        register.prints.enrol(one.reference, person(i, Position.RIGHT_INDEX))
    folder = tmp_path / "unit"
    assert register.pack(folder, unit=UNIT).prints == 3
    with unit_of(folder) as unit:
        for one in held[:2]:
            unit.prints.enrol(
                one.reference, person(int(one.number or 0) % 10 + 10, Position.RIGHT_INDEX),
                replace=True,
            )  # fmt: skip
    register.prints.enrol(held[0].reference, person(20, Position.RIGHT_INDEX), replace=True)
    report = register.merge(folder)
    assert report.counts["prints"] == {"disputed": 1, "changed": 1}
    assert [codes for _, codes, _ in opened_cases(register)] == [["prints.changed"]]
    for seed, who in ((20, held[0]), (11, held[1]), (2, held[2])):
        (hit,) = register.prints.identify(person(seed, Position.RIGHT_INDEX))
        assert hit.reference == who.reference
    assert register.merge(folder).changed_nothing
    assert len(opened_cases(register)) == 1


def test_folders_that_are_refused(register: Register, tmp_path: Path) -> None:
    held = register.people.add(an(), unit=UNIT)
    with Register.open(tmp_path / "stranger", create=True) as stranger:
        stranger.people.add(an("046301999999"), unit=UNIT)
        stranger.pack(tmp_path / "foreign", unit=UNIT)
    for name in ("stranger", "foreign"):
        with pytest.raises(ForeignRegisterError):
            register.merge(tmp_path / name)
    with pytest.raises(RegisterFormatError):
        register.merge(tmp_path / "nothing")
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    with pytest.raises(RegisterFormatError, match="empty folder"):
        register.pack(folder, unit=UNIT)
    with unit_of(folder) as unit:
        unit.people.record(held.reference, [moved("5 Trần Phú")])
    file = folder / "register.sqlite3"
    before = file.read_bytes()

    def change(statement: str) -> None:
        connection = sqlite3.connect(file)
        connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    change("UPDATE audit SET entry = replace(entry, 'officer-3', 'officer-4')")
    with pytest.raises(RegisterDamagedError, match="audit log"):
        register.merge(folder)
    for tail in ("-wal", "-shm"):
        (folder / (file.name + tail)).unlink(missing_ok=True)
    file.write_bytes(before)
    change("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegisterFormatError, match="newer"):
        register.merge(folder)
    change(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'")
    assert register.people.get(held.reference).version == 1
    assert register.merge(folder).counts["person"] == {"changed": 1}
    with unit_of(folder) as unit:  # what was merged may not be taken back
        unit.people.record(held.reference, [moved("7 Hùng Vương")])
    assert register.merge(folder).counts["person"] == {"changed": 1}
    for tail in ("-wal", "-shm"):
        (folder / (file.name + tail)).unlink(missing_ok=True)
    file.write_bytes(before)
    with pytest.raises(RegisterDamagedError, match="audit log"):
        register.merge(folder)


def test_who_may_pack_and_merge(register: Register, tmp_path: Path) -> None:
    held = register.people.add(an(), unit=UNIT)
    folder = tmp_path / "unit"
    clerk = register.acting_as(Actor("clerk", frozenset({Capability.READ}), unit="46"))
    other = register.acting_as(Actor("other", unit="79"))
    for refused in (clerk, other):
        with pytest.raises(AccessRefusedError):
            refused.pack(folder, unit=UNIT)
    with pytest.raises(AccessRefusedError):  # of another unit
        other.pack(folder, unit="79/1", people=[held.reference])
    with pytest.raises(NotInRegisterError):
        register.pack(folder, unit=UNIT, people=["00" * 16])
    assert not folder.exists()
    assert list(tmp_path.glob("*.part")) == []
    register.pack(folder, unit=UNIT)
    for refused in (clerk, other):
        with pytest.raises(AccessRefusedError):
            refused.merge(folder)
    entries = [one for one in register.audit.entries() if one.outcome == "refused"]
    assert [one.operation for one in entries] == ["register.pack"] * 3 + ["register.merge"] * 2
    packed = register.audit.about(held.reference)
    assert packed[-1].operation == "register.pack"


def test_somebody_who_is_gone_here(register: Register, tmp_path: Path) -> None:
    held = register.people.add(an(), unit=UNIT)
    folder = tmp_path / "unit"
    register.pack(folder, unit=UNIT)
    with unit_of(folder) as unit:
        unit.people.record(held.reference, [moved("5 Trần Phú")])

    def erase(connection: Any) -> None:
        from sqlalchemy import update

        from civid.register.store.tables import persons

        connection.execute(update(persons).values(state="erased"))

    register._session.database.write(erase)
    assert register.merge(folder).counts["person"] == {"disputed": 1}
    ((kind, codes, evidence),) = opened_cases(register)
    assert (kind, codes) == ("conflict", ["person.not_active"])
    assert "5 Trần Phú" in evidence["acts"][0]["said"]
    assert register.merge(folder).changed_nothing


@pytest.mark.parametrize(
    ("mine", "theirs", "base", "wanted"),
    [
        (None, b"a", None, "new"), (b"a", b"a", None, "same"), (b"a", b"b", b"a", "changed"),
        (b"b", b"a", b"a", "same"), (b"b", b"c", b"a", "disputed"), (b"b", b"c", None, "disputed"),
        (None, b"b", b"a", "disputed"), (None, b"a", b"a", "same"),
    ],
)  # fmt: skip
def test_fates(mine: bytes | None, theirs: bytes, base: bytes | None, wanted: str) -> None:
    assert fate(mine, theirs, base) == wanted
