"""The tables of watch-lists come to a register that has none, and their records are sealed anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import inspect, text
from tests.dedup.cases.office import decision_about
from tests.dedup.decision.people import AN, BA, again, claims, enrol, prints
from tests.dedup.watchlist.test_watch_lists import ORDER

from civid.dedup.cases import CaseDesk
from civid.dedup.decision import Enrolment
from civid.dedup.watchlist import WatchLists
from civid.register import Register
from civid.register.store import adjudication_tables as a
from civid.register.store import asking_tables as q
from civid.register.store import migrate
from civid.register.store import sharing_tables as s
from civid.register.store.watch_tables import watch_keys, watched
from civid.search.segments.keys import StaticKeyProvider

#: Tables of cases and merged entries, which version 0001 had not.
_CASES = (
    a.adjudication_events, a.rulings, a.open_pairs, a.suspects, a.adjudications, a.apart, a.unions,
)  # fmt: skip
#: Those that came after watch-lists.
_LATER = (
    q.prefill_counts, q.consent_terms, q.unit_request_events, q.unit_requests,
    s.aliases, s.partner_keys, s.guesses, s.counters, s.questions, s.consents, s.grants,
)  # fmt: skip


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_an_older_register_gets_them(register: Register, version: str) -> None:
    who = enrol(register, AN, prints(1))
    database = register._session.database
    older = {"0001": (*_CASES, watch_keys, watched), "0002": (watch_keys, watched)}[version]
    older = (*_LATER, *older)
    with database.engine.begin() as connection:
        assert migrate.version(connection) == migrate.HEAD
        for table in older:
            connection.execute(text(f"DROP TABLE {table.name}"))
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))
    with database.engine.begin() as connection:
        migrate.upgrade(connection)
    with database.engine.begin() as connection:
        assert migrate.version(connection) == migrate.HEAD
        found = inspect(connection)
        for table in older:
            assert {one["name"] for one in found.get_columns(table.name)} == set(table.c.keys())
            indexes = {one["name"] for one in found.get_indexes(table.name)}
            assert {one.name for one in table.indexes} <= indexes
    with WatchLists.open(register) as lists:
        assert len(lists.entries("wanted")) == 0
        lists.add("wanted", ORDER, claims(AN), prints(1), unit="46")
        lists.screen(Enrolment(claims(AN)), who)
    assert len(list(register.cases.queue(kind="watch"))) == 1
    other = enrol(register, BA, again(prints(1)))
    made = CaseDesk(register).file(decision_about(register, other), person=other)
    assert made is not None
    register.people.merge(who, other, "data.alike")
    assert register.check().found == ()


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
