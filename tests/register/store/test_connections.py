"""A server that is stopped and started again: one typed error at most, then all goes on."""

from __future__ import annotations

import pytest
from tests.register.postgresql import Server, server

from civid.errors import RegisterStorageError
from civid.register import Register
from civid.register.store import database


def test_connections_that_rested_are_asked_before_they_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server() as running, Register.open(running.database("one"), create=True) as register:
        register.find(name="Lê An")
        running.stop()
        running.start()
        with pytest.raises(RegisterStorageError):
            register.find(name="Lê An")  # just used: it counts as alive
        assert not register.find(name="Lê An").people
        running.stop()
        running.start()
        monkeypatch.setattr(database, "_FRESH", 0.0)
        assert not register.find(name="Lê An").people


def test_transactions_that_read_cannot_write(postgresql: Server) -> None:
    asked = (
        "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    )
    with Register.open(postgresql.database("connections"), create=True) as register:
        connections = register._session.database
        for _ in range(2):
            with connections.reading() as connection:
                assert connection.exec_driver_sql(asked).one() == ("repeatable read", "on")
            for lazily in (True, False):
                assert connections.write(
                    lambda connection: tuple(connection.exec_driver_sql(asked).one()), lazily=lazily
                ) == ("read committed", "off")
    postgresql.drop("connections")
