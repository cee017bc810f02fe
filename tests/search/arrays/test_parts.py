from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.prints import person
from tests.search.views import cut, view_of

from civid.errors import GalleryDamagedError
from civid.search.arrays.parts import Part, positions_of

ONE = person(1, 1, count=9)


@given(st.lists(st.integers(0, 4), max_size=6))
def test_every_slot_is_in_the_part_that_holds_it(sizes: list[int]) -> None:
    # Subjects without fingers are subjects; parts may be empty, and so have the next one's base.
    view = view_of(*([None] * size for size in sizes))
    expected = [(k, place) for k, size in enumerate(sizes) for place in range(size)]
    assert view.subjects == view.living == len(expected)
    for slot, (k, place) in enumerate(expected):
        part, found = view.locate(slot)
        assert (part, found) == (view.parts[k], place)
        assert view.id(slot) == str(slot)


@given(st.lists(st.integers(0, 9), max_size=5), st.integers(1, 6))
def test_ranges_cover_every_subject_once(sizes: list[int], size: int) -> None:
    view = view_of(*([None] * n for n in sizes))
    ranges = view.ranges(size)
    slots = [part.base + place for part, begin, end in ranges for place in range(begin, end)]
    assert slots == list(range(view.subjects))
    assert all(0 < end - begin <= size for _, begin, end in ranges)


def test_the_dead_are_passed_over() -> None:
    view = cut([ONE] * 7, 3, dead={0, 4, 5})
    assert (view.subjects, view.living) == (7, 4)
    first, second = view.parts
    assert first.living(0, 3).tolist() == [1, 2]
    assert second.living(0, 4).tolist() == [0, 3]
    assert second.living(1, 3).tolist() == []


def test_positions_of_each_subject() -> None:
    view = view_of([person(1, 2, 7, count=5), None, person(2, 10, count=5)])
    found = [positions_of(view.parts[0], place).tolist() for place in range(3)]
    assert found == [[2, 7], [], [10]]


def test_memory_outlives_the_index() -> None:
    part = view_of([person(i, 1, count=9) for i in range(5)]).parts[0]
    before = part.offsets.tobytes()
    for _ in range(3):
        view_of([person(9, 1, count=30)] * 50)
    assert part.offsets.tobytes() == before
    assert part.pointer.subject_count == 5


def arrays() -> dict[str, Any]:
    """Two subjects with 3 and 2 minutiae."""
    return {
        "block": np.zeros(56, np.uint8),
        "offsets": np.array([0, 32, 56], np.uint64),
        "codes": np.zeros(5, np.uint64),
        "details": np.zeros(5, np.uint64),
        "positions": np.zeros(2, np.uint8),
        "first": np.arange(3),
        "alive": np.ones(2, np.uint8),
        "ids": ["a", "b"],
    }


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    assert Part(**arrays()).fingers == 2
    for name in ("offsets", "codes", "details", "positions", "first", "alive"):
        short = arrays()
        short[name] = short[name][:-1]
        with pytest.raises(GalleryDamagedError, match="fit together"):
            Part(**short)
