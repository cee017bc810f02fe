from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import SearchError
from civid.search import fpir, threshold


@given(st.floats(1e-9, 0.999), st.integers(1, 10**8))
def test_threshold_and_fpir_undo_each_other(rate: float, subjects: int) -> None:
    assert fpir(threshold(rate, subjects), subjects) == pytest.approx(rate, rel=1e-5)


def test_one_subject_needs_the_fmr_itself() -> None:
    assert threshold(1e-3, 1) == pytest.approx(30)
    assert threshold(1e-3, 0) == threshold(1e-3, 1)


def test_ten_times_the_subjects_need_ten_more() -> None:
    assert threshold(1e-3, 10**6) - threshold(1e-3, 10**5) == pytest.approx(10, abs=1e-4)


def test_follows_the_definition() -> None:
    assert threshold(0.05, 200) == pytest.approx(-10 * math.log10(1 - 0.95 ** (1 / 200)), abs=1e-5)
    assert fpir(20.0, 50) == pytest.approx(1 - 0.99**50)
    assert fpir(0.0, 50) == 1.0


@pytest.mark.parametrize("rate", [0.0, 1.0, -1.0, 2.0, float("nan")])
def test_refuses_what_is_no_rate(rate: float) -> None:
    with pytest.raises(SearchError):
        threshold(rate, 10)
