"""The truth behind a gallery: encoded templates by sequence number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, Protocol

from civid.search.index import Records


class Subject(NamedTuple):
    """A stored subject; `sequence` rises with every enrolment and is never used again."""

    sequence: int
    subject_id: str
    fingers: Records


class Transaction(Protocol):
    """Changes that happen together or not at all."""

    committed: bool

    def add(self, subject_id: str, fingers: Records) -> int:
        """-> the sequence number."""
        ...

    def remove(self, sequence: int) -> None: ...


class Store(Protocol):
    """Calls take turns by the gallery's lock."""

    def load(self) -> Iterator[Subject]:
        """Every subject by sequence. Complete and unharmed if it ends without an error."""
        ...

    def refresh(self) -> Iterator[Subject] | None:
        """What others have added since; None = more has changed than that, `load` again."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits when the block ends, rolls back when it raises."""
        ...

    def get(self, sequence: int) -> Records | None:
        """The fingers of a subject; None = it was removed by another process."""
        ...

    def close(self) -> None: ...


class MemoryStore:
    """A store that lives as long as the process."""

    def __init__(self) -> None:
        self._subjects: dict[int, Records] = {}
        self._next = 1

    def load(self) -> Iterator[Subject]:
        return iter(())

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

    def get(self, sequence: int) -> Records | None:
        return self._subjects.get(sequence)

    def close(self) -> None:
        self._subjects.clear()


class _MemoryTransaction:
    def __init__(self, following: int):
        self.added: dict[int, Records] = {}
        self.removed: list[int] = []
        self.next = following
        self.committed = False

    def add(self, subject_id: str, fingers: Records) -> int:
        sequence = self.next
        self.added[sequence] = tuple(fingers)
        self.next += 1
        return sequence

    def remove(self, sequence: int) -> None:
        self.removed.append(sequence)
