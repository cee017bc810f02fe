"""Disk full, read-only, damaged, of a newer version: a typed error that helps, and nothing lost."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from tests.register.conftest import Opener
from tests.register.faults.disks import read_only, small_disk
from tests.register.people import KEYS, number, said, somebody
from tests.register.postgresql import Server
from tests.search.prints import person

from civid.errors import (
    CividError,
    RegisterDamagedError,
    RegisterError,
    RegisterFormatError,
    RegisterStorageError,
)
from civid.people.citizen import Source
from civid.position import Position
from civid.register import Register
from civid.register.store.database import FILE
from civid.register.store.failures import explained


def long_record(which: int) -> Any:
    return said("permanent_residence", "Số nhà " * 25 + str(which), source=Source.RESIDENCE)


def until_refused(register: Register, reference: str) -> tuple[int, str]:
    """Record until there is no room: how often it went well, and what it said then."""
    for which in range(2000):
        try:
            register.people.record(reference, [long_record(which)])
        except RegisterStorageError as error:
            return which, str(error)
    raise AssertionError("the disk took everything")


def fill(disk: Path) -> Path:
    """Somebody else's file takes all the room."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    return filler


def test_a_file_that_cannot_grow(tmp_path: Path) -> None:
    with Register.open(tmp_path / "r", create=True) as register:
        made = register.people.add(somebody(1), unit="46")
        engine = register._session.database.engine
        full = True

        def no_room(connection: Connection) -> None:
            most = 0x3FFFFFFF
            if full:
                most = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

        event.listen(engine, "begin", no_room)
        written, refused = until_refused(register, made.reference)
        assert "the disk is full" in refused
        assert "make room" in refused
        full = False
        assert register.people.get(made.reference).version == 1 + written
        assert register.people.record(made.reference, [long_record(0)]).version == 2 + written
        assert register.check().clean


def test_a_disk_without_room(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 3000) as disk,
        Register.open(disk / "r", create=True, gallery=tmp_path / "gallery") as register,
    ):
        made = register.people.add(somebody(1), unit="46")
        filler = fill(disk)
        written, _ = until_refused(register, made.reference)
        filler.unlink()
        assert register.people.get(made.reference).version == 1 + written
        assert register.check().clean
        register.prints.enrol(made.reference, person(1, Position.RIGHT_INDEX))


def test_a_gallery_without_room_is_completed_later(opened: Opener, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 700) as disk:
        register = opened(gallery=disk / "gallery")
        made = register.people.add(somebody(1), unit="46")
        assert len(register._session.link.gallery) == 0
        filler = fill(disk)
        positions = [Position(one) for one in range(1, 11)]
        refused, says = "", ""
        for which in range(200):
            one = made if which == 0 else register.people.add(somebody(which + 10), unit="46")
            try:
                register.prints.enrol(one.reference, person(which, *positions, count=120))
            except RegisterStorageError as error:
                refused, says = one.reference, str(error)
                break
        assert "completed by the next enrolment" in says
        assert not register.check().clean
        filler.unlink()
        report = register.check(repair=True)
        assert (report.settled, report.clean) == (1, True)
        assert len(register.prints.fingers(refused)) == 10
        register.close()


def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    with Register.open(folder, create=True) as register:
        register.people.add(somebody(1), unit="46")
    with read_only(folder):
        with (
            pytest.raises(RegisterStorageError, match=r"right to write|folder"),
            Register.open(folder) as register,
        ):
            register.person(number(1))
        with pytest.raises(RegisterStorageError, match="is of no use"):
            Register.open(folder / "new", create=True)
    with Register.open(folder) as register:
        assert register.person(number(1)).version == 1
        assert register.check().clean


def test_a_folder_that_turns_read_only_while_open(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    with Register.open(folder, create=True) as register:
        register.people.add(somebody(1), unit="46")
        register.close()
        with read_only(folder):
            with pytest.raises(RegisterStorageError):
                register.people.add(somebody(2), unit="46")
            with pytest.raises(RegisterStorageError):  # a read that cannot be logged
                register.person(number(1))


def test_a_read_only_server(postgresql: Server) -> None:
    url = postgresql.database("readonly")
    try:
        with Register.open(url, create=True) as register:
            register.people.add(somebody(1), unit="46")
            with register._session.database.engine.connect() as connection:
                connection.execute(
                    text("ALTER DATABASE readonly SET default_transaction_read_only = on")
                )
                connection.commit()
        with Register.open(url) as register:
            with pytest.raises(RegisterStorageError, match="read-only"):
                register.people.add(somebody(2), unit="46")
            with pytest.raises(RegisterStorageError, match="read-only"):
                register.person(number(1))
    finally:
        postgresql.drop("readonly")


def test_a_newer_version(opened: Opener, where: str, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    register.people.add(somebody(1), unit="46")

    def version(found: str) -> None:
        register._session.database.write(
            lambda connection: connection.execute(
                text("UPDATE alembic_version SET version_num = :found"), {"found": found}
            )
        )

    with register._session.database.reading() as connection:
        now = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    version("9999")
    for create in (False, True):
        with pytest.raises(RegisterFormatError, match="newer version of civid: upgrade"):
            Register.open(where, keys=KEYS, create=create)
    version(now)
    assert opened(keys=KEYS).person(number(1)).version == 1


def read_all(folder: Path) -> None:
    with Register.open(folder) as register:
        for which in range(40):
            register.person(number(which))


@pytest.mark.parametrize("what", ["beginning", "middle", "short", "empty"])
def test_a_damaged_file(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "r"
    with Register.open(folder, create=True) as register:
        for which in range(40):
            register.people.add(somebody(which), unit="46")
    path = folder / FILE
    data = bytearray(path.read_bytes())
    if what == "beginning":
        data[:100] = bytes(100)
    elif what == "middle":
        data[8192 : len(data) - 4096] = b"\xff" * (len(data) - 12288)
    elif what == "short":
        del data[len(data) // 2 :]
    else:
        data.clear()
    path.write_bytes(data)
    with pytest.raises((RegisterFormatError, RegisterDamagedError)):
        read_all(folder)


class _Refused(Exception):
    def __init__(self, sqlstate: str):
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("53100", "disk is full"), ("53200", "short of memory"), ("53400", "short of"),
        ("58030", "error of its disk"), ("XX001", "damaged"), ("25P03", "start the server"),
        ("25006", "read-only"), ("42501", "refuses this user"), ("57P01", "start the server"),
        ("08006", "start the server"), ("55P03", "too long"), ("XX000", "refused a statement"),
    ],
)  # fmt: skip
def test_what_a_server_says(state: str, says: str) -> None:
    from sqlalchemy.exc import OperationalError

    with pytest.raises(RegisterError, match=says) as caught, explained():
        raise OperationalError("SELECT 'Nguyễn'", {"name": "Nguyễn"}, _Refused(state))
    assert "Nguyễn" not in str(caught.value)
    assert isinstance(caught.value, CividError)
