"""The tables of watch-lists come to a register that has none, and their records are sealed anew."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import inspect, text
from tests.dedup.decision.people import AN, claims, prints
from tests.dedup.watchlist.test_watch_lists import ORDER

from civid.dedup.watchlist import WatchLists
from civid.register import Register
from civid.register.store import migrate
from civid.register.store.watch_tables import watch_keys, watched
from civid.search.segments.keys import StaticKeyProvider


def test_an_older_register_gets_them(register: Register) -> None:
    database = register._session.database
    with database.engine.begin() as connection:
        assert migrate.version(connection) == migrate.HEAD
        for table in (watch_keys, watched):
            connection.execute(text(f"DROP TABLE {table.name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with database.engine.begin() as connection:
        migrate.upgrade(connection)
    with database.engine.begin() as connection:
        assert migrate.version(connection) == migrate.HEAD
        found = inspect(connection)
        for table in (watched, watch_keys):
            assert {one["name"] for one in found.get_columns(table.name)} == set(table.c.keys())
            indexes = {one["name"] for one in found.get_indexes(table.name)}
            assert {one.name for one in table.indexes} <= indexes
    with WatchLists.open(register) as lists:
        assert len(lists.entries("wanted")) == 0


def test_entries_are_sealed_and_their_keys_can_be_changed(opened: Callable[..., Register]) -> None:
    register = opened(keys=StaticKeyProvider({"one": bytes(range(32))}))
    with WatchLists.open(register) as lists:
        entry = lists.add("wanted", ORDER, claims(AN), prints(1), unit="46")
        with register._session.database.reading() as connection:
            before = connection.execute(watched.select()).one()
        assert AN["name"].encode() not in before.sealed
        register.protection.rotate("prints")
        with register._session.database.reading() as connection:
            after = connection.execute(watched.select()).one()
        assert after.key != before.key
        assert lists.entry(entry).claims == claims(AN)
