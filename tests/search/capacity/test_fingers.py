"""Costs with any number of fingers, from those that were measured."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.search.backends.cascade import CascadeBackend
from civid.search.capacity.costs import Costs, carried
from civid.search.capacity.costs.fingers import compared, known, standing
from civid.search.capacity.costs.model import search_cost, size_cost, sweep_cost

#: Fingers, size, cost.
TWO = [(2, 10_000, 0.02), (2, 100_000, 0.05), (2, 1_000_000, 0.35)]
TEN = [(10, 10_000, 0.10), (10, 100_000, 0.13)]
ROWS = TWO + TEN
SIZES = st.floats(1e3, 1e8)


def without(costs: Costs, fingers: int) -> Costs:
    return replace(
        costs,
        searches=tuple(one for one in costs.searches if one.fingers != fingers),
        sweeps=tuple(one for one in costs.sweeps if one.fingers != fingers),
        sizes=tuple(one for one in costs.sizes if one.fingers != fingers),
    )


@pytest.mark.parametrize(("fingers", "size", "cost"), ROWS)
def test_what_was_measured_is_what_is_said(fingers: int, size: int, cost: float) -> None:
    found = known(ROWS, fingers)
    assert found.likely(size) == pytest.approx(cost)
    assert found.fingers == (fingers,)


def test_between_two_and_ten_each_finger_costs_as_much() -> None:
    four = known(ROWS, 4)
    assert four.fingers == (2, 10)
    assert four.likely(1e5) == pytest.approx(0.05 + 2 * (0.13 - 0.05) / 8)
    assert four.measured == 100_000  # not as far as two were


def test_ten_grow_as_two_and_by_what_more_is_compared() -> None:
    ten = known(ROWS, 10)
    assert compared(1e5) == 50
    assert compared(1e6) == 250
    assert ten.likely(1e6) == pytest.approx(0.35 + 5 * (0.13 - 0.05))
    assert ten.beyond(1e6) == 10  # it was not measured there
    steep = known([*TWO, (10, 10_000, 0.1), (10, 100_000, 0.7)], 10)
    assert steep.likely(1e6) == pytest.approx(0.7 + 0.6 * 10)  # its own line


@given(subjects=st.integers(3_000, 10**7))
def test_so_many_are_compared_as_a_search_compares(subjects: int) -> None:
    assert abs(compared(subjects) - CascadeBackend().compared(subjects, 10, 4)) < 1


@given(
    size=SIZES,
    fingers=st.integers(2, 9),
    more=st.floats(1, 10),
    isa=st.sampled_from(["avx2", "avx512"]),
)
def test_more_fingers_or_more_people_cost_no_less(
    size: float, fingers: int, more: float, isa: str
) -> None:
    costs = carried(isa)
    for cost in (search_cost, sweep_cost):
        here = cost(costs, fingers)
        assert here.likely(size) <= cost(costs, fingers + 1).likely(size) * (1 + 1e-9)
        assert here.likely(size) <= here.likely(size * more) * (1 + 1e-9)
    fewer, others = size_cost(costs, fingers), size_cost(costs, fingers + 1)
    assert fewer.resident < others.resident
    assert fewer.disk < others.disk


def test_bytes_of_four_lie_between() -> None:
    costs = carried("avx2")
    two, four, ten = (size_cost(costs, one) for one in (2, 4, 10))
    assert four.resident == pytest.approx(two.resident + (ten.resident - two.resident) / 4)
    assert four.fingers == (2, 10)
    assert four.subjects == min(two.subjects, ten.subjects)


def test_one_finger_has_its_own_costs() -> None:
    costs = carried("avx2")
    one, two = (search_cost(costs, number) for number in (1, 2))
    assert one.fingers == (1,)
    assert one.likely(1e5) > two.likely(1e5)  # 40 minutiae ask, 200 are compared in full
    assert size_cost(costs, 1).resident == pytest.approx(size_cost(costs, 2).resident / 2, rel=0.05)


def test_others_stand_in_where_it_was_not_measured() -> None:
    two = without(carried("avx2"), 1)
    assert search_cost(two, 1) == search_cost(two, 2)
    assert size_cost(two, 1).resident == pytest.approx(size_cost(two, 2).resident / 2)
    only = without(two, 10)
    assert search_cost(only, 10).likely(1e5) == pytest.approx(5 * search_cost(only, 2).likely(1e5))
    assert size_cost(only, 10).resident == pytest.approx(5 * size_cost(only, 2).resident)
    ten = without(two, 2)
    assert search_cost(ten, 4).fingers == (10,)
    assert search_cost(ten, 4).likely(1e5) == search_cost(ten, 10).likely(1e5)


@given(
    numbers=st.sets(st.integers(1, 10), min_size=1), fingers=st.integers(1, 10),
    seconds=st.floats(1e-3, 1), size=SIZES,
)  # fmt: skip
def test_any_numbers_stand_for_any(
    numbers: set[int], fingers: int, seconds: float, size: float
) -> None:
    chosen = standing(numbers, fingers)
    assert set(chosen) <= numbers
    assert (chosen == (fingers,)) is (fingers in numbers)
    rows = [(one, n, seconds * one * n / 1e4) for one in numbers for n in (10_000, 100_000)]
    assert known(rows, fingers).likely(size) > 0
