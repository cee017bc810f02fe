"""A connection that is lost, a server that restarts under a transaction, one that is not there."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.register.people import number, said, somebody
from tests.register.postgresql import Server

from civid.errors import NotInRegisterError, RegisterStorageError
from civid.people.citizen import Claim, Source
from civid.register import Register


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One of this module's own, that waits for its disk."""
    with tempfile.TemporaryDirectory(prefix="civid-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Server(Path(folder))
        made.start("fsync=on")
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture
def register(server: Server, request: pytest.FixtureRequest) -> Iterator[Register]:
    name = f"t{abs(hash(request.node.name)) % 10**9}"
    with Register.open(server.database(name), create=True) as register:
        register.people.add(somebody(1), unit="46")
        yield register
    server.drop(name)


def during(claims: list[Claim], happens: Callable[[], None]) -> Iterator[Claim]:
    """Claims that are asked for inside the transaction."""
    yield from claims
    happens()


def cut(server: Server) -> None:
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> 'postgres'"
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}")  # type: ignore[call-overload]
        for _ in range(500):  # they are told to end, which takes a busy machine a while
            if connection.execute(f"SELECT 1 {others}").fetchone() is None:  # type: ignore[call-overload]
                break
            time.sleep(0.01)


def restart(server: Server) -> None:
    server.kill()
    server.start("fsync=on")


@pytest.mark.parametrize("how", [cut, restart])
def test_under_a_transaction(
    register: Register, server: Server, how: Callable[[Server], None]
) -> None:
    with pytest.raises(RegisterStorageError, match="start the server and read again"):
        register.people.add(during(somebody(2), lambda: how(server)), unit="46")
    with pytest.raises(NotInRegisterError):  # nothing half there
        register.person(number(2))
    assert not register.find(name="Nguyễn Thị Châu An").people
    assert register.person(number(1)).version == 1
    made = register.people.add(somebody(2), unit="46")  # repeated, it works
    claim = said("permanent_residence", "Huế", source=Source.RESIDENCE)
    with pytest.raises(RegisterStorageError):
        register.people.record(made.reference, during([claim], lambda: how(server)))
    assert register.people.get(made.reference).version == 1
    assert register.check().clean


@pytest.mark.parametrize("how", [cut, restart])
def test_between_transactions(
    register: Register, server: Server, how: Callable[[Server], None]
) -> None:
    how(server)
    assert register.person(number(1)).version == 1
    assert register.audit.verify().whole


def test_a_server_that_is_not_there(register: Register, server: Server) -> None:
    server.kill()
    try:
        with pytest.raises(RegisterStorageError, match="start the server"):
            register.person(number(1))
        with pytest.raises(RegisterStorageError, match="start the server"):
            register.people.add(somebody(3), unit="46")
        with pytest.raises(RegisterStorageError, match="start the server"):
            Register.open(server.url("nothing"), timeout=2)
    finally:
        server.start("fsync=on")
    assert register.person(number(1)).version == 1
