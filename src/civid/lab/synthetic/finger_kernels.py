"""Kernels that grow one finger of a synthetic gallery: its ridge flow and its minutiae.

No ridges are drawn. Where minutiae lie and how they point follows from the flow: ridges that
spread make room for new ones, so the mean direction of minutiae is the flow's divergence divided
by the ridge period (Larkin and Fletcher, 2007: minutiae are the curl of the phase gradient).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid.lab._jit import kernel
from civid.lab.synthetic.draw_kernels import normal, uniform
from civid.lab.synthetic.exact import arctangent2, cosine, sine
from civid.lab.synthetic.flow_kernels import flow_at

ARCH, TENTED, LOOP, WHORL = 0, 1, 2, 3

#: Rows of the arrays of a flow; enough for two cores and two deltas.
MAX_POINTS, WAVES = 4, 12

#: Half a side of the field in which a finger has minutiae, px; larger than any contact.
HALF_WIDTH, HALF_HEIGHT = 175.0, 235.0


@kernel
def draw_points(
    state: Any, pattern: int, mirror: float, model: Any, cores: Any, deltas: Any
) -> Any:
    """Singular points as `pattern.draw_shape` places them; how many cores and deltas, the height
    of the arch, and the range of the cores' roundness."""
    x, y = normal(state, 0.0, 9.0), normal(state, model.core_y, 14.0)
    cores[0, 0], cores[0, 1] = x, y
    height, low, high = uniform(state, 0.55, 0.85), 0.55, 1.05
    if pattern == ARCH:
        return 0, 0, uniform(state, 0.65, 0.95), low, high
    if pattern == TENTED:
        deltas[0, 0] = x + normal(state, 0.0, 6.0)
        deltas[0, 1] = y - uniform(state, 75.0, 120.0)
        return 1, 1, height, 0.0, 0.3
    if pattern == WHORL:
        gap, lean = uniform(state, 12.0, 52.0), normal(state, 0.0, 0.35)
        cores[0, 1] = y + gap / 2
        cores[1, 0], cores[1, 1] = x + gap * lean, y - gap / 2
        for k in range(2):
            deltas[k, 0] = x + (2 * k - 1) * uniform(state, model.delta_near + 10.0, model.delta_far + 10.0)
            deltas[k, 1] = y - gap / 2 - uniform(state, model.delta_high - 10.0, model.delta_low - 10.0)
        return 2, 2, uniform(state, 0.25, 0.5), 0.35, 0.85
    deltas[0, 0] = x - mirror * uniform(state, model.delta_near, model.delta_far)
    deltas[0, 1] = y - uniform(state, model.delta_high, model.delta_low)
    return 1, 1, height, low, high


@kernel
def draw_flow(
    state: Any,
    pattern: int,
    mirror: float,
    model: Any,
    cores: Any,
    deltas: Any,
    corrections: Any,
    arch: Any,
    bend: Any,
    wander: Any,
) -> tuple[int, int]:
    """Fill the arrays of one finger's flow; how many cores and deltas it has."""
    nc, nd, height, low, high = draw_points(state, pattern, mirror, model, cores, deltas)
    for k in range(nc + nd):
        for harmonic in range(3):
            reach = 0.14 if harmonic == 0 else (0.09 if harmonic == 1 else 0.05)
            corrections[k, harmonic, 0] = uniform(state, -reach, reach)
            corrections[k, harmonic, 1] = uniform(state, -reach, reach)
    for k in range(nc):  # turn the ridges over the head of the core (see pattern.py)
        head = math.pi
        for other in range(nc):
            if other != k:
                head += arctangent2(cores[k, 1] - cores[other, 1], cores[k, 0] - cores[other, 0])
        for d in range(nd):
            head -= arctangent2(cores[k, 1] - deltas[d, 1], cores[k, 0] - deltas[d, 0])
        strength = uniform(state, low, high)
        corrections[k, 0, 0] += strength * cosine(head)
        corrections[k, 0, 1] -= strength * sine(head)
    arch[0], arch[1] = height, cores[0, 0] + normal(state, 0.0, 8.0)
    arch[2], arch[3] = uniform(state, 125.0, 165.0), cores[0, 1] - uniform(state, 45.0, 85.0)
    arch[4] = uniform(state, 38.0, 60.0)
    draw_waves(state, bend, 2, 1.0, 140.0, 330.0, 3.5)
    draw_waves(state, wander[: WAVES // 2], 1, model.wander, model.wave_low, model.wave_high, 0.0)
    draw_waves(state, wander[WAVES // 2 :], 1, model.drift, 250.0, 700.0, 0.0)
    return nc, nd


@kernel
def draw_waves(
    state: Any, waves: Any, heights: int, strength: float, low: float, high: float, each: float
) -> None:
    """Fill rows (height, .., kx, ky, phase) of random plane waves of `low` to `high` px.

    Every height is bell-shaped with deviation `each`, or, if that is 0, such that all waves
    together have the deviation `strength`.
    """
    count = waves.shape[0]
    sigma = each if each > 0 else strength * math.sqrt(2.0 / count)
    for w in range(count):
        k = 2 * math.pi / uniform(state, low, high)
        turn = uniform(state, 0.0, 2 * math.pi)
        for h in range(heights):
            waves[w, h] = normal(state, 0.0, sigma)
        waves[w, heights], waves[w, heights + 1] = k * cosine(turn), k * sine(turn)
        waves[w, heights + 2] = uniform(state, 0.0, 2 * math.pi)


@kernel
def sum_waves(x: float, y: float, waves: Any) -> float:
    """Height of the waves (height, kx, ky, phase) at a point."""
    total = 0.0
    for w in range(waves.shape[0]):
        total += waves[w, 0] * sine(waves[w, 1] * x + waves[w, 2] * y + waves[w, 3])
    return total


@kernel
def ridge_angle(
    x: float,
    y: float,
    nc: int,
    nd: int,
    cores: Any,
    deltas: Any,
    corrections: Any,
    arch: Any,
    bend: Any,
    wander: Any,
) -> float:
    """Ridge direction, wandering included, modulo pi and not reduced."""
    flow = flow_at(x, y, cores[:nc], deltas[:nd], corrections[: nc + nd], arch, bend)
    return flow + sum_waves(x, y, wander)


@kernel
def nearer(x: float, y: float, points: Any, count: int, distance: float) -> bool:
    """Is one of the first `count` points nearer than `distance`?"""
    for k in range(count):
        dx, dy = points[k, 0] - x, points[k, 1] - y
        if dx * dx + dy * dy < distance * distance:
            return True
    return False


@kernel
def minutia_angle(
    x: float,
    y: float,
    side: float,
    model: Any,
    nc: int,
    nd: int,
    cores: Any,
    deltas: Any,
    corrections: Any,
    arch: Any,
    bend: Any,
    wander: Any,
) -> float:
    """Along the ridge, to the side where there are more ridges."""
    step = 5.0
    angle = ridge_angle(x, y, nc, nd, cores, deltas, corrections, arch, bend, wander)
    right = ridge_angle(x + step, y, nc, nd, cores, deltas, corrections, arch, bend, wander)
    up = ridge_angle(x, y + step, nc, nd, cores, deltas, corrections, arch, bend, wander)
    # Angles jump by pi where a branch cut lies between; the sine of the double does not see it.
    c, s = cosine(angle), sine(angle)
    spread = (sine(2 * (up - angle)) * c - sine(2 * (right - angle)) * s) / (2 * step)
    dx, dy = cores[0, 0] - x, cores[0, 1] - model.middle - y
    pull = model.inward / math.sqrt(dx * dx + dy * dy + 1600.0)
    bias = model.polarity * spread + pull * (dx * c + dy * s)
    if side > max(-model.one_sided, min(model.one_sided, bias)):
        angle += math.pi
    return angle


@kernel
def grow_minutiae(
    state: Any,
    model: Any,
    nc: int,
    nd: int,
    cores: Any,
    deltas: Any,
    corrections: Any,
    arch: Any,
    bend: Any,
    wander: Any,
    out: Any,
) -> int:
    """Fill rows (x, y, angle, kind, strength) of `out` with a finger's minutiae; how many.

    A hard-core process, denser round the core and by slow waves. Some minutiae have a partner
    along the ridges. `strength`, in 0..1, says how early a minutia is lost when the print gets
    poorer.
    """
    crowd = np.empty((4, 4))
    draw_waves(state, crowd, 1, model.crowding, 120.0, 300.0, 0.0)
    most = 1.6 + model.core_crowd
    tries = int(model.density * 4 * HALF_WIDTH * HALF_HEIGHT * most)
    count = 0
    for _ in range(tries):
        x = uniform(state, -HALF_WIDTH, HALF_WIDTH)
        y = uniform(state, -HALF_HEIGHT, HALF_HEIGHT)
        apart = uniform(state, model.apart_low, model.apart_high)
        dx, dy = x - cores[0, 0], y - cores[0, 1] + 30.0
        dense = 1.0 + model.core_crowd / (1 + (dx * dx + 0.4 * dy * dy) / 2500.0)
        dense += sum_waves(x, y, crowd)
        if uniform(state, 0.0, most) > dense or nearer(x, y, out, count, apart):
            continue
        if count + 1 >= out.shape[0]:
            break
        angle = minutia_angle(
            x,
            y,
            uniform(state, -1.0, 1.0),
            model,
            nc,
            nd,
            cores,
            deltas,
            corrections,
            arch,
            bend,
            wander,
        )
        add_minutia(state, model, x, y, angle, out, count)
        count += 1
        if uniform(state, 0.0, 1.0) > model.partners:
            continue
        ahead = uniform(state, model.partner_near, model.partner_far)
        facing = uniform(state, 0.0, 1.0) < model.facing
        if not facing and uniform(state, 0.0, 1.0) < 0.5:
            ahead = -ahead
        aside = normal(state, 0.0, model.partner_aside)
        x += ahead * cosine(angle) - aside * sine(angle)
        y += ahead * sine(angle) + aside * cosine(angle)
        if nearer(x, y, out, count, apart):
            continue
        turned = ridge_angle(x, y, nc, nd, cores, deltas, corrections, arch, bend, wander)
        if (cosine(turned - angle) < 0) != facing:
            turned += math.pi
        add_minutia(state, model, x, y, turned, out, count)
        count += 1
    return count


@kernel
def add_minutia(
    state: Any, model: Any, x: float, y: float, angle: float, out: Any, at: int
) -> None:
    """Fill row `at` with a minutia of drawn kind and strength."""
    out[at, 0], out[at, 1] = x, y
    out[at, 2] = angle + normal(state, 0.0, model.jitter)
    out[at, 3] = 1.0 if uniform(state, 0.0, 1.0) < model.endings else 2.0
    out[at, 4] = uniform(state, 0.0, 1.0)
