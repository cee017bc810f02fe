"""The truth behind a gallery: encoded templates by sequence number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from civid.search.arrays.encoding import EncodedFingers
from civid.search.segments.segment import Segment


class Subject(NamedTuple):
    """A stored subject; `sequence` rises with every enrolment and is never used again."""

    sequence: int
    subject_id: str
    fingers: EncodedFingers


class Part(NamedTuple):
    """A segment of a store, and the sequence numbers in it that were removed, ascending."""

    segment: Segment
    dead: npt.NDArray[np.int64]

    @property
    def living(self) -> int:
        """Subjects that were not removed."""
        return self.segment.subjects - len(self.dead)

    def alive(self) -> npt.NDArray[np.uint8]:
        """By row of the segment: 1 = there, 0 = removed."""
        mask = np.ones(self.segment.subjects, np.uint8)
        mask[np.searchsorted(self.segment.sequences, self.dead)] = 0
        return mask


class Transaction(Protocol):
    """Changes that happen together or not at all."""

    committed: bool

    def add(self, subject_id: str, fingers: EncodedFingers) -> int:
        """-> the sequence number."""
        ...

    def add_many(self, subjects: Sequence[tuple[str, EncodedFingers]]) -> int:
        """The same for many; -> the sequence number of the first, the others follow it."""
        ...

    def remove(self, sequence: int) -> None: ...

    def remove_many(self, sequences: Sequence[int]) -> None: ...


class Store(Protocol):
    """Calls take turns by the gallery's lock; `SqliteStore` has more for compaction.

    A subject is in a segment or in the tail. Sequence numbers of the tail are greater than those of
    the segments, and those of a segment greater than those of the segments before it.
    """

    def load(self) -> Iterator[Subject]:
        """The tail by sequence; what `segments` says belongs to it when it has ended.

        Complete and unharmed if it ends without an error; the large sections of segments are
        checked by those who use them.
        """
        ...

    def segments(self) -> Sequence[Part]:
        """The segments by sequence, as of the last `load`, `refresh`, change or compaction."""
        ...

    def refresh(self) -> Iterator[Subject] | None:
        """What others have added since; None = more has changed than that, `load` again.

        To load again opens only segments that were not there before.
        """
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits when the block ends, rolls back when it raises."""
        ...

    def get(self, sequence: int) -> EncodedFingers | None:
        """The fingers of a subject; None = it was removed by another process."""
        ...

    def close(self) -> None: ...


class MemoryStore:
    """A store that lives as long as the process."""

    def __init__(self) -> None:
        self._subjects: dict[int, EncodedFingers] = {}
        self._next = 1

    def load(self) -> Iterator[Subject]:
        return iter(())

    def segments(self) -> Sequence[Part]:
        return ()

    def refresh(self) -> Iterator[Subject] | None:
        return iter(())

    @contextmanager
    def transaction(self) -> Iterator[_MemoryTransaction]:
        transaction = _MemoryTransaction(self._next)
        yield transaction
        for sequence in transaction.removed:
            del self._subjects[sequence]
        self._subjects.update(transaction.added)
        self._next = transaction.next
        transaction.committed = True

    def get(self, sequence: int) -> EncodedFingers | None:
        return self._subjects.get(sequence)

    def close(self) -> None:
        self._subjects.clear()


class _MemoryTransaction:
    def __init__(self, following: int):
        self.added: dict[int, EncodedFingers] = {}
        self.removed: list[int] = []
        self.next = following
        self.committed = False

    def add(self, subject_id: str, fingers: EncodedFingers) -> int:
        return self.add_many([(subject_id, fingers)])

    def add_many(self, subjects: Sequence[tuple[str, EncodedFingers]]) -> int:
        first = self.next
        for _, fingers in subjects:
            self.added[self.next] = tuple(fingers)
            self.next += 1
        return first

    def remove(self, sequence: int) -> None:
        self.removed.append(sequence)

    def remove_many(self, sequences: Sequence[int]) -> None:
        self.removed += sequences
