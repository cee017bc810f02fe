"""A ledger's file: one connection that writes, and as many that read as there are threads."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryError, GalleryFormatError, GalleryStorageError
from civid.exchange.abis import tables
from civid.exchange.abis.rows import Rows
from civid.search.segments.keys import KeyProvider
from civid.search.store.sqlite_errors import translated


@contextmanager
def typed(*, strangers: bool = False) -> Iterator[None]:
    """Let no `sqlite3.Error` out; where code of strangers runs inside, leave alone what it raises.

    Otherwise a `UnicodeError` is one of SQLite's, too: it quotes a damaged schema.
    """
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
            raise GalleryFormatError(f"{tables.NAME} is not a ledger of civid") from None
        raise translated(error) from error
    except UnicodeError:
        if strangers:
            raise
        raise GalleryDamagedError("the ledger is damaged") from None


class Ledger:
    """Rows under transactions. Safe for threads; the caller lets one at a time change it."""

    def __init__(
        self, folder: Path, keys: KeyProvider | None, *, create: bool, read_only: bool,
        timeout: float,
    ):  # fmt: skip
        self._folder, self._timeout = folder, timeout
        self._idle: list[sqlite3.Connection] = []
        self._mutex = threading.Lock()
        self._closed = False
        #: A commit failed, and nobody knows whether a crash would find it on the disk.
        self.in_doubt = False
        with typed():
            if create and tables.is_unfinished(folder, timeout):
                tables.make(folder, keys, timeout)
            if not (folder / tables.NAME).exists():
                raise GalleryFormatError(f"there is no {tables.NAME} in this folder")
            self._writer = tables.connect(folder, read_only=read_only, timeout=timeout)
            try:
                self.seals, self.serial = tables.recognise(self._writer, keys, rewrap=not read_only)
            except BaseException:
                self._writer.close()
                raise

    def close(self) -> None:
        """Let the file go."""
        with self._mutex:
            self._closed = True
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()
        with suppress(sqlite3.Error):
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """What is committed, as it is now."""
        with typed():
            with self._mutex:
                if self._closed:
                    raise GalleryError("the gallery is closed")
                db = self._idle.pop() if self._idle else None
            if db is None:
                db = tables.connect(self._folder, read_only=True, timeout=self._timeout)
            try:
                db.execute("BEGIN")
                yield Rows(db, self.seals)
                db.execute("COMMIT")
            except BaseException:
                db.close()
                raise
            with self._mutex:
                if not self._closed:
                    self._idle.append(db)
                    return
            db.close()

    def begin(self) -> Rows:
        """Begin to write."""
        with typed():
            self._writer.execute("BEGIN IMMEDIATE")
            return Rows(self._writer, self.seals)

    def commit(self, leaving: list[str], left: list[str]) -> None:
        """End it: on the disk when this returns.

        Parameters
        ----------
        leaving, left : list of str
            Subjects that the gallery has still to remove, and that it has removed.
        """
        with typed():
            db = self._writer
            if not db.in_transaction:
                raise GalleryStorageError("this batch has failed; nothing of it was changed")
            db.executemany("DELETE FROM leaving WHERE subject = ?", [(one,) for one in left])
            db.executemany("INSERT OR IGNORE INTO leaving VALUES (?)", [(one,) for one in leaving])
            db.execute("UPDATE about SET serial = ?", (self.serial + 1,))
            self.in_doubt = True
            try:
                db.execute("COMMIT")
            except sqlite3.Error as error:
                self.in_doubt = not self._has_not_happened(error)
                raise
            self.serial += 1
            self.in_doubt = False

    def _has_not_happened(self, error: sqlite3.Error) -> bool:
        """Whether a commit that failed is surely not on the disk.

        Out of space: the log ends before the mark that makes a transaction one, and what is written
        next takes its place. Of anything else, as a flush that failed, nobody knows.
        """
        if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_FULL:
            return False
        with suppress(sqlite3.Error):
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            (serial,) = self._writer.execute("SELECT serial FROM about").fetchone()
            return bool(serial == self.serial)
        return False

    def roll_back(self) -> None:
        """End it as if nothing had been written."""
        with typed():
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")

    def check(self) -> None:
        """Prove that the file is whole; `GalleryDamagedError` when it is not."""
        with self.reading() as rows:
            if rows.db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise GalleryDamagedError("the ledger is damaged")
            if rows.db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise GalleryDamagedError("rows of the ledger contradict each other")


def broken() -> GalleryError:
    """The answer after a commit of which nobody knows whether it is on the disk.

    No `GalleryStorageError`: this one does not pass by waiting.
    """
    return GalleryError("the last change is in doubt: close this and open it again")
