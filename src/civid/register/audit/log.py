"""Adding to the log, as the last thing of a transaction, and reading it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import RegisterDamagedError
from civid.register.actor import Actor
from civid.register.audit.entry import BEGINNING, Entry, chained
from civid.register.ids import to_text
from civid.register.store.failures import TryAgain
from civid.register.store.prepared import Prepared
from civid.register.store.tables import audit, audit_head, audit_subjects

_PAGE = 1000
#: No register comes to so many entries; what has them was tampered with.
_MOST = 1 << 62

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


class KeysChangedError(TryAgain):
    """A key was added since this process read them: what it sealed just now must not stay.

    Attributes
    ----------
    newest : int
        Its number.
    """

    def __init__(self, newest: int):
        super().__init__(newest)
        self.newest = newest


def begin(connection: Connection, newest_key: int) -> None:
    """The empty log of a new register."""
    connection.execute(
        insert(audit_head).values(one=1, seq=0, at=0, hash=BEGINNING, newest_key=newest_key)
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
    head = _END(connection, one=1).one_or_none()
    if head is None or not _is_end(head):
        raise RegisterDamagedError("the audit log has lost its end")
    if newest_key is not None and newest_key < head.newest_key:
        raise KeysChangedError(head.newest_key)
    about = sorted(set(subjects))
    at = max(now, head.at)  # a clock that runs backwards must not turn the log around
    entry = Entry(
        head.seq + 1, at, actor.name, actor.unit, actor.station, actor.purpose, operation, outcome,
        tuple(map(to_text, about)), detail or {},
    )  # fmt: skip
    text = entry.canonical()
    digest = chained(head.hash, text, key)
    subjects_of = [{"person": person, "seq": entry.seq} for person in about]
    try:
        _ADD(connection, seq=entry.seq, entry=text, hash=digest)
        _ADD_SUBJECT.many(connection, subjects_of)
    except IntegrityError:
        raise RegisterDamagedError(
            "the audit log goes on behind its end: see civid audit verify"
        ) from None
    _MOVE_END(connection, which=1, seq=entry.seq, at=at, hash=digest)
    return entry.seq


def _is_end(head: Any) -> bool:
    """Whether these can be the values of the end; SQLite keeps whatever was put there."""
    counts = (head.seq, head.at, head.newest_key)
    return isinstance(head.hash, bytes) and all(
        isinstance(one, int) and 0 <= one < _MOST for one in counts
    )


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
