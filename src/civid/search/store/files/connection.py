"""Connections to a gallery's database, and what SQLite's locks ask of a process."""

from __future__ import annotations

import ctypes
import os
import sqlite3
import threading
from pathlib import Path

from civid.errors import GalleryDamagedError
from civid.search.store import layout
from civid.search.store.files.held import HeldFolder, Identity

DATABASE, LOG = "gallery.sqlite3", "gallery.sqlite3-wal"

#: SQLite makes its -shm file even to read; these say that it could not.
_NO_SHARED_MEMORY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}


class DatabaseFile:
    """The database's bytes, read beside SQLite.

    POSIX drops all locks that a process has on a file when it closes any descriptor of it. SQLite
    would hold its locks no more, and another process, closing, would take the log away from under
    it. So there is one descriptor a file and process, closed when nobody here uses the database.
    """

    _open: dict[Identity, list[int]] = {}  # noqa: RUF012 - of the process: descriptors
    _users: dict[Identity, int] = {}  # noqa: RUF012
    _mutex = threading.Lock()

    def __init__(self, folder: HeldFolder):
        if not folder.is_there(DATABASE):
            raise GalleryDamagedError("the gallery's database file is missing")
        with self._mutex:
            self.identity = folder.identity(DATABASE)
            if self.identity not in self._open:
                descriptor = folder.open(DATABASE, os.O_RDONLY)
                # Replaced just now? Then this may be a file that is open here already.
                self.identity = Identity.of(os.fstat(descriptor))
                self._open.setdefault(self.identity, []).append(descriptor)
            self._users[self.identity] = self._users.get(self.identity, 0) + 1
        self._closed = False

    def is_log_database(self) -> bool:
        """Does the header say SQLite, with a write-ahead log?

        Other numbers there (https://www.sqlite.org/fileformat.html, offsets 18 and 19) make SQLite
        pass over the log, or refuse to write.
        """
        header = os.pread(self._open[self.identity][0], 20, 0)
        return header.startswith(b"SQLite format 3\0") and header[18:] == b"\x02\x02"

    def close(self) -> None:
        """After the connection was closed."""
        if self._closed:
            return
        self._closed = True
        with self._mutex:
            self._users[self.identity] -= 1
            if not self._users[self.identity]:
                del self._users[self.identity]
                for descriptor in self._open.pop(self.identity):
                    os.close(descriptor)

    @classmethod
    def unlock(cls) -> None:
        """In a forked child: a thread that is not there any more may hold the lock."""
        cls._mutex = threading.Lock()


def connect(
    folder: HeldFolder, *, read_only: bool, timeout: float
) -> tuple[sqlite3.Connection, bool]:
    """A connection, and whether the database is read as one that nobody can change."""
    connection = _open(folder, "mode=ro" if read_only else "mode=rw", timeout)
    try:
        if not read_only:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            # In a folder that cannot be written, and where no log is waiting, the database file
            # alone is the whole truth.
            waiting = folder.is_there(LOG) and folder.stat(LOG).st_size > 0
            if not read_only or waiting or error.sqlite_errorcode & 0xFF not in _NO_SHARED_MEMORY:
                raise
            connection.close()
            return _open(folder, "mode=ro&immutable=1", timeout), True
    except BaseException:
        connection.close()
        raise
    return connection, False


def open_copy(path: Path) -> sqlite3.Connection:
    """A copy of a database that nobody else has open, to read."""
    return _connected(path.absolute(), "mode=ro&immutable=1", 5.0)


def _open(folder: HeldFolder, options: str, timeout: float) -> sqlite3.Connection:
    return _connected(folder.real / DATABASE, options, timeout)


def _connected(path: Path, options: str, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{options}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, layout.MAX_FIELD)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")  # a page that cannot be read is an error, no SIGBUS
    connection.execute("PRAGMA temp_store = MEMORY")  # nothing biometric in /tmp
    return connection


def leave(connection: sqlite3.Connection) -> None:
    """Never close it, not even at the end of the interpreter.

    Closing removes the log by its path: in a forked child it is the parent's, and where the folder
    was replaced, that of another gallery.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
