"""What a search reads: the parts of a gallery at one moment, as flat arrays for C.

A part is a segment of the store or the growing tail of the gallery. Slots number the subjects of a
view, in order of enrolment, through all its parts.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from civid._native import address, ffi
from civid.errors import GalleryDamagedError

if TYPE_CHECKING:
    from civid.search.arrays.inverted_lists import InvertedLists

Array = npt.NDArray[Any]
Slots = npt.NDArray[np.int64]
_NONE: Final[frozenset[int]] = frozenset()


class Part:
    """Subjects that lie together (``civid_part_t`` in civid.h). Immutable but for `alive`.

    Parameters
    ----------
    block : uint8 array, 8-byte aligned
        Packed templates, one after the other.
    offsets : (fingers + 1,) uint64
        Where each begins, in bytes.
    codes, details : (minutiae,) uint64
        Scan codes, a word of each a minutia, in the order of the block.
    positions : (fingers,) uint8
    first : (subjects + 1,) int64
        The first finger of each subject.
    alive : (subjects,) uint8
        0 = passed over.
    ids : sequence of str
    base : int
        Slot of the first subject.
    lists : tuple of InvertedLists
        Of the first subjects, as far as there are any.
    unmeasured : (fingers,) uint8, optional
        1 = by an extractor whose scores are no false match rates; none is, unless given.

    Raises
    ------
    GalleryDamagedError
        The arrays' lengths do not fit together: C would read past the end of one.
    """

    __slots__ = (
        "__weakref__",
        "_arrays",
        "_unmeasured",
        "alive",
        "base",
        "fingers",
        "first",
        "ids",
        "lists",
        "offsets",
        "pointer",
        "positions",
        "subjects",
    )

    def __init__(
        self,
        block: Array,
        offsets: Array,
        codes: Array,
        details: Array,
        positions: Array,
        first: Array,
        alive: Array,
        ids: Sequence[str],
        base: int = 0,
        lists: tuple[InvertedLists, ...] = (),
        *,
        unmeasured: Array | None = None,
    ):
        self.ids, self.base, self.alive = ids, base, alive
        self.lists, self._unmeasured = lists, unmeasured
        self.first, self.positions, self.offsets = first, positions, offsets
        self.subjects, self.fingers = len(alive), len(positions)
        words = block.nbytes // 8 - self.fingers
        if (len(first), len(offsets)) != (self.subjects + 1, self.fingers + 1) or (
            len(codes) < words or len(details) < words
        ):
            raise GalleryDamagedError("the arrays of a part do not fit together")
        self.pointer = ffi.new("civid_part_t *")
        # from_buffer keeps an array alive as long as its cdata lives.
        self._arrays = (
            address(block, "uint8_t[]"),
            address(offsets, "uint64_t[]"),
            address(positions, "uint8_t[]"),
            address(first, "int64_t[]"),
            address(alive, "uint8_t[]"),
            address(codes, "uint64_t[]"),
            address(details, "uint64_t[]"),
        )
        (
            self.pointer.block,
            self.pointer.offsets,
            self.pointer.positions,
            self.pointer.first,
            self.pointer.alive,
            self.pointer.codes,
            self.pointer.details,
        ) = self._arrays
        self.pointer.block_size = block.nbytes
        self.pointer.finger_count = self.fingers
        self.pointer.subject_count = self.subjects

    @property
    def nbytes(self) -> int:
        """Bytes of packed templates and codes."""
        return int(self.pointer.block_size) * 3 - 16 * self.fingers

    def check(self, begin: int, end: int) -> None:
        """Prove that what a search of these subjects reads is undamaged, where it is mapped."""

    def check_lists(self, begin: int, end: int) -> None:
        """The same of what is read by inverted lists: themselves, and the packed templates."""

    def unmeasured(self, place: int) -> frozenset[int]:
        """The positions of a subject's fingers that are by an extractor whose scores are no false
        match rates (`civid.fingerprint.scores.extractors.is_measured`)."""
        if self._unmeasured is None:
            return _NONE
        fingers = slice(int(self.first[place]), int(self.first[place + 1]))
        if not self._unmeasured[fingers].any():
            return _NONE
        return frozenset(self.positions[fingers][self._unmeasured[fingers] != 0].tolist())

    def living(self, begin: int, end: int) -> Slots:
        """The subjects in a range that are not passed over."""
        return np.flatnonzero(self.alive[begin:end]) + begin


def positions_of(part: Part, place: int) -> npt.NDArray[np.uint8]:
    """The positions of a subject's fingers."""
    return part.positions[int(part.first[place]) : int(part.first[place + 1])]


class View:
    """A gallery as it was at one moment; C reads it without a lock."""

    __slots__ = ("__weakref__", "_bases", "living", "parts", "subjects")

    def __init__(self, parts: Sequence[Part]):
        self.parts = tuple(parts)
        self._bases = [part.base for part in self.parts]
        self.subjects = sum(part.subjects for part in self.parts)
        self.living = sum(int(np.count_nonzero(part.alive)) for part in self.parts)

    def locate(self, slot: int) -> tuple[Part, int]:
        """The part of a slot, and the subject's place in it."""
        part = self.parts[bisect.bisect_right(self._bases, slot) - 1]
        return part, slot - part.base

    def id(self, slot: int) -> str:
        """The id of the subject in a slot."""
        part, place = self.locate(slot)
        return part.ids[place]

    def unmeasured(self, slot: int) -> frozenset[int]:
        """See `Part.unmeasured`."""
        part, place = self.locate(slot)
        return part.unmeasured(place)

    def ranges(self, size: int) -> list[tuple[Part, int, int]]:
        """All subjects in pieces of at most `size`, none across two parts."""
        return [piece for part in self.parts for piece in self.pieces(part, 0, part.subjects, size)]

    def pieces(self, part: Part, begin: int, end: int, size: int) -> list[tuple[Part, int, int]]:
        """The subjects begin .. end - 1 of one of the parts in pieces of at most `size`."""
        return [(part, at, min(at + size, end)) for at in range(begin, end, size)]


#: What `Part._arrays` holds, in its order.
_KINDS = (np.uint8, np.uint64, np.uint8, np.int64, np.uint8, np.uint64, np.uint64)


def joined(views: Sequence[View]) -> Part:
    """The subjects of views of one part each, as probes are, behind one another; copied."""
    parts = [view.parts[0] for view in views]
    arrays = zip(*(part._arrays for part in parts), strict=True)
    block, _, positions, first, alive, codes, details = (
        [np.frombuffer(ffi.buffer(one), kind) for one in some]
        for some, kind in zip(arrays, _KINDS, strict=True)
    )
    return Part(
        np.concatenate(block),
        _behind([part.offsets for part in parts]),
        np.concatenate(codes),
        np.concatenate(details),
        np.concatenate(positions),
        _behind(first),
        np.concatenate(alive),
        [name for part in parts for name in part.ids],
    )


def _behind(starts: Sequence[Array]) -> Array:
    """Where each begins, and the last one ends, once all lie behind one another."""
    ends = np.cumsum([one[-1] for one in starts], dtype=starts[0].dtype)
    moved = [one[1:] + (end - one[-1]) for one, end in zip(starts, ends, strict=True)]
    return np.concatenate([starts[0][:1], *moved])
