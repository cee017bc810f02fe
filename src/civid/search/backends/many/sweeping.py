"""Many against many: some probes at a time, from their first look to the last comparison.

One thread does all of it, so that none waits for another between the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from civid.search.arrays.parts import Part, Slots, View, positions_of
from civid.search.arrays.prepared import Prepared, PreparedReferences
from civid.search.arrays.slices import run_slices
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates, PairsQuery, by_score
from civid.search.backends.comparing import search_among, wanted_positions
from civid.search.backends.many.questions import SubjectRange, best_of_ranges

if TYPE_CHECKING:
    from civid.search.backends.cascade import CascadeBackend

#: Each thread has so many batches of probes or more, as long as that leaves one to a batch.
BATCHES_A_THREAD = 4
#: References that lie together for the comparisons of some probes: 16 MB with two fingers.
TOGETHER = 4096


class Sweep:
    """`Backend.pairs` of a backend of the family of `CascadeBackend`. Safe for threads."""

    def __init__(
        self, backend: CascadeBackend, probes: View, references: View, query: PairsQuery
    ) -> None:
        self._backend, self._probes, self._references = backend, probes, references
        self._query, self._once = query, probes is references
        self._held = PreparedReferences()
        left = max(probes.subjects - query.start, 1)
        self._size = min(
            backend.probes_a_call, math.ceil(left / (BATCHES_A_THREAD * query.threads))
        )
        #: Threads of a batch: more than one where there are fewer probes than threads.
        self._within = max(1, query.threads // left)

    def batches(self) -> Iterator[tuple[int, Candidates]]:
        """The slot up to which probes are done, and what these found, best first."""
        ranges = self._probes.ranges(self._size)
        tasks = [one for one in ranges if one[0].base + one[2] > self._query.start]
        found = run_slices(self._batch, tasks, self._query.threads)
        for (part, _, end), rows in zip(tasks, found, strict=True):
            yield part.base + end, rows

    def _batch(self, batch: SubjectRange) -> Candidates:
        part, begin, end = batch
        slots = part.living(max(begin, self._query.start - part.base), end)
        part.check(begin, end)
        own = Prepared(part, slots)
        rows = self._compared(own, part, slots, self._chosen(part, slots))
        return np.concatenate([np.empty(0, CANDIDATE_DTYPE), *rows])

    def _chosen(self, part: Part, slots: Slots) -> list[Slots]:
        """Who is compared in full with each of some probes."""
        living = self._references.living
        wanted = [
            self._backend.compared(living, 0, len(positions_of(part, slot)))
            for slot in slots.tolist()
        ]
        found: dict[int, Slots] = {}
        for most in set(wanted):  # who else is a probe changes no answer
            mine = slots[np.array(wanted) == most]
            found.update(zip(mine.tolist(), self._chosen_alike(part, mine, most), strict=True))
        return [found[slot] for slot in slots.tolist()]

    def _chosen_alike(self, part: Part, slots: Slots, most: int) -> list[Slots]:
        """The same where each is compared with as many."""
        backend, references, rules = self._backend, self._references, self._query.rules
        ready = backend._all_round(backend._ready(part, slots, references))
        behind = part.base + int(slots[0]) if self._once else -1
        ranges = [one for one in backend._ranges(references) if one[0].base + one[2] > behind]

        def look(piece: SubjectRange) -> list[Candidates]:
            other, first, stop = piece
            keep = backend._keep(most, stop - first, references.subjects)
            after = slots + part.base + 1 - other.base if self._once else None
            return backend._look(ready, other, first, stop, keep, rules, after)

        least = backend.least_of_several
        return best_of_ranges(ranges, look, len(slots), most, least, self._within)

    def _compared(
        self, own: Prepared, part: Part, slots: Slots, chosen: Sequence[Slots]
    ) -> list[Candidates]:
        """Each of some probes with its own references, best first."""
        rules, least = self._query.rules, self._query.min_score
        positions = [wanted_positions(part, slot, rules) for slot in slots.tolist()]
        most = TOGETHER if self._within == 1 else self._backend.compared_a_call

        def work(task: Task) -> list[Candidates]:
            theirs = np.unique(np.concatenate(task.chosen))
            ready = self._held.take(task.part, theirs, task.positions)
            found = []
            for p, some in zip(task.probes, task.chosen, strict=True):
                one = search_among(own, p, ready, np.searchsorted(theirs, some), rules, least)
                one["reference"] = theirs[one["reference"]] + task.part.base
                found.append(one)
            return found

        tasks = list(tasks_of(positions, chosen, self._references, most))
        rows: list[list[Candidates]] = [[] for _ in chosen]
        for task, some in zip(tasks, run_slices(work, tasks, self._within), strict=True):
            for p, one in zip(task.probes, some, strict=True):
                rows[p].append(one)
        found = [by_score(np.concatenate([np.empty(0, CANDIDATE_DTYPE), *row])) for row in rows]
        for slot, one in zip((slots + part.base).tolist(), found, strict=True):
            one["probe"] = slot
        return found


class Task(NamedTuple):
    """Comparisons whose references lie in one part and are prepared together."""

    part: Part
    positions: int  # with which of their fingers: bit i = position i
    probes: list[int]
    chosen: list[Slots]  # of the part, by probe


def tasks_of(
    positions: Sequence[int], chosen: Sequence[Slots], references: View, most: int
) -> Iterator[Task]:
    """The comparisons of some probes with their references, in pieces of at most `most`."""
    for part, wanted in product(references.parts, dict.fromkeys(positions)):
        probes: list[int] = []
        pieces: list[Slots] = []
        room = most
        for p in (p for p, mine in enumerate(positions) if mine == wanted):
            inside = (chosen[p] >= part.base) & (chosen[p] < part.base + part.subjects)
            left = chosen[p][inside] - part.base
            while len(left):
                probes.append(p)
                pieces.append(left[:room])
                left, room = left[room:], room - len(pieces[-1])
                if room == 0:
                    yield Task(part, wanted, probes, pieces)
                    probes, pieces, room = [], [], most
        if probes:
            yield Task(part, wanted, probes, pieces)
