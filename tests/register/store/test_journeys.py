"""How often an operation waits for the PostgreSQL server, and that its log stays what it was."""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.register.people import KEYS, number, somebody
from tests.register.postgresql import Server

from civid.errors import RegisterDamagedError
from civid.register import Register
from civid.register.population import records
from civid.register.population.lookup import NumberKind
from civid.register.session import Service, Work, reads
from civid.register.store.audit_tables import audit
from civid.register.vault import Purpose

_FLUSH = b"H\0\0\0\4"


class Between:
    """Stands between civid and the server, and counts how often a question follows an answer."""

    def __init__(self, folder: Path, server: Path):
        self._there = str(server / ".s.PGSQL.5432")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self.journeys = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        answered = True
        with client, socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as ready:
            server.connect(self._there)
            ready.register(client, selectors.EVENT_READ)
            ready.register(server, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
                    if not data:
                        return
                    if key.fileobj is client:
                        if data != _FLUSH:  # the driver sends one behind each pipeline's end
                            self.journeys += answered
                            answered = False
                        server.sendall(data)
                    else:
                        answered = True
                        client.sendall(data)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def url(postgresql: Server) -> str:
    return postgresql.database(f"j{os.urandom(6).hex()}")


@pytest.fixture
def between(postgresql: Server) -> Iterator[Between]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="civid-") as folder:
        made = Between(Path(folder), postgresql.folder)
        made.folder = folder  # type: ignore[attr-defined]
        yield made
        made.close()


def test_few_journeys(url: str, between: Between) -> None:
    through = f"{url.partition('host=')[0]}host={between.folder}"  # type: ignore[attr-defined]
    with Register.open(through, create=True, keys=KEYS) as register:
        held = register.people.add(somebody(1), unit="46").reference

        def journeys(ask: Callable[[], object]) -> int:
            for _ in range(8):  # statements are prepared after the fifth time
                ask()
            between.journeys = 0
            ask()
            return between.journeys

        assert journeys(lambda: register.person(number(1))) <= 2
        assert journeys(lambda: register.people.history(held)) <= 2
        assert journeys(lambda: register.find(name="Nguyễn Thị Bình An", birth=2001)) <= 6
        assert journeys(lambda: register.people.move(held, "46")) <= 7
        report = register.audit.verify()
        assert report.whole
        assert report.entries == 4 * 9 + 1  # each of them, and the addition
        assert len(register.audit.readers(held)) == 4 * 9 + 1


class Slow(Service):
    """Somebody is read, and something else happens before that is in the log."""

    @reads("slow.read")
    def ask(self, work: Work, meanwhile: Callable[[], object]) -> str:
        found = records.load_by_number(
            work.connection, work.vault, NumberKind.PERSONAL, number(1)
        )  # fmt: skip
        work.about(found[0].id)
        meanwhile()
        return found[0].citizen.text("name")


def test_others_were_faster(url: str, between: Between) -> None:
    """An entry goes behind the end as it is, not as it was when the question was asked."""
    through = f"{url.partition('host=')[0]}host={between.folder}"  # type: ignore[attr-defined]
    with (
        Register.open(through, create=True, keys=KEYS) as register,
        Register.open(url, keys=KEYS) as other,
    ):
        held = register.people.add(somebody(1), unit="46").reference
        slow = Slow(register._session)

        def meanwhile() -> None:
            for _ in range(3):
                other.person(number(1))
            between.journeys = 0

        for _ in range(8):
            assert slow.ask(meanwhile) == slow.ask(lambda: None)
            assert slow.ask(meanwhile)
            assert between.journeys <= 3  # in vain, then with a lock
        report = register.audit.verify()
        assert report.whole
        assert report.entries == 1 + 8 * (3 + 2 * 3)
        assert [one.operation for one in register.audit.readers(held)].count("slow.read") == 24


def test_a_key_that_was_added_after_the_question(url: str) -> None:
    with (
        Register.open(url, create=True, keys=KEYS) as register,
        Register.open(url, keys=KEYS) as other,
    ):
        register.people.add(somebody(1), unit="46")
        before = register._session.vault.newest
        assert Slow(register._session).ask(lambda: other.protection.rotate(Purpose.FIELDS))
        assert register._session.vault.newest > before
        assert [one.operation for one in register.audit.entries()].count("slow.read") == 1
        assert register.audit.verify().whole


def test_a_key_that_was_added_meanwhile(url: str) -> None:
    """Who reads with old keys notices while the entry is written, and writes it once."""
    with (
        Register.open(url, create=True, keys=KEYS) as register,
        Register.open(url, keys=KEYS) as other,
    ):
        register.people.add(somebody(1), unit="46")
        before = other._session.vault.newest
        register.protection.rotate(Purpose.FIELDS)
        assert other.person(number(1)).version == 1
        assert other._session.vault.newest > before
        assert [one.operation for one in register.audit.entries()].count("person.read") == 1
        assert register.audit.verify().whole


def test_a_log_that_goes_on_behind_its_end(url: str) -> None:
    from sqlalchemy import insert

    with Register.open(url, create=True) as register:
        register.people.add(somebody(1), unit="46")
        register._session.database.write(
            lambda connection: connection.execute(
                insert(audit).values(seq=2, entry="{}", hash=bytes(32))
            )
        )
        for ask in (
            lambda: register.person(number(1)),
            lambda: register.people.add(somebody(2), unit="46"),
        ):
            with pytest.raises(RegisterDamagedError, match="behind its end"):
                ask()
