"""Many against many: who shares a batch, a thread or a comparison's memory changes no answer."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.prints import impression, template
from tests.search.views import cut, rows

from civid.position import Position
from civid.search.arrays.parts import View
from civid.search.arrays.prepared import Prepared
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates, PairsQuery
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.comparing import search_among, search_top_k
from civid.search.backends.inverted import IndexBackend
from civid.search.backends.many.sweeping import tasks_of
from civid.search.backends.rules import LABELLED

THUMB, INDEX = Position(1), Position(2)
PRINTS = [template(seed, 25) for seed in range(45)]
#: Every third has one finger, which is compared with more; some are there twice.
MIXED = [
    {THUMB: one, INDEX: impression(one, k)} if k % 3 else {THUMB: one}
    for k, one in enumerate([*PRINTS, *PRINTS[:9]])
]


def everything(backend: CascadeBackend, view: View, **options: int) -> Candidates:
    found = [some for _, some in backend.pairs(view, view, PairsQuery(**options))]
    return np.concatenate([np.empty(0, CANDIDATE_DTYPE), *found])


@pytest.mark.parametrize("by_lists", [False, True])
def test_neither_threads_nor_batches_change_what_one_or_two_fingers_find(by_lists: bool) -> None:
    view = cut(MIXED, 30)
    wanted = {"share": 0.2, "share_of_several": 0.1, "least": 2, "oversampling": 1}

    def make(batch: int) -> CascadeBackend:
        if by_lists:
            return IndexBackend(
                **wanted, probes_a_call=batch, least_block=4, build_from=1, range_size=10
            )
        return CascadeBackend(**wanted, probes_a_call=batch, range_size=10)

    found = rows(everything(make(64), view))
    assert len({probe for probe, *_ in found}) > 40
    for batch, threads in ((64, 2), (64, 100), (1, 1), (5, 3)):
        assert rows(everything(make(batch), view, threads=threads)) == found
    for start in (1, 17, 53, 54):
        rest = rows(everything(make(64), view, start=start, threads=2))
        assert rest == [row for row in found if row[0] >= start]


@given(
    st.lists(st.tuples(st.sampled_from([2, 6]), st.sets(st.integers(0, 53))), max_size=9),
    st.integers(1, 20),
)
def test_every_comparison_is_in_one_task(asked: list[tuple[int, set[int]]], most: int) -> None:
    view = cut(MIXED, 11, 30)
    chosen = [np.array(sorted(some), np.int64) for _, some in asked]
    made: Counter[tuple[int, int]] = Counter()
    for task in tasks_of([positions for positions, _ in asked], chosen, view, most):
        assert 0 < sum(map(len, task.chosen)) <= most
        for p, some in zip(task.probes, task.chosen, strict=True):
            assert asked[p][0] == task.positions
            made.update((p, slot + task.part.base) for slot in some.tolist())
    assert made == Counter((p, slot) for p, (_, some) in enumerate(asked) for slot in some)


def test_among_others_the_same_is_found_as_by_itself() -> None:
    (part,) = cut(MIXED).parts
    probes, every = Prepared(part, np.array([3, 0])), np.arange(0, 54, 2)
    references = Prepared(part, every)
    for p, slot in enumerate((3, 0)):
        for places in ([0, 5, 26], [26], [], list(range(27))):
            chosen = np.array(places, np.int64)
            found = search_among(probes, p, references, chosen, LABELLED, 0.0)
            found["probe"], found["reference"] = 0, every[found["reference"]]
            one = Prepared(part, np.array([slot]))
            alone = search_top_k(one, part, every[chosen], 6, LABELLED, 0.0, len(places))
            assert rows(found) == rows(alone)
