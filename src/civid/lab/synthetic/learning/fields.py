"""Smooth noise on a whole picture, quickly, and other arithmetic that is the same everywhere."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.learning import field_kernels
from civid.lab.synthetic.streams import Stream

Plane = npt.NDArray[np.float32]
#: Makes the standard deviation of a smooth field about 1 (the B-spline shrinks it).
_RESTORE = np.float32(1.8)


def smooth(stream: Stream, height: int, width: int, cell: float) -> Plane:
    """(height, width) of mean 0 and deviation about 1, varying over `cell` px (at least 1)."""
    cell = max(1.0, cell)
    rows, cols = math.ceil(height / cell) + 3, math.ceil(width / cell) + 3
    lattice = stream.noise(rows, cols) * _RESTORE
    out = np.empty((height, width), np.float32)
    field_kernels.spline(lattice, np.float32(cell), out)
    return out


def ramp(values: Plane) -> Plane:
    """Smooth step from 0 (at 0) to 1 (at 1)."""
    values = np.clip(values, np.float32(0), np.float32(1))
    step: Plane = values * values * (np.float32(3) - np.float32(2) * values)
    return step


def blur(image: Plane, sigma: float) -> Plane:
    """Passes of (w, 1 - 2 w, w), as often as `sigma` px needs."""
    passes = max(1, math.ceil(sigma * sigma / 0.5))
    weight = np.float32(sigma * sigma / (2 * passes))
    out: Plane = image
    for _ in range(passes if sigma > 0 else 0):
        out = _pass(out, weight)
    return out


def _pass(image: Plane, weight: np.float32) -> Plane:
    padded = np.pad(image, 1, mode="edge")
    centre = np.float32(1) - 2 * weight
    lines = centre * padded[:, 1:-1] + weight * (padded[:, :-2] + padded[:, 2:])
    out = centre * lines[1:-1] + weight * (lines[:-2] + lines[2:])
    return out.astype(np.float32, copy=False)
