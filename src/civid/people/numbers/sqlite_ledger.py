"""A ledger in one SQLite file: safe for threads, processes and crashes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from civid.errors import NumberError, NumberTakenError
from civid.people.numbers.ledger import NumberRecord, NumberState
from civid.private_files import make_private

_SCHEMA = """
CREATE TABLE IF NOT EXISTS numbers (
    number TEXT PRIMARY KEY CHECK (length(number) = 12),
    request TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    replaced_by TEXT REFERENCES numbers (number),
    reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
"""


class SqliteLedger:
    """Numbers in a file, shared by any number of processes.

    The primary key is what makes a number unique: two callers that draw the same one cannot both
    insert it. Each call opens its own transaction; a crash leaves a reservation behind, which the
    same request finds again.

    Parameters
    ----------
    path : str or Path
        Made when missing. Every call checks that it still leads to that file: `NumberError`.
    """

    def __init__(self, path: str | Path):
        # Each call opens the file anew: by then the working directory may be another one, and the
        # file may have been replaced. Numbers out of two files would not be unique.
        self._path = Path(path).absolute()
        self._local = threading.local()
        self._identity: tuple[int, int] | None = None
        with suppress(OSError):  # then SQLite says what is wrong
            make_private(self._path)
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA)
            found = self._path.stat()
            self._identity = found.st_dev, found.st_ino

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        batch: sqlite3.Connection | None = getattr(self._local, "batch", None)
        if batch is not None:
            yield batch
            return
        self._check()
        db = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        try:
            self._check()
            yield db
        finally:
            db.close()

    def _check(self) -> None:
        if self._identity is not None:
            try:
                found = self._path.stat()
            except OSError:
                found = None
            if found is None or (found.st_dev, found.st_ino) != self._identity:
                raise NumberError(
                    "ledger", "its file was moved, replaced or removed; open it again"
                )

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Do everything that this thread does inside in one transaction, all or nothing.

        Others wait meanwhile (up to a minute): some thousand numbers at a time are a good size.

        Raises
        ------
        NumberError
            When this thread is in a batch already.
        """
        if getattr(self._local, "batch", None) is not None:
            raise NumberError("ledger", "a batch is open already")
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            self._local.batch = db
            try:
                yield
            except BaseException:
                db.execute("ROLLBACK")
                raise
            else:
                db.execute("COMMIT")
            finally:
                self._local.batch = None

    def reserve(self, number: str, request: str) -> bool:
        with self._open() as db:
            try:
                db.execute(
                    "INSERT INTO numbers (number, request, state) VALUES (?, ?, 'reserved')",
                    (number, request),
                )
            except sqlite3.IntegrityError as error:
                if "request" in str(error):
                    raise NumberTakenError("the request has a number already") from None
                return False
            return True

    def find_request(self, request: str) -> NumberRecord | None:
        return self._one("request = ?", request)

    def get(self, number: str) -> NumberRecord | None:
        return self._one("number = ?", number)

    def move(self, record: NumberRecord, expected: NumberState) -> None:
        with self._open() as db:
            done = db.execute(
                "UPDATE numbers SET state = ?, replaced_by = ?, reason = ?"
                " WHERE number = ? AND state = ?",
                (
                    record.state.value, record.replaced_by, record.reason,
                    record.number, expected.value,
                ),
            )  # fmt: skip
            if done.rowcount != 1:
                raise NumberError("number", "not in the expected state")

    def used(self, cell: str) -> int:
        with self._open() as db:
            found = db.execute(
                "SELECT count(*) FROM numbers WHERE number >= ? AND number < ?",
                (cell + "000000", cell + ":"),
            ).fetchone()
            return int(found[0])

    def _one(self, where: str, value: str) -> NumberRecord | None:
        with self._open() as db:
            found = db.execute(
                f"SELECT number, request, state, replaced_by, reason FROM numbers WHERE {where}",
                (value,),
            ).fetchone()
        if found is None:
            return None
        return NumberRecord(found[0], found[1], NumberState(found[2]), found[3], found[4])
