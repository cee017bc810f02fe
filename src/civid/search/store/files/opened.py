"""The files of one open gallery: opened together, checked together, let go together."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryError, GalleryLockedError, GalleryStorageError
from civid.search.store.files import commit_counter, held
from civid.search.store.files import connection as connections
from civid.search.store.files import folder as folders
from civid.search.store.files.connection import DATABASE, DatabaseFile
from civid.search.store.files.held import HeldFolder
from civid.search.store.files.lock import WriterLock
from civid.search.store.sqlite_errors import translating

log = logging.getLogger(__name__)


class OpenFiles:
    """Held from construction to `close` or `forget`.

    Attributes
    ----------
    folder : HeldFolder
    connection : sqlite3.Connection
    immutable : bool
        Is the database read as one that nobody can change?
    """

    folder: HeldFolder
    connection: sqlite3.Connection

    def __init__(self, path: Path, *, create: bool, read_only: bool, timeout: float):
        self._read_only, self._timeout = read_only, timeout
        self.immutable = False
        self._lock: WriterLock | None = None
        self._commit_counter: commit_counter.CommitCounter | None = None
        self._database: DatabaseFile | None = None
        try:
            path = path.absolute()
            folders.look(path, create=create and not read_only)
            if not read_only:
                held.make(path)
            self.folder = HeldFolder(path)
            if not read_only:
                self._lock = WriterLock(self.folder, folders.LOCK, timeout)
            # Only the holder of the lock can tell an unfinished creation from one under way.
            if folders.generation(self.folder) == commit_counter.CREATING:
                if read_only:
                    raise GalleryLockedError("the gallery is being created, or that was cut short")
                folders.create(self.folder)
            self._connect()
            if not read_only:
                self._commit_counter = commit_counter.CommitCounter(
                    self.folder.open(folders.WITNESS, os.O_RDWR)
                )
        except BaseException as error:
            self.close()
            if isinstance(error, OSError) and not isinstance(error, GalleryError):
                raise GalleryStorageError(f"cannot open the gallery: {error.strerror}") from error
            raise

    def _connect(self) -> None:
        self._database = DatabaseFile(self.folder)
        with translating():
            self.connection, self.immutable = connections.connect(
                self.folder, read_only=self._read_only, timeout=self._timeout
            )
        self.folder.hold(DATABASE, self._database.identity)
        self.folder.hold(folders.WITNESS)
        self.folder.check()  # SQLite went by the path

    def reconnect(self) -> None:
        """Look again at a database that is read as one that nobody can change."""
        self._disconnect()
        self.folder.let_files_go()
        self._connect()

    # ---- what they say

    def check(self) -> None:
        """Does everybody else still find these files by the path? See `HeldFolder.check`."""
        self.folder.check()

    def generation(self) -> int:
        """Of the commit counter."""
        return folders.generation(self.folder)

    def is_log_database(self) -> bool:
        """See `DatabaseFile.is_log_database`."""
        return self._database is not None and self._database.is_log_database()

    def write_generation(self, generation: int) -> None:
        """Into the commit counter. `OSError` when it cannot be written."""
        if self._commit_counter is not None:
            self._commit_counter.write(generation)

    def acknowledge(self, generation: int) -> None:
        """The data is safe already; a commit counter that cannot be written must not deny that."""
        try:
            self.write_generation(generation)
        except OSError as error:
            log.warning("the gallery's commit counter could not be written: %s", error.strerror)

    def repair(self, generation: int) -> None:
        """Write the older slot of the commit counter anew, if a torn write has spoilt it."""
        if not self._counter_is_whole():
            self.acknowledge(generation - 1)

    def check_counter(self) -> None:
        """`GalleryDamagedError` when one of its slots is damaged: nothing is lost by that yet."""
        if not self._counter_is_whole():
            raise GalleryDamagedError(
                f"{folders.WITNESS}: one of its two slots is damaged; opening the gallery to write "
                "repairs it"
            )

    def _counter_is_whole(self) -> bool:
        return commit_counter.is_whole(self.folder.open(folders.WITNESS, os.O_RDONLY))

    def checkpoint(self, patience: float = 0.2) -> bool:
        """Move the log into the database and empty it: removed bytes lie in it, too.

        Readers in the midst of reading are waited for so many seconds; False = in vain.
        """
        with suppress(sqlite3.Error):
            connection = self.connection
            connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience)}")
            try:
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                connection.execute(f"PRAGMA busy_timeout = {int(1000 * self._timeout)}")
            return not busy
        return False

    # ---- the end

    def _disconnect(self) -> None:
        """Let SQLite go; where its path leads elsewhere, it must not remove what lies there."""
        if hasattr(self, "connection"):
            if self.folder.undisturbed:
                with suppress(sqlite3.Error):
                    self.connection.close()
            else:
                connections.leave(self.connection)
        if self._database is not None:  # after the connection
            self._database.close()
            self._database = None

    def close(self) -> None:
        """Let go of all of them."""
        self._disconnect()
        self._release()

    def forget(self) -> None:
        """In a forked child: leave the files to the parent."""
        connections.leave(self.connection)
        DatabaseFile.unlock()
        self._release()

    def _release(self) -> None:
        if self._commit_counter is not None:
            self._commit_counter.close()
        if self._lock is not None:
            self._lock.release()
        if hasattr(self, "folder"):
            self.folder.close()
