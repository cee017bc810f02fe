from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import SearchError
from civid.fingerprint.scores.odds import MEASURED_TO
from civid.fingerprint.scores.tail_evidence import RATIOS
from civid.search import OperatingPoint, fpir, threshold


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


@given(st.floats(1e-9, 0.999), st.integers(0, 10**8))
def test_an_operating_point_is_the_threshold_and_what_is_known_of_it(
    rate: float, subjects: int
) -> None:
    point = OperatingPoint.of(rate, subjects)
    assert point.threshold == threshold(rate, subjects)
    assert point.measured == (point.threshold <= MEASURED_TO)
    low, high = point.factor
    assert 0 <= low < high
    assert point.cautious >= point.threshold
    said = point.to_dict()
    assert said["measured"] == point.measured
    for language, word in (("en", "extrapolated"), ("vi", "ngoại suy")):
        assert (word in point.statement(language)) == (not point.measured)  # type: ignore[arg-type]


def test_the_farther_the_less_is_known() -> None:
    points = [OperatingPoint.of(1e-2, 10**k) for k in range(3, 9)]
    most = [point.factor[1] for point in points]
    assert most == sorted(most)
    assert most[0] > 1


def test_the_cautious_threshold_makes_up_for_the_factor() -> None:
    point = OperatingPoint.of(1e-2, 10**6)
    higher = OperatingPoint(point.cautious, point.max_fpir, point.subjects)
    assert 10 ** (-higher.threshold / 10) * higher.factor[1] == pytest.approx(
        10 ** (-point.threshold / 10) * max(RATIOS[-1][2], 1), rel=1e-6
    )


def test_words_are_english_or_vietnamese() -> None:
    with pytest.raises(SearchError, match="'fr'"):
        OperatingPoint.of(0.5, 1).statement("fr")  # type: ignore[arg-type]
