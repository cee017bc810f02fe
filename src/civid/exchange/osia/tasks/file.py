"""The file of tasks: one process has it open; sealed where there are keys."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from civid.errors import GalleryDamagedError, GalleryFormatError, GalleryStorageError
from civid.exchange.abis.seals import KEY, PLAIN, Seals, unwrap, wrap
from civid.private_files import make_private
from civid.search.segments.keys import KeyProvider

#: "civT", in SQLite's header.
_APPLICATION: Final = 0x63697654

_TABLES = """
CREATE TABLE about (
    one INTEGER PRIMARY KEY CHECK (one = 1), store BLOB NOT NULL, key BLOB NOT NULL,
    wrapped_by TEXT NOT NULL
) STRICT;
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner BLOB NOT NULL,
    state TEXT NOT NULL, urgency INTEGER NOT NULL, attempts INTEGER NOT NULL, due REAL NOT NULL,
    changed REAL NOT NULL, request BLOB, answer BLOB
) STRICT;
CREATE INDEX waiting ON tasks (urgency DESC, number) WHERE state = 'PENDING';
CREATE INDEX due ON tasks (due) WHERE state IN ('RESPONSE_SCHEDULED', 'RESPONSE_RETRY');
"""
_GONE = "the tasks are closed"


class TaskFile:
    """An open file; see `TaskStore`. Safe for threads."""

    def __init__(self, path: str | Path, keys: KeyProvider | None):
        self.lock = threading.RLock()
        try:
            make_private(path)
            self._db = sqlite3.connect(
                path, timeout=1.0, isolation_level=None, check_same_thread=False
            )
        except (sqlite3.Error, OSError):
            raise GalleryStorageError("the tasks cannot be opened") from None
        try:
            with self.errors():
                self._open(keys)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of it."""
        with self.lock:
            self._db.close()

    def owner(self, name: str) -> bytes:
        """What a caller is looked up by."""
        return self._seals.token("owner", name)

    def seal(self, value: dict[str, Any], task: str, what: str) -> bytes:
        """A request or an answer, as it is stored."""
        data = json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
        return self._seals.seal(data, f"task\0{task}\0{what}".encode())

    def opened(self, sealed: object, task: str, what: str) -> dict[str, Any]:
        """The same again; `GalleryDamagedError` where it is not what was stored there."""
        data = self._seals.open(sealed, f"task\0{task}\0{what}".encode())
        try:
            value = json.loads(data)
        except ValueError:
            raise GalleryDamagedError("a task is damaged") from None
        return dict(value)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What SQLite raises, in civid's words."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise GalleryStorageError(f"the tasks cannot be written: {error}") from None
        except sqlite3.ProgrammingError:
            raise GalleryStorageError(_GONE) from None
        except sqlite3.DatabaseError:
            raise GalleryFormatError("the file is not one of tasks, or is damaged") from None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """To look something up."""
        with self.lock, self.errors():
            yield self._db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: on the disk when it is left, or undone."""
        with self.lock, self.errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _open(self, keys: KeyProvider | None) -> None:
        db = self._db
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN EXCLUSIVE")
        mark = db.execute("PRAGMA application_id").fetchone()[0]
        if mark == 0 and not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            store, key = secrets.token_bytes(16), secrets.token_bytes(KEY)
            wrapped, name = wrap(key, keys, store)
            for statement in _TABLES.strip().removesuffix(";").split(";\n"):
                db.execute(statement)
            db.execute("INSERT INTO about VALUES (1, ?, ?, ?)", (store, wrapped, name))
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
        elif mark != _APPLICATION:
            raise GalleryFormatError("the file is not one of tasks")
        db.execute("COMMIT")
        store, wrapped, name = db.execute("SELECT store, key, wrapped_by FROM about").fetchone()
        self._seals = Seals(store, unwrap(wrapped, name, keys, store), sealing=name != PLAIN)
