"""Kernels that grow one finger of a synthetic gallery: its ridge flow and its minutiae.

No ridges are drawn. Where minutiae lie and how they point follows from the flow: where ridges
spread, new ones must begin, so the minutiae along the flow outnumber those against it by the
flow's divergence over the ridge period (Larkin and Fletcher, 2007: minutiae are the curl of the
phase gradient). This is what makes the minutiae of different fingers alike as real ones are.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import arctangent2, cosine, exponential, sine
from civid.lab.synthetic.templates.draw_kernels import normal, uniform
from civid.lab.synthetic.templates.gallery_model import GalleryModel
from civid.lab.synthetic.templates.slope_kernels import Flow, flow_slope, sum_waves

ARCH, TENTED, LOOP, WHORL = 0, 1, 2, 3

#: Most minutiae of a finger.
MOST_GROWN = 400

#: A finger has minutiae as far as this multiple of its usual contact's rim (see `rim`).
_FIELD, _FIELD_RIM = 1.35, 1.8


class Contact(NamedTuple):
    """Where and how large a finger touches the glass, px, and how poorly (0..1)."""

    x: float
    y: float
    across: float
    along: float
    turn: float
    poor: float


@kernel
def draw_waves(state: Any, waves: Any, heights: int, sigma: float, low: float, high: float) -> None:
    """Fill rows (one or two heights, kx, ky, phase) with plane waves of `low` to `high` px."""
    for w in range(waves.shape[0]):
        k = 2 * math.pi / uniform(state, low, high)
        turn = uniform(state, 0.0, 2 * math.pi)
        for h in range(heights):
            waves[w, h] = normal(state, 0.0, sigma)
        waves[w, heights], waves[w, heights + 1] = k * cosine(turn), k * sine(turn)
        waves[w, heights + 2] = uniform(state, 0.0, 2 * math.pi)


@kernel
def draw_flow(
    state: Any, pattern: int, lean: float, model: GalleryModel
) -> tuple[Flow, float, float]:
    """The flow of one finger; the singular points lie like those of `pattern.draw_shape`."""
    cores, deltas, arch = np.empty((2, 2)), np.empty((2, 2)), np.empty(5)
    x, y = normal(state, 0.0, model.core_x), normal(state, model.core_high, model.core_y)
    cores[0, 0], cores[0, 1] = x, y
    core_count = delta_count = 1
    height, low, high = uniform(state, 0.55, 0.85), 0.55, 1.05
    down = uniform(state, model.delta_high, model.delta_low)
    aside = uniform(state, model.delta_near, model.delta_far)
    deltas[0, 0], deltas[0, 1] = x - lean * aside, y - down
    if pattern == ARCH:
        core_count, delta_count, height = 0, 0, uniform(state, 0.65, 0.95)
    elif pattern == TENTED:
        deltas[0, 0] = x + normal(state, 0.0, 6.0)
        low, high = 0.0, 0.3
    elif pattern == WHORL:
        core_count, delta_count, height, low, high = 2, 2, uniform(state, 0.25, 0.5), 0.35, 0.85
        gap = uniform(state, 12.0, 52.0)
        cores[0, 1], cores[1, 1] = y + gap / 2, y - gap / 2
        cores[1, 0] = x + gap * normal(state, 0.0, 0.35)
        deltas[1, 0] = x + lean * uniform(state, model.delta_near, model.delta_far)
        deltas[1, 1] = y - uniform(state, model.delta_high, model.delta_low)
    corrections = np.empty((core_count + delta_count, 3, 2))
    for k in range(core_count + delta_count):
        for harmonic in range(3):
            reach = 0.14 if harmonic == 0 else (0.09 if harmonic == 1 else 0.05)
            corrections[k, harmonic, 0] = uniform(state, -reach, reach)
            corrections[k, harmonic, 1] = uniform(state, -reach, reach)
    for k in range(core_count):  # turn the ridges over the head of the core (see pattern.py)
        head = math.pi
        for other in range(core_count):
            if other != k:
                head += arctangent2(cores[k, 1] - cores[other, 1], cores[k, 0] - cores[other, 0])
        for d in range(delta_count):
            head -= arctangent2(cores[k, 1] - deltas[d, 1], cores[k, 0] - deltas[d, 0])
        strength = uniform(state, low, high)
        corrections[k, 0, 0] += strength * cosine(head)
        corrections[k, 0, 1] -= strength * sine(head)
    arch[0], arch[1] = height, x + normal(state, 0.0, 8.0)
    arch[2], arch[3] = uniform(state, 125.0, 165.0), y - uniform(state, 45.0, 85.0)
    arch[4] = uniform(state, 38.0, 60.0)
    bend, wander, crowd = np.empty((4, 5)), np.empty((6, 4)), np.empty((3, 4))
    draw_waves(state, bend, 2, 3.5, 140.0, 330.0)
    # n waves of height sigma have the deviation sigma sqrt(n / 2).
    draw_waves(state, wander[:4], 1, model.wander / 1.414, model.wave_low, model.wave_high)
    draw_waves(state, wander[4:], 1, model.drift, 250.0, 700.0)
    draw_waves(state, crowd, 1, model.crowding / 1.225, 120.0, 300.0)
    return (
        Flow(cores[:core_count], deltas[:delta_count], corrections, arch, bend, wander, crowd),
        x,
        y,
    )


@kernel
def draw_contact(state: Any, size: float, model: GalleryModel) -> Contact:
    """The finger's usual contact."""
    wide = size * exponential(normal(state, 0.0, model.own_size))
    return Contact(
        normal(state, 0.0, model.own_shift),
        normal(state, 0.0, model.own_shift),
        model.half_width * wide,
        model.half_height * wide * exponential(normal(state, 0.0, model.aspect)),
        normal(state, 0.0, model.own_turn),
        uniform(state, 0.0, 1.0),
    )


@kernel
def rim(x: float, y: float, contact: Contact) -> float:
    """0 in the middle of the contact, 1 at its edge, which lies between ellipse and rectangle."""
    u, v = (x - contact.x) / contact.across, (y - contact.y) / contact.along
    return u * u + v * v - 0.35 * min(1.0, u * u) * min(1.0, v * v)


@kernel
def nearer(x: float, y: float, points: Any, count: int, distance: float) -> bool:
    """Is one of the first `count` points nearer than `distance`?"""
    for k in range(count):
        dx, dy = points[k, 0] - x, points[k, 1] - y
        if dx * dx + dy * dy < distance * distance:
            return True
    return False


@kernel
def grow_minutiae(
    state: Any,
    model: GalleryModel,
    flow: Flow,
    core_x: float,
    core_y: float,
    contact: Contact,
    out: Any,
) -> int:
    """Fill rows (x, y, angle, kind, strength) of `out` with a finger's minutiae; how many.

    A hard-core process. `strength`, in 0..1, says how early a minutia is lost when the print gets
    poorer.
    """
    wide, high = _FIELD * contact.across, _FIELD * contact.along
    one_sided = uniform(state, model.sided_low, model.sided_high)
    count = 0
    for _ in range(int(model.density * model.densest * 4 * wide * high)):
        x = contact.x + uniform(state, -wide, wide)
        y = contact.y + uniform(state, -high, high)
        apart = uniform(state, model.apart_low, model.apart_high)
        chance = uniform(state, 0.0, model.densest)
        if rim(x, y, contact) > _FIELD_RIM or nearer(x, y, out, count, apart):
            continue
        angle, by_x, by_y = flow_slope(x, y, flow)
        c, s = cosine(angle), sine(angle)
        spread = by_y * c - by_x * s  # divergence of the flow's direction (c, s)
        dx, dy = core_x - x, core_y - y
        dense = 1.0 + model.crowd_core / (1 + (dx * dx + 0.4 * (dy - 30) * (dy - 30)) / 2500.0)
        dense += sum_waves(x, y, flow.crowd)
        dy -= model.middle
        pull = model.inward * (dx * c + dy * s) / math.sqrt(dx * dx + dy * dy + 1600.0)
        excess = model.polarity * spread + pull
        total = math.sqrt(1 + excess * excess)
        if chance > dense * total:
            continue
        if count == out.shape[0]:
            break
        if uniform(state, -1.0, 1.0) * total > one_sided * excess:
            angle += math.pi
        out[count, 0], out[count, 1] = x, y
        out[count, 2] = angle + normal(state, 0.0, model.jitter)
        out[count, 3] = 1.0 if uniform(state, 0.0, 1.0) < model.endings else 2.0
        out[count, 4] = uniform(state, 0.0, 1.0)
        count += 1
    return count
