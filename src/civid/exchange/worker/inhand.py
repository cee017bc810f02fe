"""Messages in hand, on the disk: those that were when a process died are suspects.

A message that kills the process comes again after it, and would kill it for ever. Which one it was
is not known, so all that were in hand are handled one by one, alone, and counted before each try.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from civid.errors import StorageFormatError, StorageWriteError

#: In the engine's folder; may be deleted whenever no worker runs.
NAME = "inhand.sqlite3"
_VERSION = 1


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
        Something else has this name.

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
            self._db = sqlite3.connect(
                folder / NAME, isolation_level=None, check_same_thread=False, timeout=5.0
            )
        except sqlite3.Error as error:
            raise _typed(error) from None
        try:
            # What the operating system has survives us; after a power cut nobody is a suspect.
            for setting in ("journal_mode = WAL", "synchronous = OFF"):
                self._db.execute(f"PRAGMA {setting}")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise StorageFormatError(f"{NAME} is of another version of civid")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS in_hand"
                " (message BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID"
            )
            self._db.execute(f"PRAGMA user_version = {_VERSION}")
            self._suspects: dict[bytes, int] = dict(
                self._db.execute("SELECT message, times FROM in_hand")
            )
        except sqlite3.Error as error:
            self._db.close()
            raise _typed(error) from None
        except BaseException:
            self._db.close()
            raise

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


def _typed(error: sqlite3.Error) -> StorageWriteError | StorageFormatError:
    if isinstance(error, sqlite3.OperationalError):
        return StorageWriteError(f"{NAME} cannot be written: {error.sqlite_errorname.lower()}"
                                 if hasattr(error, "sqlite_errorname")
                                 else f"{NAME} cannot be written")  # fmt: skip
    return StorageFormatError(f"{NAME} is something else")
