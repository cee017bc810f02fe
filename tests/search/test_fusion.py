from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from civid._native import ffi, lib
from civid.errors import SearchError
from civid.search import fuse

scores = st.floats(0, 400, width=32)


@given(st.lists(scores, min_size=2, max_size=11))
def test_follows_the_chi_square_distribution(values: list[float]) -> None:
    statistic = 2 * math.log(10) / 10 * sum(values)
    expected = -10 / math.log(10) * stats.chi2.logsf(statistic, 2 * len(values))
    assert fuse(values) == pytest.approx(expected, rel=2e-6, abs=1e-5)


@given(st.lists(st.floats(0, 60), min_size=2, max_size=10))
def test_follows_scipy_combine_pvalues(values: list[float]) -> None:
    combined = stats.combine_pvalues([10 ** (-s / 10) for s in values], method="fisher").pvalue
    assert fuse(values) == pytest.approx(-10 * math.log10(combined), rel=1e-5, abs=1e-4)


@given(scores)
def test_one_score_stays_as_it_is(score: float) -> None:
    assert fuse([score]) == score


@given(st.lists(scores, min_size=2, max_size=11), st.randoms())
def test_order_does_not_matter(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    # Sums of eleven float32 in double: what order can change lies below a float32 of the result.
    assert fuse(shuffled) == pytest.approx(fuse(values), rel=2e-7)


@given(st.lists(scores, min_size=1, max_size=10), st.integers(0, 9), st.floats(1, 50))
def test_a_higher_score_never_lowers_the_result(
    values: list[float], place: int, more: float
) -> None:
    higher = list(values)
    higher[place % len(values)] += more
    assert fuse(higher) >= fuse(values)


def test_uniform_p_values_fuse_to_uniform_p_values() -> None:
    rng = np.random.default_rng(5)
    for k in (2, 5, 10):
        p = [10 ** (-fuse(row) / 10) for row in -10 * np.log10(rng.random((4000, k)))]
        assert stats.kstest(p, "uniform").pvalue > 1e-3


def test_many_or_few_extremes() -> None:
    assert fuse([0.0] * 11) == 0.0
    assert math.isfinite(fuse([1e30] * 11))
    assert fuse([3e38]) == pytest.approx(3e38)


def test_the_same_bits_everywhere() -> None:
    # Written once; a platform that gives other bits would order candidates differently.
    expected = ["0x1.8258140000000p+5", "0x1.3ac6480000000p+5", "0x1.1a4f680000000p+3"]
    rows = [[30.0, 30.0], [10.5, 20.25, 31.125, 4.75], [3.0] * 11]
    assert [fuse(row).hex() for row in rows] == expected


@pytest.mark.parametrize(
    "values", [[], [1.0] * 12, [-1.0], [float("nan")], [float("inf"), 1.0], [[1.0]]]
)
def test_refuses_what_is_no_list_of_scores(values: list[float]) -> None:
    with pytest.raises(SearchError):
        fuse(values)


def test_c_refuses_the_same() -> None:
    out = ffi.new("float *")
    assert lib.civid_fuse(ffi.NULL, 1, out) == lib.CIVID_E_NULL
    assert lib.civid_fuse(ffi.new("float[]", [1.0]), 0, out) == lib.CIVID_E_COUNT
    assert lib.civid_fuse(ffi.new("float[]", [1.0] * 12), 12, out) == lib.CIVID_E_COUNT
    assert lib.civid_fuse(ffi.new("float[]", [-1.0]), 1, out) == lib.CIVID_E_VALUE
    assert lib.civid_fuse(ffi.new("float[]", [float("nan")]), 1, out) == lib.CIVID_E_VALUE
