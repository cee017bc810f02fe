"""Who is in a gallery, and where: the segments of its store, and the tail that is in memory."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.index import Index
from civid.search.arrays.parts import Part, View
from civid.search.segments.part import SegmentPart
from civid.search.segments.segment import id_hashes
from civid.search.store.base import Store, StoredSegment, Subject

Item = TypeVar("Item")

#: Subjects that are indexed in one call of C.
_BATCH = 512


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut into lists that are worth a call of C each."""
    items = iter(items)
    while batch := list(itertools.islice(items, _BATCH)):
        yield batch


class SubjectDirectory:
    """One per state of the segments; the tail grows in it."""

    __slots__ = ("_parts", "_stored", "index", "lock", "sequences", "slots")

    def __init__(self, stored: Sequence[StoredSegment] = (), threads: int = 1) -> None:
        self.index = Index()
        #: Held while the tail is published, and by who needs a view and `slots` of one moment.
        self.lock = threading.RLock()
        #: Of the tail, by id, in order of enrolment.
        self.slots: dict[str, int] = {}
        #: Of the tail, by slot.
        self.sequences: list[int] = []
        self._stored: tuple[StoredSegment, ...] = ()
        self._parts: tuple[SegmentPart, ...] = ()
        self.apply_tombstones(stored, threads)

    def apply_tombstones(self, stored: Sequence[StoredSegment], threads: int = 1) -> None:
        """Take over segments whose tombstones may have changed; the others stay as they are."""
        known = dict(zip((id(one.segment) for one in self._stored),
                         zip(self._stored, self._parts, strict=True), strict=True))  # fmt: skip
        parts: list[SegmentPart] = []
        base = 0
        for one in stored:
            before = known.get(id(one.segment))
            if before is not None and before[0].dead is one.dead and before[1].base == base:
                parts.append(before[1])
            else:
                parts.append(SegmentPart(one.segment, one.alive(), base, threads))
            base += one.segment.subjects
        self._stored, self._parts = tuple(stored), tuple(parts)

    # ---- who

    def __len__(self) -> int:
        return sum(part.living for part in self._stored) + len(self.slots)

    def __iter__(self) -> Iterator[str]:
        for stored, part in zip(self._stored, self._parts, strict=True):
            alive = part.alive
            yield from (name for row, name in enumerate(stored.segment.ids()) if alive[row])
        yield from list(self.slots)

    def sequence(self, subject_id: object) -> int | None:
        """Where the store has a subject; None = not here."""
        if isinstance(subject_id, str):
            slot = self.slots.get(subject_id)
            if slot is not None:
                return self.sequences[slot]
            try:
                subject_id.encode()
            except UnicodeEncodeError:  # a lone surrogate: nobody is called so
                return None
            for stored, part in zip(self._stored, self._parts, strict=True):
                # An id comes again where a subject was replaced within one segment's span.
                for row in stored.segment.rows(subject_id):
                    if part.alive[row]:
                        return int(stored.segment.sequences[row])
        return None

    def sequences_of(self, ids: Sequence[str]) -> dict[str, int]:
        """The same for those of many subject ids (`civid.search.fingers.subject_id`) that are here:
        a segment is asked for all of them at once."""
        slots, sequences = self.slots, self.sequences
        found = {name: sequences[slots[name]] for name in ids if name in slots}
        if self._stored and (rest := [name for name in ids if name not in found]):
            hashes = id_hashes(rest)
            for stored, part in zip(self._stored, self._parts, strict=True):
                for place, row in stored.segment.rows_of(rest, hashes):
                    if part.alive[row]:
                        found[rest[place]] = int(stored.segment.sequences[row])
        return found

    @property
    def last(self) -> int:
        """The sequence number of the last subject of the tail, 0 if it is empty."""
        return self.sequences[-1] if self.sequences else 0

    def tail_sequences(self) -> npt.NDArray[np.int64]:
        """By slot of the tail, those of removed subjects, too; with the lock held."""
        return np.array(self.sequences, np.int64)

    def newest(self, after: int) -> list[str]:
        """Ids of the tail from this slot on, of who is still here."""
        names = itertools.islice(reversed(self.slots.items()), len(self.sequences) - after)
        return [name for name, slot in names if slot >= after][::-1]

    def lacking(self, other: SubjectDirectory) -> list[str]:
        """Ids, in order of enrolment, of who is here and not in another state of this gallery.

        Segments that both have as they are cost nothing.
        """
        dead = {id(one.segment): one.dead for one in other._stored}
        same = {
            id(one.segment)
            for one in self._stored
            if id(one.segment) in dead and np.array_equal(dead[id(one.segment)], one.dead)
        }
        theirs = np.concatenate(
            [np.empty(0, np.int64)]
            + [one.living_sequences() for one in other._stored if id(one.segment) not in same]
            + [other.living_in_tail()[1]]
        )
        found: list[str] = []
        for one in self._stored:
            if id(one.segment) in same:
                continue
            mine = one.living_sequences()
            lost = np.setdiff1d(mine, theirs, assume_unique=True).tolist()
            found += [one.segment.id(one.segment.row_of(sequence)) for sequence in lost]
        names, mine = self.living_in_tail()
        away = ~np.isin(mine, theirs, assume_unique=True)
        return found + [names[i] for i in np.flatnonzero(away).tolist()]

    def living_in_tail(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """Ids and sequence numbers, ascending."""
        places = sorted(self.slots.items(), key=lambda item: item[1])
        return [name for name, _ in places], np.array(
            [self.sequences[slot] for _, slot in places], np.int64
        )

    def unlock(self) -> None:
        """In a forked child: a thread that is not there any more may hold the locks."""
        self.lock = threading.RLock()
        self.index.unlock()

    @property
    def fingers(self) -> int:
        """Fingers that can be compared."""
        of_parts = 0
        for part in self._parts:
            of_parts += part.fingers
            dead = part.subjects - int(part.alive.sum())
            if dead:
                counts = part.first[1:] - part.first[:-1]
                of_parts -= int(counts[part.alive == 0].sum())
        return of_parts + self.index.fingers

    @property
    def nbytes(self) -> int:
        """Bytes of packed templates and codes, mapped ones too."""
        return self.index.nbytes + sum(part.nbytes for part in self._parts)

    def view(self) -> View:
        """What is there now. Hold it no longer than the search takes."""
        base = sum(part.subjects for part in self._parts)
        return View([*self._parts, self.index.part(base)])

    def numbered_view(self, begin: int, end: int) -> tuple[View, npt.NDArray[np.int64]]:
        """A view of the living with sequence numbers begin .. end - 1, and those of its slots."""
        base, parts = 0, list[Part]()
        numbers = [np.empty(0, np.int64)]
        for stored, part in zip(self._stored, self._parts, strict=True):
            sequences = stored.segment.sequences
            alive = part.alive & ((sequences >= begin) & (sequences < end)).view(np.uint8)
            parts.append(SegmentPart(stored.segment, alive, base, 1))
            numbers.append(sequences)
            base += part.subjects
        tail = self.index.part(base)
        sequences = np.array(self.sequences[: tail.subjects], np.int64)
        tail.alive &= ((sequences >= begin) & (sequences < end)).view(np.uint8)
        return View([*parts, tail]), np.concatenate([*numbers, sequences])

    def stored_fingers(self, store: Store, most: int | None = None) -> Iterator[EncodedFingers]:
        """What the store holds of every subject that is here now; of `most` at most, spread from
        the first to the last."""
        spread, base = _spread(len(self), most), 0
        for stored, part in zip(self._stored, self._parts, strict=True):
            rows = part.alive.nonzero()[0]
            for row in rows[_within(spread, base, len(rows))].tolist():
                yield stored.segment.fingers_of(row)
            base += len(rows)
        slots = np.array(list(self.slots.values()), np.intp)
        for slot in slots[_within(spread, base, len(slots))].tolist():
            fingers = store.get(self.sequences[slot])
            if fingers is not None:  # else removed by another process meanwhile
                yield fingers

    # ---- the tail

    def take(self, subjects: Iterable[Subject], threads: int) -> None:
        """Add stored subjects: all of them, or none when reading them fails."""
        names, sequences = list[str](), list[int]()
        try:
            for batch in batches(subjects):
                self.index.append(
                    [subject.subject_id for subject in batch],
                    [subject.fingers for subject in batch],
                    threads,
                )
                names += [subject.subject_id for subject in batch]
                sequences += [subject.sequence for subject in batch]
        except BaseException:
            self.index.discard()
            raise
        self.publish(names, sequences, [])

    def publish(
        self, names: Sequence[str], sequences: Sequence[int], removed: Sequence[str]
    ) -> None:
        """Show the subjects that were appended to the index, by id and sequence number; drop the
        removed ones of the tail."""
        with self.lock:
            start = len(self.sequences)
            self.index.publish([self.slots.pop(name) for name in removed if name in self.slots])
            self.sequences += sequences
            self.slots.update(zip(names, range(start, start + len(names)), strict=True))
            if self.index.wasteful:
                kept = self.index.compact()
                names = list(self.slots)
                self.sequences = [self.sequences[slot] for slot in kept]
                self.slots = {name: slot for slot, name in enumerate(names)}


def _spread(count: int, most: int | None) -> npt.NDArray[np.intp] | None:
    """So many of the places 0 .. count - 1, the last one among them; None = all."""
    if most is None or count <= most:
        return None
    return np.linspace(count - 1, 0, most).astype(np.intp)[::-1]


def _within(
    spread: npt.NDArray[np.intp] | None, base: int, count: int
) -> slice | npt.NDArray[np.intp]:
    """Those of the places that lie in a part, counted from its beginning."""
    if spread is None:
        return slice(None)
    return spread[(spread >= base) & (spread < base + count)] - base
