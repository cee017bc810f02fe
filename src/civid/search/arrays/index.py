"""The growing part of a gallery: packed templates and scan codes in flat arrays.

Only appended to, so that a search goes on over its `Part` while subjects are added. Segments of the
store hold the same arrays (`civid.search.arrays.parts.Part`).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native.buffers import aligned
from civid.search.arrays import encoding
from civid.search.arrays.encoding import Encoded, EncodedFingers
from civid.search.arrays.packing import Arrays, fill
from civid.search.arrays.parts import Array, Part

#: Compaction pays when more fingers are dead than alive; not for a handful.
_COMPACT_FROM = 1024


class _Grown:
    """An array that grows by half; what was handed out before stays valid."""

    __slots__ = ("data",)

    def __init__(self, dtype: Any, length: int = 64):
        self.data = aligned(length, dtype)

    def reserve(self, used: int, length: int) -> Array:
        if length > len(self.data):
            grown = aligned(max(length, len(self.data) * 3 // 2), self.data.dtype)
            grown[:used] = self.data[:used]
            self.data = grown
        return self.data


class Index:
    """Subjects in enrolment order, each with a slot; slots change only in `compact`.

    Writers take turns by a lock of the gallery. `part` may be called at any time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._views: weakref.WeakSet[Part] = weakref.WeakSet()
        self._clear()

    def _clear(self) -> None:
        self._block = _Grown(np.uint8, 4096)
        self._offsets = _Grown(np.uint64)
        self._codes = _Grown(np.uint64)
        self._details = _Grown(np.uint64)
        self._positions = _Grown(np.uint8)
        self._unmeasured = _Grown(np.uint8)
        self._first = _Grown(np.int64)
        self._alive = _Grown(np.uint8)
        self._offsets.data[0] = 0
        self._first.data[0] = 0
        self.ids: list[str] = []
        self._subjects = self._fingers = 0  # published
        self._staged_subjects = self._staged_fingers = 0
        self._staged_ids: list[str] = []
        self._dead_fingers = 0
        self._unwiped: list[int] = []

    # ---- growing

    def append(
        self,
        ids: Sequence[str],
        subjects: Sequence[EncodedFingers],
        threads: int = 1,
        made: Encoded | None = None,
    ) -> None:
        """Index subjects after the published ones; nobody sees them before `publish`.

        Templates without minutiae have nothing to compare and are left out. `made` is what the
        subjects' templates were encoded to, where that was just now; else they are read and
        checked.
        """
        fingers = [item for records in subjects for item in records]
        if made is None:
            counts = np.array([encoding.count(data) for _, data in fingers], np.int64)
            records = [data for _, data in fingers]
            minutiae, by = encoding.minutiae(records), encoding.extractors(records)
            extractors, unmeasured = encoding.numbers_of(by), encoding.unmeasured_of(by)
        else:
            counts, minutiae = made.counts, made.minutiae
            extractors, unmeasured = made.extractors, made.unmeasured
        kept = np.flatnonzero(counts)
        counts = counts[kept]
        of_subject = np.repeat(np.arange(len(subjects)), [len(records) for records in subjects])
        per_subject = np.bincount(of_subject[kept], minlength=len(subjects))

        start, used = self._staged_fingers, int(self._offsets.data[self._staged_fingers])
        ends = used + np.cumsum(8 + 8 * counts).astype(np.uint64)
        stop = start + len(kept)
        end_of_block = int(ends[-1]) if len(kept) else used
        words, end_of_words = used // 8 - start, end_of_block // 8 - stop
        offsets = self._offsets.reserve(start + 1, stop + 1)
        positions = self._positions.reserve(start, stop)
        offsets[start + 1 : stop + 1] = ends
        positions[start:stop] = np.array([place for place, _ in fingers], np.uint8)[kept]
        self._unmeasured.reserve(start, stop)[start:stop] = unmeasured[kept]
        to = Arrays(
            self._block.reserve(used, end_of_block),
            offsets[start : stop + 1],
            self._codes.reserve(words, end_of_words),
            self._details.reserve(words, end_of_words),
        )
        first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        fill(to, minutiae, first, extractors[kept], start, threads)

        begin, end = self._staged_subjects, self._staged_subjects + len(subjects)
        table = self._first.reserve(begin + 1, end + 1)
        table[begin + 1 : end + 1] = start + np.cumsum(per_subject)
        self._alive.reserve(begin, end)[begin:end] = 1
        self._staged_subjects, self._staged_fingers = end, stop
        self._staged_ids.extend(ids)

    def publish(self, removed: Sequence[int] = ()) -> None:
        """Show what was appended and pass over the removed slots, in one step.

        The bytes of those go when the last view that can see them has gone.
        """
        with self._lock:
            for slot in removed:
                self._alive.data[slot] = 0
                self._dead_fingers += int(self._first.data[slot + 1] - self._first.data[slot])
            self._unwiped.extend(removed)
            self._subjects, self._fingers = self._staged_subjects, self._staged_fingers
            self.ids.extend(self._staged_ids)
            self._staged_ids = []
        self.wipe()

    def discard(self) -> None:
        """Forget what was appended and not published."""
        self._erase(self._fingers, self._staged_fingers)
        self._staged_subjects, self._staged_fingers = self._subjects, self._fingers
        self._staged_ids = []

    # ---- removing

    def wipe(self) -> None:
        """Overwrite removed subjects, unless a running search may still read them."""
        with self._lock:
            if not self._unwiped or len(self._views):
                return
            for slot in self._unwiped:
                self._erase(*(int(finger) for finger in self._first.data[slot : slot + 2]))
                self.ids[slot] = ""
            self._unwiped = []

    def _erase(self, begin: int, end: int) -> None:
        """Overwrite all there is of the fingers begin:end. Their lengths stay readable."""
        start, stop = (int(self._offsets.data[finger]) for finger in (begin, end))
        self._block.data[start:stop] = 0
        words = slice(start // 8 - begin, stop // 8 - end)
        self._codes.data[words] = 0
        self._details.data[words] = 0

    @property
    def wasteful(self) -> bool:
        """Is it time to `compact`?"""
        return self._dead_fingers > max(_COMPACT_FROM, self._fingers - self._dead_fingers)

    def compact(self) -> npt.NDArray[np.intp]:
        """Drop dead subjects; -> the old slots of those that stay, in order."""
        with self._lock:
            slots = np.flatnonzero(self._alive.data[: self._subjects])
            old_first, old_offsets = self._first.data, self._offsets.data
            old_block, old_codes, old_details = (
                self._block.data,
                self._codes.data,
                self._details.data,
            )
            old_positions, old_ids = self._positions.data, self.ids
            old_unmeasured = self._unmeasured.data
            counts = old_first[slots + 1] - old_first[slots]
            first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
            fingers = np.repeat(old_first[slots] - first[:-1], counts) + np.arange(first[-1])
            sizes = old_offsets[fingers + 1] - old_offsets[fingers]
            offsets = np.concatenate([np.zeros(1, np.uint64), np.cumsum(sizes, dtype=np.uint64)])
            self._clear()
            block = self._block.reserve(0, int(offsets[-1]))
            words = int(offsets[-1]) // 8 - len(fingers)
            codes, details = self._codes.reserve(0, words), self._details.reserve(0, words)
            for to, finger in enumerate(fingers):
                begin, end = int(old_offsets[finger]), int(old_offsets[finger + 1])
                at = int(offsets[to])
                block[at : at + end - begin] = old_block[begin:end]
                source = slice(begin // 8 - finger, end // 8 - finger - 1)
                target = slice(at // 8 - to, at // 8 - to + source.stop - source.start)
                codes[target], details[target] = old_codes[source], old_details[source]
            self._offsets.reserve(0, len(offsets))[: len(offsets)] = offsets
            self._positions.reserve(0, len(fingers))[: len(fingers)] = old_positions[fingers]
            self._unmeasured.reserve(0, len(fingers))[: len(fingers)] = old_unmeasured[fingers]
            self._first.reserve(0, len(first))[: len(first)] = first
            self._alive.reserve(0, len(slots))[: len(slots)] = 1
            self.ids = [old_ids[slot] for slot in slots]
            self._subjects = self._staged_subjects = len(slots)
            self._fingers = self._staged_fingers = len(fingers)
            return slots

    # ---- reading

    def part(self, base: int = 0) -> Part:
        """What is published now, its slots counted from `base`. Hold it no longer than needed."""
        with self._lock:
            subjects, fingers = self._subjects, self._fingers
            end = int(self._offsets.data[fingers])
            words = end // 8 - fingers
            part = Part(
                self._block.data[:end],
                self._offsets.data[: fingers + 1],
                self._codes.data[:words],
                self._details.data[:words],
                self._positions.data[:fingers],
                self._first.data[: subjects + 1],
                self._alive.data[:subjects].copy(),
                self.ids,
                base,
                unmeasured=self._unmeasured.data[:fingers],
            )
            self._views.add(part)
            return part

    def unlock(self) -> None:
        """In a forked child: a thread that is not there any more may hold the lock."""
        self._lock = threading.Lock()

    @property
    def fingers(self) -> int:
        """Fingers that can be compared."""
        return self._fingers - self._dead_fingers

    @property
    def nbytes(self) -> int:
        """Bytes of packed templates and codes; removed ones count until they are compacted."""
        end = int(self._offsets.data[self._fingers])
        return end + 16 * (end // 8 - self._fingers)
