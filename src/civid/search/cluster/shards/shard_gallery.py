"""A shard: a gallery whose subjects are numbered in the order of the whole cluster.

The numbers are the sequence numbers of its store. So the epoch, one more than the number of the
last change, is the store's next sequence number: it is written in the transaction of the change
itself, and no second file can disagree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from civid.errors import ClusterError, SubjectNotFoundError
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.parts import View
from civid.search.arrays.slices import thread_count
from civid.search.cluster.shards import changes
from civid.search.cluster.shards.changes import Batch, Change
from civid.search.gallery import Gallery
from civid.search.results import Candidate

Numbers = npt.NDArray[np.int64]
#: A subject as it travels from one replica to another.
Row = tuple[int, str, EncodedFingers]
_ATTEMPTS = 3


class StaleReplicaError(ClusterError):
    """The replica stands at another epoch than the change follows; nothing was changed."""


class ShardGallery(Gallery):
    """See the module; safe for many threads, like every gallery."""

    @property
    def epoch(self) -> int:
        """One more than the number of the last change."""
        with self._writer:
            return self._store.next

    # ---- changes

    def apply(self, batch: Batch) -> list[str]:
        """Make all changes of a batch; -> what came of each (`shards.changes`).

        A batch that was made before is not made again.

        Raises
        ------
        StaleReplicaError
            The replica stands elsewhere.
        GalleryStorageError
            It cannot be written; nothing was changed.
        """
        with self._writer:
            self._open_only()
            self._catch_up()
            if self._store.next == batch.end:
                return [self._after(one) for one in batch.changes]
            if self._store.next != batch.after:
                raise StaleReplicaError("the replica is not at the epoch that the change follows")
            outcomes = [self._outcome(one) for one in batch.changes]
            gone = [
                one.subject
                for one, outcome in zip(batch.changes, outcomes, strict=True)
                if outcome in (changes.REPLACED, changes.REMOVED)
            ]
            rows = [
                (one.number, one.subject, one.fingers)
                for one, outcome in zip(batch.changes, outcomes, strict=True)
                if outcome in (changes.ENROLLED, changes.REPLACED) and one.fingers is not None
            ]
            self._change(gone, rows, batch.end)
        return outcomes

    def _outcome(self, one: Change) -> str:
        there = self._shown.sequence(one.subject)
        if one.fingers is None:
            return changes.ABSENT if there is None else changes.REMOVED
        if there is None:
            return changes.ENROLLED
        if self._same(there, one.fingers):
            return changes.ALREADY
        return changes.REPLACED if one.replace else changes.EXISTS

    def _after(self, one: Change) -> str:
        """What came of a change, when that was said already and did not arrive."""
        there = self._shown.sequence(one.subject)
        if one.fingers is None:
            return changes.REMOVED
        same = there is not None and self._same(there, one.fingers)
        return changes.ENROLLED if same else changes.EXISTS

    def _same(self, sequence: int, fingers: EncodedFingers) -> bool:
        stored = self._store.get(sequence)
        return stored is not None and [tuple(one) for one in stored] == [
            tuple(one) for one in fingers
        ]

    def _change(self, gone: Sequence[str], rows: Sequence[Row], end: int) -> None:
        with self._changing() as change:
            transaction = change.transaction
            if gone:
                transaction.remove_many([self._sequence(name) for name in gone])
                change.removed += gone
            for number, name, fingers in rows:
                transaction.number_from(number)
                change.names.append(name)
                change.sequences.append(transaction.add(name, fingers))
            transaction.number_from(end)
            if rows:
                self._shown.index.append(
                    [name for _, name, _ in rows], [one for *_, one in rows], thread_count(None)
                )

    # ---- who is here, by number

    def living(self) -> Numbers:
        """The numbers of all subjects, ascending."""
        with self._writer:
            self._open_only()
            found = [one.segment.sequences[one.alive() != 0] for one in self._store.segments()]
            tail = [self._shown.sequences[slot] for slot in self._shown.slots.values()]
            return np.concatenate([*found, np.array(tail, np.int64)]).astype(np.int64)

    def digest(self) -> str:
        """Of `living`."""
        return blake2b(self.living().tobytes(), digest_size=16).hexdigest()

    def rows(self, begin: int, end: int, limit: int) -> list[Row]:
        """Subjects with numbers begin .. end - 1 as they are stored, at most `limit`."""
        with self._writer:
            wanted = self.living()
            wanted = wanted[(wanted >= begin) & (wanted < end)][:limit]
            names = self.names(wanted)
            found: list[Row] = []
            for number in wanted.tolist():
                fingers = self._store.get(number)
                if fingers is not None:
                    found.append((number, names[number], tuple(fingers)))
            return found

    def names(self, numbers: Numbers) -> dict[int, str]:
        """The ids of those that are here."""
        with self._writer:
            self._open_only()
            named: dict[int, str] = {}
            wanted = set(numbers.tolist())
            for one in self._store.segments():
                alive = one.alive()
                inside = np.isin(one.segment.sequences, numbers) & (alive != 0)
                for row in np.flatnonzero(inside).tolist():
                    named[int(one.segment.sequences[row])] = one.segment.id(row)
            for name, slot in self._shown.slots.items():
                if self._shown.sequences[slot] in wanted:
                    named[self._shown.sequences[slot]] = name
            return named

    def numbered(self, candidates: Sequence[Candidate]) -> list[tuple[int, Candidate]]:
        """With the numbers of their enrolments.

        Raises
        ------
        SubjectNotFoundError
            One is not here any more.
        """
        return [(self._sequence(one.subject_id), one) for one in candidates]

    def between(self, begin: int, end: int) -> tuple[View, Numbers]:
        """See `SubjectDirectory.numbered_view`."""
        with self._writer:
            self._open_only()
            return self._directory.numbered_view(begin, end)

    # ---- asking

    def find(
        self, search: Callable[[], list[Candidate]]
    ) -> tuple[int, int, list[tuple[int, Candidate]]]:
        """-> epoch, subjects, and what a search finds: all of one moment."""
        for _ in range(_ATTEMPTS):
            before, living = self.epoch, len(self)
            found = search()
            try:
                numbered = self.numbered(found)
            except SubjectNotFoundError:
                continue
            if self.epoch == before:
                return before, living, numbered
        with self._writer:
            return self.epoch, len(self), self.numbered(search())

    # ---- following another replica

    def follow(
        self,
        living: Numbers,
        epoch: int,
        page: Callable[[int], Sequence[Row]],
    ) -> None:
        """Become what another replica is.

        Removals first, then what is missing by ascending number, the epoch last: cut short at any
        point, this replica is behind, and shows it.

        Parameters
        ----------
        living : (n,) int64
            The numbers that the other one has, ascending.
        epoch : int
            Its epoch.
        page : callable
            What it has from a number on, some at a time; nothing = no more.

        Raises
        ------
        StaleReplicaError
            This one has lost something in the middle, or has more than the other: make it anew.
        """
        with self._writer:
            mine = self.living()
            extra = np.setdiff1d(mine, living, assume_unique=True)
            lacking = np.setdiff1d(living, mine, assume_unique=True)
            if self.epoch > epoch or (len(lacking) and lacking[0] < self.epoch):
                raise StaleReplicaError("the replica cannot follow; it must be copied anew")
            if len(extra):
                names = self.names(extra)
                self._change(list(names.values()), [], 0)
        start = int(lacking[0]) if len(lacking) else epoch
        while start < epoch:
            rows = [row for row in page(start) if row[0] < epoch]
            if not rows:
                break
            self._change([], rows, 0)
            start = rows[-1][0] + 1
        self._change([], [], epoch)
