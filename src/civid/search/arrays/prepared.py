"""Some subjects of a gallery in the form that is compared, for as long as a comparison takes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.search.arrays.parts import Array, Part, Slots

#: Bytes of prepared references that `PreparedReferences` holds, unless told.
HELD = 512 << 20
#: Every position: bit i = the finger of position i.
ALL_POSITIONS: int = (1 << lib.CIVID_POSITIONS) - 1


def check_gallery(status: int, what: str = "a packed template") -> None:
    """`check`, where something of the gallery, `what`, may be what is wrong.

    Raises
    ------
    GalleryDamagedError
        It is.
    GalleryFormatError
        A newer civid wrote it: its extractor is not known here.
    """
    if status == lib.CIVID_E_CORRUPT:
        raise GalleryDamagedError(f"{what} of the gallery is damaged")
    if status == lib.CIVID_E_CALIBRATION:
        raise GalleryFormatError(
            f"{what} of the gallery is of an extractor that this civid does not know:"
            " a newer one wrote it"
        )
    check(status)


class Prepared:
    """Subjects with prepared templates (``civid_subjects_t`` in civid.h).

    Parameters
    ----------
    part : Part
    slots : (n,) int64
        Which of its subjects; they are numbered 0 to n - 1 here.
    positions : int
        Bit i = with the finger of position i.

    Raises
    ------
    GalleryDamagedError
        A packed template fails its checks.
    """

    __slots__ = ("_arrays", "_made", "pointer", "subjects")

    def __init__(self, part: Part, slots: Slots, positions: int = ALL_POSITIONS):
        slots = np.ascontiguousarray(slots, np.int64)
        wanted = address(slots, "int64_t[]")
        fingers, size = ffi.new("int64_t *"), ffi.new("uint64_t *")
        check(lib.civid_unpacked_size(part.pointer, wanted, len(slots), positions, fingers, size))
        block = aligned(int(size[0]), np.uint8)
        offsets = np.empty(fingers[0] + 1, np.uint64)
        found = np.empty(fingers[0], np.uint8)
        first = np.empty(len(slots) + 1, np.int64)
        status = lib.civid_unpack_subjects(
            part.pointer,
            wanted,
            len(slots),
            positions,
            address(block, "uint8_t[]", writable=True),
            block.nbytes,
            address(offsets, "uint64_t[]", writable=True),
            address(found, "uint8_t[]", writable=True),
            fingers[0],
            address(first, "int64_t[]", writable=True),
        )
        check_gallery(status)
        self._point(block, offsets, found, first)

    def _point(self, block: Array, offsets: Array, found: Array, first: Array) -> None:
        self.subjects = len(first) - 1
        self._made = block, offsets, found, first
        self.pointer = ffi.new("civid_subjects_t *")
        self._arrays = (
            address(block, "uint8_t[]"),
            address(offsets, "uint64_t[]"),
            address(found, "uint8_t[]"),
            address(first, "int64_t[]"),
        )
        target = self.pointer
        target.block, target.offsets, target.positions, target.first = self._arrays
        target.block_size = block.nbytes
        target.finger_count = len(found)
        target.subject_count = self.subjects

    @classmethod
    def joined(cls, subjects: Sequence[PreparedSubject]) -> Prepared:
        """Subjects that were prepared before, numbered as they come."""
        made = cls.__new__(cls)
        sizes = np.concatenate([np.empty(0, np.uint64), *(one.sizes for one in subjects)])
        offsets = np.concatenate([np.zeros(1, np.uint64), np.cumsum(sizes, dtype=np.uint64)])
        block = aligned(int(offsets[-1]), np.uint8)
        if subjects:
            np.concatenate([one.block for one in subjects], out=block)
        found = np.concatenate([np.empty(0, np.uint8), *(one.positions for one in subjects)])
        counts = [0, *(len(one.positions) for one in subjects)]
        made._point(block, offsets, found, np.cumsum(counts, dtype=np.int64))
        return made

    def each(self) -> list[PreparedSubject]:
        """A copy of every subject by itself."""
        block, offsets, found, first = self._made
        sizes = np.diff(offsets)
        return [
            PreparedSubject(block[int(offsets[a]) : int(offsets[b])].copy(), sizes[a:b], found[a:b])
            for a, b in zip(first[:-1].tolist(), first[1:].tolist(), strict=True)
        ]


class PreparedSubject(NamedTuple):
    """One subject's prepared templates: their bytes, how many each has, and their positions."""

    block: Array
    sizes: Array
    positions: Array


class PreparedReferences:
    """References that are compared with one probe after another, each prepared once: as far as
    there is room; whoever came first goes first. Of one view only. Safe for threads.

    Parameters
    ----------
    most_bytes : int
        Room for them.
    """

    def __init__(self, most_bytes: int = HELD):
        self._lock = threading.Lock()
        self._left = most_bytes
        self._held: dict[tuple[int, int, int], PreparedSubject] = {}

    def take(self, part: Part, slots: Slots, positions: int) -> Prepared:
        """As `Prepared`, of the same subjects."""
        keys = [(part.base, slot, positions) for slot in slots.tolist()]
        found = [self._held.get(key) for key in keys]
        missing = [k for k, one in enumerate(found) if one is None]
        if missing:
            made = Prepared(part, slots[missing], positions).each()
            for k, one in zip(missing, made, strict=True):
                found[k] = one
            self._hold({keys[k]: one for k, one in zip(missing, made, strict=True)})
        return Prepared.joined([one for one in found if one is not None])

    def _hold(self, made: dict[tuple[int, int, int], PreparedSubject]) -> None:
        with self._lock:
            for key, one in made.items():
                if key in self._held:  # another thread made it, too
                    continue
                self._held[key] = one
                self._left -= one.block.nbytes
            while self._left < 0:
                self._left += self._held.pop(next(iter(self._held))).block.nbytes
