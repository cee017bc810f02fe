"""1:N rates against searches that were counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.lab.identification import searches
from civid.lab.metrics import FAILED

SCORES = np.array([[5.0, 7, 1], [1, 9, 1], [2, 8, 8], [FAILED, 0, 3]])
MATES = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], bool)


def test_ranks_count_ties_against_the_mate() -> None:
    found = searches(SCORES, MATES)
    assert found.rank.tolist() == [2, 1, 2, 4]
    assert found.cmc().tolist() == [0.25, 0.75, 0.75]
    assert found.hits(1) == 1
    assert found.other.tolist() == [7, 1, 8, 3]


def test_a_mate_that_failed_is_never_found() -> None:
    found = searches(SCORES, MATES)
    assert found.cmc(3)[-1] == 0.75
    assert found.fnir_at_fpir(1.0).misses == 1


def test_open_set_leaves_the_mate_out_where_everybody_is_enrolled() -> None:
    found = searches(SCORES, MATES)
    assert found.leave_one_out
    point = found.fnir_at_fpir(0.5)  # two of four searches may alarm: 7 and 8 do
    assert (point.false_matches, point.impostors) == (2, 4)
    assert point.threshold == 5.0
    assert (point.misses, point.genuine) == (1, 4)
    assert found.fnir_at_fpir(0.01).rate is None


def test_probes_without_a_mate_are_the_non_mated_searches() -> None:
    mates = MATES.copy()
    mates[3] = False
    found = searches(SCORES, mates)
    assert not found.leave_one_out
    assert found.unenrolled.tolist() == [False, False, False, True]
    assert found.mated.tolist() == [True, True, True, False]
    assert found.fnir_at_fpir(1.0).impostors == 1
    assert found.fnir_at_fpir(1.0).genuine == 3


def test_ignored_comparisons_are_neither() -> None:
    ignored = np.zeros_like(MATES)
    ignored[0, 1] = True
    found = searches(SCORES, MATES, ignored)
    assert found.rank[0] == 1
    assert found.other[0] == 1


@given(st.integers(0, 2**32 - 1))
def test_fpir_and_cmc_are_those_of_a_loop(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 6, (7, 5)).astype(float)
    owner = random.integers(0, 5, 7)
    mates = owner[:, None] == np.arange(5)
    found = searches(scores, mates)
    for k in range(1, 6):
        hits = 0
        for row, mate in zip(scores, owner, strict=True):
            above = sum(1 for j, s in enumerate(row) if j != mate and s >= row[mate])
            hits += above < k
        assert found.cmc()[k - 1] == pytest.approx(hits / 7)
    point = found.fnir_at_fpir(0.5)
    alarms = sum(
        max(s for j, s in enumerate(row) if j != mate) >= point.threshold
        for row, mate in zip(scores, owner, strict=True)
    )
    assert alarms == point.false_matches <= 3
