"""One database: a file (SQLite, WAL) or a PostgreSQL server, through the same code."""

from __future__ import annotations

import logging
import os
import random
import re
import selectors
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from selectors import EVENT_READ
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from civid.errors import (
    RegisterDamagedError,
    RegisterFormatError,
    RegisterLockedError,
    RegisterStorageError,
)
from civid.extras import need
from civid.private_files import make_private
from civid.register.store import (  # noqa: F401 - so that every table is in the metadata
    adjudication_tables,
    asking_tables,
    audit_tables,
    identity_tables,
    sharing_tables,
    watch_tables,
)
from civid.register.store.failures import TakenError, TryAgain, explained
from civid.register.store.misfits import misfits
from civid.register.store.prepared import Along
from civid.register.store.tables import metadata

Result = TypeVar("Result")
_Selector: type[selectors.BaseSelector] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)
#: SQLAlchemy logs the rows of results at the level DEBUG; these are somebody's.
_LOG = "civid"
logging.getLogger(f"sqlalchemy.engine.Engine.{_LOG}").addFilter(
    lambda record: record.levelno > logging.DEBUG
)
FILE = "register.sqlite3"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)
_SERVERS = ("postgresql", "postgres", "postgresql+psycopg")
#: How often a transaction that lost against another one is tried again.
_TRIES = 20
#: Seconds for which a connection to a server counts as alive after its last use.
_FRESH = 1.0


def is_url(where: str) -> bool:
    """Whether this names a server and not a folder."""
    return bool(_ADDRESS.match(where))


def url_of(where: str) -> URL:
    """The address of a server, for psycopg 3; `RegisterFormatError` when it is none."""
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):  # ValueError: of a port that is no number
        raise RegisterFormatError("not an address of a PostgreSQL server") from None
    if url.drivername not in _SERVERS:
        raise RegisterFormatError("a register lies in a folder or on a PostgreSQL server")
    need("psycopg", "a register on PostgreSQL", "postgresql")
    return url.set(drivername="postgresql+psycopg")


class Database:
    """Connections to a register. Safe for threads; make one a process.

    Parameters
    ----------
    where : str or Path
        A folder, or ``postgresql://user@host/name``.
    timeout : float
        Seconds to wait for others who write.
    """

    def __init__(self, where: str | Path, *, timeout: float = 30.0):
        self.folder = None if is_url(str(where)) else Path(where)
        self.timeout = timeout
        if self.folder is None:
            self.engine = _postgresql(url_of(str(where)), timeout)
        else:
            self.engine = _sqlite(self.folder / FILE, timeout)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.folder is not None

    def scrub(self, *tables: Table) -> bool:
        """Overwrite what was deleted, as far as the store can; whether that was all of it.

        SQLite: pages are overwritten in the transaction, and the log is emptied here, unless
        others are reading. PostgreSQL: dead rows are cleared by VACUUM, its own log keeps them
        until it is recycled.
        """
        if self.is_sqlite:
            with explained(), closing(self.engine.raw_connection()) as raw:
                cursor = raw.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                (busy, *_) = cursor.fetchone() or (1,)
                return not busy
        with explained(), self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            for table in tables:
                connection.exec_driver_sql(f'VACUUM "{table.name}"')
        return True

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _connected(self, **options: Any) -> Iterator[Connection]:
        with explained(connecting=True):
            plain = self.engine.connect()
        try:
            with explained(), plain:
                yield plain.execution_options(**options)
        except IntegrityError:
            raise TakenError("a record of this key is there already; nothing was changed") from None
        except (TypeError, AttributeError, OverflowError):
            # A fault of the program, or what SQLite was made to keep behind its back.
            if self.is_sqlite and self._misfits():
                raise RegisterDamagedError("values of the file are not of their kind") from None
            raise

    def _misfits(self) -> bool:
        with explained(), self.engine.connect() as connection:
            return bool(misfits(connection, metadata))

    @contextmanager
    def reading(self, along: Along | None = None) -> Iterator[Connection]:
        """A transaction that sees one state of the register and changes nothing.

        Parameters
        ----------
        along : Along, optional
            What else to ask a server in the first journey to it.
        """
        options: dict[str, Any] = {"civid_write": False}
        if along is not None and not self.is_sqlite:
            options[Along.OPTION] = along
        with self._connected(**options) as connection, connection.begin():
            yield connection

    def write(self, work: Callable[[Connection], Result], *, lazily: bool = False) -> Result:
        """Do `work` in one transaction, and again if it lost against another one.

        Parameters
        ----------
        lazily : bool
            Do not wait for the disk: for entries that say who read. They survive the death of the
            process; a power cut may take those of the last moment.
        """
        began = time.monotonic()
        for attempt in range(_TRIES):
            try:
                options = {"civid_write": True, "civid_lazily": lazily}
                with self._connected(**options) as connection, connection.begin():
                    return work(connection)
            except TryAgain:
                if time.monotonic() - began > self.timeout:
                    break
                time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 6)))
        raise RegisterLockedError("others were changing the same records; nothing was changed")


def _sqlite(path: Path, timeout: float) -> Engine:
    # No file is made by looking; mode=rw fails where there is none.
    address = URL.create(
        "sqlite", database=f"file:{_quoted(path)}", query={"mode": "rw", "uri": "true"}
    )
    engine = create_engine(
        address, connect_args={"timeout": timeout, "check_same_thread": False}, pool_size=8,
        max_overflow=32, hide_parameters=True, logging_name=_LOG,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions begin below, not by surprise
        # What is deleted is overwritten: somebody's erasure would leave it in the file otherwise.
        for pragma in ("cache_size = -65536", "mmap_size = 1073741824", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("civid_write"):
            level = "NORMAL" if options.get("civid_lazily") else "FULL"
            if connection.info.get("synchronous") != level:
                connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
                connection.info["synchronous"] = level
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(path.absolute()))


def _postgresql(url: URL, timeout: float) -> Engine:
    wait = f"-c lock_timeout={int(timeout * 1000)} -c timezone=UTC"
    engine = create_engine(
        url, connect_args={"options": wait, "connect_timeout": max(2, int(timeout))}, pool_size=8,
        max_overflow=32, hide_parameters=True, logging_name=_LOG,
    )  # fmt: skip

    @event.listens_for(engine, "reset")
    def _given_back(_: Any, record: ConnectionPoolEntry, __: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _checkout(raw: Any, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        # Nothing is awaited on a connection at rest: what can be read there is its end.
        if _has_news(raw.fileno()):
            raise DisconnectionError
        # One that rested may have lost its server without a word; one that was just used is not
        # asked: that was two of the journeys to the server of every look-up.
        if time.monotonic() - record.info.get("used", 0.0) < _FRESH:
            return
        try:
            alive = engine.dialect.do_ping(raw)
        except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise DisconnectionError from error
        if not alive:
            raise DisconnectionError

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        raw: Any = connection.connection.dbapi_connection
        reads = not options.get("civid_write", True)
        if raw.autocommit and options.get("isolation_level") != "AUTOCOMMIT":  # of `Along`
            raw.autocommit = False
        wanted = True if reads else None  # None: as the server has it; it may be read-only
        if raw.read_only is not wanted:  # said with the next BEGIN, not in a statement of its own
            raw.read_only = wanted
            raw.isolation_level = 3 if reads else None  # psycopg: REPEATABLE READ
        if not reads and options.get("civid_lazily"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine


def _has_news(descriptor: int) -> bool:
    """Whether something can be read there; numbers beyond what `select` can hold as well."""
    with _Selector() as selector:
        selector.register(descriptor, EVENT_READ)
        return bool(selector.select(0))


def make_file(folder: Path) -> None:
    """Make the empty file of a register in WAL mode; repeated, it completes what was cut short."""
    folder.mkdir(parents=True, exist_ok=True)
    make_private(folder / FILE)
    for attempt in range(_TRIES):
        connection = sqlite3.connect(folder / FILE)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:  # another station is about it, and SQLite does not wait
            if attempt == _TRIES - 1:
                raise RegisterStorageError("the register's file cannot be made") from None
        finally:
            connection.close()
        time.sleep(random.uniform(0, 0.05))
