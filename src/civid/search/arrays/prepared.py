"""Some subjects of a gallery in the form that is compared, for as long as a comparison takes."""

from __future__ import annotations

import numpy as np

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.errors import GalleryDamagedError
from civid.search.arrays.parts import Part, Slots

#: Every position: bit i = the finger of position i.
ALL_POSITIONS: int = (1 << lib.CIVID_POSITIONS) - 1


def check_gallery(status: int, what: str = "a packed template") -> None:
    """`check`, where something of the gallery, `what`, may be what is wrong.

    Raises
    ------
    GalleryDamagedError
        It is.
    """
    if status == lib.CIVID_E_CORRUPT:
        raise GalleryDamagedError(f"{what} of the gallery is damaged")
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

    __slots__ = ("_arrays", "pointer", "subjects")

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
        self.subjects = len(slots)
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
        target.finger_count = fingers[0]
        target.subject_count = len(slots)
