"""The store of a gallery without a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress
from civid.search.segments.writer import Make
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.compaction import Step
from civid.search.store.inspection import Description


class MemoryStore:
    """See `Store`. It lives as long as the process: nothing to compact, verify or forget."""

    def __init__(self) -> None:
        self._subjects: dict[int, EncodedFingers] = {}
        self._next = 1

    def load(self) -> Iterator[Subject]:
        return iter(())

    def segments(self) -> Sequence[StoredSegment]:
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

    def describe(self, here: Description) -> Description:
        return here

    def forget(self) -> None:
        pass

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
