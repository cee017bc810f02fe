"""Kernels of smooth noise and blur; sums in a fixed order, so the same everywhere."""

from __future__ import annotations

import math
from typing import Any

from civid._jit import kernel


@kernel
def fill_smooth(lattice: Any, cell: float, out: Any) -> None:
    """Quadratic B-spline through `lattice`, whose knots are `cell` px apart.

    lattice: (ceil(H / cell) + 3, ceil(W / cell) + 3) at least. Values of standard deviation 1
    give about 0.55.
    """
    for i in range(out.shape[0]):
        v = i / cell
        a = math.floor(v)
        t = v - a
        w0, w1, w2 = 0.5 * (1 - t) * (1 - t), 0.5 + t * (1 - t), 0.5 * t * t
        for j in range(out.shape[1]):
            u = j / cell
            b = math.floor(u)
            s = u - b
            c0, c1, c2 = 0.5 * (1 - s) * (1 - s), 0.5 + s * (1 - s), 0.5 * s * s
            top = c0 * lattice[a, b] + c1 * lattice[a, b + 1] + c2 * lattice[a, b + 2]
            mid = c0 * lattice[a + 1, b] + c1 * lattice[a + 1, b + 1] + c2 * lattice[a + 1, b + 2]
            low = c0 * lattice[a + 2, b] + c1 * lattice[a + 2, b + 1] + c2 * lattice[a + 2, b + 2]
            out[i, j] = w0 * top + w1 * mid + w2 * low
