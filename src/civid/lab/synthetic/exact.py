"""sin, cos, exp and atan2 of + - * / only: the same bits on every machine.

The system's mathematical library gives other last bits on other CPUs, and one of them can turn a
grey value. Good to 1e-12, which is far more than a picture needs.
"""

from __future__ import annotations

import math

from civid._jit import kernel

_HALF_PI = math.pi / 2


@kernel
def sine(x: float) -> float:
    """Sine of `x` (radians, |x| up to some thousands)."""
    turns = math.floor(x / _HALF_PI + 0.5)
    r = x - turns * _HALF_PI
    r2 = r * r
    quadrant = int(turns) & 3
    if quadrant & 1:
        y = 1 - r2 / 2 * (
            1 - r2 / 12 * (1 - r2 / 30 * (1 - r2 / 56 * (1 - r2 / 90 * (1 - r2 / 132))))
        )
    else:
        y = r * (1 - r2 / 6 * (1 - r2 / 20 * (1 - r2 / 42 * (1 - r2 / 72 * (1 - r2 / 110)))))
    return -y if quadrant & 2 else y


@kernel
def cosine(x: float) -> float:
    """Cosine of `x` (radians)."""
    return sine(x + _HALF_PI)


@kernel
def exponential(x: float) -> float:
    """e to the power `x`, for x in -60..60; below it 0, above it the value at 60."""
    if x < -60.0:
        return 0.0
    r = min(x, 60.0) / 1024
    y = 1 + r * (1 + r / 2 * (1 + r / 3 * (1 + r / 4 * (1 + r / 5 * (1 + r / 6)))))
    for _ in range(10):
        y *= y
    return y


@kernel
def arctangent2(y: float, x: float) -> float:
    """Angle of (x, y) in radians, -pi..pi; 0 for the origin."""
    ax, ay = abs(x), abs(y)
    if ax == 0.0 and ay == 0.0:
        return 0.0
    low, high = min(ax, ay), max(ax, ay)
    t = low / high
    # Halve the angle twice; the series then needs few terms.
    t = t / (1 + math.sqrt(1 + t * t))
    t = t / (1 + math.sqrt(1 + t * t))
    t2 = t * t
    series = 1.0 / 19
    for k in range(17, 0, -2):
        series = 1.0 / k - t2 * series
    angle = 4 * t * series
    if ay > ax:
        angle = _HALF_PI - angle
    if x < 0:
        angle = math.pi - angle
    return -angle if y < 0 else angle
