"""Subjects of a gallery in memory: their ids, their places in the store, their prepared prints."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from civid.search.index import Index
from civid.search.parts import View
from civid.search.store import Subject

Item = TypeVar("Item")

#: Subjects that are prepared in one call of C.
_BATCH = 512


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut into lists that are worth a call of C each."""
    items = iter(items)
    while batch := list(itertools.islice(items, _BATCH)):
        yield batch


class Roster:
    """One per state of the store; after other processes have removed subjects, a new one."""

    __slots__ = ("index", "sequences", "slots")

    def __init__(self) -> None:
        self.index = Index()
        #: By id, in order of enrolment.
        self.slots: dict[str, int] = {}
        #: By slot.
        self.sequences: list[int] = []

    def view(self) -> View:
        """What is there now. Hold it no longer than the search takes."""
        return View([self.index.part()])

    def take(self, subjects: Iterable[Subject], threads: int) -> None:
        """Add stored subjects: all of them, or none when reading them fails."""
        taken: list[tuple[str, int]] = []
        try:
            for batch in batches(subjects):
                self.index.append(
                    [subject.subject_id for subject in batch],
                    [subject.fingers for subject in batch],
                    threads,
                )
                taken += [(subject.subject_id, subject.sequence) for subject in batch]
        except BaseException:
            self.index.discard()
            raise
        self.publish(taken, [])

    def publish(self, taken: Sequence[tuple[str, int]], removed: Sequence[str]) -> None:
        """Show the subjects (id, sequence) that were appended to the index; drop the removed."""
        start = len(self.sequences)
        self.index.publish([self.slots.pop(name) for name in removed])
        self.sequences += [sequence for _, sequence in taken]
        self.slots.update((name, start + i) for i, (name, _) in enumerate(taken))
        if self.index.wasteful:
            kept = self.index.compact()
            names = list(self.slots)
            self.sequences = [self.sequences[slot] for slot in kept]
            self.slots = {name: slot for slot, name in enumerate(names)}
