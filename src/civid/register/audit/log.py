"""Adding to the log, as the last thing of a transaction, and reading it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import RegisterDamagedError
from civid.register.actor import Actor
from civid.register.audit.entry import BEGINNING, Entry, chained
from civid.register.ids import to_text
from civid.register.store.failures import TryAgain
from civid.register.store.tables import audit, audit_head, audit_subjects

_PAGE = 1000


class KeysChangedError(TryAgain):
    """A key was added since this process read them: what it sealed just now must not stay."""


def begin(connection: Connection, newest_key: int) -> None:
    """The empty log of a new register."""
    connection.execute(
        insert(audit_head).values(one=1, seq=0, hash=BEGINNING, newest_key=newest_key)
    )


def append(
    connection: Connection,
    key: bytes,
    now: int,
    actor: Actor,
    operation: str,
    outcome: str,
    subjects: Iterable[bytes] = (),
    detail: Mapping[str, Any] | None = None,
    newest_key: int | None = None,
) -> int:
    """Add an entry; others who write wait from here until this transaction ends.

    Raises
    ------
    KeysChangedError
        There is a newer key than `newest_key`.
    """
    head = connection.execute(
        select(audit_head.c.seq, audit_head.c.hash, audit_head.c.newest_key)
        .where(audit_head.c.one == 1)
        .with_for_update()
    ).one_or_none()
    if head is None:
        raise RegisterDamagedError("the audit log has lost its end")
    if newest_key is not None and newest_key < head.newest_key:
        raise KeysChangedError
    about = sorted(set(subjects))
    entry = Entry(
        head.seq + 1, _not_before(connection, head.seq, now), actor.name, actor.unit, actor.station,
        actor.purpose, operation, outcome, tuple(map(to_text, about)), detail or {},
    )  # fmt: skip
    text = entry.canonical()
    digest = chained(head.hash, text, key)
    try:
        connection.execute(insert(audit).values(seq=entry.seq, entry=text, hash=digest))
        if about:
            rows = [{"person": person, "seq": entry.seq} for person in about]
            connection.execute(insert(audit_subjects), rows)
    except IntegrityError:
        raise RegisterDamagedError(
            "the audit log goes on behind its end: see civid audit verify"
        ) from None
    connection.execute(
        update(audit_head).where(audit_head.c.one == 1).values(seq=entry.seq, hash=digest)
    )
    return entry.seq


def _not_before(connection: Connection, seq: int, now: int) -> int:
    """The time of an entry: a clock that runs backwards must not turn the log around."""
    if not seq:
        return now
    text = connection.execute(select(audit.c.entry).where(audit.c.seq == seq)).scalar_one_or_none()
    if text is None:
        raise RegisterDamagedError("the audit log has lost its last entry")
    return max(now, Entry.parse(text).at)


def entries(connection: Connection, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """Entries in order, from the one behind `after` on."""
    left = limit
    while left is None or left > 0:
        size = _PAGE if left is None else min(left, _PAGE)
        rows = connection.execute(
            select(audit.c.seq, audit.c.entry)
            .where(audit.c.seq > after)
            .order_by(audit.c.seq)
            .limit(size)
        ).all()
        yield from (Entry.parse(row.entry) for row in rows)
        if len(rows) < size:
            return
        after = rows[-1].seq
        left = None if left is None else left - len(rows)


def about(connection: Connection, person: bytes) -> tuple[Entry, ...]:
    """Every entry about a person, oldest first."""
    rows = connection.execute(
        select(audit.c.entry)
        .join(audit_subjects, audit_subjects.c.seq == audit.c.seq)
        .where(audit_subjects.c.person == person)
        .order_by(audit.c.seq)
    )
    return tuple(Entry.parse(row.entry) for row in rows)
