"""Kernels: a smooth field by a quadratic B-spline, and small soft marks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine, exponential, sine


@kernel
def spline(lattice: Any, cell: Any, out: Any) -> None:
    """Quadratic B-spline through (ceil(H / cell) + 3, ceil(W / cell) + 3) float32 or more."""
    height, width = out.shape
    rows = lattice.shape[0]
    first = np.empty(width, np.int64)
    weights = np.empty((width, 3), np.float32)
    for j in range(width):
        u = j / cell
        b = math.floor(u)
        s = u - b
        first[j] = int(b)
        weights[j, 0] = 0.5 * (1 - s) * (1 - s)
        weights[j, 1] = 0.5 + s * (1 - s)
        weights[j, 2] = 0.5 * s * s
    wide = np.empty((rows, width), np.float32)
    for a in range(rows):
        for j in range(width):
            b = first[j]
            wide[a, j] = (
                weights[j, 0] * lattice[a, b]
                + weights[j, 1] * lattice[a, b + 1]
                + weights[j, 2] * lattice[a, b + 2]
            )
    for i in range(height):
        v = i / cell
        a = math.floor(v)
        t = v - a
        w0 = np.float32(0.5 * (1 - t) * (1 - t))
        w1 = np.float32(0.5 + t * (1 - t))
        w2 = np.float32(0.5 * t * t)
        for j in range(width):
            out[i, j] = w0 * wide[a, j] + w1 * wide[a + 1, j] + w2 * wide[a + 2, j]


@kernel
def stamp(points: Any, out: Any) -> None:
    """Soft dots: points (N, 4) x, y, standard deviation, depth; the deepest wins.

    A depth below 0 is one that lowers.
    """
    height, width = out.shape
    for n in range(points.shape[0]):
        x, y, sigma, depth = points[n, 0], points[n, 1], points[n, 2], points[n, 3]
        if not (x > -50 and y > -50 and x < width + 50 and y < height + 50):
            continue
        reach = int(2.6 * sigma) + 1
        left, top = math.floor(x), math.floor(y)
        for i in range(max(0, top - reach), min(height, top + reach + 2)):
            for j in range(max(0, left - reach), min(width, left + reach + 2)):
                far = (j - x) * (j - x) + (i - y) * (i - y)
                value = depth * exponential(-far / (2 * sigma * sigma))
                if abs(value) > abs(out[i, j]):
                    out[i, j] = value


@kernel
def stamp_line(
    x: float,
    y: float,
    angle: float,
    curve: float,
    length: float,
    sigma: float,
    depth: float,
    out: Any,
) -> None:
    """A soft curved line about (x, y) that thins out at both ends; `curve` in radians a px."""
    height, width = out.shape
    steps = int(length)
    x -= cosine(angle) * length / 2
    y += sine(angle) * length / 2
    reach = int(2.6 * sigma) + 1
    for step in range(steps):
        share = step / steps
        here = sigma * (0.5 + 2.0 * share * (1 - share))
        x += cosine(angle)
        y -= sine(angle)
        angle += curve
        left, top = math.floor(x), math.floor(y)
        for i in range(max(0, top - reach), min(height, top + reach + 2)):
            for j in range(max(0, left - reach), min(width, left + reach + 2)):
                far = (j - x) * (j - x) + (i - y) * (i - y)
                value = depth * exponential(-far / (2 * here * here))
                if value > out[i, j]:
                    out[i, j] = value


@kernel
def place_pores(field: Any, draws: Any, cell: float, out: Any) -> int:
    """One pore a cell, moved to the middle of a ridge nearby; returned: how many there are.

    draws: (rows, cols, 3) uniform: place in the cell, size. out: (N, 3) x, y, size.
    """
    height, width = field.shape[0], field.shape[1]
    count = 0
    for row in range(draws.shape[0]):
        for col in range(draws.shape[1]):
            y = int((row + draws[row, col, 0]) * cell)
            x = int((col + draws[row, col, 1]) * cell)
            if draws[row, col, 2] < 0.2 or y < 4 or x < 4 or y >= height - 4 or x >= width - 4:
                continue
            for _ in range(5):
                best, to_y, to_x = field[y, x, 0], y, x
                for dy in range(-1, 2):
                    for dx in range(-1, 2):
                        if field[y + dy, x + dx, 0] > best:
                            best, to_y, to_x = field[y + dy, x + dx, 0], y + dy, x + dx
                if to_y == y and to_x == x:
                    break
                y = min(height - 4, max(3, to_y))
                x = min(width - 4, max(3, to_x))
            if field[y, x, 0] < 0.6:
                continue
            # Off the middle by up to a pixel and a half; some open to the side.
            out[count, 0] = x + 3.0 * (draws[row, col, 0] - 0.5)
            out[count, 1] = y + 3.0 * (draws[row, col, 1] - 0.5)
            out[count, 2] = 0.6 + 0.8 * draws[row, col, 2]
            count += 1
    return count
