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
RHO = 0.06


def shape(k: int) -> float:
    return k / (1 + RHO * (k - 1))


def tail(values: list[float], of_shape: float) -> float:
    x = math.log(10) / 10 * sum(values) * shape(len(values)) / len(values)
    return float(-10 / math.log(10) * stats.gamma.logsf(x, of_shape))


@given(st.lists(scores, min_size=2, max_size=11))
def test_follows_the_gamma_distribution(values: list[float]) -> None:
    exact = tail(values, shape(len(values)))
    assert exact - 1e-4 * (1 + exact) <= fuse(values) <= exact + 0.23 + 1e-5 * exact


@given(st.lists(scores, min_size=2, max_size=11))
def test_is_interpolated_between_whole_shapes(values: list[float]) -> None:
    whole, share = int(shape(len(values))), shape(len(values)) % 1
    expected = (1 - share) * tail(values, whole) + share * tail(values, whole + 1)
    assert fuse(values) == pytest.approx(expected, rel=2e-6, abs=1e-5)


@given(st.lists(st.floats(0, 60), min_size=2, max_size=10))
def test_stays_near_fisher_and_mostly_below(values: list[float]) -> None:
    combined = stats.combine_pvalues([10 ** (-s / 10) for s in values], method="fisher").pvalue
    independent = -10 * math.log10(combined)
    assert fuse(values) < independent + 1.5  # it gives more only where p is large anyhow
    if independent > 12:
        assert 0.6 * independent < fuse(values) <= independent


@given(scores)
def test_one_score_stays_as_it_is(score: float) -> None:
    assert fuse([score]) == score


@given(st.lists(scores, min_size=2, max_size=11), st.randoms())
def test_order_does_not_matter(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fuse(shuffled) == fuse(values)


@given(st.lists(scores, min_size=1, max_size=10), st.integers(0, 9), st.floats(1, 50))
def test_a_higher_score_never_lowers_the_result(
    values: list[float], place: int, more: float
) -> None:
    higher = list(values)
    higher[place % len(values)] += more
    assert fuse(higher) >= fuse(values)


@pytest.mark.parametrize("k", [2, 5, 10])
def test_dependent_fingers_keep_their_nominal_rate(k: int) -> None:
    """Impostor p-values whose -ln are exponential and share a covariance of RHO."""
    rng = np.random.default_rng(5)
    # A Gaussian copula; 0.08 between the normals makes about 0.06 between the exponentials.
    common, own = rng.standard_normal((40_000, 1)), rng.standard_normal((40_000, k))
    p = stats.norm.sf(math.sqrt(0.08) * common + math.sqrt(0.92) * own)
    logs = np.log(p)
    assert np.cov(logs[:, 0], logs[:, 1])[0, 1] == pytest.approx(RHO, abs=0.02)
    fused = np.array([fuse(row) for row in -10 * np.log10(p)])
    for score in (3, 10, 20):
        nominal = 10 ** (-score / 10)
        assert np.mean(fused >= score) == pytest.approx(nominal, rel=0.25)


def test_many_or_few_extremes() -> None:
    assert fuse([0.0] * 11) == 0.0
    assert math.isfinite(fuse([1e30] * 11))
    assert fuse([3e38]) == pytest.approx(3e38)


def test_the_same_bits_everywhere() -> None:
    # Written once; a platform that gives other bits would order candidates differently.
    expected = ["0x1.7372440000000p+5", "0x1.0f34660000000p+5", "0x1.156e8a0000000p+0"]
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
    assert lib.civid_fuse(ffi.NULL, 1, ffi.NULL, out) == lib.CIVID_E_NULL
    assert lib.civid_fuse(ffi.new("float[]", [1.0]), 0, ffi.NULL, out) == lib.CIVID_E_COUNT
    assert lib.civid_fuse(ffi.new("float[]", [1.0] * 12), 12, ffi.NULL, out) == lib.CIVID_E_COUNT
    assert lib.civid_fuse(ffi.new("float[]", [-1.0]), 1, ffi.NULL, out) == lib.CIVID_E_VALUE
    assert lib.civid_fuse(ffi.new("float[]", [float("nan")]), 1, ffi.NULL, out) == lib.CIVID_E_VALUE
