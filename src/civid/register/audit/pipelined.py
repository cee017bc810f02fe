"""Entries of the log on PostgreSQL, with few journeys to the server.

Statements whose answers are not needed are sent together (psycopg's pipeline). What is written, in
which order, and under which lock is what `civid.register.audit.log` writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from civid.errors import RegisterDamagedError
from civid.register.audit.chain import BEHIND, KeysChangedError, Link, Said, following
from civid.register.store.prepared import drivers_errors

END = "SELECT seq, at, hash, newest_key FROM audit_head WHERE one = 1"
_END = f"{END} FOR UPDATE"
#: One statement: what the driver does for a statement is most of the work of a look-up.
_ADD = """
WITH entry AS (INSERT INTO audit (seq, entry, hash) VALUES (%s, %s, %s)),
     whom AS (INSERT INTO audit_subjects (person, seq) SELECT unnest(%s::bytea[]), %s::bigint)
UPDATE audit_head SET seq = %s, at = %s, hash = %s WHERE one = 1
"""
#: A transaction by itself: nothing happens if the end has moved since it was read. The entry does
#: not wait for the disk.
_ADD_BEHIND = """
WITH moved AS (
         UPDATE audit_head SET seq = %s, at = %s, hash = %s
         WHERE one = 1 AND hash = %s AND newest_key = %s RETURNING seq
     ),
     entry AS (INSERT INTO audit (seq, entry, hash) SELECT seq, %s, %s FROM moved),
     whom AS (INSERT INTO audit_subjects (person, seq) SELECT unnest(%s::bytea[]), seq FROM moved)
SELECT set_config('synchronous_commit', 'off', true) FROM moved
"""
#: Begins another transaction. BEGIN alone: a server that is read-only must say so.
_BEGIN = f"BEGIN; SET LOCAL synchronous_commit = off; {_END}"


def is_possible(connection: Connection) -> bool:
    """Whether this is a server, and libpq can do it (14 and later)."""
    if connection.dialect.name != "postgresql":
        return False
    from psycopg import Pipeline

    return bool(Pipeline.is_supported())


def write(connection: Connection, link: Link) -> None:
    """Write an entry behind the end, which is locked: one journey."""
    raw: Any = connection.connection.dbapi_connection
    with _explained(connection), raw.pipeline():
        _send(raw.cursor(), link)


def after_reading(connection: Connection, said: Said, end: tuple[Any, ...] | None) -> bool:
    """End the transaction that read, and log it in one of its own.

    One journey with the end of the log as it was read, unless others were faster; then, and
    without it, two more, in which they have to wait. The entry does not wait for the disk, as
    `Database.write` has it for what is only read. Nothing else may be done on the connection before
    it is given back.

    Parameters
    ----------
    end : tuple, optional
        What `END` gave in the transaction that read.

    Returns
    -------
    bool
        False = a key was added meanwhile: nothing was written, and it has to be done again.
    """
    raw: Any = connection.connection.dbapi_connection
    with _explained(connection):
        try:
            if end is None:
                begin = f"COMMIT; {_BEGIN}"
            elif _behind(raw, following(said, *end), end):
                return True
            else:
                begin = _BEGIN
            turned = raw.cursor().execute(begin, prepare=False)
            while turned.nextset():
                pass
            link = following(said, *(turned.fetchone() or (None,) * 4))
            with raw.pipeline():
                _send(raw.cursor(), link)
                raw.cursor().execute("COMMIT")
            return True
        except KeysChangedError:
            raw.rollback()
            return False


def _behind(raw: Any, link: Link, end: tuple[Any, ...]) -> bool:
    """Write an entry behind an end that is not locked; whether it still was the end."""
    _, _, before, newest_key = end
    cursor = raw.cursor()
    with raw.pipeline():
        raw.cursor().execute("COMMIT")
        cursor.execute(
            _ADD_BEHIND,
            (link.seq, link.at, link.digest, before, newest_key, link.text, link.digest,
             list(link.about)),
        )  # fmt: skip
    return bool(cursor.rowcount == 1)


def _send(cursor: Any, link: Link) -> None:
    entry = (link.seq, link.text, link.digest)
    cursor.execute(_ADD, (*entry, list(link.about), link.seq, link.seq, link.at, link.digest))


@contextmanager
def _explained(connection: Connection) -> Iterator[None]:
    """What the driver says, as SQLAlchemy would say it; a key that is taken is damage."""
    try:
        with drivers_errors(connection):
            yield
    except IntegrityError:
        raise RegisterDamagedError(BEHIND) from None
