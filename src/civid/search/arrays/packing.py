"""Templates -> the flat arrays that are searched: packed minutiae and their scan codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from civid._native import address, check, lib
from civid._native.buffers import aligned
from civid.errors import TemplateError
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.search.arrays import encoding
from civid.search.arrays.parts import Array, Part, View
from civid.search.arrays.slices import run_slices

#: What the arrays of a segment mean; rises when templates would be packed or coded otherwise.
INDEX_VERSION = 1
#: What a file says instead where a template carries the number of an extractor. A civid from before
#: there were numbers packs these anew, from the records, and does not take them for damaged.
NUMBERED_VERSION = 2
#: Byte of a packed template that has the number (``native/src/compare/template/packed.h``).
_NUMBER = 6
_INDEXED_A_CALL = 128


class Arrays(NamedTuple):
    """What C makes of some fingers: see `civid.search.arrays.parts.Part`."""

    block: Array
    offsets: Array
    codes: Array
    details: Array


def arrays_of(templates: Sequence[bytes], threads: int = 1) -> Arrays:
    """Pack encoded templates and compute their scan codes; each must have minutiae.

    Raises
    ------
    TemplateError
        A minutia is out of range.
    """
    counts = [encoding.count(data) for data in templates]
    extractors = encoding.numbers_of(encoding.extractors(templates))
    return pack(encoding.minutiae(templates), counts, extractors, threads)


def pack(minutiae: Array, counts: Sequence[int], extractors: Array, threads: int = 1) -> Arrays:
    """The same of minutiae that lie one template after the other, with `counts` of them each."""
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    offsets = np.arange(len(counts) + 1, dtype=np.uint64) * 8 + first.astype(np.uint64) * 8
    made = Arrays(
        aligned(int(offsets[-1]), np.uint8),
        offsets,
        np.empty(first[-1], np.uint64),
        np.empty(first[-1], np.uint64),
    )
    fill(made, minutiae, first, extractors, threads=threads)
    return made


def view_of(fingers: Iterable[tuple[int, Template]]) -> View:
    """One subject, straight from its templates by ascending position: a probe.

    Templates without minutiae have nothing to compare and are left out, as in `Index.append`.
    """
    kept = [(position, template) for position, template in fingers if len(template)]
    counts = [len(template) for _, template in kept]
    minutiae = np.empty(sum(counts), MINUTIA_DTYPE)  # np.concatenate would drop the padding
    if kept:
        np.concatenate([template.minutiae for _, template in kept], out=minutiae)
    by = [template.extractor for _, template in kept]
    made = pack(minutiae, counts, encoding.numbers_of(by))
    positions = np.array([position for position, _ in kept], np.uint8)
    first = np.array([0, len(kept)], np.int64)
    alive, unmeasured = np.ones(1, np.uint8), encoding.unmeasured_of(by)
    return View([Part(*made, positions, first, alive, [""], unmeasured=unmeasured)])


def fill(
    to: Arrays, minutiae: Array, first: Array, extractors: Array, finger: int = 0, threads: int = 1
) -> None:
    """Pack minutiae first[i]:first[i + 1] as finger `finger` + i of a part, for every i.

    `extractors`, uint8, say who found them (`extractor_number`).

    `to.offsets` begins with the offset of finger `finger`; the other arrays are those of the part.

    Raises
    ------
    TemplateError
        A minutia is out of range.
    """

    def work(begin: int) -> int:
        return int(
            lib.civid_index_many(
                address(minutiae, "civid_minutia_t[]"),
                address(first[begin:], "int64_t[]"),
                address(extractors[begin:], "uint8_t[]"),
                min(_INDEXED_A_CALL, len(first) - 1 - begin),
                finger + begin,
                address(to.block, "uint8_t[]", writable=True),
                to.block.nbytes,
                address(to.offsets[begin:], "uint64_t[]"),
                address(to.codes, "uint64_t[]", writable=True),
                address(to.details, "uint64_t[]", writable=True),
            )
        )

    for status in run_slices(work, range(0, len(first) - 1, _INDEXED_A_CALL), threads):
        if status == lib.CIVID_E_VALUE:
            raise TemplateError("a minutia is out of range: position, kind or quality")
        check(status)


def numbered(block: Array, offsets: Array) -> bool:
    """Does any of these packed templates, which begin at `offsets`, carry another number than 0?"""
    return bool(block[offsets.astype(np.int64) + _NUMBER].any())
