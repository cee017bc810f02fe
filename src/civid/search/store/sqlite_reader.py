"""Open a gallery in a folder, check it, read it: the half of the store that readers need."""

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
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress
from civid.search.segments.keys import KeyProvider
from civid.search.store import commit_counter as commit_counter
from civid.search.store import folder as folders
from civid.search.store import inspection, layout
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.contents import NOTHING, Contents, Tail, read_contents, read_state
from civid.search.store.inspection import Description
from civid.search.store.layout import State
from civid.search.store.lock import WriterLock
from civid.search.store.sqlite_errors import storage, translating

log = logging.getLogger(__name__)

#: How often a reader may be overtaken by compactions before it gives up.
_ATTEMPTS = 50
#: Connections that a fork brought along: closing them could take the log away from the parent.
_inherited: list[sqlite3.Connection] = []


class SqliteReader:
    """What a reading `civid.search.store.sqlite_store.SqliteStore` does, and a writing one, too."""

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
        self._commit_counter: commit_counter.CommitCounter | None = None
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
            if folders.generation(folder) == commit_counter.CREATING:
                if read_only:
                    raise GalleryLockedError("the gallery is being created, or that was cut short")
                folders.create(folder)
            if not read_only:
                self._commit_counter = commit_counter.CommitCounter(folder / folders.WITNESS)
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
        with translating(), storage():
            yield from self._read_all()
        if self._fresh:
            self._fresh = False
            self._write_commit_counter()  # the last writer may have been killed before it could
            folders.sweep(self._folder, {entry.number for entry in self._contents.entries})

    def segments(self) -> tuple[StoredSegment, ...]:
        """See `Store.segments`."""
        with self._mutex:
            return self._contents.parts()

    @property
    def tail_subjects(self) -> int:
        """How many subjects are in no segment yet."""
        return self._tail_subjects

    # ---- what is there; see `civid.search.store.inspection`

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._folder

    @property
    def version(self) -> int:
        """Of the format."""
        return self._tail.version

    @property
    def encrypted(self) -> bool:
        """Has it ever been opened with keys to write?"""
        return bool(self._state.encrypted)

    def describe(self, here: Description) -> Description:
        """See `Store.describe`."""
        return inspection.describe(self, here)

    def verify(self, on_progress: Progress | None) -> None:
        """See `Store.verify`."""
        inspection.verify(self, on_progress)

    @property
    def wasteful(self) -> bool:
        """See `Store.wasteful`."""
        raise NotImplementedError

    def stale(self, part: StoredSegment) -> bool:
        """Does a segment hold a removed subject, or is it not encrypted with the current key?"""
        key_id = "" if self._keys is None else self._keys.current()
        return len(part.dead) > 0 or part.segment.key_id != key_id

    def disk_bytes(self) -> int:
        """Of all files."""
        total = 0
        with storage():
            for path in self._folder.glob("gallery[.-]*"):
                with suppress(FileNotFoundError):  # compacted away in this moment
                    total += path.stat().st_size
        return total

    # ---- reading it

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
                for subject, total in tail.rows(self._connection, 0, layout.MAX_SEQUENCE):
                    if not start <= subject.sequence < state.next:
                        raise GalleryDamagedError("stored subjects are missing or changed")
                    count += 1
                    fingers += len(subject.fingers)
                    digest += total
                    yield subject
                found = (subjects + count, fingers, digest % layout.MODULUS)
                if found != (state.subjects, state.fingers, state.digest):
                    raise GalleryDamagedError("stored subjects are missing or changed")
                self._state, self._contents, self._tail = state, contents, tail
                self._tail_subjects, self._newer = count, None
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
                rows = self._tail.rows(self._connection, known.next, layout.MAX_SEQUENCE)
                for subject, total in rows:
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
        if not self._read_only:
            self.check_pages()

    def check_pages(self) -> None:
        """Let SQLite look through the whole database."""
        with self._mutex, translating():
            found = self._connection.execute("PRAGMA integrity_check(1)").fetchall()
        if found != [("ok",)]:
            raise GalleryDamagedError("the gallery's database is damaged")

    def get(self, sequence: int) -> EncodedFingers | None:
        """One subject, read and checked again."""
        self._own()
        with self._mutex, translating(), storage():
            if not self._read_only:
                return self._find(self._contents, self._tail, sequence)
            for _ in range(_ATTEMPTS):
                with self._snapshot() as (version, state), suppress(FileNotFoundError):
                    return self._find(*self._newest(version, state), sequence)
        raise GalleryDamagedError("a segment file of the gallery is missing")

    def _find(self, contents: Contents, tail: Tail, sequence: int) -> EncodedFingers | None:
        if sequence <= contents.boundary:
            return contents.get(sequence)
        for subject, _ in tail.rows(self._connection, sequence, sequence + 1):
            return subject.fingers
        return None

    def _newest(self, version: int, state: State) -> tuple[Contents, Tail]:
        """What a writer may have made of the segments since; our arrays stay what they were."""
        if version == 1 or state.shrunk <= self._state.generation:
            return self._contents, self._tail
        if self._newer is None or self._newer[0] != state.shrunk:
            known = self._contents if self._newer is None else self._newer[1]
            contents = read_contents(self._connection, self._folder, self._keys, known)
            self._newer = state.shrunk, contents, Tail(version, self._keys)
        return self._newer[1:]

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
                    self._checkpoint(self._timeout)
            with suppress(sqlite3.Error):
                self._connection.close()
            self._let_go()

    def _let_go(self) -> None:
        if self._commit_counter is not None:
            self._commit_counter.close()
        if self._lock is not None:
            self._lock.release()

    def _write_commit_counter(self) -> None:
        """The data is safe already; a commit counter that cannot be written must not deny that."""
        try:
            if self._commit_counter is not None:
                self._commit_counter.write(self._state.generation)
        except OSError as error:
            log.warning("the gallery's commit counter could not be written: %s", error.strerror)

    def _checkpoint(self, patience: float = 0.2) -> bool:
        """Move the log into the database and empty it: removed bytes lie in it, too.

        Readers in the midst of reading are waited for so many seconds; False = in vain.
        """
        with suppress(sqlite3.Error):
            connection = self._connection
            connection.execute(f"PRAGMA busy_timeout = {int(1000 * patience)}")
            try:
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                connection.execute(f"PRAGMA busy_timeout = {int(1000 * self._timeout)}")
            return not busy
        return False
