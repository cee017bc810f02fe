"""Kernels of an impression: the plastic skin, what touches the glass, what the sensor sees."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine


@kernel
def to_master(x: float, y: float, pose: Any) -> tuple[float, float]:
    """Where a point of the impression lies on the master.

    pose: 0, 1 middle of the impression; 2, 3 cosine and sine of the rotation; 4, 5 the point of
    the master that lies there; then the plastic distortion of Cappelli, Maio and Maltoni
    (ICAPR 2001): 6, 7 centre, 8, 9 half axes of the region that sticks to the glass; 10, 11 drag;
    12, 13 cosine and sine of the torsion; 14 plasticity: over how many radii the skin gives way.
    """
    dx, dy = x - pose[0], y - pose[1]
    u = pose[4] + pose[2] * dx - pose[3] * dy
    v = pose[5] + pose[3] * dx + pose[2] * dy
    a, b = u - pose[6], v - pose[7]
    beyond = math.sqrt(a * a / (pose[8] * pose[8]) + b * b / (pose[9] * pose[9])) - 1
    if beyond <= 0:
        return u, v
    brake = 1.0
    if beyond < pose[14]:
        brake = 0.5 * (1 - cosine(math.pi * beyond / pose[14]))
    shift_u = pose[12] * a - pose[13] * b - a + pose[10]
    shift_v = pose[13] * a + pose[12] * b - b + pose[11]
    return u + brake * shift_u, v + brake * shift_v


@kernel
def from_master(points: Any, pose: Any, out: Any) -> None:
    """Invert `to_master` by Newton's method.

    points: (N, 3) x, y, angle (counter-clockwise, y down) on the master; out: the same on the
    impression; not a number where it does not converge.
    """
    for k in range(points.shape[0]):
        u, v, angle = points[k, 0], points[k, 1], points[k, 2]
        du, dv = u - pose[4], v - pose[5]
        x = pose[0] + pose[2] * du + pose[3] * dv
        y = pose[1] - pose[3] * du + pose[2] * dv
        error = 1.0
        a, b, c, d = 1.0, 0.0, 0.0, 1.0
        for _ in range(20):
            u0, v0 = to_master(x, y, pose)
            u1, v1 = to_master(x + 0.5, y, pose)
            u2, v2 = to_master(x - 0.5, y, pose)
            u3, v3 = to_master(x, y + 0.5, pose)
            u4, v4 = to_master(x, y - 0.5, pose)
            a, b, c, d = u1 - u2, u3 - u4, v1 - v2, v3 - v4
            det = a * d - b * c
            if abs(det) < 1e-3:
                break
            ru, rv = u - u0, v - v0
            x += (d * ru - b * rv) / det
            y += (a * rv - c * ru) / det
            error = abs(ru) + abs(rv)
            if error < 1e-9:
                break
        if error > 1e-3:
            x = y = np.nan
        # The direction goes through the same map: solve J d = (cos, -sin).
        cu, cv = cosine(angle), -cosine(angle - math.pi / 2)
        out[k, 0], out[k, 1] = x, y
        out[k, 2], out[k, 3] = d * cu - b * cv, a * cv - c * cu
        if a * d - b * c < 0:
            out[k, 2], out[k, 3] = -out[k, 2], -out[k, 3]


@kernel
def mixed(field: Any, u: float, v: float) -> float:
    """Bilinear value; the caller keeps (u, v) inside."""
    j, i = int(u), int(v)
    s, t = u - j, v - i
    top = field[i, j] * (1 - s) + field[i, j + 1] * s
    low = field[i + 1, j] * (1 - s) + field[i + 1, j + 1] * s
    value: float = top * (1 - t) + low * t
    return value


@kernel
def contact_at(u: float, v: float, contact: Any, rough: float) -> float:
    """How hard the skin is pressed: 1 in the middle, 0 at the rim, below 0 no contact.

    contact: 0, 1 centre on the master, 2 half width, 3, 4 half height of tip and foot. rough:
    unevenness of the rim.
    """
    a, b = (u - contact[0]) / contact[2], v - contact[1]
    if b < 0:
        b /= contact[3]
        b *= b
    else:
        b /= contact[4]
        b *= b * b
    press: float = 1 - a * a - b + rough
    return press


@kernel
def render(
    ridges: Any,
    inside: Any,
    pores: Any,
    creases: Any,
    pose: Any,
    contact: Any,
    look: Any,
    fine: Any,
    coarse: Any,
    slow: Any,
    out: Any,
) -> None:
    """Ink (0 no contact .. 1 full contact) of every pixel.

    look: 0 moisture (-1 dry .. 1 wet), 1 unevenness of moisture, 2 grain, 3 edge noise, 4 strength
    of pores, 5 of creases, 6 unevenness of the rim. fine, coarse, slow: (H, W) noise.
    """
    height, width = ridges.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = 0
            u, v = to_master(float(j), float(i), pose)
            if u < 0 or v < 0 or u >= width - 1 or v >= height - 1:
                continue
            if not inside[int(v), int(u)]:
                continue
            press = contact_at(u, v, contact, look[6] * (slow[i, j] + 0.3 * coarse[i, j]))
            if press < -0.12:
                continue
            # Full pressure is reached soon; near the rim only the ridges' tops touch.
            firm = min(1.0, max(0.0, press / 0.3))
            light = (1 - firm) * (1 - firm)
            wet = look[0] + look[1] * slow[i, j]
            level = mixed(ridges, u, v) / 100
            dry = max(0.0, -wet)
            # Dry skin touches in crumbs of some px, a wet one only frays a little.
            level += (look[3] * (1 + dry) + 0.25 * light) * coarse[i, j]
            level += (look[2] * (0.35 + dry) + 0.35 * light) * fine[i, j]
            level -= look[4] * (1 + 1.5 * dry) * mixed(pores, u, v) / 255
            level -= look[5] * 2.4 * mixed(creases, u, v) / 255
            threshold = -0.62 * max(0.0, wet) + 0.5 * dry + 1.15 * light
            if press < 0:
                threshold -= 9 * press
            ink = 0.5 + (level - threshold) / 0.9
            ink = min(1.0, max(0.0, ink))
            ink = ink * ink * (3 - 2 * ink)
            # Moisture fills the valleys with a grey film.
            film = firm * max(0.0, wet - 0.15) * 0.62
            out[i, j] = ink + (1 - ink) * min(0.8, film)


@kernel
def expose(ink: Any, weight: float, dark: float, ground: Any, grain: Any, out: Any) -> None:
    """The sensor: blur by (w, 1 - 2 w, w) both ways, grey levels, noise.

    ground: (H, W) grey of the empty glass. dark: grey of full ink. grain: (H, W) sensor noise.
    """
    height, width = ink.shape
    centre = 1 - 2 * weight
    lines = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            left, right = ink[i, max(0, j - 1)], ink[i, min(width - 1, j + 1)]
            lines[i, j] = centre * ink[i, j] + weight * (left + right)
    for i in range(height):
        for j in range(width):
            above, below = lines[max(0, i - 1), j], lines[min(height - 1, i + 1), j]
            value = centre * lines[i, j] + weight * (above + below)
            grey = ground[i, j] + (dark - ground[i, j]) * value + grain[i, j]
            out[i, j] = int(min(255.0, max(0.0, grey + 0.5)))
