"""Everything that was ever recorded about somebody (lịch sử bản ghi), and who recorded it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from civid.errors import NotInRegisterError
from civid.register.ids import to_text
from civid.register.population.person import Act
from civid.register.population.records import IS_JOINED, Record, record_of
from civid.register.store.prepared import Prepared
from civid.register.store.tables import acts, persons
from civid.register.vault import Vault

_TOLD = (
    acts.c.person, acts.c.seq, acts.c.at, acts.c.kind, acts.c.actor, acts.c.unit.label("acting"),
    acts.c.source,
)  # fmt: skip
#: Of most people one question answers all.
_ONE = Prepared(
    select(
        persons.c.unit, persons.c.state, persons.c.version, persons.c.merged_into,
        *_TOLD, acts.c.key, acts.c.sealed,
        IS_JOINED,
    )
    .outerjoin(acts, acts.c.person == persons.c.id)
    .where(persons.c.id == bindparam("person"))
    .order_by(acts.c.seq)
)  # fmt: skip


def load(connection: Connection, vault: Vault, person: bytes) -> tuple[Record, Sequence[Any]]:
    """An entry, as `records.load` has it, and what is told of its acts."""
    rows = _ONE(connection, person=person).all()
    if not rows:
        raise NotInRegisterError("no such person in this register")
    return record_of(vault, person, rows), [row for row in rows if row.seq is not None]


def told(connection: Connection, people: Sequence[bytes]) -> Sequence[Any]:
    """What is told of the acts of several entries; those of each in their order."""
    query = select(*_TOLD).where(acts.c.person.in_(people)).order_by(acts.c.seq)
    return connection.execute(query).all()


def in_order(entries: Sequence[Record], rows: Sequence[Any]) -> tuple[Act, ...]:
    """Acts of a person's entries, oldest first."""
    ids = [one.id for one in entries]
    # By time, but each entry's acts stay in their own order should a clock have run backwards.
    latest = dict.fromkeys(ids, 0)
    times = []
    for row in rows:
        person = bytes(row.person)
        latest[person] = max(latest[person], row.at)
        times.append((latest[person], ids.index(person), row.seq))
    ordered = [row for _, row in sorted(zip(times, rows, strict=True), key=lambda one: one[0])]
    fields = {
        (one.id, seq): tuple(sorted({claim.field for claim in said.claims}))
        for one in entries
        for seq, said in one.acts
    }
    return tuple(
        Act(row.seq, row.at, row.kind, row.actor, row.acting, row.source,
            fields[bytes(row.person), row.seq], to_text(row.person))
        for row in ordered
    )  # fmt: skip
