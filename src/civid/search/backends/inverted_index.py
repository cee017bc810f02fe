"""A first look through inverted lists, which reads only what lies near the probe's minutiae."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.search.arrays.inverted_lists import InvertedLists
from civid.search.arrays.parts import Array, Part, Slots
from civid.search.arrays.prepared import check_gallery
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates
from civid.search.backends.prefilter import TopKBuffer

#: Centres that each minutia of a probe asks, of 1,024; at most 64.
CELLS = 32
#: Questions that one call of `looks` takes.
MOST_LOOKS: int = lib.CIVID_INVERTED_MAX_LOOKS
#: `terms` of a candidate that lists found: its score is on another scale than that of a scan.
LISTED = 2
#: Probes that go through lists together: a list is read from memory once for them, and what they
#: find (1.3 MB each, in lists of 32,768 subjects) is kept until it is added up.
TOGETHER = 32
_MOST_MINUTIAE = 40

_kept = threading.local()

Asked = npt.NDArray[np.uint16]


def asked(probes: Part, slot: int, fingers: int, cells: int = CELLS) -> Asked:
    """What a subject asks of any lists, for `prefilter`: found once for all of them."""
    own = int(probes.first[slot + 1] - probes.first[slot])
    out = np.empty(max(own, 1) * _MOST_MINUTIAE * (1 + cells), np.uint16)
    items = ffi.new("uint64_t *")
    check_gallery(
        lib.civid_inverted_asked(
            probes.pointer,
            slot,
            fingers,
            cells,
            address(out, "uint16_t[]", writable=True),
            len(out),
            items,
        )
    )
    return out[: int(items[0])]


def _scratch(subjects: int, looks: int) -> Array:
    """For several looks of one probe."""
    size = ffi.new("uint64_t *")
    check(lib.civid_inverted_scratch_size(subjects, looks, size))
    return _memory(int(size[0]))


def _scratch_together(subjects: int, probes: int, cells: int) -> Array:
    """For one look of each of some probes, `TOGETHER` of which go through the lists together."""
    if probes == 1:
        return _scratch(subjects, 1)
    size = ffi.new("uint64_t *")
    check(lib.civid_inverted_together_size(subjects, min(probes, TOGETHER), cells, size))
    return _memory(int(size[0]))


def _memory(size: int) -> Array:
    """This thread's memory, kept: a search asks for megabytes of it for each block of lists."""
    memory: Array | None = getattr(_kept, "memory", None)
    if memory is None or memory.nbytes < size:
        memory = _kept.memory = aligned(size, np.uint8)
    return memory


def prefilter(
    probes: Part,
    slots: Slots,
    questions: list[Asked],
    references: Part,
    lists: InvertedLists,
    *,
    keep: int,
    fingers: int,
    any_finger: bool = False,
    after: Slots | None = None,
    cells: int = CELLS,
) -> list[Candidates]:
    """As `civid.search.backends.prefilter.prefilter`, over the subjects of the lists.

    The codes of the references are those in the lists; no others are read. Scores are what both
    stages say of a subject, on the scale of this probe's impostors.

    Parameters
    ----------
    questions : list of array
        What `asked` says of each of the slots, with the same fingers and cells.
    """
    memory = _scratch_together(lists.end - lists.begin, len(slots), cells)
    kept = TopKBuffer(len(slots), keep)
    row = np.concatenate([*questions, np.empty(0, np.uint16)])
    check_gallery(
        lib.civid_inverted_prefilter(
            probes.pointer,
            address(np.ascontiguousarray(slots, np.int64), "int64_t[]"),
            len(slots),
            address(row, "uint16_t[]"),
            len(row),
            cells,
            references.pointer,
            lists.begin,
            address(lists.data, "uint8_t[]"),
            lists.data.nbytes,
            ffi.NULL if after is None else address(np.ascontiguousarray(after), "int64_t[]"),
            fingers,
            lib.CIVID_PREFILTER_ANY_FINGER if any_finger else 0,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            *kept.arguments(),
        ),
        "an inverted list or a packed template",
    )
    found = kept.rows()
    for one in found:
        one["terms"] = LISTED
    return found


class Look(NamedTuple):
    """One of several questions about a probe: with which fingers (bit i = position i), how."""

    positions: int
    any_finger: bool
    keep: int


def looks(
    probes: Part,
    slot: int,
    question: Asked,
    references: Part,
    lists: InvertedLists,
    wanted: Sequence[Look],
    *,
    fingers: int,
    cells: int = CELLS,
) -> list[Candidates]:
    """`prefilter` of a probe with some of its fingers, several times: the same answers, sooner.

    A finger is looked for in the lists of a position once for all who ask.

    Parameters
    ----------
    question : array
        What `asked` says of the slot where one finger is looked at, with the same cells.
    wanted : sequence of Look
        At most `MOST_LOOKS`.
    """
    memory = _scratch(lists.end - lists.begin, len(wanted))
    flag = lib.CIVID_PREFILTER_ANY_FINGER
    rows = [(one.positions, flag * one.any_finger, one.keep) for one in wanted]
    starts = np.cumsum([0, *(one.keep for one in wanted)])
    out = np.empty(starts[-1], CANDIDATE_DTYPE)
    counts = np.zeros(len(wanted), np.int64)
    check_gallery(
        lib.civid_inverted_looks(
            probes.pointer,
            slot,
            address(question, "uint16_t[]"),
            len(question),
            cells,
            references.pointer,
            lists.begin,
            address(lists.data, "uint8_t[]"),
            lists.data.nbytes,
            ffi.new("civid_look_t[]", rows),
            len(rows),
            fingers,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            address(out, "civid_candidate_t[]", writable=True),
            len(out),
            address(counts, "int64_t[]", writable=True),
        ),
        "an inverted list or a packed template",
    )
    out["terms"] = LISTED
    places = zip(starts.tolist(), counts.tolist(), strict=False)
    return [out[start : start + count] for start, count in places]
