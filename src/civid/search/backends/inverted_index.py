"""Inverted lists: a first look that reads only what lies near the probe's minutiae.

``docs/explain/sublinear.md`` tells what they cost, what they save and what they lose.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.search.arrays.parts import Array, Part, Slots
from civid.search.arrays.prepared import check_gallery
from civid.search.backends.base import Candidates
from civid.search.backends.prefilter import TopKBuffer

#: Centres that are asked for each minutia of a probe; 4, 8, 16, 32 or 64.
CELLS = 16


class InvertedIndex:
    """The minutiae of subjects begin:end of a part, sorted. Immutable; safe to share.

    They hold the codes of these subjects: drop them where a removed subject must be gone.
    """

    __slots__ = ("begin", "data", "end", "fingers")

    def __init__(self, part: Part, begin: int, end: int):
        self.begin, self.end = begin, end
        self.fingers = int(part.first[end] - part.first[begin])
        self.data = aligned(size_of(part, begin, end), np.uint8)
        scratch = np.empty(_minutiae(part, begin, end), np.uint16)
        check(
            lib.civid_inverted_build(
                part.pointer,
                begin,
                end,
                address(self.data, "uint8_t[]", writable=True),
                self.data.nbytes,
                address(scratch, "uint16_t[]", writable=True),
                len(scratch),
            )
        )


def size_of(part: Part, begin: int, end: int) -> int:
    """Bytes of the lists of subjects begin:end."""
    size = ffi.new("uint64_t *")
    check(lib.civid_inverted_size(part.pointer, begin, end, size))
    return int(size[0])


def _minutiae(part: Part, begin: int, end: int) -> int:
    """Minutiae of subjects begin:end: 8 bytes each in the block, and 8 a finger."""
    first, last = int(part.first[begin]), int(part.first[end])
    return int(part.offsets[last] - part.offsets[first]) // 8 - (last - first)


def nearest(probes: Part, slots: Slots, cells: int = CELLS) -> npt.NDArray[np.uint16]:
    """The centres near each minutia of some subjects, for `prefilter`: found once for all lists."""
    items = sum(_minutiae(probes, slot, slot + 1) for slot in slots.tolist()) * cells
    out = np.empty(items, np.uint16)
    check(
        lib.civid_inverted_nearest(
            probes.pointer,
            address(np.ascontiguousarray(slots, np.int64), "int64_t[]"),
            len(slots),
            cells,
            address(out, "uint16_t[]", writable=True),
            items,
        )
    )
    return out


def prefilter(
    probes: Part,
    slots: Slots,
    near: npt.NDArray[np.uint16],
    references: Part,
    lists: InvertedIndex,
    *,
    keep: int,
    fingers: int,
    any_finger: bool = False,
    after: Slots | None = None,
    cells: int = CELLS,
) -> list[Candidates]:
    """As `civid.search.backends.prefilter.prefilter`, over the indexed subjects.

    near : what `nearest` says of the same probes, slots and cells.
    """
    size = ffi.new("uint64_t *")
    check(lib.civid_inverted_scratch_size(lists.end - lists.begin, lists.fingers, size))
    memory = aligned(int(size[0]), np.uint8)
    kept = TopKBuffer(len(slots), keep)
    check_gallery(
        lib.civid_inverted_prefilter(
            probes.pointer,
            address(np.ascontiguousarray(slots, np.int64), "int64_t[]"),
            len(slots),
            address(near, "uint16_t[]"),
            len(near),
            cells,
            references.pointer,
            address(lists.data, "uint8_t[]"),
            lists.data.nbytes,
            ffi.NULL if after is None else address(np.ascontiguousarray(after), "int64_t[]"),
            fingers,
            lib.CIVID_PREFILTER_ANY_FINGER if any_finger else 0,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            *kept.arguments(),
        )
    )
    return kept.rows()


def measure(
    probes: Part, slot: int, lists: Sequence[InvertedIndex], cells: int = CELLS
) -> npt.NDArray[np.uint32]:
    """What a subject with one finger reaches with each finger of the lists, not scaled.

    For training and for pictures.
    """
    near = nearest(probes, np.array([slot], np.int64), cells)
    found: list[Array] = []
    for one in lists:
        sums = np.zeros(one.fingers, np.uint32)
        check(
            lib.civid_inverted_measure(
                probes.pointer,
                slot,
                address(near, "uint16_t[]"),
                len(near),
                cells,
                address(one.data, "uint8_t[]"),
                one.data.nbytes,
                address(sums, "uint32_t[]", writable=True),
                one.fingers,
            )
        )
        found.append(sums)
    return np.concatenate(found)
