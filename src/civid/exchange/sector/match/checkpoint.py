"""What was answered so far (điểm dừng): work that was stopped goes on where it stood.

One SQLite file beside the report, readable by its owner alone, keyed to the bytes of the table, its
columns and the grant; with another key it begins anew. It holds row numbers and what was said to
each (yes, no, unknown), no value of the table or of the register, and is removed at the end.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType

from civid.private_files import make_private
from civid.problems import not_written

NAME = ".civid-sector.sqlite3"


class Checkpoint:
    """Answers by the first row of their batch. One thread.

    Parameters
    ----------
    folder : Path or None
        Where the report will be; None keeps them in memory.
    key : str
        What they are answers to.

    Raises
    ------
    Problem
        The file cannot be written (``not-written``).

    >>> with Checkpoint(None, "key") as kept:
    ...     kept.put(0, b"\\x01\\x02")
    ...     kept.get(0)
    b'\\x01\\x02'
    """

    def __init__(self, folder: Path | None, key: str):
        self._path = None if folder is None else folder / NAME
        try:
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                make_private(self._path)
            self._store = sqlite3.connect(self._path or ":memory:", isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from None
        try:
            self._begin(key)
        except sqlite3.Error:
            self._anew(key)

    def _begin(self, key: str) -> None:
        store = self._store
        store.execute("PRAGMA journal_mode=DELETE")
        store.execute("PRAGMA secure_delete=ON")
        store.execute("CREATE TABLE IF NOT EXISTS about (key TEXT NOT NULL)")
        store.execute(
            "CREATE TABLE IF NOT EXISTS batches (start INTEGER PRIMARY KEY, said BLOB NOT NULL)"
        )
        if store.execute("SELECT key FROM about").fetchall() != [(key,)]:
            store.execute("BEGIN IMMEDIATE")
            store.execute("DELETE FROM about")
            store.execute("DELETE FROM batches")
            store.execute("INSERT INTO about VALUES (?)", (key,))
            store.execute("COMMIT")

    def _anew(self, key: str) -> None:
        """What lies there is no checkpoint: it is nobody's, by its name, and begun anew."""
        self._store.close()
        try:
            if self._path is not None:
                self._path.unlink(missing_ok=True)
                make_private(self._path)
            self._store = sqlite3.connect(self._path or ":memory:", isolation_level=None)
            self._begin(key)
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from None

    def get(self, start: int) -> bytes | None:
        """What was said to the batch that begins at a row; None when it was not asked yet."""
        try:
            found = self._store.execute(
                "SELECT said FROM batches WHERE start = ?", (start,)
            ).fetchone()
        except sqlite3.Error as error:
            raise self._failed(error) from None
        return None if found is None else bytes(found[0])

    def put(self, start: int, said: bytes) -> None:
        """Keep what was said to a batch, through a crash of the machine."""
        try:
            self._store.execute("INSERT OR REPLACE INTO batches VALUES (?, ?)", (start, said))
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def remove(self) -> None:
        """All was answered and reported."""
        self.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave it for the next run."""
        self._store.close()

    def __enter__(self) -> Checkpoint:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _failed(self, error: Exception) -> Exception:
        said = error if isinstance(error, OSError) else OSError(0, str(error))
        return not_written(self._path or Path("memory"), said)
