"""Compaction: fold the tail into a segment, and rewrite segments of which much is dead.

Segments are kept like the digits of a number: each has more than twice the living subjects of all
later ones together, or it is merged with them. A million subjects lie in a dozen segments at most,
and each is written about as often as there are segments after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryError
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.slices import Progress
from civid.search.segments.keys import KeyProvider
from civid.search.segments.segment import Segment
from civid.search.segments.writer import (
    Make,
    SegmentWriter,
    Written,
    batch_from,
    batch_of,
    lacks_numbers,
)
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.layout import Entry

Array = npt.NDArray[Any]

#: Subjects that are read and written in one step.
BATCH = 1024
#: A segment is rewritten when a larger share of it is dead.
DEAD_SHARE = 0.2
#: Subjects in the tail that are worth a segment. Whoever opens the gallery reads the tail, 40 us a
#: subject of two fingers: so many, and a million subjects open in 0.1 s.
FOLD_FROM = 1024


class Step(NamedTuple):
    """A new segment that waits for its transaction."""

    #: First and last sequence number of what it covers.
    covers: tuple[int, int]
    #: What it replaces.
    entries: tuple[Entry, ...]
    #: First sequence number of the tail; None = the tail stays.
    tail_start: int | None
    #: None when nobody is left.
    segment: Segment | None

    def table(self) -> tuple[Array, Array]:
        """Sequence numbers and enrolled fingers of its subjects."""
        if self.segment is None:
            return np.empty(0, np.int64), np.empty(0, np.uint8)
        return self.segment.sequences, self.segment.enrolled

    def entry(self) -> list[Entry]:
        """Its row of the manifest, or none."""
        one = self.segment
        if one is None:
            return []
        counts = (one.subjects, one.enrolled_fingers)
        return [Entry(one.number, *self.covers, *counts, one.root)]


class Call:
    """What one call of ``compact`` is about. It returns, whoever enrols and removes meanwhile.

    Parameters
    ----------
    end : int
        Sequence numbers from here on were given after it began.
    """

    def __init__(self, end: int):
        self.end = end
        #: Segments that it has made: not to be made again for what was removed from them since.
        self.made: set[int] = set()


class OneAtATime:
    """Held for the length of a compaction; a thread that holds it cannot ask for it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0

    def __enter__(self) -> None:
        if self._owner == threading.get_ident():
            raise GalleryError("a gallery cannot be compacted from inside its own compaction")
        self._lock.acquire()
        self._owner = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._owner = 0
        self._lock.release()


class Plan(NamedTuple):
    """What to make one segment of: parts[begin:end], and perhaps the tail after them."""

    begin: int
    end: int
    tail: bool


def plan(
    parts: Sequence[StoredSegment],
    tail: int,
    stale: Callable[[StoredSegment], bool],
    made: Set[int] = frozenset(),
) -> Plan | None:
    """What to do next; None = all is well.

    Parameters
    ----------
    parts : sequence of StoredSegment
        The segments.
    tail : int
        Subjects in the tail.
    stale : callable
        Must this segment be rewritten, whatever its size?
    made : set of int
        Numbers of segments that were written just now.
    """
    behind, begin = tail, len(parts)
    for i in range(len(parts) - 1, -1, -1):
        if behind and parts[i].living <= 2 * behind:
            begin = i
        behind += parts[i].living
    if tail or begin < len(parts):
        return Plan(begin, len(parts), tail > 0)
    for i, part in enumerate(parts):
        if part.segment.number not in made and (stale(part) or too_dead(part)):
            return Plan(i, i + 1, False)
    return None


def too_dead(part: StoredSegment) -> bool:
    """Is so much of it dead that it must be rewritten?"""
    return len(part.dead) > DEAD_SHARE * part.segment.subjects


def write(
    path: str,
    parts: Sequence[StoredSegment],
    tail: Iterator[list[Subject]],
    make: Make,
    *,
    number: int,
    index_version: int,
    keys: KeyProvider | None,
    on_progress: Progress,
    total: int,
    folder: int | None = None,
) -> Written | None:
    """Write the living of `parts`, then the tail; None = there are none, and `path` is an empty
    file. Nothing stays when it fails."""
    with SegmentWriter(
        path, number=number, index_version=index_version, keys=keys, folder=folder
    ) as writer:
        for part in parts:
            rebuild = part.segment.index_version != index_version
            hashes = part.segment.hashes()
            for begin, end in _runs(part):
                batch = None if rebuild else batch_from(part.segment, hashes, begin, end)
                if batch is None or (not part.segment.numbered and lacks_numbers(batch)):
                    batch = batch_of(_subjects(part.segment, begin, end), make)
                writer.add(batch)
                on_progress(writer.subjects, total)
        for some in tail:
            writer.add(batch_of(some, make))
            on_progress(writer.subjects, total)
        return writer.finish() if writer.subjects else None


def _runs(part: StoredSegment) -> Iterator[tuple[int, int]]:
    """Rows that follow one another and are alive, at most `BATCH` at once."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], part.alive(), [0]]).astype(np.int8)))
    for low, high in edges.reshape(-1, 2).tolist():
        for begin in range(low, high, BATCH):
            yield begin, min(begin + BATCH, high)


def _subjects(segment: Segment, begin: int, end: int) -> list[tuple[int, str, EncodedFingers]]:
    return [
        (int(segment.sequences[row]), segment.id(row), segment.fingers_of(row))
        for row in range(begin, end)
    ]
