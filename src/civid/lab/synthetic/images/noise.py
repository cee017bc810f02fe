"""Smooth random fields."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import noise_kernels
from civid.lab.synthetic.streams import Stream

#: Makes the standard deviation of a smooth field about 1 (the B-spline shrinks it).
_RESTORE = np.float32(1.8)


def smooth(stream: Stream, height: int, width: int, cell: float) -> npt.NDArray[np.float32]:
    """A (height, width) field of mean 0 and deviation about 1 that varies over `cell` px."""
    rows, cols = math.ceil(height / cell) + 3, math.ceil(width / cell) + 3
    lattice = stream.noise(rows, cols) * _RESTORE
    out = np.empty((height, width), np.float32)
    noise_kernels.fill_smooth(lattice, cell, out)
    return out
