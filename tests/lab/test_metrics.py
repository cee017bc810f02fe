"""Error rates against hand-made score lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.lab.metrics import equal_error_rate, fnmr_at_fmr, rates


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
    assert fnmr_at_fmr(genuine, impostor, 1e-3) == pytest.approx(1 / 3)
    assert fnmr_at_fmr(genuine, impostor, 0) == pytest.approx(1 / 3)
    assert fnmr_at_fmr(genuine, impostor, 2e-3) == 0


score_lists = st.lists(st.floats(0, 100), min_size=1, max_size=50).map(np.array)


@given(score_lists, score_lists)
def test_rates_are_monotone_and_bounded(genuine: np.ndarray, impostor: np.ndarray) -> None:
    _, fnmr, fmr = rates(genuine, impostor)
    assert (np.diff(fnmr) >= 0).all()
    assert (np.diff(fmr) <= 0).all()
    assert 0 <= equal_error_rate(genuine, impostor) <= 1
