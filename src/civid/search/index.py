"""The searched form of a gallery: prepared templates in one block, subjects in flat arrays.

Only appended to, so that a search goes on over its `View` while subjects are added. A later store
can put these very arrays into memory-mapped segments (``civid_subjects_t`` in civid.h).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid.errors import TemplateError
from civid.fingerprint.template import MAX_MINUTIAE
from civid.search import encoding
from civid.search.slices import run_slices

Array = npt.NDArray[Any]

#: A subject as it is indexed: position and encoded template of each finger, positions ascending.
Records = Sequence[tuple[int, bytes]]

_ALIGNMENT = 64
#: Compaction pays when more fingers are dead than alive; not for a handful.
_COMPACT_FROM = 1024
_PREPARED_A_CALL = 128


def _prepared_sizes() -> npt.NDArray[np.uint64]:
    size = ffi.new("uint64_t *")
    sizes = np.zeros(MAX_MINUTIAE + 1, np.uint64)
    for count in range(MAX_MINUTIAE + 1):
        check(lib.civid_prepared_size(count, size))
        sizes[count] = size[0]
    return sizes


def aligned(length: int, dtype: Any) -> Array:
    """An uninitialised array whose memory starts at a multiple of 64."""
    size = length * np.dtype(dtype).itemsize
    raw = np.empty(size + _ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size].view(dtype)


def scratch() -> Array:
    """Workspace of a comparison. Zeros: numbers that happen to lie there are computed with and
    thrown away, and tiny (subnormal) ones were measured to take twice the time."""
    memory = aligned(lib.civid_compare_scratch_size(), np.uint8)
    memory[:] = 0
    return memory


def _prepare(minutiae: Array, first: Array, block: Array, offsets: Array, threads: int) -> None:
    """Fill the block: template i from minutiae first[i]:first[i + 1] to offsets[i]."""

    def work(begin: int) -> int:
        return int(
            lib.civid_prepare_many(
                address(minutiae, "civid_minutia_t[]"),
                address(first[begin:], "int64_t[]"),
                min(_PREPARED_A_CALL, len(first) - 1 - begin),
                address(block, "uint8_t[]", writable=True),
                block.nbytes,
                address(offsets[begin:], "uint64_t[]"),
            )
        )

    for status in run_slices(work, range(0, len(first) - 1, _PREPARED_A_CALL), threads):
        if status == lib.CIVID_E_VALUE:
            raise TemplateError("a minutia is out of range: position, kind or quality")
        check(status)


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


class View:
    """A gallery as it was at one moment; C reads it without a lock."""

    __slots__ = ("__weakref__", "_arrays", "alive", "first", "ids", "living", "pointer", "subjects")

    def __init__(
        self,
        block: Array,
        offsets: Array,
        positions: Array,
        first: Array,
        alive: Array,
        ids: Sequence[str],
    ):
        self.ids = ids
        self.alive = alive
        self.first = first
        self.subjects = len(alive)
        self.living = int(np.count_nonzero(alive))
        self.pointer = ffi.new("civid_subjects_t *")
        # from_buffer keeps an array alive as long as its cdata lives.
        self._arrays = (
            address(block, "uint8_t[]"),
            address(offsets, "uint64_t[]"),
            address(positions, "uint8_t[]"),
            address(first, "int64_t[]"),
            address(alive, "uint8_t[]"),
        )
        target = self.pointer
        target.block, target.offsets, target.positions, target.first, target.alive = self._arrays
        target.block_size = block.nbytes
        target.finger_count = len(positions)
        target.subject_count = self.subjects


class Index:
    """Subjects in enrolment order, each with a slot; slots change only in `compact`.

    Writers take turns by a lock of the gallery. `view` may be called at any time.
    """

    _sizes: npt.NDArray[np.uint64] | None = None

    def __init__(self) -> None:
        if Index._sizes is None:
            Index._sizes = _prepared_sizes()
        self._lock = threading.Lock()
        self._views: weakref.WeakSet[View] = weakref.WeakSet()
        self._clear()

    def _clear(self) -> None:
        self._block = _Grown(np.uint8, 4096)
        self._offsets = _Grown(np.uint64)
        self._positions = _Grown(np.uint8)
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

    def append(self, ids: Sequence[str], subjects: Sequence[Records], threads: int = 1) -> None:
        """Prepare subjects behind the published ones; nobody sees them before `publish`.

        Templates without minutiae have nothing to compare and are left out.
        """
        fingers = [item for records in subjects for item in records]
        counts = np.array([encoding.count(data) for _, data in fingers], np.int64)
        kept = np.flatnonzero(counts)
        counts = counts[kept]
        of_subject = np.repeat(np.arange(len(subjects)), [len(records) for records in subjects])
        per_subject = np.bincount(of_subject[kept], minlength=len(subjects))

        assert Index._sizes is not None
        start, used = self._staged_fingers, int(self._offsets.data[self._staged_fingers])
        ends = used + np.cumsum(Index._sizes[counts], dtype=np.uint64)
        stop = start + len(kept)
        block = self._block.reserve(used, int(ends[-1]) if len(kept) else used)
        offsets = self._offsets.reserve(start + 1, stop + 1)
        positions = self._positions.reserve(start, stop)
        offsets[start + 1 : stop + 1] = ends
        positions[start:stop] = [fingers[i][0] for i in kept]
        minutiae = encoding.minutiae([fingers[i][1] for i in kept])
        first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        _prepare(minutiae, first, block, offsets[start : stop + 1], threads)

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
        begin = int(self._offsets.data[self._fingers])
        end = int(self._offsets.data[self._staged_fingers])
        self._block.data[begin:end] = 0
        self._staged_subjects, self._staged_fingers = self._subjects, self._fingers
        self._staged_ids = []

    # ---- removing

    def wipe(self) -> None:
        """Overwrite removed subjects, unless a running search may still read them."""
        with self._lock:
            if not self._unwiped or len(self._views):
                return
            for slot in self._unwiped:
                begin, end = self._offsets.data[self._first.data[slot : slot + 2]]
                self._block.data[int(begin) : int(end)] = 0
                self.ids[slot] = ""
            self._unwiped = []

    @property
    def wasteful(self) -> bool:
        """Is it time to `compact`?"""
        return self._dead_fingers > max(_COMPACT_FROM, self._fingers - self._dead_fingers)

    def compact(self) -> npt.NDArray[np.intp]:
        """Drop dead subjects; -> the old slots of those that stay, in order."""
        with self._lock:
            slots = np.flatnonzero(self._alive.data[: self._subjects])
            old_first, old_offsets = self._first.data, self._offsets.data
            old_block, old_positions, old_ids = self._block.data, self._positions.data, self.ids
            counts = old_first[slots + 1] - old_first[slots]
            first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
            fingers = np.repeat(old_first[slots] - first[:-1], counts) + np.arange(first[-1])
            sizes = old_offsets[fingers + 1] - old_offsets[fingers]
            offsets = np.concatenate([np.zeros(1, np.uint64), np.cumsum(sizes, dtype=np.uint64)])
            self._clear()
            block = self._block.reserve(0, int(offsets[-1]))
            for to, finger in enumerate(fingers):
                begin, end = int(old_offsets[finger]), int(old_offsets[finger + 1])
                at = int(offsets[to])
                block[at : at + end - begin] = old_block[begin:end]
            self._offsets.reserve(0, len(offsets))[: len(offsets)] = offsets
            self._positions.reserve(0, len(fingers))[: len(fingers)] = old_positions[fingers]
            self._first.reserve(0, len(first))[: len(first)] = first
            self._alive.reserve(0, len(slots))[: len(slots)] = 1
            self.ids = [old_ids[slot] for slot in slots]
            self._subjects = self._staged_subjects = len(slots)
            self._fingers = self._staged_fingers = len(fingers)
            return slots

    # ---- reading

    def view(self) -> View:
        """What is published now. Hold it no longer than the search takes."""
        with self._lock:
            subjects, fingers = self._subjects, self._fingers
            view = View(
                self._block.data[: int(self._offsets.data[fingers])],
                self._offsets.data[: fingers + 1],
                self._positions.data[:fingers],
                self._first.data[: subjects + 1],
                self._alive.data[:subjects].copy(),
                self.ids,
            )
            self._views.add(view)
            return view

    def unlock(self) -> None:
        """In a forked child: a thread that is not there any more may hold the lock."""
        self._lock = threading.Lock()

    @property
    def fingers(self) -> int:
        """Fingers that can be compared."""
        return self._fingers - self._dead_fingers

    @property
    def nbytes(self) -> int:
        """Bytes of prepared templates, without those removed but not compacted yet."""
        return int(self._offsets.data[self._fingers])
