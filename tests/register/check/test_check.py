"""Whatever does not agree is named; what follows from the rest is made anew; nobody is removed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, said, somebody
from tests.search.prints import person

from civid.errors import AccessRefusedError
from civid.people.citizen import Source
from civid.position import Position
from civid.register import Actor, Capability, Register
from civid.register.check import CheckReport, What
from civid.register.identity.gallery_link import pack
from civid.register.ids import from_text, new_id
from civid.register.store import audit_tables as lo
from civid.register.store import tables as t

Statement = Any


def do(register: Register, *statements: Statement) -> None:
    """Behind the register's back."""

    def write(connection: Any) -> None:
        for one in statements:
            connection.execute(one)

    register._session.database.write(write)


@pytest.fixture
def filled(opened: Opener) -> Register:
    register = opened(keys=KEYS)
    for which in range(3):
        made = register.people.add([*somebody(which), said("cmnd9", f"19123456{which}")], unit="46")
        register.prints.enrol(made.reference, person(which, Position.RIGHT_INDEX))
    one = register.person(number(0))
    wrong = said("name", "Nguyễn Thị Xuân", source=Source.COURT)
    register.people.record(one.reference, [wrong])
    register.people.retract(one.reference, wrong, "read wrongly")
    return register


def first(register: Register) -> bytes:
    return from_text(register.person(number(0)).reference)


def found(report: CheckReport) -> list[tuple[What, bool]]:
    return sorted((one.what, one.repaired) for one in report.found)


def test_a_register_that_agrees(filled: Register) -> None:
    steps: list[tuple[int, int]] = []
    report = filled.check(on_progress=lambda done, total: steps.append((done, total)))
    assert report.clean
    assert not report.found
    assert (report.counts["people"], report.counts["acts"], report.counts["prints"]) == (3, 5, 3)
    assert report.counts["subjects"] == 3
    assert steps[-1][0] == steps[-1][1] > 3
    assert json.loads(json.dumps(report.to_dict()))["clean"] is True
    assert filled.audit.entries(after=report.counts["entries"])[-1].operation == "register.check"


def test_only_who_administers_may_check(filled: Register) -> None:
    clerk = filled.acting_as(Actor("clerk", frozenset(Capability) - {Capability.ADMINISTER}))
    with pytest.raises(AccessRefusedError):
        clerk.check()


def test_open_promises_are_named_and_kept(filled: Register) -> None:
    made = filled.people.add(somebody(7), unit="46")
    filled.prints._promise(made.reference, pack(person(7, Position.RIGHT_INDEX)), False)
    filled.prints._promise_removal(filled.person(number(1)).reference)
    report = filled.check()
    assert found(report) == [(What.OPEN_INTENT, False)] * 2
    assert not report.clean
    repaired = filled.check(repair=True)
    assert (repaired.settled, repaired.clean) == (2, True)
    assert filled.prints.fingers(made.reference) == (Position.RIGHT_INDEX,)
    assert filled.prints.fingers(filled.person(number(1)).reference) == ()


def test_a_gallery_from_an_older_backup(filled: Register) -> None:
    link = filled._session.link
    one, two, three = (filled._session.vault.open(row.key, row.sealed, "prints", bytes(row.person))
                       for row in rows(filled, t.prints))  # fmt: skip
    link.gallery.enroll(one.decode(), person(99, Position.RIGHT_INDEX), replace=True)
    link.gallery.remove(two.decode())
    link.gallery.enroll("somebody else", person(98, Position.RIGHT_INDEX))
    report = filled.check(repair=True)
    assert found(report) == [
        (What.PRINTS_DIFFER, False),
        (What.PRINTS_MISSING, False),
        (What.SUBJECT_OF_NOBODY, False),
    ]
    assert len(link.gallery) == 3  # nothing was removed
    assert three.decode() in link.gallery


def rows(register: Register, table: Any) -> list[Any]:
    with register._session.database.reading() as connection:
        return list(connection.execute(select(table)).all())


@pytest.mark.parametrize("encrypted", [False, True])
def test_lookup_rows_are_made_anew_from_the_acts(opened: Opener, encrypted: bool) -> None:
    register = opened(keys=KEYS if encrypted else None)
    made = register.people.add([*somebody(0), said("cmnd9", "191234567")], unit="46")
    somebody_else = register.people.add(somebody(1), unit="46")
    one, two = from_text(made.reference), from_text(somebody_else.reference)
    do(
        register,
        delete(t.names).where(t.names.c.person == one),
        delete(t.numbers).where(t.numbers.c.person == one),
        insert(t.names).values(token=bytes(16), birth_year=1, person=two),
        insert(t.names).values(token=bytes(16), birth_year=1, person=new_id()),
        insert(t.numbers).values(
            kind=2, token=bytes(16), person=two, state="active", key=1,
            sealed=register._session.vault.seal(b"191", "numbers", bytes(16))[1],
        ),
    )  # fmt: skip
    expected = [
        What.NAME_MISSING, What.NAME_NOT_CLAIMED, What.NAME_OF_NOBODY, What.NUMBER_MISSING,
        What.NUMBER_MISSING, What.NUMBER_NOT_CLAIMED,
    ]  # fmt: skip
    assert [what for what, _ in found(register.check())] == expected
    assert [ok for _, ok in found(register.check(repair=True))] == [True] * 6
    assert register.check().clean
    assert register.person("191234567").reference == made.reference
    assert register.find(number=number(0)).people[0].reference == made.reference
    assert len(register.find(name="Nguyễn Thị An An").people) == 1
    assert "register.repair" in {one.operation for one in register.audit.about(made.reference)}


def acts_swapped(register: Register) -> list[Statement]:
    one = first(register)
    sealed = next(row for row in rows(register, t.acts) if row.person != one).sealed
    where = (t.acts.c.person == one, t.acts.c.seq == 2)
    return [update(t.acts).where(*where).values(sealed=sealed)]


def places_swapped(register: Register) -> list[Statement]:
    one = first(register)
    mine = [row for row in rows(register, t.acts) if row.person == one]
    return [
        update(t.acts).where(t.acts.c.person == one, t.acts.c.seq == seq).values(sealed=sealed)
        for seq, sealed in ((2, mine[2].sealed), (3, mine[1].sealed))
    ]


def act_lost(register: Register) -> list[Statement]:
    return [delete(t.acts).where(t.acts.c.person == first(register), t.acts.c.seq == 2)]


def act_cut_off(register: Register) -> list[Statement]:
    return [delete(t.acts).where(t.acts.c.person == first(register), t.acts.c.seq == 3)]


def version_back(register: Register) -> list[Statement]:
    return [update(t.persons).where(t.persons.c.id == first(register)).values(version=2)]


def head_lost(register: Register) -> list[Statement]:
    return [delete(t.persons).where(t.persons.c.id == first(register))]


def number_given_to_another(register: Register) -> list[Statement]:
    other = from_text(register.person(number(1)).reference)
    return [update(t.numbers).where(t.numbers.c.person == first(register), t.numbers.c.kind == 1)
            .values(person=other)]  # fmt: skip


def number_changed(register: Register) -> list[Statement]:
    return [update(t.numbers).where(t.numbers.c.person == first(register), t.numbers.c.kind == 1)
            .values(sealed=bytes(40))]  # fmt: skip


def unit_broken(register: Register) -> list[Statement]:
    return [update(t.persons).where(t.persons.c.id == first(register)).values(unit="a b")]


def mapping_swapped(register: Register) -> list[Statement]:
    one, two, *_ = rows(register, t.prints)
    return [update(t.prints).where(t.prints.c.person == one.person).values(sealed=two.sealed)]


def entry_changed(register: Register) -> list[Statement]:
    entry = rows(register, lo.audit)[2]
    return [update(lo.audit).where(lo.audit.c.seq == entry.seq)
            .values(entry=entry.entry.replace('"unit":""', '"unit":"1"'))]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (acts_swapped, {What.ACT_UNREADABLE}),
        (places_swapped, {What.ACT_UNREADABLE}),
        (act_lost, {What.ACT_MISSING}),
        (act_cut_off, {What.VERSION}),
        (version_back, {What.VERSION}),
        (head_lost, {What.ACT_OF_NOBODY, What.NUMBER_OF_NOBODY, What.NAME_OF_NOBODY,
                     What.PRINTS_OF_NOBODY}),
        (number_given_to_another, {What.NUMBER_OF_ANOTHER, What.NUMBER_NOT_CLAIMED}),
        (number_changed, {What.RECORD_UNREADABLE}),
        (unit_broken, {What.UNIT}),
        (mapping_swapped, {What.UNREADABLE_MAPPING}),
        (entry_changed, {What.LOG}),
    ],
)  # fmt: skip
def test_what_somebody_did_behind_its_back_is_named_and_left(
    filled: Register, how: Callable[[Register], list[Statement]], expected: set[What]
) -> None:
    do(filled, *how(filled))
    report = filled.check(repair=True)
    assert {one.what for one in report.left} | {one.what for one in report.found} == expected
    assert not report.clean
    text = json.dumps(report.to_dict(), ensure_ascii=False)
    for value in (number(0), "Nguyễn", "Xuân", "191234560"):
        assert value not in text
    for one in report.found:
        assert one.message


def test_units_that_the_register_lists(filled: Register) -> None:
    do(filled, insert(t.units).values(code="79", name="Thành phố Hồ Chí Minh"))
    assert found(filled.check()) == [(What.UNIT, False)] * 3
    do(filled, insert(t.units).values(code="46", name="Huế"))
    assert filled.check().clean


def test_without_a_gallery(filled: Register, where: str, tmp_path: Path) -> None:
    filled.close()
    gone = tmp_path / "gallery"
    for path in gone.iterdir():
        path.unlink()
    with Register.open(where, keys=KEYS, gallery=gone) as register:
        assert found(register.check(repair=True)) == [(What.PRINTS_MISSING, False)] * 3


def test_a_gallery_whose_making_was_cut_short(opened: Opener, tmp_path: Path) -> None:
    from civid.search.store.files.commit_counter import CREATING, CommitCounter
    from civid.search.store.files.folder import WITNESS

    register = opened()
    register.people.add(somebody(1), unit="46")
    (tmp_path / "gallery").mkdir()
    file = os.open(tmp_path / "gallery" / WITNESS, os.O_RDWR | os.O_CREAT)
    counter = CommitCounter(file)
    counter.create(CREATING)
    counter.close()
    assert register.check().clean  # nobody has prints yet
    register.prints.enrol(register.person(number(1)).reference, person(1, Position.RIGHT_INDEX))
    assert register.check().counts["subjects"] == 1
