"""Kernels of the period that follows the flow: its spread, and conjugate gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine, sine


@kernel
def _turn(a: float, b: float) -> float:
    """From one direction to another, radians in [-pi / 2, pi / 2)."""
    d = b - a
    return d - math.floor(d / math.pi + 0.5) * math.pi


@kernel
def spread(flow: Any, tangent: Any, out: Any) -> None:
    """Unit tangents (x right, y down) and their divergence per cell; 0 next to singular points."""
    rows, cols = flow.shape
    for i in range(rows):
        for j in range(cols):
            tangent[i, j, 0] = cosine(flow[i, j])
            tangent[i, j, 1] = -sine(flow[i, j])
            out[i, j] = 0.0
            if i == 0 or j == 0 or i == rows - 1 or j == cols - 1:
                continue
            across = _turn(flow[i, j], flow[i, j + 1]) - _turn(flow[i, j], flow[i, j - 1])
            down = _turn(flow[i, j], flow[i + 1, j]) - _turn(flow[i, j], flow[i - 1, j])
            if abs(across) > 1.2 or abs(down) > 1.2:
                continue
            # div (cos f, -sin f) with y down: -sin f f_x - cos f f_y.
            value = -sine(flow[i, j]) * across / 2 - cosine(flow[i, j]) * down / 2
            out[i, j] = min(0.35, max(-0.35, value))


@kernel
def _apply(tangent: Any, g: Any, small: float, smooth: float, out: Any) -> None:
    """out = (D' D + small + smooth L) g, with D the slope along the ridges."""
    rows, cols = g.shape
    for i in range(rows):
        for j in range(cols):
            out[i, j] = small * g[i, j]
    for i in range(rows):
        for j in range(cols):
            if 0 < i < rows - 1 and 0 < j < cols - 1:
                x, y = tangent[i, j, 0] / 2, tangent[i, j, 1] / 2
                d = x * (g[i, j + 1] - g[i, j - 1]) + y * (g[i + 1, j] - g[i - 1, j])
                out[i, j + 1] += x * d
                out[i, j - 1] -= x * d
                out[i + 1, j] += y * d
                out[i - 1, j] -= y * d
            if j + 1 < cols:
                d = smooth * (g[i, j + 1] - g[i, j])
                out[i, j + 1] += d
                out[i, j] -= d
            if i + 1 < rows:
                d = smooth * (g[i + 1, j] - g[i, j])
                out[i + 1, j] += d
                out[i, j] -= d


@kernel
def solve(tangent: Any, wanted: Any, small: float, smooth: float, rounds: int, g: Any) -> None:
    """Conjugate gradients from g = 0; the result has mean 0."""
    rows, cols = g.shape
    r = np.zeros((rows, cols))
    for i in range(1, rows - 1):
        for j in range(1, cols - 1):
            x, y = tangent[i, j, 0] / 2 * wanted[i, j], tangent[i, j, 1] / 2 * wanted[i, j]
            r[i, j + 1] += x
            r[i, j - 1] -= x
            r[i + 1, j] += y
            r[i - 1, j] -= y
    p = r.copy()
    ap = np.zeros((rows, cols))
    rr = 0.0
    for i in range(rows):
        for j in range(cols):
            rr += r[i, j] * r[i, j]
    for _ in range(rounds):
        if rr < 1e-12:
            break
        _apply(tangent, p, small, smooth, ap)
        pap = 0.0
        for i in range(rows):
            for j in range(cols):
                pap += p[i, j] * ap[i, j]
        alpha = rr / pap
        new = 0.0
        for i in range(rows):
            for j in range(cols):
                g[i, j] += alpha * p[i, j]
                r[i, j] -= alpha * ap[i, j]
                new += r[i, j] * r[i, j]
        for i in range(rows):
            for j in range(cols):
                p[i, j] = r[i, j] + new / rr * p[i, j]
        rr = new
    total = 0.0
    for i in range(rows):
        for j in range(cols):
            total += g[i, j]
    for i in range(rows):
        for j in range(cols):
            g[i, j] -= total / (rows * cols)
