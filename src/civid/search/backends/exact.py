"""The exact backend: every probe is compared with every reference, in C, without the GIL."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from civid.search.arrays.parts import Part, Slots, View
from civid.search.arrays.prepared import Prepared
from civid.search.arrays.slices import run_slices
from civid.search.backends.base import (
    CANDIDATE_DTYPE,
    Candidates,
    PairsQuery,
    Plan,
    SearchQuery,
    by_score,
)
from civid.search.backends.comparing import compare_all, prepare_one, search_top_k, wanted_positions

#: Subjects a call of C: a fraction of a second, so that progress and Ctrl-C get their turn.
SLICE = 1024
#: A thread is not worth its start for less.
SMALLEST = 64
#: Probes and references of a tile of `pairs`: references are unpacked once for all these probes.
ROWS, COLUMNS = 64, 256

SubjectRange = tuple[Part, int, int]


class ExactBackend:
    """See `Backend`. The oracle of every faster one; the answer depends on no parameter.

    Parameters
    ----------
    slice_size : int
        Most subjects in one call of C in `search`.
    rows, columns : int
        Probes and references of one call in `pairs`.
    """

    name = "exact"

    def __init__(self, *, slice_size: int = SLICE, rows: int = ROWS, columns: int = COLUMNS):
        self.slice_size, self.rows, self.columns = slice_size, rows, columns

    def method(self, references: View) -> str:
        """See `Backend`."""
        return "exact"

    def plan(self, probe: View, references: View, query: SearchQuery) -> Plan:
        """What `search` will do."""
        return Plan(self.name, 0, 0, 0, references.living)

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        """See `Backend`."""
        limit, rules, threads = query.limit, query.rules, query.threads
        total = references.subjects
        size = min(self.slice_size, max(SMALLEST, total // (2 * threads)))
        ranges = references.ranges(size)
        own = prepare_one(probe, 0)
        positions = wanted_positions(*probe.locate(0), rules)

        def work(piece: SubjectRange) -> Candidates:
            part, begin, end = piece
            part.check(begin, end)
            return search_top_k(
                own, part, part.living(begin, end), positions, rules, query.min_score, limit
            )

        found = np.empty(0, CANDIDATE_DTYPE)
        for piece, more in zip(ranges, run_slices(work, ranges, threads), strict=True):
            # The order is total and slices come in order: any thread count gives the same answer.
            found = by_score(np.concatenate([found, more]))[:limit]
            if query.on_progress is not None:
                query.on_progress(piece[0].base + piece[2], total)
        return found

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """See `Backend`."""
        rules, min_score, start = query.rules, query.min_score, query.start
        once = probes is references
        done = Pairs(probes, references)
        for part, begin, end in probes.ranges(self.rows):
            if part.base + end <= start:
                continue
            begin = max(begin, start - part.base)
            mine = part.living(begin, end)
            part.check(begin, end)
            own = Prepared(part, mine)
            tiles = references.ranges(self.columns)
            row = []
            if once:
                row = [_numbered(compare_all(own, own, rules, min_score), part, mine, part, mine)]
                tiles = list(_from_slot(tiles, part.base + end))

            def work(
                tile: SubjectRange, own: Prepared = own, part: Part = part, mine: Slots = mine
            ) -> Candidates:
                other, first, last = tile
                other.check(first, last)
                theirs = other.living(first, last)
                if len(mine) == 0 or len(theirs) == 0:
                    return np.empty(0, CANDIDATE_DTYPE)
                hits = compare_all(own, Prepared(other, theirs), rules, min_score)
                return _numbered(hits, part, mine, other, theirs)

            row += run_slices(work, tiles, query.threads)
            yield part.base + end, by_score(np.concatenate([np.empty(0, CANDIDATE_DTYPE), *row]))
            if query.on_progress is not None:
                query.on_progress(done.up_to(part.base + end), done.total)


class Pairs:
    """How many pairs there are, for progress."""

    def __init__(self, probes: View, references: View):
        self._once = probes is references
        self._references = references.subjects
        self.total = self._pairs(probes.subjects)

    def _pairs(self, probes: int) -> int:
        every_pair = probes * self._references
        return every_pair - probes * (probes + 1) // 2 if self._once else every_pair

    def up_to(self, probe: int) -> int:
        """Pairs done when every probe before this one is; those before the start count, too."""
        return self._pairs(probe)


def _from_slot(ranges: list[SubjectRange], slot: int) -> Iterator[SubjectRange]:
    """What of these ranges begins at a slot or later."""
    for part, begin, end in ranges:
        if part.base + end > slot:
            yield part, max(begin, slot - part.base), end


def _numbered(
    hits: Candidates, probes: Part, mine: Slots, references: Part, theirs: Slots
) -> Candidates:
    """From places in the prepared sets to slots of the views."""
    hits["probe"] = mine[hits["probe"]] + probes.base
    hits["reference"] = theirs[hits["reference"]] + references.base
    return hits
