"""Whoever has the tables but not the keys: every change is found; an older copy, with an anchor."""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from tests.register.check.test_check import do, rows
from tests.register.conftest import Opener
from tests.register.people import KEYS, number, somebody
from tests.search.prints import person

from civid.errors import (
    CividError,
    RegisterDamagedError,
    RegisterError,
    RegisterFormatError,
    RegisterKeyError,
)
from civid.position import Position
from civid.register import Register
from civid.register.audit.entry import Entry, chained
from civid.register.check import What
from civid.register.ids import from_text
from civid.register.store import audit_tables as lo
from civid.register.store import tables as t
from civid.register.store.database import FILE


@pytest.fixture
def filled(opened: Opener) -> Register:
    register = opened(keys=KEYS)
    for which in range(4):
        register.people.add(somebody(which), unit="46")
    register.person(number(1))
    return register


def put(seq: int, **values: Any) -> Any:
    return update(lo.audit).where(lo.audit.c.seq == seq).values(values)


def changed(register: Register) -> list[Any]:
    one = rows(register, lo.audit)[1]
    return [put(2, entry=one.entry.replace("person.add", "person.sub"))]


def changed_with_a_new_hash(register: Register) -> list[Any]:
    """By somebody who knows how it is chained, and not the key."""
    log = rows(register, lo.audit)
    text = log[-1].entry.replace("person.read", "person.find")
    digest = chained(log[-2].hash, text, None)
    return [put(log[-1].seq, entry=text, hash=digest), update(lo.audit_head).values(hash=digest)]


def swapped(register: Register) -> list[Any]:
    _, one, two, *_ = rows(register, lo.audit)
    return [put(2, entry=two.entry, hash=two.hash), put(3, entry=one.entry, hash=one.hash)]


def one_less(register: Register) -> list[Any]:
    return [delete(lo.audit).where(lo.audit.c.seq == 3)]


def closed_up(register: Register) -> list[Any]:
    last = rows(register, lo.audit)[-1].seq
    return [
        delete(lo.audit).where(lo.audit.c.seq == 2),
        *(update(lo.audit).where(lo.audit.c.seq == seq).values(seq=seq - 1)
          for seq in range(3, last + 1)),
        update(lo.audit_head).values(seq=last - 1),
    ]  # fmt: skip


def one_more(register: Register) -> list[Any]:
    last = rows(register, lo.audit)[-1]
    return [insert(lo.audit).values(seq=last.seq + 1, entry=last.entry, hash=last.hash)]


def cut_off(register: Register) -> list[Any]:
    return [delete(lo.audit).where(lo.audit.c.seq == rows(register, lo.audit)[-1].seq)]


def all_gone(register: Register) -> list[Any]:
    return [delete(lo.audit)]


def unmarked(register: Register) -> list[Any]:
    one = rows(register, lo.audit_subjects)[0]
    return [delete(lo.audit_subjects).where(lo.audit_subjects.c.person == one.person)]


def marked_as_another(register: Register) -> list[Any]:
    one = rows(register, lo.audit_subjects)[0]
    where = (lo.audit_subjects.c.person == one.person, lo.audit_subjects.c.seq == one.seq)
    return [update(lo.audit_subjects).where(*where).values(person=bytes(16))]


@pytest.mark.parametrize(
    "how",
    [changed, changed_with_a_new_hash, swapped, one_less, closed_up, one_more, cut_off, all_gone,
     unmarked, marked_as_another],
)  # fmt: skip
def test_the_log(filled: Register, how: Callable[[Register], list[Any]]) -> None:
    assert filled.audit.verify().whole
    do(filled, *how(filled))
    with filled._session.database.reading() as connection:
        from civid.register.audit import verify_chain

        report = verify_chain(connection, filled._session.vault.audit_key())
    assert not report.whole
    assert {one.what for one in _checked(filled)} == {What.LOG}


def _checked(register: Register) -> Any:
    try:
        return register.check().found
    except RegisterDamagedError:  # it cannot even be added to
        from civid.register.check.report import Disagreement

        return [Disagreement(What.LOG, "audit")]


def end_and_head_cut(register: Register) -> list[Any]:
    """As an older backup has it: whole in itself."""
    log = rows(register, lo.audit)
    return [
        delete(lo.audit).where(lo.audit.c.seq == log[-1].seq),
        delete(lo.audit_subjects).where(lo.audit_subjects.c.seq == log[-1].seq),
        update(lo.audit_head).values(
            seq=log[-2].seq, hash=log[-2].hash, at=Entry.parse(log[-2].entry).at
        ),
    ]


def test_a_log_cut_off_with_its_end_is_found_by_an_anchor(filled: Register) -> None:
    report = filled.audit.verify()
    do(filled, *end_and_head_cut(filled))  # the verification itself
    do(filled, *end_and_head_cut(filled))  # somebody's reading
    assert filled.audit.verify().whole  # stated: without an anchor this is not found
    assert not filled.audit.verify(anchor=(report.entries, report.head)).whole
    found = filled.check(anchor=(report.entries, report.head)).found
    assert {one.what for one in found} == {What.LOG}


def test_an_older_backup(tmp_path: Path) -> None:
    folder, backup = tmp_path / "r", tmp_path / "backup"
    with Register.open(folder, create=True, keys=KEYS) as register:
        made = register.people.add(somebody(1), unit="46")
        register.prints.enrol(made.reference, person(1, Position.RIGHT_INDEX))
        register.close()
        shutil.copytree(folder, backup)
    with Register.open(folder, keys=KEYS) as register:
        register.people.add(somebody(2), unit="46")
        report = register.audit.verify()
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    with Register.open(folder, keys=KEYS) as register:
        assert register.check().clean  # stated: whole in itself
        anchored = register.check(anchor=(report.entries, report.head))
        assert [one.what for one in anchored.found] == [What.LOG]


def keys_swapped(register: Register) -> list[Any]:
    one, two, *_ = rows(register, t.keys)
    return [
        update(t.keys).where(t.keys.c.id == one.id).values(wrapped=two.wrapped),
        update(t.keys).where(t.keys.c.id == two.id).values(wrapped=one.wrapped),
    ]


def purposes_swapped(register: Register) -> list[Any]:
    one, two, *_ = rows(register, t.keys)
    return [
        update(t.keys).where(t.keys.c.id == one.id).values(purpose=two.purpose),
        update(t.keys).where(t.keys.c.id == two.id).values(purpose=one.purpose),
    ]


def key_of_mine(register: Register) -> list[Any]:
    return [update(t.keys).where(t.keys.c.id == 1).values(wrapped=bytes(32), wrapped_by="")]


def key_damaged(register: Register) -> list[Any]:
    one = rows(register, t.keys)[0]
    other = one.wrapped[:-1] + bytes([one.wrapped[-1] ^ 1])  # a zero may be what stood there
    return [update(t.keys).where(t.keys.c.id == 1).values(wrapped=other)]


def key_cut(register: Register) -> list[Any]:
    return [update(t.keys).where(t.keys.c.id == 1).values(wrapped=b"")]


def key_lost(register: Register) -> list[Any]:
    return [delete(t.keys).where(t.keys.c.id == 1)]


def key_for_nothing(register: Register) -> list[Any]:
    return [update(t.keys).where(t.keys.c.id == 1).values(purpose="x")]


def register_renamed(register: Register) -> list[Any]:
    return [update(t.meta).where(t.meta.c.name == "register").values(value="00" * 16)]


def register_without_id(register: Register) -> list[Any]:
    return [delete(t.meta)]


@pytest.mark.parametrize(
    "how",
    [keys_swapped, purposes_swapped, key_of_mine, key_damaged, key_cut, key_lost, key_for_nothing,
     register_renamed, register_without_id],
)  # fmt: skip
def test_the_keys(filled: Register, opened: Opener, how: Callable[[Register], list[Any]]) -> None:
    do(filled, *how(filled))
    filled.close()
    with pytest.raises((RegisterKeyError, RegisterDamagedError)):
        opened(keys=KEYS, create=False)


def test_a_record_of_another_register(opened: Opener, filled: Register, tmp_path: Path) -> None:
    """Not even under the same outer key."""
    with Register.open(tmp_path / "other", create=True, keys=KEYS) as other:
        other.people.add(somebody(9), unit="46")
        (foreign,) = rows(other, t.acts)
    who = from_text(filled.person(number(1)).reference)
    do(filled, update(t.acts).where(t.acts.c.person == who).values(sealed=foreign.sealed))
    assert [one.what for one in filled.check().found] == [What.ACT_UNREADABLE]
    with pytest.raises(RegisterDamagedError):
        filled.people.get(who.hex())


def test_bytes_of_the_file(tmp_path: Path) -> None:
    """Flipped anywhere: a typed error, a disagreement, or nothing that anybody would see."""
    folder = tmp_path / "r"
    with Register.open(folder, create=True, keys=KEYS) as register:
        for which in range(6):
            register.people.add(somebody(which), unit="46")
        register.close()
    whole = (folder / FILE).read_bytes()
    choose, noticed = random.Random(7), 0
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(24):  # many pages of a young file are empty
            data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        (folder / FILE).write_bytes(data)
        for left in folder.glob(FILE + "-*"):
            left.unlink()
        noticed += _noticed(folder)
    assert noticed > 10


def _noticed(folder: Path) -> bool:
    try:
        with Register.open(folder, keys=KEYS) as register:
            clean = register.check().clean
            names = [register.person(number(which)).name for which in range(6)]
    except (RegisterDamagedError, RegisterFormatError, RegisterKeyError, CividError):
        return True
    assert names == [somebody(which)[0].value for which in range(6)] or not clean
    return not clean


def test_what_is_asked_of_the_database_only_once(filled: Register) -> None:
    """A statement that is refused says nothing of its values."""
    values = {"token": bytes(16), "birth_year": 1, "person": b"Nguyen Thi An 16"}
    do(filled, insert(t.names).values(values))
    with pytest.raises(RegisterError, match="this key is there already") as caught:
        do(filled, insert(t.names).values(values))
    told = "".join(traceback.format_exception(caught.value))
    assert "Nguyen Thi" not in told
    assert values["person"].hex() not in told  # type: ignore[attr-defined]
    assert rows(filled, t.names)
    assert select(t.names) is not None
