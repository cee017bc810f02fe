"""Inverted lists: the minutiae of some subjects, sorted by where their codes lie, as bytes.

A segment of the store holds them, or a backend builds them in memory.
``docs/explain/sublinear.md`` tells what they cost, what they save and what they lose.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.errors import GalleryDamagedError, NativeError
from civid.search.arrays.parts import Array, Part

#: Subjects of one block of lists; fewer than which do not pay as one more block, or in memory.
BLOCK, LEAST = 32768, 2048
#: Subjects of a segment from which on it gets lists: so few lie behind a large one for long, and a
#: scan of them cost a search twice what their lists do (``docs/explain/sublinear.md``).
SMALLEST = 512

#: How lists begin: this civid's, and those of any civid but for the first byte.
_MAGIC = b"3TSL"


class InvertedLists:
    """Lists of the subjects `begin`:`end` of a part. Immutable; safe to share.

    They hold the codes of these subjects: drop them where a removed subject must be gone.

    Parameters
    ----------
    data : uint8 array, 64-byte aligned
        As `build` made it; it may go on behind them.
    begin : int
        The part's first subject that they are of.

    Raises
    ------
    GalleryDamagedError
        They do not begin as lists do.
    """

    __slots__ = ("begin", "data", "end", "positions")

    def __init__(self, data: Array, begin: int = 0):
        subjects, size = ffi.new("int64_t *"), ffi.new("uint64_t *")
        positions = ffi.new("uint32_t *")
        try:
            check(
                lib.civid_inverted_describe(
                    address(data, "uint8_t[]"), data.nbytes, subjects, positions, size
                )
            )
        except NativeError:
            raise GalleryDamagedError("the inverted lists of a gallery are damaged") from None
        self.begin, self.end = begin, begin + int(subjects[0])
        self.positions = int(positions[0])
        self.data = data[: int(size[0])]


def size_of(part: Part, begin: int, end: int) -> int:
    """Bytes of the lists of subjects begin:end."""
    size = ffi.new("uint64_t *")
    check(lib.civid_inverted_size(part.pointer, begin, end, size))
    return int(size[0])


def build(part: Part, begin: int, end: int) -> Array:
    """The bytes of the lists of subjects begin:end; at most 65,536 of them."""
    data = aligned(size_of(part, begin, end), np.uint8)
    first, last = int(part.first[begin]), int(part.first[end])
    minutiae = int(part.offsets[last] - part.offsets[first]) // 8 - (last - first)
    scratch = np.empty(max(minutiae, 1), np.uint16)
    check(
        lib.civid_inverted_build(
            part.pointer,
            begin,
            end,
            address(data, "uint8_t[]", writable=True),
            data.nbytes,
            address(scratch, "uint16_t[]", writable=True),
            len(scratch),
        )
    )
    return data


def blocks(subjects: int, size: int = BLOCK, least: int = LEAST) -> Iterator[tuple[int, int]]:
    """How so many subjects are cut: blocks of `size`, the last one longer by less than `least`."""
    begin = 0
    while subjects - begin >= least:
        end = begin + size if subjects - begin >= size + least else subjects
        yield begin, end
        begin = end


def readable(data: Array) -> bool:
    """Are there lists, and of the kind that this civid reads? An older one made others."""
    magic = bytes(data[: len(_MAGIC)])
    return len(data) > 0 and (magic == _MAGIC or magic[1:] != _MAGIC[1:])


def opened(data: Array, subjects: int) -> tuple[InvertedLists, ...]:
    """Blocks of lists, one behind the other, of the first `subjects` subjects or fewer.

    Those of an older civid are passed over: their subjects are scanned until a compaction makes
    lists anew.

    Raises
    ------
    GalleryDamagedError
        They are not.
    """
    found: list[InvertedLists] = []
    at = begin = 0
    if not readable(data):
        return ()
    while at < len(data):
        one = InvertedLists(data[at:], begin)
        found.append(one)
        at, begin = at + len(one.data), one.end
        if one.begin == one.end or begin > subjects:
            raise GalleryDamagedError("the inverted lists of a gallery are damaged")
    return tuple(found)
