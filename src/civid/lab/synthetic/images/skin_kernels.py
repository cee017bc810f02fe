"""Kernels that stamp pores and lines."""

from __future__ import annotations

import math
from typing import Any

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine, exponential, sine


@kernel
def stamp_pores(ridges: Any, draws: Any, cell: int, out: Any) -> None:
    """One pore a cell, moved uphill to the middle of the nearest ridge.

    draws: (rows, cols, 3) uniform: place in the cell, and size; the smallest are left out.
    """
    height, width = ridges.shape
    for row in range(draws.shape[0]):
        for col in range(draws.shape[1]):
            y = int((row + draws[row, col, 0]) * cell)
            x = int((col + draws[row, col, 1]) * cell)
            size = draws[row, col, 2]
            if size < 0.25 or y < 4 or x < 4 or y >= height - 4 or x >= width - 4:
                continue
            for _ in range(6):
                best, to_y, to_x = ridges[y, x], y, x
                for dy in range(-1, 2):
                    for dx in range(-1, 2):
                        if ridges[y + dy, x + dx] > best:
                            best, to_y, to_x = ridges[y + dy, x + dx], y + dy, x + dx
                if to_y == y and to_x == x:
                    break
                y = min(height - 4, max(3, to_y))
                x = min(width - 4, max(3, to_x))
            if ridges[y, x] < 60:
                continue
            sigma = 0.55 + 0.5 * size
            for dy in range(-3, 4):
                for dx in range(-3, 4):
                    value = 255 * exponential(-(dx * dx + dy * dy) / (2 * sigma * sigma))
                    out[y + dy, x + dx] = max(out[y + dy, x + dx], int(value))


@kernel
def stamp_line(
    x: float,
    y: float,
    angle: float,
    curvature: float,
    length: float,
    sigma: float,
    depth: float,
    out: Any,
) -> None:
    """A soft curved line that thins out at both ends; `curvature` in radians a px."""
    steps = int(length)
    reach = int(3 * sigma) + 1
    x -= cosine(angle) * length / 2
    y += sine(angle) * length / 2
    for step in range(steps):
        share = step / steps
        here = sigma * (0.4 + 2.4 * share * (1 - share))
        x += cosine(angle)
        y -= sine(angle)
        angle += curvature
        left, top = math.floor(x), math.floor(y)
        for i in range(top - reach, top + reach + 2):
            for j in range(left - reach, left + reach + 2):
                if i < 0 or j < 0 or i >= out.shape[0] or j >= out.shape[1]:
                    continue
                square = (j - x) * (j - x) + (i - y) * (i - y)
                value = depth * exponential(-square / (2 * here * here))
                out[i, j] = max(out[i, j], int(value))
