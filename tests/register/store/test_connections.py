"""A server that is stopped and started again between two calls: nobody notices."""

from __future__ import annotations

import pytest
from tests.register.postgresql import Server, server

from civid.register import Register
from civid.register.store import database


@pytest.mark.parametrize("fresh", [3600.0, 0.0])
def test_a_connection_that_ended_at_rest_is_not_used(
    monkeypatch: pytest.MonkeyPatch, fresh: float
) -> None:
    monkeypatch.setattr(database, "_FRESH", fresh)
    with server() as running, Register.open(running.database("one"), create=True) as register:
        register.find(name="Lê An")
        running.stop()
        running.start()
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
