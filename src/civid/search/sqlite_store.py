"""A gallery in a folder: a database (`civid.search.layout`) and segments beside it.

`civid.search.folder` says which files there are, `civid.search.compaction` when segments are made.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryKeyError,
    GalleryLockedError,
    GalleryStorageError,
)
from civid.search import compaction, layout, layout_v1, witness
from civid.search import folder as folders
from civid.search.compaction import Progress, Step
from civid.search.contents import NOTHING, Contents, Tail, read_contents, read_state
from civid.search.folder import segment_path
from civid.search.index import Records
from civid.search.keys import KeyProvider
from civid.search.layout import State
from civid.search.lock import WriterLock
from civid.search.segment_writer import Make
from civid.search.sqlite_errors import storage, translating
from civid.search.sqlite_transaction import SqliteTransaction
from civid.search.store import Part, Subject

log = logging.getLogger(__name__)

#: How often a reader may be overtaken by compactions before it gives up.
_ATTEMPTS = 50
#: Connections that a fork brought along: closing them could take the log away from the parent.
_inherited: list[sqlite3.Connection] = []


class SqliteStore:
    """See `civid.search.store.Store`."""

    def __init__(
        self,
        folder: Path,
        *,
        create: bool,
        read_only: bool,
        timeout: float,
        keys: KeyProvider | None = None,
    ):
        self._folder = folder
        self._read_only = read_only
        self._timeout = timeout
        self._keys = keys
        self._pid = os.getpid()
        self._state = State()
        self._contents = NOTHING
        self._tail = Tail(2, keys)
        self._tail_subjects = 0
        self._scrub = False
        self._fresh = not read_only
        #: Of the last segment that was begun: no two files ever have one name.
        self._number = 0
        self._newer: tuple[int, Contents, Tail] | None = None
        self._lock: WriterLock | None = None
        self._witness: witness.Witness | None = None
        #: Held by whoever uses the connection: compaction runs in a thread of its own.
        self._mutex = threading.RLock()
        #: Held while a segment is written.
        self._writing = threading.RLock()
        self._closed = False
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
        """The tail, after checking the whole database; see `Store.load`."""
        self._own()
        with translating():
            if not self._read_only:
                self._upgrade()
            yield from self._read_all()
        if self._fresh:
            self._fresh = False
            self._bear_witness()  # the last writer may have been killed before it could
            folders.sweep(self._folder, {entry.number for entry in self._contents.entries})

    def segments(self) -> tuple[Part, ...]:
        """See `Store.segments`."""
        with self._mutex:
            return self._contents.parts()

    @property
    def tail_subjects(self) -> int:
        """How many subjects are in no segment yet."""
        return self._tail_subjects

    def _read_all(self) -> Iterator[Subject]:
        for _ in range(_ATTEMPTS):
            with self._snapshot() as (version, state):
                try:
                    contents = NOTHING
                    if version > 1:
                        contents = read_contents(
                            self._connection, self._folder, self._keys, self._contents
                        )
                except FileNotFoundError:
                    if self._read_only and not self._immutable:
                        continue  # a writer was faster; look again
                    break
                subjects, fingers, digest = contents.totals()
                tail, start = Tail(version, self._keys), contents.boundary + 1
                count = 0
                for subject, total in tail.rows(self._connection, 0, state.next):
                    if subject.sequence < start:
                        raise GalleryDamagedError("stored subjects are missing or changed")
                    count += 1
                    fingers += len(subject.fingers)
                    digest += total
                    yield subject
                found = (subjects + count, fingers, digest % layout.MODULUS)
                if found != (state.subjects, state.fingers, state.digest):
                    raise GalleryDamagedError("stored subjects are missing or changed")
                self._state, self._contents, self._tail = state, contents, tail
                self._tail_subjects = count
                return
        raise GalleryDamagedError("a segment file of the gallery is missing")

    def refresh(self) -> Iterator[Subject] | None:
        """See `Store.refresh`. A writer is always up to date."""
        self._own()
        if not self._read_only:
            return iter(())
        known = self._state
        with translating():
            if self._immutable:
                self._connection.close()
                self._connect()
            with self._snapshot() as (_, state):
                if state == known:
                    return iter(())
                if state.shrunk > known.generation:
                    return None
                added, sums = [], known.plus(0, 0, 0)
                for subject, total in self._tail.rows(self._connection, known.next, state.next):
                    added.append(subject)
                    sums = sums.plus(1, len(subject.fingers), total)
                if sums[1:3] != state[1:3] or sums.digest != state.digest:
                    raise GalleryDamagedError("stored subjects are missing or changed")
            self._state = state
            self._tail_subjects += len(added)
            return iter(added)

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[int, State]]:
        """A transaction that only reads; -> version of the tables, state."""
        acknowledged = folders.generation(self._folder)  # before the snapshot is taken
        connection = self._connection
        connection.execute("BEGIN")
        try:
            self._check_file()
            version, state = read_state(connection)
            if state.generation < acknowledged:
                raise GalleryDamagedError("the gallery has lost its last transactions")
            if state.encrypted and self._keys is None:
                raise GalleryKeyError("the gallery is encrypted, and was opened without keys")
            yield version, state
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

    def get(self, sequence: int) -> Records | None:
        """One subject, read and checked again."""
        self._own()
        with self._mutex, translating(), storage():
            contents, tail = self._contents, self._tail
            if self._read_only:
                contents, tail = self._newest()
            if sequence <= contents.boundary:
                return contents.get(sequence)
            for subject, _ in tail.rows(self._connection, sequence, sequence + 1):
                return subject.fingers
            return None

    def _newest(self) -> tuple[Contents, Tail]:
        """What a writer may have made of the segments since; our arrays stay what they were."""
        for _ in range(_ATTEMPTS):
            with self._snapshot() as (version, state), suppress(FileNotFoundError):
                if version == 1 or state.shrunk <= self._state.generation:
                    return self._contents, self._tail
                if self._newer is None or self._newer[0] != state.shrunk:
                    known = self._contents if self._newer is None else self._newer[1]
                    contents = read_contents(self._connection, self._folder, self._keys, known)
                    self._newer = state.shrunk, contents, Tail(version, self._keys)
                return self._newer[1:]
        raise GalleryDamagedError("a segment file of the gallery is missing")

    # ---- writing

    def _upgrade(self) -> None:
        """Make a gallery of version 1 one of today, in one transaction."""
        if read_state(self._connection)[0] > 1:
            return
        with self._snapshot():
            pass  # is it complete?
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            state = layout_v1.upgrade(connection, read_state(connection)[1], self._keys)
            connection.execute(layout.WRITE_STATE, state.row())
            # An older civid shall see the version, not what it would take for damage.
            with storage():
                assert self._witness is not None
                self._witness.write(state.generation - 1)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        self._checkpoint()

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """See `Store.transaction`."""
        self._own()
        if self._read_only:
            raise GalleryStorageError("the gallery was opened read-only")
        with self._mutex:
            connection = self._connection
            transaction = SqliteTransaction(connection, self._contents, self._state, self._keys)
            try:
                with translating():
                    connection.execute("BEGIN IMMEDIATE")
                    if read_state(connection)[1] != self._state:
                        raise GalleryDamagedError(
                            "the gallery was changed behind its writer's back"
                        )
                yield transaction
                with translating():
                    connection.execute(layout.WRITE_STATE, transaction.state().row())
                    connection.execute("COMMIT")
                transaction.committed = True
            except BaseException:
                self._after_failure(transaction)
                raise
            finally:
                if transaction.committed:
                    self._adopt(transaction)
            self._bear_witness()
            if transaction.shrunk or self._scrub:
                self._scrub = not self._checkpoint()

    def _adopt(self, transaction: SqliteTransaction) -> None:
        self._state, self._contents = transaction.state(), transaction.adopt()
        self._tail_subjects += transaction.tail

    def _after_failure(self, transaction: SqliteTransaction) -> None:
        """Roll back. If it came in the very moment of the commit, the database knows better."""
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        with suppress(sqlite3.Error, UnicodeError, GalleryError):
            current = read_state(self._connection)[1]
            transaction.committed = current != self._state and current == transaction.state()

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

    # ---- compaction

    @property
    def wasteful(self) -> bool:
        """Is it time to `compact`? Sooner is allowed, too."""
        with self._mutex:
            return self._tail_subjects >= compaction.FOLD_FROM or any(
                compaction.too_dead(part) for part in self._contents.parts()
            )

    def compact(
        self,
        make: Make,
        *,
        index_version: int = 0,
        purge: bool = False,
        on_progress: Progress | None = None,
    ) -> bool:
        """Fold the tail and what is too small or too dead into segments; -> was there anything?

        Parameters
        ----------
        make : callable
            Makes the searched form of templates.
        index_version : int
            Of what `make` makes; segments of another one are made anew.
        purge : bool
            Write every segment anew that holds a removed subject, or is encrypted with another key
            than the current one (or not at all).
        on_progress : callable
            Called with (done, total) subjects of each segment.

        Raises
        ------
        GalleryStorageError
            The disk is full or cannot be written; what was there before is there still.
        """
        done = False
        while step := self.prepare(
            make, index_version=index_version, purge=purge, on_progress=on_progress
        ):
            self.finish(step)
            done = True
        return done

    def prepare(
        self,
        make: Make,
        *,
        index_version: int = 0,
        purge: bool = False,
        on_progress: Progress | None = None,
    ) -> Step | None:
        """The long half of `compact`: write one segment, None = there is nothing to do.

        Other threads may use the store meanwhile. `close` waits until this has ended, with an
        error, at the next subjects. The step must be given to `finish` or `abandon` before the
        next `prepare`.
        """
        self._own()
        if self._read_only:
            raise GalleryStorageError("the gallery was opened read-only")
        with self._writing:
            return self._prepare(make, index_version, purge, on_progress)

    def _prepare(
        self, make: Make, index_version: int, purge: bool, on_progress: Progress | None
    ) -> Step | None:
        key_id = "" if self._keys is None else self._keys.current()

        def stale(part: Part) -> bool:
            one = part.segment
            return one.index_version != index_version or (
                purge and (len(part.dead) > 0 or one.key_id != key_id)
            )

        def go_on(done: int, total: int) -> None:
            self._open_only()
            if on_progress is not None:
                on_progress(done, total)

        with self._mutex:
            self._open_only()
            contents, tail_end, tail = self._contents, self._state.next, self._tail_subjects
            parts = contents.parts()
            plan = compaction.plan(parts, tail, stale)
            if plan is None:
                return None
            taken = [entry.number for entry in contents.entries]
            number = self._number = max(self._state.generation, self._number, *taken) + 1
        chosen = parts[plan.begin : plan.end]
        entries = contents.entries[plan.begin : plan.end]
        tail_start = contents.boundary + 1 if plan.tail else None
        path = segment_path(self._folder, number)
        unfinished = path.with_suffix(".tmp")
        with translating(), storage():
            written = compaction.write(
                unfinished,
                chosen,
                iter(()) if tail_start is None else self._batches(tail_start, tail_end),
                make,
                number=number,
                index_version=index_version,
                keys=self._keys,
                on_progress=go_on,
                total=sum(part.living for part in chosen) + (tail if plan.tail else 0),
            )
            segment = None
            if written:
                segment = folders.publish(unfinished, path, self._keys)
            unfinished.unlink(missing_ok=True)
        first = entries[0].first if entries else contents.boundary + 1
        last = entries[-1].last if tail_start is None else tail_end - 1
        return Step((first, last), entries, tail_start, segment)

    def _batches(self, start: int, end: int) -> Iterator[list[Subject]]:
        """The tail, in turns with other threads. Removed meanwhile is left out."""
        while start < end:
            with self._mutex:
                self._open_only()
                rows = self._tail.rows(self._connection, start, end, compaction.BATCH)
                batch = [subject for subject, _ in rows]
            if not batch:
                return
            yield batch
            start = batch[-1].sequence + 1

    def finish(self, step: Step) -> None:
        """The short half: one transaction puts the new segment into its place."""
        with self._mutex:
            self._open_only()  # else the file may be another writer's by now
            transaction: SqliteTransaction | None = None
            try:
                with self.transaction() as transaction:
                    transaction.replace(step)
            except BaseException:
                if transaction is None or not transaction.committed:
                    self.abandon(step)
                raise
        for entry in step.entries:
            self._unlink(entry.number)

    def abandon(self, step: Step) -> None:
        """Instead of `finish`: forget it."""
        with self._mutex:
            if step.segment is not None and not self._closed:
                self._unlink(step.segment.number)

    def _unlink(self, number: int) -> None:
        """Whoever has it mapped keeps it. What stays is swept away by the next writer."""
        with suppress(OSError):
            segment_path(self._folder, number).unlink()

    # ---- the end

    def _open_only(self) -> None:
        if self._closed:
            raise GalleryError("the gallery is closed")

    def _own(self) -> None:
        if os.getpid() != self._pid:
            raise GalleryError("a durable gallery cannot be used across fork; open it again")

    def forget(self) -> None:
        """In a forked child: leave the files to the parent."""
        _inherited.append(self._connection)
        self._mutex, self._writing = threading.RLock(), threading.RLock()
        self._let_go()

    def close(self) -> None:
        """Empty the log and let go. In a forked child nothing happens.

        A segment that is just being written in another thread is given up, and waited for.
        """
        if os.getpid() != self._pid:
            return
        self._closed = True
        with self._writing, self._mutex:
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
