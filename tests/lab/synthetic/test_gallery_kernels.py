"""The kernels below the synthetic galleries, against plain formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.lab.synthetic import GalleryModel
from civid.lab.synthetic.images.flow_kernels import flow_at
from civid.lab.synthetic.templates import draw_kernels, finger_kernels
from civid.lab.synthetic.templates.slope_kernels import flow_slope, sum_waves

WORD = (1 << 64) - 1


def splitmix(state: int) -> int:
    """Steele, Lea and Flood's generator in whole numbers of Python."""
    z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & WORD
    return z ^ (z >> 31)


@given(st.integers(0, WORD))
def test_draws_are_splitmix64(seed: int) -> None:
    state = np.array([seed], np.uint64)
    for k in range(1, 4):
        expected = splitmix((seed + k * 0x9E3779B97F4A7C15) & WORD) >> 11
        assert draw_kernels.uniform(state, 0.0, 1.0) == expected * 2.0**-53


def test_normal_is_bell_shaped() -> None:
    state = np.zeros(1, np.uint64)
    draws = np.array([draw_kernels.normal(state, 3.0, 2.0) for _ in range(4000)])
    assert abs(draws.mean() - 3) < 0.15
    assert abs(draws.std() - 2) < 0.1
    assert abs(draws - 3).max() <= 2 * 3.4642


def test_keys_do_not_collide() -> None:
    keys = {int(draw_kernels.below(np.uint64(7), k)) for k in range(20000)}
    keys |= {int(draw_kernels.below(np.uint64(8), k)) for k in range(20000)}
    assert len(keys) == 40000


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), st.integers(0, 999), st.floats(-90, 90), st.floats(-120, 120))
def test_slope_is_the_flow_and_its_derivative(pattern: int, seed: int, x: float, y: float) -> None:
    state = np.array([seed], np.uint64)
    flow, _, _ = finger_kernels.draw_flow(state, pattern, 1.0, GalleryModel())
    flow.bend[:, :2] = 0.0  # the derivatives leave out what bending stretches
    points = np.concatenate([flow.cores, flow.deltas])
    if len(points) and np.hypot(*(points - (x, y)).T).min() < 5:
        return

    def angle(u: float, v: float) -> float:
        parts = (flow.cores, flow.deltas, flow.corrections, flow.arch, flow.bend)
        return flow_at(u, v, *parts) + sum_waves(u, v, flow.wander)

    found, by_x, by_y = flow_slope(x, y, flow)
    assert math.sin(found - angle(x, y)) == pytest.approx(0, abs=1e-9)
    step = 1e-4
    if abs(abs((x - flow.arch[1]) / flow.arch[2]) - 1) < 1e-3:
        return
    dx = math.asin(math.sin(angle(x + step, y) - angle(x - step, y))) / (2 * step)
    dy = math.asin(math.sin(angle(x, y + step) - angle(x, y - step))) / (2 * step)
    assert by_x == pytest.approx(dx, abs=1e-4)
    assert by_y == pytest.approx(dy, abs=1e-4)
