"""Keys are wrapped anew without touching a record, and replaced record by record, resumably."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, somebody
from tests.search.prints import person

from civid.errors import AccessRefusedError, FieldError, RegisterKeyError
from civid.position import Position
from civid.register import Actor, Capability, Register, RegisterKeys
from civid.register.identity.gallery_link import pack
from civid.register.protection.keys import Keys
from civid.register.store import tables as t
from civid.register.vault import Purpose
from civid.search.segments.keys import StaticKeyProvider

NEW = StaticKeyProvider({"2027": bytes(range(1, 33))})


def rows(register: Register, table: Any) -> list[Any]:
    with register._session.database.reading() as connection:
        return list(connection.execute(select(table)).all())


@pytest.fixture
def filled(opened: Opener) -> Register:
    register = opened(keys=RegisterKeys(KEYS, KEYS))
    for which in range(5):
        made = register.people.add(somebody(which), unit="46")
        register.prints.enrol(made.reference, person(which, Position.RIGHT_INDEX))
    return register


def test_a_new_outer_key_touches_no_record(filled: Register, opened: Opener) -> None:
    before = rows(filled, t.acts), rows(filled, t.numbers), rows(filled, t.prints)
    assert filled.protection.rewrap(NEW) == len(Purpose)
    assert (rows(filled, t.acts), rows(filled, t.numbers), rows(filled, t.prints)) == before
    assert filled.person(number(1))
    filled.people.add(somebody(6), unit="46")
    filled.close()
    with pytest.raises(RegisterKeyError):
        opened(keys=KEYS)
    again = opened(keys=RegisterKeys(NEW, KEYS), create=False)
    assert again.person(number(6)).name == "Nguyễn Thị Khánh An"
    assert again.check().clean


@pytest.mark.parametrize("purpose", ["fields", "prints", "mapping"])
def test_a_new_inner_key_seals_everything_anew(filled: Register, purpose: str) -> None:
    made = filled.people.add(somebody(7), unit="46")
    filled.prints._promise(made.reference, pack(person(7, Position.RIGHT_INDEX)), False)
    old = filled._session.vault.current(Purpose(purpose))
    before = {row.id for row in rows(filled, t.keys)}
    steps: list[tuple[int, int]] = []
    done = filled.protection.rotate(
        purpose, batch=2, on_progress=lambda done, total: steps.append((done, total))
    )
    assert done.retired == 1
    assert done.resealed == {"fields": 12, "prints": 1, "mapping": 6}[purpose]
    assert steps[-1][0] == steps[-1][1] == done.resealed
    assert {row.id for row in rows(filled, t.keys)} == before - {old} | {max(before) + 1}
    for table in (t.acts, t.numbers, t.prints, t.intents):
        assert old not in {row.key for row in rows(filled, table)}
    assert filled.check(repair=True).clean
    assert filled.person(number(3)).name == "Nguyễn Thị Dũng An"
    assert filled.prints.fingers(made.reference) == (Position.RIGHT_INDEX,)


def test_another_process_learns_of_a_new_key(filled: Register, opened: Opener) -> None:
    other = opened(keys=KEYS, create=False)
    assert other.person(number(1))
    filled.protection.rotate("fields")
    newest = filled._session.vault.current(Purpose.FIELDS)
    assert other.person(number(1)).name == "Nguyễn Thị Bình An"  # reads with the new one
    late = opened(keys=KEYS, create=False)
    filled.protection.rotate("fields")
    made = late.people.add(somebody(8), unit="46")  # would have sealed under one that is gone
    keys = {row.key for row in rows(filled, t.acts)}
    assert keys == {newest + 1}
    assert filled.people.get(made.reference).version == 1
    assert filled.check().clean


def test_a_rotation_that_was_killed_goes_on(filled: Register, opened: Opener) -> None:
    keys = Keys(filled._session)
    keys._new(Purpose.FIELDS)
    filled._session.vault.reload()
    from civid.register.store.sealed import SEALED

    keys._reseal(SEALED[0], None, 3)  # and then the process died
    assert len({row.key for row in rows(filled, t.acts)}) == 2
    again = opened(keys=KEYS, create=False)
    assert again.check().clean
    done = again.protection.rotate("fields")
    assert (done.resealed, done.retired) == (7, 1)
    assert len(rows(again, t.keys)) == len(Purpose)
    assert len({row.key for row in rows(again, t.acts)}) == 1
    assert again.check().clean


@pytest.mark.parametrize("purpose", ["tokens", "audit", "nothing"])
def test_keys_that_stay(filled: Register, purpose: str) -> None:
    with pytest.raises(FieldError):
        filled.protection.rotate(purpose)


def test_without_keys_or_rights(opened: Opener, where: str) -> None:
    register = opened()
    with pytest.raises(RegisterKeyError):
        register.protection.rewrap(NEW)
    clerk = register.acting_as(Actor("clerk", frozenset(Capability) - {Capability.ADMINISTER}))
    for attempt in (lambda: clerk.protection.rotate(), lambda: clerk.protection.rewrap(NEW)):
        with pytest.raises(AccessRefusedError):
            attempt()
    register.people.add(somebody(1), unit="46")
    assert register.protection.rotate().resealed == 2  # plain to plain: works the same
    assert register.check().clean
