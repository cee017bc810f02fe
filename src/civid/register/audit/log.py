"""Adding to the log, as the last thing of a transaction, and reading it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import RegisterDamagedError
from civid.register.audit import pipelined
from civid.register.audit.chain import BEHIND, Said, following
from civid.register.audit.entry import BEGINNING, Entry
from civid.register.store.audit_tables import audit, audit_head, audit_subjects
from civid.register.store.prepared import Prepared

_PAGE = 1000

_END = Prepared(
    select(audit_head.c.seq, audit_head.c.at, audit_head.c.hash, audit_head.c.newest_key)
    .where(audit_head.c.one == bindparam("one"))
    .with_for_update()
)
_ADD = Prepared(
    insert(audit).values(seq=bindparam("seq"), entry=bindparam("entry"), hash=bindparam("hash"))
)
_ADD_SUBJECT = Prepared(
    insert(audit_subjects).values(person=bindparam("person"), seq=bindparam("seq"))
)
_MOVE_END = Prepared(
    update(audit_head)
    .where(audit_head.c.one == bindparam("which"))
    .values(seq=bindparam("seq"), at=bindparam("at"), hash=bindparam("hash"))
)


def begin(connection: Connection, newest_key: int) -> None:
    """The empty log of a new register."""
    connection.execute(
        insert(audit_head).values(one=1, seq=0, at=0, hash=BEGINNING, newest_key=newest_key)
    )


def append(connection: Connection, said: Said) -> int:
    """Add an entry; others who write wait from here until this transaction ends.

    Raises
    ------
    KeysChangedError
        There is a newer key than the newest one that is known here.
    """
    end = _END(connection, one=1).one_or_none()
    link = following(said, *(end or (None,) * 4))
    if pipelined.is_possible(connection):
        pipelined.write(connection, link)
        return link.seq
    try:
        _ADD(connection, seq=link.seq, entry=link.text, hash=link.digest)
        _ADD_SUBJECT.many(connection, [{"person": who, "seq": link.seq} for who in link.about])
    except IntegrityError:
        raise RegisterDamagedError(BEHIND) from None
    _MOVE_END(connection, which=1, seq=link.seq, at=link.at, hash=link.digest)
    return link.seq


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
