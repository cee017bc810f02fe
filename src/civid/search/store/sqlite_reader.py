"""Open a gallery in a folder, check it, read it: the half of the store that readers need."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
)
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress
from civid.search.metadata import Metadata
from civid.search.segments.keys import KeyProvider, row_key
from civid.search.segments.segment import Segment
from civid.search.store import anchors, compaction, encrypting, inspection, layout
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.contents import NOTHING, Contents, Head, Tail, read_contents, read_head
from civid.search.store.files import folder as folders
from civid.search.store.files.held import HeldFolder
from civid.search.store.files.opened import OpenFiles
from civid.search.store.inspection import Description
from civid.search.store.layout import State
from civid.search.store.notes import Noted, NoteReader, digest_of
from civid.search.store.sqlite_errors import storage, translating

#: How often a reader may be overtaken by compactions before it gives up.
_ATTEMPTS = 50


class _Read(NamedTuple):
    """All that a store knows of what it has read."""

    state: State
    contents: Contents
    tail: Tail
    tail_subjects: int
    noted: Noted | None


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
        encrypt: bool = False,
        anchor: str | None = None,
    ):
        self._read_only = read_only
        self._timeout = timeout
        self._given = keys
        self._encrypt = encrypt
        self._anchor = None if anchor is None else anchors.parse(anchor)
        self._pid = os.getpid()
        self._state = State()
        self._contents = NOTHING
        self._tail = Tail(2, keys)
        self._tail_subjects = 0
        self._noted: Noted | None = None
        self._scrub = False
        #: Has a change been interrupted where nobody knows what came of it?
        self._doubt = False
        self._fresh = not read_only
        #: Of the last segment that was begun: no two files ever have one name.
        self._number = 0
        #: New segments of commits that failed and may be found in the log after all.
        self._doubtful: list[Segment] = []
        self._newer: tuple[int, Contents, Tail] | None = None
        #: Held by whoever uses the connection: compaction runs in a thread of its own.
        self._mutex = threading.RLock()
        #: Held while a segment is written.
        self._writing = threading.RLock()
        #: Held while segments are made, one after another.
        self._compacting = compaction.OneAtATime()
        self._closed = False
        self._files = OpenFiles(folder, create=create, read_only=read_only, timeout=timeout)

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._files.connection

    # ---- reading

    def load(self) -> Iterator[Subject]:
        """The tail, after checking the whole database; see `Store.load`."""
        self._own()
        with translating(), storage():
            if self._doubt and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            read = yield from self._read_all()
            if self._given is not None and read.tail.version < 3 and not self._encrypt:
                encrypting.refuse_plain(read.contents, read.tail)
            anchors.check(self._anchor, read.tail.proof, read.state)
            self._doubt = True
            self._state, self._contents, self._tail, self._tail_subjects, self._noted = read
            self._newer, self._doubt = None, False
        if self._fresh:
            self._fresh = False
            self._files.acknowledge(self._state.generation)  # the last writer may have been killed
            self._files.repair(self._state.generation)
            self._sweep()

    def check(self) -> tuple[StoredSegment, ...]:
        """Read and check the whole database as `load` does, but go on from where we are; -> the
        segments of today."""
        self._own()
        with self._mutex, translating(), storage():
            self._files.check_counter()
            reading = self._read_all()
            while True:
                try:
                    next(reading)
                except StopIteration as end:
                    read: _Read = end.value
                    return read.contents.parts()

    def _sweep(self) -> None:
        """Remove what the manifest does not name, while nobody can commit another one.

        A commit that failed may still name some of it, and lie in the log behind what readers see.
        So the state is written once more over it, before anything is removed.
        """
        numbers = {entry.number for entry in self._contents.entries}
        with self._mutex, suppress(sqlite3.Error, OSError):  # locked, or full: another time
            if not folders.strays(self._files.folder, numbers):
                return
            for last in "COMMIT", "ROLLBACK":
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    if read_head(self._connection, self._given).state != self._state:
                        return
                    if last == "COMMIT":
                        row = self._state.row(self._tail.proof)
                        self._connection.execute(layout.WRITE_STATE, row)
                        self._connection.execute(last)
                    else:
                        folders.sweep(self._files.folder, numbers)
                finally:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")

    def segments(self) -> tuple[StoredSegment, ...]:
        """See `Store.segments`."""
        with self._mutex:
            return self._contents.parts()

    @property
    def generation(self) -> int:
        """See `Store.generation`."""
        return -1 if self._doubt else self._state.generation

    def newest(self) -> int:
        """See `Store.newest`."""
        self._own()
        return self._files.generation()

    @property
    def tail_subjects(self) -> int:
        """How many subjects are in no segment yet."""
        return self._tail_subjects

    # ---- what is there; see `civid.search.store.inspection`

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._files.folder.path

    @contextmanager
    def held_folder(self) -> Iterator[HeldFolder]:
        """The same, held open for the length of a block; `GalleryError` when it was closed."""
        with self._mutex:
            self._open_only()
            yield self._files.folder

    @property
    def version(self) -> int:
        """Of the format."""
        return self._tail.version

    @property
    def encrypted(self) -> bool:
        """Has it ever been opened with keys to write?"""
        return bool(self._state.encrypted)

    def anchor(self) -> str:
        """See `Store.anchor`."""
        self._own()
        with self._mutex:
            return anchors.of(self._tail.proof, self._state)

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
        key_id = "" if self._tail.keys is None else self._tail.keys.current()
        return len(part.dead) > 0 or part.segment.key_id != key_id

    def outdated(self) -> bool:
        """Is anything encrypted, or proved, with another key than the current one?"""
        self._own()
        keys, proof = self._tail.keys, self._tail.proof
        key_id = "" if keys is None else keys.current()
        if any(part.segment.key_id != key_id for part in self.segments()):
            return True
        with self._mutex, translating():
            heads = self._connection.execute(layout.READ_TAIL_HEADS)
            return any(row_key(head) != key_id for (head,) in heads) or (
                proof.keyed and proof.name != key_id
            )

    def disk_bytes(self) -> int:
        """Of all files."""
        total = 0
        with storage():
            for name in self._files.folder.names():
                if fnmatch(name, "gallery[.-]*"):
                    with suppress(FileNotFoundError):  # compacted away in this moment
                        total += self._files.folder.stat(name).st_size
        return total

    # ---- reading it

    def _read_all(self) -> Generator[Subject, None, _Read]:
        for _ in range(_ATTEMPTS):
            with self._snapshot() as head:
                state = head.state
                try:
                    contents = NOTHING
                    if head.version > 1:
                        contents = read_contents(
                            self._connection, self._files.folder, head, self._contents
                        )
                except FileNotFoundError:
                    if self._read_only and not self._files.immutable:
                        continue  # a writer was faster; look again
                    break
                subjects, fingers, digest = contents.totals()
                digest += digest_of(head.noted, head.proof)
                tail, start = Tail.of(head), contents.boundary + 1
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
                return _Read(state, contents, tail, count, head.noted)
        raise GalleryDamagedError("a segment file of the gallery is missing")

    def refresh(self) -> Iterator[Subject] | None:
        """See `Store.refresh`. A writer is always up to date."""
        self._own()
        if not self._read_only:
            return iter(())
        known = self._state
        with translating(), storage():
            if self._files.immutable:
                self._files.reconnect()
            with self._snapshot() as (_, state, proof, _, noted):
                if state == known:
                    return iter(())
                if state.shrunk > known.generation:
                    return None
                change = digest_of(noted, proof) - digest_of(self._noted, proof)
                added, sums = [], known.plus(0, 0, change)
                rows = self._tail.rows(self._connection, known.next, layout.MAX_SEQUENCE)
                for subject, total in rows:
                    added.append(subject)
                    sums = sums.plus(1, len(subject.fingers), total)
                if sums[1:3] != state[1:3] or sums.digest != state.digest:
                    raise GalleryDamagedError("stored subjects are missing or changed")
            self._state, self._noted = state, noted
            self._tail_subjects += len(added)
            return iter(added)

    @contextmanager
    def _snapshot(self) -> Iterator[Head]:
        """A transaction that only reads."""
        self._files.check()
        acknowledged = self._files.generation()  # before the snapshot is taken
        connection = self._connection
        connection.execute("BEGIN")
        try:
            self._check_file()
            head = read_head(connection, self._given)
            if head.state.generation < acknowledged:
                raise GalleryDamagedError("the gallery has lost its last transactions")
            yield head
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")

    def _check_file(self) -> None:
        """What the rows do not show: the file's kind and, for a writer, pages without rows."""
        if not self._files.is_log_database():
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
                with self._snapshot() as head, suppress(FileNotFoundError):
                    return self._find(*self._newest(head), sequence)
        raise GalleryDamagedError("a segment file of the gallery is missing")

    @contextmanager
    def notes(self) -> Iterator[NoteReader | None]:
        """Metadata as they are on the disk now; None = there are none of anybody."""
        self._own()
        with self._mutex, translating(), storage():
            if not self._read_only:
                proof, keys = self._tail.proof, self._tail.keys
                yield None if self._noted is None else NoteReader(self._connection, proof, keys)
                return
            with self._snapshot() as head:
                none = head.noted is None
                yield None if none else NoteReader(self._connection, head.proof, head.keys)

    def metadata(self, sequence: int) -> Metadata | None:
        """See `Store.metadata`."""
        with self.notes() as notes:
            found = None if notes is None else notes.note(sequence)
            return None if found is None else found[0]

    def tagged(self, tag: str) -> npt.NDArray[np.int64]:
        """See `Store.tagged`."""
        with self.notes() as notes:
            return np.empty(0, np.int64) if notes is None else notes.tagged(tag)

    def _find(self, contents: Contents, tail: Tail, sequence: int) -> EncodedFingers | None:
        if sequence <= contents.boundary:
            return contents.get(sequence)
        for subject, _ in tail.rows(self._connection, sequence, sequence + 1):
            return subject.fingers
        return None

    def _newest(self, head: Head) -> tuple[Contents, Tail]:
        """What a writer may have made of the segments since; our arrays stay what they were."""
        state = head.state
        if head.version == 1 or state.shrunk <= self._state.generation:
            return self._contents, self._tail
        if self._newer is None or self._newer[0] != state.shrunk:
            known = self._contents if self._newer is None else self._newer[1]
            contents = read_contents(self._connection, self._files.folder, head, known)
            self._newer = state.shrunk, contents, Tail.of(head)
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
        self._mutex, self._writing = threading.RLock(), threading.RLock()
        self._compacting = compaction.OneAtATime()
        self._files.forget()

    def close(self) -> None:
        """Empty the log and let go. In a forked child nothing happens.

        A segment that is just being written in another thread is given up, and waited for.
        """
        if os.getpid() != self._pid:
            return
        first, self._closed = not self._closed, True
        with self._writing, self._mutex:
            if first:
                if not self._read_only and self._files.folder.undisturbed:
                    self._files.checkpoint(self._timeout)
                self._files.close()
