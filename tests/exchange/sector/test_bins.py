"""Counts of the register are ranges, and no count follows from the others."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from civid.exchange.sector.match.bins import binned, binned_parts

COUNT = st.integers(0, 40)
WIDTH = st.integers(2, 7)


@given(st.lists(COUNT, min_size=1, max_size=4), WIDTH)
def test_no_count_can_be_worked_out_to_less_than_a_width(counts: list[int], width: int) -> None:
    named = {str(at): count for at, count in enumerate(counts)}
    total = sum(counts)
    made = binned_parts(named, width)
    assert all(made[name].low <= count <= made[name].high for name, count in named.items())
    # By trying every combination that the ranges and the sum leave.
    ranges = [range(one.low, one.high + 1) for one in made.values()]
    if total + 1 < width or any(len(one) > 60 for one in ranges) or len(ranges) > 3:
        return
    possible = [one for one in product(*ranges) if sum(one) == total]
    for at in range(len(ranges)):
        values = {one[at] for one in possible}
        assert len(values) >= min(width, total + 1) or len(ranges) == 1


@given(st.lists(st.integers(0, 200), min_size=2, max_size=5), WIDTH)
def test_the_ranges_are_the_same_for_counts_that_are_nearly_the_same(
    counts: list[int], width: int
) -> None:
    made = binned_parts({str(at): count for at, count in enumerate(counts)}, width)
    for one in made.values():
        assert one.low % width == 0
        assert one.high - one.low + 1 >= min(width, sum(counts) + 1)


@given(COUNT, WIDTH)
def test_a_range_holds_its_count(count: int, width: int) -> None:
    made = binned(count, width)
    assert made.low <= count <= made.high
    assert made.high - made.low == width - 1
