"""Costs between and beyond what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.search.capacity.costs.line import Known
from civid.search.capacity.costs.model import cpu_of_threads, wall_of_threads
from civid.search.capacity.costs.records import Threads, carried

LINE = Known((1e4, 1e5, 1e6), (0.02, 0.05, 0.35), (2,))


@pytest.mark.parametrize(("size", "value"), [(1e4, 0.02), (1e5, 0.05), (1e6, 0.35)])
def test_what_was_measured_is_what_is_said(size: float, value: float) -> None:
    found = LINE.at(size)
    assert found.likely == pytest.approx(value)
    assert found.low < value < found.high
    assert LINE.beyond(size) == 1


@given(size=st.floats(1e3, 1e9), more=st.floats(1.0, 10.0))
def test_a_larger_gallery_costs_no_less(size: float, more: float) -> None:
    here, there = LINE.at(size), LINE.at(size * more)
    assert here.low <= here.likely <= here.high
    assert here.likely <= there.likely * (1 + 1e-12)


@given(size=st.floats(1.1e6, 1e9))
def test_the_range_widens_with_the_distance(size: float) -> None:
    near, far = LINE.at(1e6), LINE.at(size)
    assert far.high / far.likely > near.high / near.likely
    assert far.low / far.likely <= near.low / near.likely
    assert LINE.beyond(size) == pytest.approx(size / 1e6)


def test_one_point_goes_on_in_proportion() -> None:
    alone = Known((1e5,), (0.1,), (2,))
    assert alone.likely(1e6) == pytest.approx(1.0)
    assert alone.likely(1e3) == pytest.approx(0.1)


def test_threads_follow_amdahl() -> None:
    costs = replace(carried("avx2"), threads=(Threads(2, 0.55, 1.1, 100_000),))
    assert wall_of_threads(costs, 1) == (1, 1, 1)
    low, likely, high = wall_of_threads(costs, 2)
    assert likely == pytest.approx(0.55)
    assert 0.5 < low < likely < high < 0.6
    assert wall_of_threads(costs, 1024).likely == pytest.approx(0.1, abs=1e-3)
    assert cpu_of_threads(costs, 1) == 1
    assert cpu_of_threads(costs, 4) == 1.1


def test_threads_that_were_not_measured_are_a_wide_guess() -> None:
    low, likely, high = wall_of_threads(replace(carried("avx2"), threads=()), 4)
    assert (low, high) == (0.25, 1.0)
    assert low < likely < high
