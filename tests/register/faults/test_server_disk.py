"""A PostgreSQL server whose disk is full: refused in words, nothing half there, and it goes on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.register.faults.disks import small_disk
from tests.register.people import number, somebody
from tests.register.postgresql import Server

from civid.errors import RegisterStorageError
from civid.register import Register

_NOBODY = 65534
SETTINGS = ("fsync=on", "max_wal_size=32MB", "min_wal_size=32MB")


def rows(which: int) -> list[tuple[str, dict[str, str]]]:
    return [
        (str(i), {"name": "Nguyễn Thị An", "number": f"046{which:03d}{i:06d}"})
        for i in range(which * 1000, which * 1000 + 1000)
    ]


def until_refused(register: Register) -> tuple[int, str]:
    """Import until there is no room: how many people were acknowledged, and what it said then."""
    for which in range(100):
        try:
            assert register.bulk.synchronise(rows(which), source="old", unit="46").new == 1000
        except RegisterStorageError as error:
            return 1000 * which, str(error)
    raise AssertionError("the disk took everything")


def fill(disk: Path, but: int) -> Path:
    """Somebody else's file takes all the room but so many bytes."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 16)):
            free = os.statvfs(disk)
            if free.f_bavail * free.f_bsize < but + (1 << 16):
                break
    return filler


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    folder.chmod(0o755)
    made = Server(folder)
    made.start(*SETTINGS)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short name, for sockets."""
    with tempfile.TemporaryDirectory(prefix="civid-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_tables_without_room(short: Path) -> None:
    """The log of the server has room: it lives on, and so does the connection."""
    import psycopg

    with small_disk(short / "disk", 40_000) as disk:
        os.chown(disk, _NOBODY, _NOBODY)
        (short / "pg").mkdir()
        with server(short / "pg") as running:
            with psycopg.connect(running.url(), autocommit=True) as connection:
                connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
                connection.execute("CREATE DATABASE full_one TABLESPACE small")
            url = running.url("full_one")
            with Register.open(url, create=True) as register:
                register.people.add(somebody(1), unit="46")
                filler = fill(disk, 1_000_000)
                written, says = until_refused(register)
                assert "disk is full" in says
                filler.unlink()
                assert register.person(number(1)).version == 1
                report = register.check()
                assert (report.clean, report.counts["people"]) == (True, 1 + written)
                register.people.add(somebody(2), unit="46")
                again = register.bulk.synchronise(rows(written // 1000), source="old", unit="46")
                assert (again.new, again.same) == (1000, 0)


def test_a_log_without_room(short: Path) -> None:
    """PostgreSQL ends when it cannot write its log; started again, all is there that was said."""
    with small_disk(short / "disk", 120_000) as disk:
        os.chown(disk, _NOBODY, _NOBODY)
        with (
            server(disk) as running,
            Register.open(running.database("full_one"), create=True) as register,
        ):
            register.people.add(somebody(1), unit="46")
            filler = fill(disk, 3_000_000)
            written, says = until_refused(register)
            assert "server" in says
            with suppress(RegisterStorageError):
                register.person(number(1))
            filler.unlink()
            running.kill()
            running.start(*SETTINGS)
            assert register.person(number(1)).version == 1
            report = register.check()
            assert report.clean
            # The last batch had no answer: it may be there as a whole, or not at all.
            assert report.counts["people"] - 1 - written in (0, 1000)
