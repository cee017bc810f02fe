"""Memory for C: buffers that start where vector instructions like them to."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import check, ffi, lib

#: Bytes; a line of the cache, and the widest vector.
ALIGNMENT = 64


def aligned(
    length: int, dtype: npt.DTypeLike = np.uint8, *, zeroed: bool = False
) -> npt.NDArray[Any]:
    """An array that starts at a multiple of 64 bytes.

    Parameters
    ----------
    length : int
        Items of `dtype`.
    dtype : dtype
        Of the items.
    zeroed : bool
        All zeros; otherwise whatever lies there. Numbers that happen to lie in a workspace of a
        comparison are computed with and thrown away, and tiny (subnormal) ones take twice the
        time: have such memory zeroed.

    Examples
    --------
    >>> memory = aligned(100, np.float32, zeroed=True)
    >>> memory.shape, memory.ctypes.data % 64, float(memory.sum())
    ((100,), 0, 0.0)
    """
    size = length * np.dtype(dtype).itemsize
    raw = (np.zeros if zeroed else np.empty)(size + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + size].view(dtype)


def comparison_scratch() -> npt.NDArray[np.uint8]:
    """Workspace of a comparison, zeroed; one a thread."""
    size = ffi.new("uint64_t *")
    check(lib.civid_compare_scratch_size(size))
    return aligned(size[0], zeroed=True)
