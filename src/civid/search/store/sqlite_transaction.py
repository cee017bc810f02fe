"""One change of a gallery in a folder, on its way into the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryDamagedError, GalleryError
from civid.search.arrays.encoding import EncodedFingers
from civid.search.metadata import Metadata
from civid.search.segments.keys import RowSealer
from civid.search.store import layout
from civid.search.store.compaction import Step
from civid.search.store.contents import Contents, Tail
from civid.search.store.layout import State
from civid.search.store.notes import Noted, NoteReader, NoteWriter, digest_of
from civid.search.store.sqlite_errors import translating

Array = npt.NDArray[Any]


class SqliteTransaction:
    """See `civid.search.store.base.Transaction`; the store begins it and commits it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        contents: Contents,
        state: State,
        tail: Tail,
        noted: Noted | None = None,
    ):
        self._connection, self._contents, self._keys = connection, contents, tail.keys
        self._sealer: RowSealer | None = None
        self._tail, self._proof = tail, tail.proof
        self._state = state._replace(
            generation=state.generation + 1, encrypted=int(state.encrypted or tail.keys is not None)
        )
        self._dead: dict[int, int] = {}
        self._after: Contents | None = None
        #: What there is of metadata, and who changes them; made when the first are.
        self.noted = noted
        self._notes: NoteWriter | None = None
        #: How many subjects the tail has lost or gained.
        self.tail = 0
        self.shrunk = False
        #: Its commit was tried: if that failed, it may still be found in the log one day.
        self.in_doubt = False
        self.committed = False

    def state(self) -> State:
        """The state after it."""
        if self.shrunk:
            return self._state._replace(shrunk=self._state.generation)
        return self._state

    @property
    def erased(self) -> bool:
        """Were metadata deleted or replaced?"""
        return self._notes is not None and self._notes.erased

    def finish(self) -> None:
        """Before the commit, once: write what was gathered."""
        if self._notes is not None:
            before = digest_of(self.noted, self._proof)
            self.noted = self._notes.finish()
            self._state = self._state.plus(0, 0, digest_of(self.noted, self._proof) - before)

    def adopt(self) -> Contents:
        """The contents after it; the store takes them when it is committed."""
        if self._after is not None:
            return self._after
        self._contents.apply_tombstones(self._dead)
        return self._contents

    # ---- the gallery's changes

    def add(self, subject_id: str, fingers: EncodedFingers) -> int:
        """See `Transaction`."""
        return self.add_many([(subject_id, fingers)])

    def add_many(self, subjects: Sequence[tuple[str, EncodedFingers]]) -> int:
        """See `Transaction`."""
        if self._keys is not None and self._sealer is None:
            self._sealer = RowSealer(self._keys)
        first, state = self._state.next, self._state
        rows = [
            layout.tail_row(first + i, name, fingers, self._sealer, self._proof)
            for i, (name, fingers) in enumerate(subjects)
        ]
        with translating():
            self._connection.executemany(layout.ADD_TAIL, rows)
        digest = sum(int.from_bytes(row[2], "little") for row in rows)
        self._state = state.plus(len(rows), sum(row[1] for row in rows), digest)._replace(
            next=first + len(rows)
        )
        self.tail += len(rows)
        return first

    def number_from(self, sequence: int) -> None:
        """See `Transaction`."""
        self._state = self._state._replace(next=max(self._state.next, sequence))

    def remove(self, sequence: int) -> None:
        """See `Transaction`."""
        self.remove_many([sequence])

    def remove_many(self, sequences: Sequence[int]) -> None:
        """See `Transaction`."""
        subjects = fingers = digest = 0
        dead: list[tuple[int, int]] = []
        self.shrunk = True
        with translating():
            for sequence in sequences:
                if sequence > self._contents.boundary:
                    count, total = self._remove_from_tail(sequence)
                    digest -= total
                    self.tail -= 1
                else:
                    count = self._fingers_in_segment(sequence)
                    digest += layout.dead_digest(sequence, count, self._proof)
                    dead.append((sequence, count))
                    self._dead[sequence] = count
                subjects += 1
                fingers += count
            self._connection.executemany(layout.ADD_DEAD, dead)
            if self.noted is not None or self._notes is not None:
                for sequence in sequences:
                    self._note_writer().set(sequence, None)
        self._state = self._state.plus(-subjects, -fingers, digest)

    def set_metadata(self, sequence: int, metadata: Metadata | None) -> None:
        """See `Transaction`."""
        with translating():
            self._note_writer().set(sequence, metadata)

    def metadata(self, sequence: int) -> Metadata | None:
        """See `Transaction`."""
        with translating():
            return self._note_writer().get(sequence)

    def _note_writer(self) -> NoteWriter:
        if self._notes is None:
            reader = NoteReader(self._connection, self._proof, self._keys)
            self._notes = NoteWriter(reader, self.noted, self._keys)
        return self._notes

    def _remove_from_tail(self, sequence: int) -> tuple[int, int]:
        """-> its fingers and digest."""
        for subject, digest in self._tail.rows(self._connection, sequence, sequence + 1):
            self._connection.execute(layout.DELETE_TAIL, (sequence,))
            return len(subject.fingers), digest
        raise GalleryDamagedError("stored subjects are missing or changed")

    def _fingers_in_segment(self, sequence: int) -> int:
        found = None if sequence in self._dead else self._contents.find(sequence)
        if found is None:
            raise GalleryDamagedError("stored subjects are missing or changed")
        return int(found[0].enrolled[found[1]])

    # ---- compaction

    def replace(self, step: Step) -> None:
        """Put a new segment into the place of what it was made from.

        What was removed while it was written gets a tombstone in it.
        """
        self.shrunk = True
        old, (first, last) = self._contents, step.covers
        made, fingers = step.table()
        known = not set(step.entries) - set(old.entries)
        if not known or step.tail_start not in (None, old.boundary + 1):
            raise GalleryError("the gallery was compacted otherwise meanwhile")
        before = {number: n for number, n in old.dead.items() if first <= number <= last}
        with translating():
            tail, counts, digest = self._drop_tail(step)
            gone = np.array(sorted(before), np.int64)
            gone = gone[np.isin(gone, made, assume_unique=True)]
            if step.tail_start is not None:
                lost = made[made >= step.tail_start]
                gone = np.concatenate([gone, lost[np.isin(lost, tail, True, invert=True)]])
            rows = np.searchsorted(made, gone)
            dead = dict(zip(gone.tolist(), fingers[rows].tolist(), strict=True))
            living = (
                len(tail) + sum(entry.subjects for entry in step.entries) - len(before),
                counts + sum(entry.fingers for entry in step.entries) - sum(before.values()),
            )
            if living != (len(made) - len(dead), int(fingers.sum()) - sum(dead.values())):
                raise GalleryDamagedError("the gallery was changed behind its writer's back")
            self._connection.execute(layout.DELETE_DEAD_RANGE, (first, last))
            self._connection.executemany(layout.ADD_DEAD, dead.items())
            for entry in step.entries:
                self._connection.execute(layout.DELETE_SEGMENT, (entry.number,))
            new = step.entry()
            self._connection.executemany(layout.ADD_SEGMENT, new)
        entries = [entry for entry in old.entries if entry not in step.entries]
        segments = {entry.number: old.segments[entry.number] for entry in entries}
        if step.segment is not None:
            segments[step.segment.number] = step.segment
        kept = {number: n for number, n in old.dead.items() if number not in before}
        entries = sorted([*entries, *new], key=lambda entry: entry.first)
        self._after = Contents(tuple(entries), segments, kept | dead, self._proof)
        change = self._after.totals()[2] - old.totals()[2]
        self._state = self._state.plus(0, 0, change - digest)
        self.tail -= len(tail)

    def _drop_tail(self, step: Step) -> tuple[Array, int, int]:
        """Delete the rows that went into the segment; -> sequences, fingers, sum of digests."""
        if step.tail_start is None:
            return np.empty(0, np.int64), 0, 0
        covered = (step.tail_start, step.covers[1])
        sequences: list[int] = []
        fingers = digest = 0
        for sequence, count, check in self._connection.execute(layout.READ_DIGESTS, covered):
            sequences.append(sequence)
            fingers += count
            digest += int.from_bytes(check, "little")
        self._connection.execute(layout.DELETE_TAIL_RANGE, covered)
        return np.array(sequences, np.int64), fingers, digest
