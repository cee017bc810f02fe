"""The ridge flow of `flow_kernels`, with wandering, and how fast it turns, in one evaluation."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from civid._jit import kernel
from civid.lab.synthetic.exact import arctangent2, cosine, exponential, sine
from civid.lab.synthetic.images.flow_kernels import REACH, bend_point


class Flow(NamedTuple):
    """Arrays of one finger's flow, as `flow_at` wants them, and waves.

    wander, crowd: rows (height, kx, ky, phase), added to the direction and to the density.
    """

    cores: Any
    deltas: Any
    corrections: Any
    arch: Any
    bend: Any
    wander: Any
    crowd: Any


@kernel
def sum_waves(x: float, y: float, waves: Any) -> float:
    """Height of the waves (height, kx, ky, phase) at a point."""
    total = 0.0
    for w in range(waves.shape[0]):
        total += waves[w, 0] * sine(waves[w, 1] * x + waves[w, 2] * y + waves[w, 3])
    return total


@kernel
def flow_slope(x: float, y: float, flow: Flow) -> tuple[float, float, float]:
    """Ridge direction modulo pi, and its derivatives by x and y, rad / px.

    The direction is `flow_at`'s and the wandering; the derivatives leave out that `bend` itself
    stretches a little.
    """
    u, v = bend_point(x, y, flow.bend)
    arch = flow.arch
    across = (u - arch[1]) / arch[2]
    inside = abs(across) < 1.0
    across = min(1.0, max(-1.0, across))
    rise = 1 / (1 + exponential(-(v - arch[3]) / arch[4]))
    quarter = across * math.pi / 2
    lift = sine(quarter)
    bow = abs(across) * lift
    angle = -arch[0] * rise * bow
    by_x, by_y = 0.0, angle * (1 - rise) / arch[4]
    if inside:
        by_x = -arch[0] * rise * (abs(lift) + abs(quarter) * cosine(quarter)) / arch[2]
    cores, corrections = flow.cores, flow.corrections
    n = cores.shape[0]
    for point in range(n + flow.deltas.shape[0]):
        if point < n:
            dx, dy, weight = u - cores[point, 0], v - cores[point, 1], 0.5
        else:
            dx, dy, weight = u - flow.deltas[point - n, 0], v - flow.deltas[point - n, 1], -0.5
        far = max(1e-6, dx * dx + dy * dy)
        near = 1 / (1 + far / (REACH * REACH))
        root = 1 / math.sqrt(far)
        s, c = dy * root, dx * root
        s1, c1 = s, c
        correction, turning = 0.0, 0.0
        for harmonic in range(3):
            a, b = corrections[point, harmonic, 0], corrections[point, harmonic, 1]
            correction += a * s + b * c
            turning += (harmonic + 1) * (a * c - b * s)
            s, c = s * c1 + c * s1, c * c1 - s * s1
        angle += weight * (arctangent2(dy, dx) + near * correction)
        # Round the point the angle grows by 1 / distance; outwards the correction fades.
        round_ = weight * (1 + near * turning) / far
        fade = -2 * weight * correction * near * near / (REACH * REACH)
        by_x += fade * dx - round_ * dy
        by_y += fade * dy + round_ * dx
    wander = flow.wander
    for w in range(wander.shape[0]):
        at = wander[w, 1] * x + wander[w, 2] * y + wander[w, 3]
        angle += wander[w, 0] * sine(at)
        steep = wander[w, 0] * cosine(at)
        by_x += steep * wander[w, 1]
        by_y += steep * wander[w, 2]
    return angle, by_x, by_y
