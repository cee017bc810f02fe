"""Several searches at once by lists, which some probes go through together.

A list is read from memory once for all of them (``docs/explain/sublinear.md``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from civid.search.arrays.parts import Part, Slots, View, joined, positions_of
from civid.search.arrays.slices import run_slices
from civid.search.backends.base import Candidates, SearchQuery
from civid.search.backends.inverted_index import TOGETHER
from civid.search.backends.many.questions import SubjectRange, best_of_ranges

if TYPE_CHECKING:
    from civid.search.backends.cascade import CascadeBackend


def search_together(
    backend: CascadeBackend, probes: Sequence[View], references: View, query: SearchQuery
) -> Iterator[Candidates]:
    """What ``backend.search`` says of each probe, to the bit."""
    size = max(1, min(TOGETHER, math.ceil(len(probes) / query.threads)))
    batches = [probes[at : at + size] for at in range(0, len(probes), size)]
    # threads of a batch: more than one where there are fewer probes than threads
    within = replace(query, threads=max(1, query.threads // max(len(batches), 1)))

    def work(batch: Sequence[View]) -> list[Candidates]:
        return _batch(backend, batch, references, within)

    for found in run_slices(work, batches, query.threads):
        yield from found


def _batch(
    backend: CascadeBackend, probes: Sequence[View], references: View, query: SearchQuery
) -> list[Candidates]:
    part = joined(probes)
    wanted = np.array(
        [
            backend.compared(references.living, query.limit, len(positions_of(part, slot)))
            for slot in range(len(probes))
        ]
    )
    found: dict[int, Candidates] = {}
    for most in set(wanted.tolist()):
        slots = np.flatnonzero(wanted == most)
        if most >= references.living:
            found.update((p, backend.search(probes[p], references, query)) for p in slots.tolist())
            continue
        chosen = _chosen(backend, part, slots, references, query, most)
        for p, some in zip(slots.tolist(), chosen, strict=True):
            found[p] = backend._compare(
                probes[p], 0, references, some, query, query.limit, query.threads
            )
    return [found[p] for p in range(len(probes))]


def _chosen(
    backend: CascadeBackend,
    part: Part,
    slots: Slots,
    references: View,
    query: SearchQuery,
    most: int,
) -> list[Slots]:
    """Who is compared in full with each of some probes: as many with each."""
    ready = backend._all_round(backend._ready(part, slots, references))

    def look(piece: SubjectRange) -> list[Candidates]:
        other, begin, end = piece
        size = max(len(other.living(begin, end)), 1)  # a search among some has few in a range
        keep = backend._keep(most, size, references.living)
        return backend._look(ready, other, begin, end, keep, query.rules)

    ranges, least = backend._ranges(references), backend.least_of_several
    return best_of_ranges(ranges, look, len(slots), most, least, query.threads)
