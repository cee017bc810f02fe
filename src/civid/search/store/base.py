"""The truth behind a gallery: encoded templates by sequence number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress
from civid.search.metadata import Metadata
from civid.search.segments.segment import Segment
from civid.search.segments.writer import Make

if TYPE_CHECKING:
    from civid.search.store.compaction import Step
    from civid.search.store.inspection import Description


class Subject(NamedTuple):
    """A stored subject; `sequence` rises with every enrolment and is never used again."""

    sequence: int
    subject_id: str
    fingers: EncodedFingers


class StoredSegment(NamedTuple):
    """A segment of a store, and the sequence numbers in it that were removed, ascending."""

    segment: Segment
    dead: npt.NDArray[np.int64]

    @property
    def living(self) -> int:
        """Subjects that were not removed."""
        return self.segment.subjects - len(self.dead)

    def living_sequences(self) -> npt.NDArray[np.int64]:
        """Sequence numbers of who was not removed, ascending."""
        return np.asarray(self.segment.sequences[self.alive().nonzero()[0]], np.int64)

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

    def number_from(self, sequence: int) -> None:
        """Let the next subject have this sequence number, or a later one: the shards of a cluster
        share one order of enrolment."""
        ...

    def remove(self, sequence: int) -> None: ...

    def remove_many(self, sequences: Sequence[int]) -> None:
        """Their metadata go with them."""
        ...

    def metadata(self, sequence: int) -> Metadata | None:
        """As they are inside of this transaction."""
        ...

    def set_metadata(self, sequence: int, metadata: Metadata | None) -> None:
        """Write, replace or (None) delete what is kept of a subject beside its fingers."""
        ...


class Store(Protocol):
    """Calls take turns by the gallery's lock, but for `compact`, which takes its own.

    A subject is in a segment or in the tail. Sequence numbers of the tail are greater than those of
    the segments, and those of a segment greater than those of the segments before it.
    """

    def load(self) -> Iterator[Subject]:
        """The tail by sequence; what `segments` says belongs to it when it has ended.

        Complete and unharmed if it ends without an error; the large sections of segments are
        checked by those who use them.
        """
        ...

    def segments(self) -> Sequence[StoredSegment]:
        """The segments by sequence, as of the last `load`, `refresh`, change or compaction."""
        ...

    @property
    def generation(self) -> int:
        """Of what this object has: another one after each change; -1 = in doubt, `load` again.

        Whoever shows what the store has keeps the number beside it: when a change was interrupted
        on its way from one to the other, the two differ.
        """
        ...

    def newest(self) -> int:
        """The generation that was last acknowledged, by any process."""
        ...

    @property
    def next(self) -> int:
        """The sequence number of the next enrolment."""
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

    def metadata(self, sequence: int) -> Metadata | None:
        """What is kept of a subject beside its fingers, as of now; None = nothing."""
        ...

    def tagged(self, tag: str) -> npt.NDArray[np.int64]:
        """Sequence numbers of the subjects with a tag, as of now, ascending."""
        ...

    @property
    def wasteful(self) -> bool:
        """Is it time to `compact`? Sooner is allowed, too."""
        ...

    def compact(
        self,
        make: Make,
        *,
        finish: Callable[[Step], None] | None = None,
        index_version: int = 0,
        purge: bool = False,
        on_progress: Progress | None = None,
    ) -> bool:
        """Fold the tail and what is too small or too dead into segments; -> was there anything?

        One works at a time: another call waits for it and then does what is left. What is enrolled
        and removed after the call is not waited for. Searches and changes go on meanwhile; each new
        segment is put into its place by `finish`.

        Parameters
        ----------
        make : callable
            Makes the searched form of templates.
        finish : callable, optional
            Called with each step, to give it to `finish` or `abandon`; `Store.finish` itself,
            unless given.
        index_version : int
            Of what `make` makes; segments of another one are rewritten.
        purge : bool
            Rewrite every segment that holds a removed subject, or is encrypted with another key
            than the current one (or not at all).
        on_progress : callable, optional
            Called with (done, total) subjects of each segment.

        Raises
        ------
        GalleryStorageError
            The disk is full or cannot be written; what was there before is there still.
        """
        ...

    def finish(self, step: Step) -> None:
        """Put the segment of a step into its place, in one transaction."""
        ...

    def abandon(self, step: Step) -> None:
        """Instead of `finish`: forget it."""
        ...

    def verify(self, on_progress: Progress | None) -> None:
        """Check every byte; see `civid.search.Gallery.check_integrity`."""
        ...

    def anchor(self) -> str:
        """Which gallery, and after how many transactions; see `civid.search.store.anchors`."""
        ...

    def describe(self, here: Description) -> Description:
        """`here`, and how the store lies on the disk."""
        ...

    def forget(self) -> None:
        """In a forked child: leave the files to the parent."""
        ...

    def close(self) -> None: ...
