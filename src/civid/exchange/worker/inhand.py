"""Messages in hand, on the disk: those that were when a process died are suspects.

A message that kills the process comes again after it, and would kill it for ever. Which one it was
is not known, so all that were in hand are handled one by one, alone, and counted before each try.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from civid.errors import StorageFormatError, StorageWriteError
from civid.exchange.worker.logs import event
from civid.private_files import make_private

#: In the engine's folder; may be deleted whenever no worker runs.
NAME = "inhand.sqlite3"
_VERSION = 1
_MAGIC = b"SQLite format 3\0"


class _DamagedError(StorageFormatError):
    """The file is one of ours, or was."""


class InHand:
    """How often each message was taken in hand and not put down. Safe for threads.

    Parameters
    ----------
    folder : Path
        Of the engine; its one writer is this worker.

    Raises
    ------
    StorageWriteError
        The disk is full or read-only.
    StorageFormatError
        Something else has this name, or a newer civid has made it. A damaged one is made anew.

    >>> import tempfile
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = InHand(Path(folder))
    ...     first.take([b"a"]); first.take([b"b"]); first.put_down([b"a"]); first.close()
    ...     second = InHand(Path(folder))
    ...     second.times(b"a"), second.times(b"b"); second.close()
    (0, 1)
    """

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._mine: set[bytes] = set()
        try:
            self._db, self._suspects = _opened(folder / NAME)
        except _DamagedError:
            # A power cut, most likely. What it told is a precaution, and lost; work goes on.
            event("in-hand-lost", level=logging.WARNING)
            _remove(folder / NAME)
            try:
                self._db, self._suspects = _opened(folder / NAME)
            except _DamagedError:
                raise StorageWriteError(f"{NAME} cannot be written") from None

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()

    def clear(self) -> None:
        """Nothing is in hand: the process ends in good order."""
        self._write("DELETE FROM in_hand WHERE ? = ?", [(1, 1)])

    def times(self, message: bytes) -> int:
        """How often this message was in hand when a process died."""
        with self._lock:
            return self._suspects.get(message, 0)

    def take(self, messages: Iterable[bytes]) -> None:
        """From now on these are in hand; taken again by this process, they count once."""
        with self._lock:
            fresh = [one for one in messages if one not in self._mine]
            self._mine.update(fresh)
        self._write(
            "INSERT INTO in_hand VALUES (?, 1)"
            " ON CONFLICT (message) DO UPDATE SET times = times + 1",
            [(one,) for one in fresh],
        )

    def put_down(self, messages: Iterable[bytes]) -> None:
        """They are done, and no suspects any more."""
        done = list(messages)
        self._write("DELETE FROM in_hand WHERE message = ?", [(one,) for one in done])
        with self._lock:
            self._mine.difference_update(done)
            for one in done:
                self._suspects.pop(one, None)

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    self._db.executemany(statement, rows)
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise _typed(error) from None


def _opened(path: Path) -> tuple[sqlite3.Connection, dict[bytes, int]]:
    """The file, made if there is none, and who is suspected; `_DamagedError` = a broken one."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
        # Somebody else's file is left alone. One of ours may have lost its end, or be zeros.
        if start.strip(b"\0") and not _MAGIC.startswith(start):
            raise StorageFormatError(f"{NAME} is something else")
    except FileNotFoundError:
        _make(path)
    except OSError as error:
        raise StorageWriteError(f"{NAME} cannot be read: {error.strerror}") from None
    try:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    except sqlite3.Error as error:
        raise _typed(error) from None
    try:
        # What the operating system has survives us; after a power cut nobody is a suspect.
        for setting in ("journal_mode = WAL", "synchronous = OFF"):
            db.execute(f"PRAGMA {setting}")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise StorageFormatError(f"{NAME} is of another version of civid")
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _DamagedError
        db.execute(
            "CREATE TABLE IF NOT EXISTS in_hand"
            " (message BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID"
        )
        db.execute(f"PRAGMA user_version = {_VERSION}")
        return db, dict(db.execute("SELECT message, times FROM in_hand"))
    except sqlite3.Error as error:
        db.close()
        raise _typed(error) from None
    except UnicodeError:  # SQLite quotes a damaged schema
        db.close()
        raise _DamagedError from None
    except BaseException:
        db.close()
        raise


def _make(path: Path) -> None:
    """For nobody else to read, whatever the umask."""
    try:
        make_private(path)
    except OSError as error:
        raise StorageWriteError(f"{NAME} cannot be made: {error.strerror}") from None


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        try:
            path.with_name(path.name + end).unlink(missing_ok=True)
        except OSError as error:
            raise StorageWriteError(f"{NAME} cannot be made anew: {error.strerror}") from None


#: What SQLite says of a disk, or of somebody else who works on the file; the rest is damage.
_OF_THE_DISK = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip


def _typed(error: sqlite3.Error) -> StorageWriteError | StorageFormatError:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK:
        return StorageWriteError(f"{NAME} cannot be written: {error.sqlite_errorname.lower()}")
    return _DamagedError(f"{NAME} is damaged; started again, the worker makes it anew")
