"""The store of a gallery without a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryError
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress
from civid.search.metadata import Metadata
from civid.search.segments.writer import Make
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.compaction import Step
from civid.search.store.inspection import Description


class MemoryStore:
    """See `Store`. It lives as long as the process: nothing to compact, verify or forget."""

    def __init__(self) -> None:
        self._subjects: dict[int, tuple[str, EncodedFingers]] = {}
        self._notes: dict[int, Metadata] = {}
        self._next = 1
        self._generation = 0
        #: Committed, and perhaps not applied in full: Ctrl-C may come at any time.
        self._committed: _MemoryTransaction | None = None

    def load(self) -> Iterator[Subject]:
        self._apply()
        return (Subject(sequence, *one) for sequence, one in sorted(self._subjects.items()))

    @property
    def generation(self) -> int:
        self._apply()
        return self._generation

    def newest(self) -> int:
        return self.generation

    @property
    def next(self) -> int:
        self._apply()
        return self._next

    def segments(self) -> Sequence[StoredSegment]:
        return ()

    def refresh(self) -> Iterator[Subject] | None:
        return iter(())

    @contextmanager
    def transaction(self) -> Iterator[_MemoryTransaction]:
        self._apply()
        transaction = _MemoryTransaction(self._next, self._generation + 1, self._notes)
        yield transaction
        self._committed = transaction
        transaction.committed = True
        self._apply()

    def _apply(self) -> None:
        """Twice does no harm."""
        if self._committed is not None:
            for sequence in self._committed.removed:
                self._subjects.pop(sequence, None)
                self._notes.pop(sequence, None)
            self._subjects.update(self._committed.added)
            for sequence, metadata in self._committed.notes.items():
                if metadata and sequence in self._subjects:
                    self._notes[sequence] = metadata
                else:
                    self._notes.pop(sequence, None)
            self._next = self._committed.next
            self._generation = self._committed.generation
            self._committed = None

    def get(self, sequence: int) -> EncodedFingers | None:
        self._apply()
        found = self._subjects.get(sequence)
        return None if found is None else found[1]

    def metadata(self, sequence: int) -> Metadata | None:
        self._apply()
        return self._notes.get(sequence)

    def tagged(self, tag: str) -> npt.NDArray[np.int64]:
        self._apply()
        return np.array(
            sorted(sequence for sequence, one in self._notes.items() if tag in one.tags), np.int64
        )

    @property
    def wasteful(self) -> bool:
        return False

    def compact(
        self,
        make: Make,
        *,
        finish: Callable[[Step], None] | None = None,
        index_version: int = 0,
        purge: bool = False,
        on_progress: Progress | None = None,
    ) -> bool:
        return False

    def finish(self, step: Step) -> None:
        raise NotImplementedError("compaction of a store in memory has no steps")

    abandon = finish

    def verify(self, on_progress: Progress | None) -> None:
        pass

    def anchor(self) -> str:
        """There is none."""
        raise GalleryError("a gallery in memory has no anchor")

    def describe(self, here: Description) -> Description:
        return here

    def forget(self) -> None:
        pass

    def close(self) -> None:
        self._committed = None
        self._subjects.clear()
        self._notes.clear()


class _MemoryTransaction:
    def __init__(self, following: int, generation: int, notes: Mapping[int, Metadata]):
        self._notes_before = notes
        self.notes: dict[int, Metadata | None] = {}
        self.added: dict[int, tuple[str, EncodedFingers]] = {}
        self.removed: list[int] = []
        self.next, self.generation = following, generation
        self.committed = False

    def add(self, subject_id: str, fingers: EncodedFingers) -> int:
        return self.add_many([(subject_id, fingers)])

    def add_many(self, subjects: Sequence[tuple[str, EncodedFingers]]) -> int:
        first = self.next
        for name, fingers in subjects:
            self.added[self.next] = name, tuple(fingers)
            self.next += 1
        return first

    def number_from(self, sequence: int) -> None:
        self.next = max(self.next, sequence)

    def remove(self, sequence: int) -> None:
        self.removed.append(sequence)

    def remove_many(self, sequences: Sequence[int]) -> None:
        self.removed += sequences

    def metadata(self, sequence: int) -> Metadata | None:
        if sequence in self.notes:
            return self.notes[sequence]
        return None if sequence in self.removed else self._notes_before.get(sequence)

    def set_metadata(self, sequence: int, metadata: Metadata | None) -> None:
        self.notes[sequence] = metadata
