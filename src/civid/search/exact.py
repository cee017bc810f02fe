"""The exact backend: every probe is compared with every reference, in C, without the GIL."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from civid._native import address, check, ffi, lib
from civid.search.backend import CANDIDATE_DTYPE, Candidates, Progress
from civid.search.index import View, scratch
from civid.search.rules import LABELLED, Rules
from civid.search.slices import run_slices

#: Subjects a call of C: a fraction of a second, so that progress and Ctrl-C get their turn.
SLICE = 1024
#: A thread is not worth its start for less.
SMALLEST = 64
#: Probes and references of a tile of `pairs`: a row of probes stays in the cache.
ROWS, COLUMNS = 16, 512

Range = tuple[int, int]


class ExactBackend:
    """See `Backend`. The oracle of every faster one."""

    def search(
        self,
        probe: View,
        references: View,
        *,
        limit: int,
        min_score: float,
        threads: int,
        on_progress: Progress | None,
        rules: Rules = LABELLED,
    ) -> Candidates:
        total = references.subjects
        size = min(SLICE, max(SMALLEST, total // (2 * threads)))
        ranges = [(begin, min(begin + size, total)) for begin in range(0, total, size)]
        capacity = min(limit, max(total, 1))

        def work(part: Range) -> Candidates:
            begin, end = part
            out = np.empty(min(capacity, end - begin), CANDIDATE_DTYPE)
            return _search(probe, references, begin, end, rules, min_score, out)

        best = np.empty(0, CANDIDATE_DTYPE)
        for part, found in zip(ranges, run_slices(work, ranges, threads), strict=True):
            merged = np.concatenate([best, found])
            # The order is total and slices come in order: any thread count gives the same answer.
            best = merged[np.lexsort((merged["reference"], -merged["score"]))[:limit]]
            if on_progress is not None:
                on_progress(part[1], total)
        return best

    def pairs(
        self,
        view: View,
        *,
        min_score: float,
        threads: int,
        on_progress: Progress | None,
        rules: Rules = LABELLED,
    ) -> Iterator[Candidates]:
        total = math.comb(view.subjects, 2)
        done = 0
        row: list[Candidates] = []

        def work(tile: tuple[Range, Range]) -> Candidates:
            return _pairs(view, tile[0], tile[1], rules, min_score)

        tiles = _tiles(view.subjects)
        for (probes, references), found in zip(
            _tiles(view.subjects), run_slices(work, tiles, threads), strict=True
        ):
            row.append(found)
            done += _pair_count(probes, references)
            if references[1] == view.subjects:
                hits = np.concatenate(row)
                row = []
                if len(hits):
                    yield hits[np.lexsort((hits["reference"], -hits["score"], hits["probe"]))]
            if on_progress is not None:
                on_progress(done, total)


def _tiles(subjects: int) -> Iterator[tuple[Range, Range]]:
    for begin in range(0, subjects, ROWS):
        rows = (begin, min(begin + ROWS, subjects))
        for column in range(begin, subjects, COLUMNS):
            yield rows, (column, min(column + COLUMNS, subjects))


def _pair_count(probes: Range, references: Range) -> int:
    return sum(references[1] - max(references[0], probe + 1) for probe in range(*probes))


def _search(
    probe: View,
    references: View,
    begin: int,
    end: int,
    rules: Rules,
    min_score: float,
    out: Candidates,
) -> Candidates:
    memory = scratch()
    count = ffi.new("int64_t *")
    check(
        lib.civid_search(
            probe.pointer,
            0,
            references.pointer,
            begin,
            end,
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


def _pairs(
    view: View, probes: Range, references: Range, rules: Rules, min_score: float
) -> Candidates:
    memory = scratch()
    count = ffi.new("int64_t *")
    capacity = (probes[1] - probes[0]) * (references[1] - references[0])
    out = np.empty(capacity, CANDIDATE_DTYPE)
    check(
        lib.civid_search_pairs(
            view.pointer,
            probes[0],
            probes[1],
            view.pointer,
            references[0],
            references[1],
            1,
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
