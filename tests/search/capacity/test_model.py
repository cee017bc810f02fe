"""Costs between and beyond what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.search.capacity.costs.model import (
    Known,
    cpu_of_threads,
    search_cost,
    size_cost,
    sweep_cost,
    wall_of_threads,
)
from civid.search.capacity.costs.records import Threads, carried

LINE = Known((1e4, 1e5, 1e6), (0.02, 0.05, 0.35), "search")


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
    alone = Known((1e5,), (0.1,), "sweep")
    assert alone.likely(1e6) == pytest.approx(1.0)
    assert alone.likely(1e3) == pytest.approx(0.1)


def test_more_fingers_grow_no_less_than_fewer_that_were_measured_further() -> None:
    flat = Known((1e4, 1e5), (0.1, 0.1), "search", 10, LINE)
    assert flat.likely(1e5) == pytest.approx(0.1)
    assert flat.likely(1e6) == pytest.approx(0.1 + 0.35 - 0.05)
    steep = Known((1e4, 1e5), (0.1, 0.5), "search", 10, LINE)
    assert steep.likely(1e6) == pytest.approx(0.5 + 0.4 * 10)
    assert flat.beyond(1e6) == 10  # it was not measured there
    assert search_cost(carried("avx2"), 10).fewer == search_cost(carried("avx2"), 2)


def test_other_numbers_of_fingers() -> None:
    costs = carried("avx2")
    assert search_cost(costs, 2).fingers == 2
    assert search_cost(costs, 5).fingers == 10
    assert search_cost(costs, 10).likely(1e4) > search_cost(costs, 2).likely(1e4)
    assert sweep_cost(costs, 10).likely(1e4) > sweep_cost(costs, 2).likely(1e4)
    two, one = size_cost(costs, 2), size_cost(costs, 1)
    assert one.resident == pytest.approx(two.resident / 2)
    assert one.scanned == pytest.approx(two.scanned / 2)
    assert size_cost(costs, 8).scanned == pytest.approx(size_cost(costs, 10).scanned)


def test_fewer_fingers_measured_than_planned_cost_in_proportion() -> None:
    costs = carried("avx2")
    two = replace(costs, searches=tuple(one for one in costs.searches if one.fingers == 2))
    assert search_cost(two, 10).likely(1e5) == pytest.approx(5 * search_cost(two, 2).likely(1e5))


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
