"""Buffers for C start where they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from civid._native.buffers import ALIGNMENT, aligned


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float64])
@pytest.mark.parametrize("length", [0, 1, 63, 64, 1000])
def test_the_first_item_lies_at_a_multiple_of_64(length: int, dtype: Any) -> None:
    kept = [aligned(length, dtype) for _ in range(8)]
    for array in kept:
        assert array.shape == (length,)
        assert array.dtype == dtype
        assert array.ctypes.data % ALIGNMENT == 0 or not length
        assert array.flags.writeable


def test_zeros_are_given_when_asked_for() -> None:
    assert not aligned(5000, np.int64, zeroed=True).any()
