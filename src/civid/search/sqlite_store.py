"""A gallery in a folder, kept by SQLite (`civid.search.layout`, `civid.search.folder`)."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryError, GalleryLockedError, GalleryStorageError
from civid.search import folder as folders
from civid.search import layout, witness
from civid.search.index import Records
from civid.search.layout import State
from civid.search.lock import WriterLock
from civid.search.sqlite_errors import translating
from civid.search.store import Subject

log = logging.getLogger(__name__)

Fetch = Callable[[int], tuple[Records, int]]

#: Connections that a fork brought along: closing them could take the log away from the parent.
_inherited: list[sqlite3.Connection] = []


class SqliteStore:
    """See `civid.search.store.Store`."""

    def __init__(self, folder: Path, *, create: bool, read_only: bool, timeout: float):
        self._folder = folder
        self._read_only = read_only
        self._timeout = timeout
        self._pid = os.getpid()
        self._state = State()
        self._scrub = False
        self._lock: WriterLock | None = None
        self._witness: witness.Witness | None = None
        try:
            folders.look(folder, create=create and not read_only)
            if not read_only:
                folder.mkdir(parents=True, exist_ok=True)
                self._lock = WriterLock(folder / folders.LOCK, timeout)
            # Only the holder of the lock can tell an unfinished creation from one under way.
            if folders.generation(folder) == witness.CREATING:
                if read_only:
                    raise GalleryLockedError("the gallery is being created, or that was cut short")
                folders.create(folder)
            if not read_only:
                self._witness = witness.Witness(folder / folders.WITNESS)
            self._connect()
        except BaseException as error:
            self._let_go()
            if isinstance(error, OSError) and not isinstance(error, GalleryError):
                raise GalleryStorageError(f"cannot open the gallery: {error.strerror}") from error
            raise

    def _connect(self) -> None:
        with translating():
            self._connection, self._immutable = folders.connect(
                self._folder, read_only=self._read_only, timeout=self._timeout
            )

    # ---- reading

    def load(self) -> Iterator[Subject]:
        """Every subject, after checking the whole gallery."""
        self._own()
        with translating():
            yield from self._read(State())
        if self._witness is not None:
            self._bear_witness()  # the last writer may have been killed before it could

    def refresh(self) -> Iterator[Subject] | None:
        """See `Store.refresh`. A writer is always up to date."""
        self._own()
        if not self._read_only:
            return iter(())
        before = self._state
        with translating():
            if self._immutable:
                self._connection.close()
                self._connect()
            try:
                return iter(list(self._read(before)))
            except GalleryDamagedError:
                # Something was removed, so that the new rows and the old sum do not add up; or
                # it is damaged, and `load` will say so.
                self._state = before
                return None

    def _read(self, known: State) -> Iterator[Subject]:
        """Read what follows `known`, check it against the state row, and adopt that."""
        acknowledged = folders.generation(self._folder)  # before the snapshot is taken
        connection = self._connection
        connection.execute("BEGIN")
        try:
            self._check_file()
            state = self._read_state()
            if state.generation < acknowledged:
                raise GalleryDamagedError("the gallery has lost its last transactions")
            subjects, fingers, digest = known.subjects, known.fingers, known.digest
            for subject, total in self._rows(known.next, state.next):
                subjects += 1
                fingers += len(subject.fingers)
                digest = (digest + total) % layout.MODULUS
                yield subject
            if (subjects, fingers, digest) != (state.subjects, state.fingers, state.digest):
                raise GalleryDamagedError("stored subjects are missing or changed")
            self._state = state
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")

    def _check_file(self) -> None:
        """What the rows do not show: the file's kind and, for a writer, pages without rows."""
        if not folders.is_log_database(self._folder):
            raise GalleryDamagedError("the gallery's database is damaged")
        if self._read_only:
            return
        found = self._connection.execute("PRAGMA integrity_check(1)").fetchall()
        if found != [("ok",)]:
            raise GalleryDamagedError("the gallery's database is damaged")

    def _read_state(self) -> State:
        connection = self._connection
        schema = connection.execute("SELECT sql FROM sqlite_schema ORDER BY rowid").fetchall()
        identity = connection.execute("PRAGMA application_id").fetchone()
        if schema != [(sql,) for sql in layout.SCHEMA] or identity != (layout.APPLICATION_ID,):
            raise GalleryDamagedError("the gallery's database does not have a gallery's tables")
        rows = connection.execute("SELECT * FROM state LIMIT 2").fetchall()
        if len(rows) == 1:
            _, generation, subjects, fingers, following, digest, seal = rows[0]
            numbers = (generation, subjects, fingers, following)
            if all(type(number) is int for number in numbers) and type(digest) is bytes:
                state = State(*numbers, int.from_bytes(digest, "little"))
                if seal == state.seal() and 0 < state.next < layout.MAX_SEQUENCE:
                    return state
        raise GalleryDamagedError("the gallery's state is damaged")

    def _rows(self, start: int, end: int) -> Iterator[tuple[Subject, int]]:
        """Subjects with sequence numbers start .. end - 1, and the sums of their digests."""
        wanted = (start * layout.STRIDE, (1 << 63) - 1)
        sequence, name, total = 0, b"", 0
        fingers: list[tuple[int, bytes]] = []
        before = 0
        for row, subject, template, digest in self._connection.execute(layout.READ_ROWS, wanted):
            _check_row(row, subject, template, digest)
            owner, position = divmod(row, layout.STRIDE)
            if row <= before or owner >= end or (owner == sequence and subject != name):
                raise GalleryDamagedError("stored subjects are missing or changed")
            before = row
            if owner != sequence:
                if fingers:
                    yield Subject(sequence, name.decode(), tuple(fingers)), total
                sequence, name, total, fingers = owner, subject, 0, []
            fingers.append((position, template))
            total += int.from_bytes(digest, "little")
        if fingers:
            yield Subject(sequence, name.decode(), tuple(fingers)), total

    def get(self, sequence: int) -> Records | None:
        """One subject, read and checked again."""
        self._own()
        with translating():
            return self._fetch(sequence)[0] or None

    def _fetch(self, sequence: int) -> tuple[Records, int]:
        rows = self._connection.execute(layout.READ_ROWS, layout.rows_of(sequence)).fetchall()
        for row in rows:
            _check_row(*row)
        total = sum(int.from_bytes(digest, "little") for *_, digest in rows)
        return tuple((row % layout.STRIDE, template) for row, _, template, _ in rows), total

    # ---- writing

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """See `Store.transaction`."""
        self._own()
        if self._read_only:
            raise GalleryStorageError("the gallery was opened read-only")
        connection = self._connection
        transaction = SqliteTransaction(connection, self._fetch, self._state)
        try:
            with translating():
                connection.execute("BEGIN IMMEDIATE")
                if self._read_state() != self._state:
                    raise GalleryDamagedError("the gallery was changed behind its writer's back")
            yield transaction
            with translating():
                connection.execute(layout.WRITE_STATE, transaction.state().row())
                connection.execute("COMMIT")
        except BaseException:
            self._after_failure(transaction)
            raise
        self._state = transaction.state()
        transaction.committed = True
        self._bear_witness()
        if transaction.removed or self._scrub:
            self._scrub = not self._checkpoint()

    def _after_failure(self, transaction: SqliteTransaction) -> None:
        """Roll back. If it came in the very moment of the commit, the database knows better."""
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        with suppress(sqlite3.Error, UnicodeError, GalleryError):
            current = self._read_state()
            if current != self._state and current == transaction.state():
                self._state = current
                transaction.committed = True

    def _bear_witness(self) -> None:
        """The data is safe already; a witness that cannot be written must not deny that."""
        try:
            if self._witness is not None:
                self._witness.write(self._state.generation)
        except OSError as error:
            log.warning("the gallery's witness could not be written: %s", error.strerror)

    def _checkpoint(self) -> bool:
        """Move the log into the database and empty it: removed bytes lie in it, too."""
        with suppress(sqlite3.Error):
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
        return False

    # ---- the end

    def _own(self) -> None:
        if os.getpid() != self._pid:
            raise GalleryError("a durable gallery cannot be used across fork; open it again")

    def forget(self) -> None:
        """In a forked child: leave the files to the parent."""
        _inherited.append(self._connection)
        self._let_go()

    def close(self) -> None:
        """Empty the log and let go. In a forked child nothing happens."""
        if os.getpid() != self._pid:
            return
        with suppress(sqlite3.Error):
            if not self._read_only:
                self._checkpoint()
        with suppress(sqlite3.Error):
            self._connection.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._witness is not None:
            self._witness.close()
        if self._lock is not None:
            self._lock.release()


def _check_row(row: object, subject: object, template: object, digest: object) -> None:
    if (
        type(row) is not int
        or type(subject) is not bytes
        or type(template) is not bytes
        or digest != layout.row_digest(row, subject, template)
    ):
        raise GalleryDamagedError("a stored finger is damaged")


class SqliteTransaction:
    """Rows on their way; the store commits them."""

    def __init__(self, connection: sqlite3.Connection, fetch: Fetch, state: State):
        self._connection = connection
        self._fetch = fetch
        self._state = state._replace(generation=state.generation + 1)
        self.removed = False
        self.committed = False

    def state(self) -> State:
        """The state after it."""
        return self._state

    def add(self, subject_id: str, fingers: Records) -> int:
        """Insert the rows of a subject."""
        name, state = subject_id.encode(), self._state
        rows, digest = [], state.digest
        for position, template in fingers:
            row = state.next * layout.STRIDE + position
            check = layout.row_digest(row, name, template)
            rows.append((row, name, template, check))
            digest += int.from_bytes(check, "little")
        with translating():
            self._connection.executemany(layout.ADD_ROW, rows)
        self._state = state._replace(
            subjects=state.subjects + 1,
            fingers=state.fingers + len(rows),
            next=state.next + 1,
            digest=digest % layout.MODULUS,
        )
        return state.next

    def remove(self, sequence: int) -> None:
        """Delete the rows of a subject."""
        with translating():
            fingers, total = self._fetch(sequence)
            if not fingers:
                raise GalleryDamagedError("stored subjects are missing or changed")
            self._connection.execute(layout.DELETE_ROWS, layout.rows_of(sequence))
        self._state = self._state._replace(
            subjects=self._state.subjects - 1,
            fingers=self._state.fingers - len(fingers),
            digest=(self._state.digest - total) % layout.MODULUS,
        )
        self.removed = True
