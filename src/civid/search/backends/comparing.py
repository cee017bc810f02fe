"""Calls of C that compare prepared subjects; they release the GIL."""

from __future__ import annotations

import numpy as np

from civid._native import address, check, ffi, lib
from civid._native.buffers import comparison_scratch
from civid.position import Position
from civid.search.arrays.parts import Part, Slots, View, positions_of
from civid.search.arrays.prepared import ALL_POSITIONS, Prepared
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates
from civid.search.backends.rules import Rules


def wanted_positions(probe: Part, slot: int, rules: Rules) -> int:
    """Which fingers of a reference can matter to a probe: bit i = position i."""
    positions: list[int] = positions_of(probe, slot).tolist()
    if rules.swapped or int(Position.UNKNOWN) in positions:
        return int(ALL_POSITIONS)
    return sum((1 << position for position in positions), 1 << int(Position.UNKNOWN))


def search_top_k(
    probe: Prepared, part: Part, slots: Slots, positions: int, rules: Rules, min_score: float,
    limit: int,
) -> Candidates:  # fmt: skip
    """Subject 0 of `probe` against some subjects of a part; the answer has slots of the view."""
    if len(slots) == 0:
        return np.empty(0, CANDIDATE_DTYPE)
    out = _search(probe, 0, Prepared(part, slots, positions), rules, min_score, limit)
    out["reference"] = slots[out["reference"]] + part.base
    return out


def search_among(
    probes: Prepared, probe: int, references: Prepared, chosen: Slots, rules: Rules,
    min_score: float,
) -> Candidates:  # fmt: skip
    """Subject `probe` of some against chosen ones of others, as these are numbered there; for one
    thread at a time."""
    if len(chosen) == 0:
        return np.empty(0, CANDIDATE_DTYPE)
    alive = np.zeros(references.subjects, np.uint8)
    alive[chosen] = 1
    references.pointer.alive = kept = address(alive, "uint8_t[]")
    found = _search(probes, probe, references, rules, min_score, len(chosen))
    references.pointer.alive = ffi.NULL
    del kept
    return found


def _search(
    probes: Prepared, probe: int, references: Prepared, rules: Rules, min_score: float, limit: int
) -> Candidates:
    memory = comparison_scratch()
    count = ffi.new("int64_t *")
    out = np.empty(min(limit, references.subjects), CANDIDATE_DTYPE)
    check(
        lib.civid_search(
            probes.pointer,
            probe,
            references.pointer,
            0,
            references.subjects,
            rules.pointer(),
            min_score,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            address(out, "civid_candidate_t[]", writable=True),
            len(out),
            count,
        )
    )
    return out[: count[0]]


def compare_all(
    probes: Prepared, references: Prepared, rules: Rules, min_score: float
) -> Candidates:
    """All pairs of two sets; of one set (the same object), each pair once."""
    memory = comparison_scratch()
    count = ffi.new("int64_t *")
    capacity = probes.subjects * references.subjects
    out = np.empty(capacity, CANDIDATE_DTYPE)
    check(
        lib.civid_search_pairs(
            probes.pointer,
            0,
            probes.subjects,
            references.pointer,
            0,
            references.subjects,
            int(probes is references),
            rules.pointer(),
            min_score,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            address(out, "civid_candidate_t[]", writable=True),
            capacity,
            count,
        )
    )
    return out[: count[0]].copy()


def prepare_one(view: View, slot: int) -> Prepared:
    """One subject, to be compared."""
    part, place = view.locate(slot)
    return Prepared(part, np.array([place], np.int64))
