"""Ridge patterns as phase images: wherever a spiral is added to the phase, one minutia is.

(Larkin, Fletcher: A coherent framework for fingerprint analysis, 2007.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pytest

Spiral = tuple[float, float, int]  # x, y, +1 or -1
Pixels = npt.NDArray[np.uint8]


@pytest.fixture(scope="session")
def phase_print() -> Callable[..., Pixels]:
    """A function that draws ridges with minutiae at known places: `draw_phase`."""
    return draw_phase


@pytest.fixture(scope="session")
def sample_print() -> Callable[..., Pixels]:
    """A function that draws a print of known make: `draw_sample`."""
    return draw_sample


def draw_phase(
    width: int,
    height: int,
    period: float,
    angle: float,
    spirals: Sequence[Spiral] = (),
    *,
    bend: float = 0.0,
) -> Pixels:
    """Grey ridges that run in direction ``angle`` (radians, counter-clockwise, y down).

    A spiral of +1 is a minutia where one ridge more is on the side of ``angle`` than on the other
    one, so that its direction is ``angle``; -1 is one of direction ``angle`` + pi.
    """
    y, x = np.mgrid[:height, :width].astype(float)
    # u grows across the ridges, to the right of somebody who walks in direction `angle`.
    u = x * np.sin(angle) + y * np.cos(angle)
    v = x * np.cos(angle) - y * np.sin(angle)
    phase = 2 * np.pi / period * (u + bend * (v - v.mean()) ** 2)
    for at_x, at_y, sign in spirals:
        du = (x - at_x) * np.sin(angle) + (y - at_y) * np.cos(angle)
        dv = (x - at_x) * np.cos(angle) - (y - at_y) * np.sin(angle)
        phase += sign * np.arctan2(-dv, du)
    return np.rint(127.5 + 100 * np.cos(phase)).astype(np.uint8)


def draw_sample(width: int = 300, height: int = 340, seed: int = 5) -> Pixels:
    """An oval print on a white ground with 18 minutiae and curved ridges."""
    random = np.random.default_rng(seed)
    spots: list[Spiral] = []
    while len(spots) < 18:
        x, y = random.uniform(60, width - 60), random.uniform(60, height - 60)
        if all(np.hypot(x - a, y - b) > 28 for a, b, _ in spots):
            spots.append((x, y, 1 if len(spots) % 2 else -1))
    ridges = draw_phase(width, height, 9.0, 0.5, spots, bend=0.0008).astype(float)
    y, x = np.mgrid[:height, :width].astype(float)
    radius = np.hypot((x - width / 2) / (width / 2 - 20), (y - height / 2) / (height / 2 - 20))
    inside = np.clip((1 - radius) * 12, 0, 1)
    noise = random.normal(0, 6, ridges.shape)
    return np.clip(250 + (ridges - 250) * inside + noise, 0, 255).astype(np.uint8)
