"""A gallery in a folder: a database (`civid.search.store.layout`) and segments beside it.

`civid.search.store.files.folder` says which files there are, `civid.search.store.compaction` when
segments are made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryMovedError,
    GalleryReadOnlyError,
)
from civid.search.arrays.slices import Progress
from civid.search.segments.segment import Segment
from civid.search.segments.writer import Make, lacks_lists
from civid.search.store import compaction, encrypting, layout, layout_v1
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.compaction import Step
from civid.search.store.contents import Contents, Head, Tail, read_head
from civid.search.store.files import folder as folders
from civid.search.store.files.folder import segment_name
from civid.search.store.files.held import Identity
from civid.search.store.layout import Proof, State
from civid.search.store.notes import NoteReader
from civid.search.store.sqlite_errors import storage, translating
from civid.search.store.sqlite_reader import SqliteReader
from civid.search.store.sqlite_transaction import SqliteTransaction


class SqliteStore(SqliteReader):
    """See `civid.search.store.base.Store`."""

    def load(self) -> Iterator[Subject]:
        """See `Store.load`. Galleries of earlier versions are upgraded first, unless read-only."""
        self._own()
        if not self._read_only:
            with translating():
                self._upgrade()
                self._protect()
        return super().load()

    # ---- writing

    def _head(self) -> Head:
        return read_head(self._connection, self._given)

    def _upgrade(self) -> None:
        """Make a gallery of version 1 one of today, in one transaction."""
        if self._head().version > 1:
            return
        with self._snapshot():
            pass  # is it complete?
        if self._given is not None and not self._encrypt and self._head().state.subjects:
            return  # refused when it is read
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._files.check()
            state = layout_v1.upgrade(connection, self._head().state)
            connection.execute(layout.WRITE_STATE, state.row())
            # An older civid shall see the version, not what it would take for damage.
            with storage():
                self._files.write_generation(state.generation - 1)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        self._files.checkpoint()

    def _protect(self) -> None:
        """Make a gallery that is opened with keys one of version 3."""
        if self._given is None or self._head().version != 2:
            return
        for _ in super().load():
            pass  # everything is checked, and what is not encrypted refused
        contents, state = self._contents, self._state
        notes = self._note_reader(), self._noted
        proof = encrypting.new_proof(self._given)
        number = max([state.generation, *contents.segments]) + 1
        with storage():
            segment = encrypting.write_all(
                self._files.folder,
                contents,
                self._batches(contents.boundary + 1, state.next),
                state.subjects,
                number,
                proof.keys,
            )
        self._in_one(lambda connection: encrypting.switch(connection, state, proof, segment, notes))
        self._fresh = True  # what is not named any more is swept away

    def _renew_proof(self) -> bool:
        """Make all digests with the current key, if they are not; -> were they not?"""
        with self._mutex:
            tail, contents, state = self._tail, self._contents, self._state
            keys = tail.proof.keys
            if keys is None or tail.proof.name == keys.current():
                return False
            proof, notes = Proof(keys, keys.current()), (self._note_reader(), self._noted)
            made = self._in_one(
                lambda connection: encrypting.renew(connection, contents, state, tail, proof, notes)
            )
            self._noted = self._head().noted
            self._contents = Contents(contents.entries, contents.segments, contents.dead, proof)
            self._tail, self._state = Tail(tail.version, keys, proof), made
            self._files.acknowledge(made.generation)
            return True

    def _note_reader(self) -> NoteReader:
        return NoteReader(self._connection, self._tail.proof, self._tail.keys)

    def _in_one(self, change: Callable[[sqlite3.Connection], State]) -> State:
        """A transaction of the store's own; -> the state that it made."""
        connection = self._connection
        with translating():
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._files.check()
                if self._head().state != self._state:
                    raise GalleryDamagedError("the gallery was changed behind its writer's back")
                made = change(connection)
                self._files.check()
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            self._files.checkpoint()
        return made

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """See `Store.transaction`."""
        self.may_write()
        with self._mutex:
            connection = self._connection
            transaction = SqliteTransaction(
                connection, self._contents, self._state, self._tail, self._noted
            )
            self._doubt = True
            try:
                with translating():
                    connection.execute("BEGIN IMMEDIATE")
                    self._files.check()
                    if self._head().state != self._state:
                        raise GalleryDamagedError(
                            "the gallery was changed behind its writer's back"
                        )
                yield transaction
                with translating():
                    transaction.finish()
                    state = transaction.state().row(self._tail.proof)
                    connection.execute(layout.WRITE_STATE, state)
                    self._files.check()
                    transaction.in_doubt = True
                    connection.execute("COMMIT")
                transaction.committed = True
            except BaseException:
                self._after_failure(transaction)
                if not transaction.committed:
                    self._doubt = False
                raise
            finally:
                if transaction.committed:
                    self._adopt(transaction)
                    self._doubt = False
            self._files.acknowledge(self._state.generation)
            for segment in self._doubtful:
                self._unlink(segment)
            self._doubtful.clear()
            if transaction.shrunk or transaction.erased or self._scrub:
                self._scrub = not self._files.checkpoint()

    def _adopt(self, transaction: SqliteTransaction) -> None:
        self._state, self._contents = transaction.state(), transaction.adopt()
        self._noted = transaction.noted
        self._tail_subjects += transaction.tail

    def _after_failure(self, transaction: SqliteTransaction) -> None:
        """Roll back. If it came in the very moment of the commit, the database knows better."""
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        with suppress(sqlite3.Error, UnicodeError, GalleryError):
            current = self._head().state
            transaction.committed = current != self._state and current == transaction.state()

    # ---- compaction

    @property
    def wasteful(self) -> bool:
        """See `Store.wasteful`."""
        with self._mutex:
            return self._tail_subjects >= compaction.FOLD_FROM or any(
                compaction.too_dead(part) for part in self._contents.parts()
            )

    def compact(
        self,
        make: Make,
        *,
        finish: Callable[[Step], None] | None = None,
        index_version: int = 0,
        purge: bool = False,
        on_progress: Progress | None = None,
    ) -> bool:
        """See `Store.compact`."""
        self.may_write()
        with self._mutex:
            call = compaction.Call(self._state.next)
        done = False
        with self._compacting:
            while step := self.prepare(
                make, index_version=index_version, purge=purge, on_progress=on_progress, call=call
            ):
                (finish or self.finish)(step)
                done = True
            if purge and self._renew_proof():
                done = True
        return done

    def prepare(
        self,
        make: Make,
        *,
        index_version: int = 0,
        purge: bool = False,
        on_progress: Progress | None = None,
        call: compaction.Call | None = None,
    ) -> Step | None:
        """The long half of `compact`: write one segment, None = there is nothing to do.

        Other threads may use the store meanwhile. `close` waits until this has ended, with an
        error, at the next subjects. The step must be given to `finish` or `abandon` before the
        next `prepare`.
        """
        self.may_write()
        with self._writing:
            return self._prepare(make, index_version, purge, on_progress, call)

    def may_write(self) -> None:
        """Refuse, before any work is done, where nothing can be changed."""
        self._own()
        if self._read_only:
            raise GalleryReadOnlyError("the gallery was opened read-only; open it to write")

    def _prepare(
        self,
        make: Make,
        index_version: int,
        purge: bool,
        on_progress: Progress | None,
        call: compaction.Call | None,
    ) -> Step | None:
        def stale(part: StoredSegment) -> bool:
            return (
                part.segment.index_version != index_version
                or lacks_lists(part.segment, part.living, index_version)
                or (purge and self.stale(part))
            )

        def go_on(done: int, total: int) -> None:
            self._open_only()
            if on_progress is not None:
                on_progress(done, total)

        with self._mutex:
            self._open_only()
            self._files.check()
            contents, tail_end, tail = self._contents, self._state.next, self._tail_subjects
            parts = contents.parts()
            call = call or compaction.Call(tail_end)
            if contents.boundary + 1 >= call.end:
                tail = 0  # all later than the call
            plan = compaction.plan(parts, tail, stale, call.made)
            if plan is None:
                return None
            taken = [entry.number for entry in contents.entries]
            number = self._number = max(self._state.generation, self._number, *taken) + 1
            call.made.add(number)
        chosen = parts[plan.begin : plan.end]
        entries = contents.entries[plan.begin : plan.end]
        tail_start = contents.boundary + 1 if plan.tail else None
        folder, unfinished = self._files.folder, folders.unfinished_name(number)
        segment = None
        with translating(), storage():
            written = compaction.write(
                unfinished,
                chosen,
                iter(()) if tail_start is None else self._batches(tail_start, tail_end),
                make,
                number=number,
                index_version=index_version,
                keys=self._tail.keys,
                on_progress=go_on,
                total=sum(part.living for part in chosen) + (tail if plan.tail else 0),
                folder=folder.descriptor,
            )
            try:
                if written is not None:
                    segment = folders.publish(folder, unfinished, self._tail.keys, written)
            finally:
                folder.unlink(unfinished)
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
        """The short half: one transaction puts the new segment into its place.

        A commit that fails may be found in the log after a power cut, when nobody is left who
        knows that it failed. So the new segment stays until another commit has overwritten it.
        """
        with self._mutex:
            self._open_only()  # else the file may be another writer's by now
            old = self._contents.segments
            transaction: SqliteTransaction | None = None
            try:
                with self.transaction() as transaction:
                    transaction.replace(step)
                    if step.segment is not None and not self._is_there(step.segment):
                        # Another writer that no lock kept out may have swept it away.
                        raise GalleryMovedError(folders.GONE)
            except BaseException:
                if transaction is None or not transaction.in_doubt:
                    self.abandon(step)
                elif not transaction.committed and step.segment is not None:
                    self._doubtful.append(step.segment)
                raise
            for entry in step.entries:
                self._unlink(old[entry.number])

    def abandon(self, step: Step) -> None:
        """Instead of `finish`: forget it."""
        with self._mutex:
            if step.segment is not None and not self._closed:
                self._unlink(step.segment)

    def _is_there(self, segment: Segment) -> bool:
        name = segment_name(segment.number)
        return self._files.folder.is_there(name, Identity(*segment.identity))

    def _unlink(self, segment: Segment) -> None:
        """Whoever has it mapped keeps it. What stays is swept away by the next writer."""
        with suppress(OSError):
            name = segment_name(segment.number)
            self._files.folder.unlink(name, Identity(*segment.identity))
