"""Error rates against hand-made score lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.lab.metrics import (
    FAILED,
    equal_error,
    equal_error_rate,
    fnmr_at_fmr,
    operating_point,
    rates,
    rule_of_three,
    zero_fnmr,
)


def test_separated_scores_have_no_error() -> None:
    assert equal_error_rate(np.array([5.0, 6.0]), np.array([1.0, 2.0])) == 0
    assert fnmr_at_fmr(np.array([5.0, 6.0]), np.array([1.0, 2.0]), 1e-3) == 0


def test_equal_error_rate_of_a_known_overlap() -> None:
    genuine = np.array([1.0, 3, 4, 5])
    impostor = np.array([0.0, 0, 0, 2])
    assert equal_error_rate(genuine, impostor) == pytest.approx(0.25)


def test_a_score_equal_to_the_threshold_matches() -> None:
    thresholds, fnmr, fmr = rates(np.array([2.0]), np.array([2.0]))
    assert thresholds.tolist() == [2.0, np.inf]
    assert fnmr.tolist() == [0, 1]
    assert fmr.tolist() == [1, 0]


def test_fmr_limit_is_not_exceeded() -> None:
    impostor = np.arange(1000.0)
    genuine = np.array([998.5, 999.5, 1500.0])
    assert fnmr_at_fmr(genuine, impostor, 0.9e-3) == pytest.approx(1 / 3)
    assert fnmr_at_fmr(genuine, impostor, 1e-3) == 0  # one of a thousand is 1e-3, not more
    assert fnmr_at_fmr(genuine, impostor, 0) == pytest.approx(1 / 3)
    assert fnmr_at_fmr(genuine, impostor, 2e-3) == 0


score_lists = st.lists(st.floats(0, 100), min_size=1, max_size=50).map(np.array)


@given(score_lists, score_lists)
def test_rates_are_monotone_and_bounded(genuine: np.ndarray, impostor: np.ndarray) -> None:
    _, fnmr, fmr = rates(genuine, impostor)
    assert (np.diff(fnmr) >= 0).all()
    assert (np.diff(fmr) <= 0).all()
    assert 0 <= equal_error_rate(genuine, impostor) <= 1


def brute_rates(genuine: np.ndarray, impostor: np.ndarray, threshold: float) -> tuple[float, float]:
    """FNMR and FMR counted one by one."""
    missed = sum(1 for score in genuine if score < threshold)
    false = sum(1 for score in impostor if score >= threshold)
    return missed / len(genuine), false / len(impostor)


def brute_equal_error(genuine: np.ndarray, impostor: np.ndarray) -> tuple[float, float]:
    """EER low and high by FVC2000's words: t1 the last with FNMR <= FMR, t2 the first with >=."""
    candidates = sorted({*genuine.tolist(), *impostor.tolist(), np.inf})
    points = [brute_rates(genuine, impostor, t) for t in candidates]
    t1 = [p for p in points if p[0] <= p[1]][-1]
    t2 = next(p for p in points if p[0] >= p[1])
    ends = t1 if sum(t1) <= sum(t2) else t2
    return min(ends), max(ends)


coarse_lists = st.lists(st.integers(0, 12).map(float), min_size=1, max_size=30).map(np.array)


@given(coarse_lists, coarse_lists)
def test_rates_and_eer_are_those_counted_by_hand(genuine: np.ndarray, impostor: np.ndarray) -> None:
    for threshold, fnmr, fmr in zip(*rates(genuine, impostor), strict=True):
        assert (fnmr, fmr) == pytest.approx(brute_rates(genuine, impostor, threshold))
    eer = equal_error(genuine, impostor)
    assert (eer.low, eer.high) == pytest.approx(brute_equal_error(genuine, impostor))
    assert eer.low <= eer.value <= eer.high


@given(coarse_lists, coarse_lists, st.sampled_from([0.0, 0.1, 0.25, 0.5]))
def test_an_operating_point_is_the_best_that_keeps_the_limit(
    genuine: np.ndarray, impostor: np.ndarray, limit: float
) -> None:
    point = operating_point(genuine, impostor, limit)
    everywhere = [
        brute_rates(genuine, impostor, t)
        for t in sorted({*genuine.tolist(), *impostor.tolist(), np.inf})
    ]
    best = min(fnmr for fnmr, fmr in everywhere if fmr <= limit + 1e-12)
    assert point.misses / point.genuine == pytest.approx(best)
    assert brute_rates(genuine, impostor, point.threshold) == pytest.approx(
        (point.misses / len(genuine), point.false_matches / len(impostor))
    )


def test_an_eer_on_a_step_has_two_ends() -> None:
    eer = equal_error(np.array([1.0, 5, 5, 5]), np.array([0.0, 0, 0, 0, 0, 0, 0, 2]))
    assert (eer.low, eer.high) == (0, 0.125)
    assert eer.value == 0.0625


def test_what_too_few_impostors_cannot_tell_is_not_told() -> None:
    genuine, impostor = np.arange(280.0), np.arange(2880.0) / 100
    assert operating_point(genuine, impostor, 1e-3).rate is not None
    assert operating_point(genuine, impostor, 1e-3).allowed == 2
    assert not operating_point(genuine, impostor, 1e-3).firm
    assert operating_point(genuine, impostor, 1e-4).rate is None
    assert operating_point(genuine, impostor, 0).rate is not None  # ZeroFMR always is something
    assert operating_point(genuine, np.arange(30_000.0), 1e-3).firm


def test_limits_are_counts_whatever_binary_says() -> None:
    assert operating_point(np.array([1.0]), np.arange(3000.0), 1e-3).false_matches == 3


def test_the_rule_of_three_bounds_what_was_not_seen() -> None:
    assert rule_of_three(300) == 0.01
    assert rule_of_three(1) == 1.0
    with pytest.raises(ValueError, match="at least one"):
        rule_of_three(0)
    clean = operating_point(np.full(300, 9.0), np.zeros(100), 1e-2)
    assert (clean.misses, clean.upper) == (0, 0.01)


def test_a_failed_comparison_matches_at_no_threshold() -> None:
    genuine = np.array([9.0, 9, 9, FAILED])
    impostor = np.array([FAILED, 1, 1, 1])
    assert operating_point(genuine, impostor, 0).misses == 1
    assert fnmr_at_fmr(genuine, impostor, 0.75) == 0.25  # at threshold 1, not at -inf
    assert zero_fnmr(genuine, impostor) == 1.0
    assert equal_error(genuine, impostor).value == pytest.approx(0.125)
