"""Several probes at once: one view of the gallery, threads by probe, templates unpacked once.

What a scan costs is arithmetic, not reading: 64 probes that take turns at each tile of codes cost
as much a probe as one does (``benchmarks/search/many.py``). So a scan has one probe a thread,
without a pool of threads for each search; lists are gone through by some probes together, and in
exact search, where a third of the work is to unpack the references, all probes share that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from civid._native import address, check, ffi, lib
from civid._native.buffers import comparison_scratch
from civid.search.arrays.parts import Part, Slots, View
from civid.search.arrays.prepared import ALL_POSITIONS, Prepared
from civid.search.arrays.slices import run_slices
from civid.search.backends.base import (
    CANDIDATE_DTYPE,
    Backend,
    Candidates,
    Questions,
    SearchQuery,
    by_score,
)
from civid.search.backends.comparing import prepare_one, wanted_positions

#: References that are unpacked for all probes: some hundred kB, which stay in the cache.
_TILE = 256


def search_many(
    backend: Backend, probes: Sequence[View], references: View, query: SearchQuery
) -> list[Candidates]:
    """What ``backend.search`` says of each probe, to the bit. Progress counts probes."""
    if len(probes) > 1 and backend.method(references) == "exact":
        return _exact(probes, references, query)
    found = []
    for one in each(backend, probes, references, query):
        found.append(one)
        if query.on_progress is not None:
            query.on_progress(len(found), len(probes))
    return found


def each(
    backend: Backend, probes: Sequence[View], references: View, query: SearchQuery
) -> Iterable[Candidates]:
    """What ``backend.search`` says of each probe, in order.

    A backend with a method ``search_many`` looks once for what probes have in common.
    """
    together = getattr(backend, "search_many", None)
    if together is not None:
        found: Iterable[Candidates] = together(probes, references, replace(query, on_progress=None))
        return found
    alone = replace(query, threads=max(1, query.threads // max(len(probes), 1)), on_progress=None)
    return run_slices(lambda probe: backend.search(probe, references, alone), probes, query.threads)


def search_several(
    backend: Backend, asked: Sequence[Questions], references: View
) -> list[list[Candidates]]:
    """What ``backend.search``, or ``pairs``, says to each question about each probe, to the bit.

    A backend with a method of this name looks once for what those about a probe have in common.
    """
    together = getattr(backend, "search_several", None)
    if together is None:  # compares what it finds in full: `pairs` finds the same
        return [
            [backend.search(one.fingers, references, one.query) for one in questions]
            for _, questions in asked
        ]
    found: list[list[Candidates]] = together(asked, references)
    return found


def _exact(probes: Sequence[View], references: View, query: SearchQuery) -> list[Candidates]:
    own = [prepare_one(probe, 0) for probe in probes]
    positions = 0
    for probe in probes:
        positions |= wanted_positions(*probe.locate(0), query.rules)

    def work(piece: tuple[Part, int, int]) -> list[Candidates]:
        part, begin, end = piece
        part.check(begin, end)
        slots = part.living(begin, end)
        if len(slots) == 0:
            return [np.empty(0, CANDIDATE_DTYPE)] * len(own)
        tile = Prepared(part, slots, positions & ALL_POSITIONS)
        return [_top_k(probe, tile, part, slots, query) for probe in own]

    found = [np.empty(0, CANDIDATE_DTYPE)] * len(own)
    for row in run_slices(work, references.ranges(_TILE), query.threads):
        # The order is total and tiles come in order: any thread count gives the same answer.
        found = [
            by_score(np.concatenate([kept, more]))[: query.limit] if len(more) else kept
            for kept, more in zip(found, row, strict=True)
        ]
    if query.on_progress is not None:
        query.on_progress(len(own), len(own))
    return found


def _top_k(
    probe: Prepared, tile: Prepared, part: Part, slots: Slots, query: SearchQuery
) -> Candidates:
    memory = comparison_scratch()
    count = ffi.new("int64_t *")
    out = np.empty(min(query.limit, len(slots)), CANDIDATE_DTYPE)
    check(
        lib.civid_search(
            probe.pointer,
            0,
            tile.pointer,
            0,
            tile.subjects,
            query.rules.pointer(),
            query.min_score,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            address(out, "civid_candidate_t[]", writable=True),
            len(out),
            count,
        )
    )
    out = out[: count[0]]
    out["reference"] = slots[out["reference"]] + part.base
    return out
