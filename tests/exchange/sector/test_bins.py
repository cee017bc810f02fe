"""Counts of the register are ranges, and no count follows from them, even for who knows how."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.exchange.sector.match.bins import binned, step


def all_counts(total: int, parts: int) -> list[tuple[int, ...]]:
    return [one for one in product(range(total + 1), repeat=parts) if sum(one) == total]


@pytest.mark.parametrize(("total", "parts", "width"), [
    (0, 2, 3), (2, 2, 3), (10, 2, 5), (11, 3, 3), (9, 4, 3), (14, 3, 5), (12, 4, 4), (7, 5, 2),
])  # fmt: skip
def test_whoever_knows_the_rule_is_left_with_a_width_of_values(
    total: int, parts: int, width: int
) -> None:
    """By every way the counts could have been that looks the same."""
    alike = defaultdict[object, list[tuple[int, ...]]](list)
    for counts in all_counts(total, parts):
        made = binned({str(at): count for at, count in enumerate(counts)}, width)
        alike[tuple(made.values())].append(counts)
    for same in alike.values():
        for at in range(parts):
            assert len({counts[at] for counts in same}) >= min(width, total + 1)
    assert len(alike) > 1 or total < 2 * width - 1


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=6), st.integers(1, 9))
def test_every_count_lies_in_its_range(counts: list[int], width: int) -> None:
    made = binned({str(at): count for at, count in enumerate(counts)}, width)
    for one, count in zip(made.values(), counts, strict=True):
        assert 0 <= one.low <= count <= one.high <= sum(counts)
        assert one.high - one.low <= 4 * width - 2


@given(st.integers(0, 500), st.integers(1, 9), st.data())
def test_the_steps_are_a_ladder_without_a_gap(total: int, width: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    found = step(count, total, width)
    assert found.low <= count <= found.high <= total
    assert found.high - found.low + 1 >= min(width, total + 1)
    assert step(found.low, total, width) == step(found.high, total, width) == found
