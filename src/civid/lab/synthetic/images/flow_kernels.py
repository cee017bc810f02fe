"""Kernels of the ridge flow and the ridge period."""

from __future__ import annotations

import math
from typing import Any

from civid._jit import kernel
from civid.lab.synthetic.exact import arctangent2, exponential, sine

#: A singular point's correction has half its strength at this distance, px.
REACH = 110.0


@kernel
def bend_point(x: float, y: float, bend: Any) -> tuple[float, float]:
    """Where the waves of `bend` move a point to."""
    u, v = x, y
    for wave in range(bend.shape[0]):
        s = sine(bend[wave, 2] * x + bend[wave, 3] * y + bend[wave, 4])
        u += bend[wave, 0] * s
        v += bend[wave, 1] * s
    return u, v


@kernel
def flow_at(
    x: float, y: float, cores: Any, deltas: Any, corrections: Any, arch: Any, bend: Any
) -> float:
    """Ridge direction in [0, pi), counter-clockwise from +x, at a point (y up)."""
    u, v = bend_point(x, y, bend)
    across = (u - arch[1]) / arch[2]
    across = min(1.0, max(-1.0, across))
    rise = 1 / (1 + exponential(-(v - arch[3]) / arch[4]))
    # Flat in the middle, so that the legs of a loop stay parallel.
    bow = abs(across) * sine(across * math.pi / 2)
    angle = -arch[0] * rise * bow
    n = cores.shape[0]
    for point in range(n + deltas.shape[0]):
        if point < n:
            dx, dy, weight = u - cores[point, 0], v - cores[point, 1], 0.5
        else:
            dx, dy, weight = u - deltas[point - n, 0], v - deltas[point - n, 1], -0.5
        a = arctangent2(dy, dx)
        far = dx * dx + dy * dy
        near = 1 / (1 + far / (REACH * REACH))
        # Sine and cosine of a, 2 a, 3 a by the rule for sums.
        s, c = (dy / math.sqrt(far), dx / math.sqrt(far)) if far > 0 else (0.0, 1.0)
        s1, c1 = s, c
        correction = 0.0
        for harmonic in range(3):
            correction += corrections[point, harmonic, 0] * s
            correction += corrections[point, harmonic, 1] * c
            s, c = s * c1 + c * s1, c * c1 - s * s1
        angle += weight * (a + near * correction)
    # Far from all points every term's branch cut is a multiple of pi.
    angle -= math.floor(angle / math.pi) * math.pi
    return angle if angle < math.pi else 0.0


@kernel
def fill_flow(
    out: Any,
    step: float,
    left: float,
    top: float,
    cores: Any,
    deltas: Any,
    corrections: Any,
    arch: Any,
    bend: Any,
) -> None:
    """`flow_at` on a grid: row i, column j is the point (left + j step, top - i step)."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            x, y = left + j * step, top - i * step
            out[i, j] = flow_at(x, y, cores, deltas, corrections, arch, bend)


@kernel
def fill_period(out: Any, step: float, left: float, top: float, base: float, waves: Any) -> None:
    """Ridge period in px on the same grid: `base`, slow waves, and the wider ridges low down.

    waves: (N, 4) amplitude (share of base), kx, ky, phase. The last row is the widening below the
    core: amplitude, core x, core y, reach.
    """
    last = waves.shape[0] - 1
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            x, y = left + j * step, top - i * step
            factor = 1.0
            for w in range(last):
                factor += waves[w, 0] * sine(waves[w, 1] * x + waves[w, 2] * y + waves[w, 3])
            below = (waves[last, 2] - y) / waves[last, 3]
            factor += waves[last, 0] / (1 + exponential(-2 * below))
            out[i, j] = base * factor


@kernel
def quantise(flow: Any, period: Any, low: float, ratio: float, steps: int, out: Any) -> None:
    """Index into the filter bank: direction * steps + period step, both rounded."""
    directions = 128
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            d = int(flow[i, j] * directions / math.pi + 0.5) % directions
            p, edge = 0, low * math.sqrt(ratio)
            while p < steps - 1 and period[i, j] > edge:
                edge *= ratio
                p += 1
            out[i, j] = d * steps + p
