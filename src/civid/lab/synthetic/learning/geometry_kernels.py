"""Kernels of the map from print to finger, and of the look through it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import arctangent2, cosine, sine
from civid.lab.synthetic.images.impression_kernels import to_master


@kernel
def fill_lattice(pose: Any, scale: float, cell: float, out: Any) -> None:
    """Control points: `to_master` of points `cell` px apart, the first one half a cell outside."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            u, v = to_master((j - 0.5) * cell / scale, (i - 0.5) * cell / scale, pose)
            out[i, j, 0], out[i, j, 1] = u, v


@kernel
def place(x: float, y: float, lattice: Any, cell: float) -> Any:
    """Point and slopes of the map: u, v, du/dx, du/dy, dv/dx, dv/dy."""
    a = min(max(y / cell, 0.0), lattice.shape[0] - 2.0001)
    b = min(max(x / cell, 0.0), lattice.shape[1] - 2.0001)
    i, j = int(a), int(b)
    t, s = a - i, b - j
    w = (0.5 * (1 - t) * (1 - t), 0.5 + t * (1 - t), 0.5 * t * t)
    c = (0.5 * (1 - s) * (1 - s), 0.5 + s * (1 - s), 0.5 * s * s)
    dw = ((t - 1) / cell, (1 - 2 * t) / cell, t / cell)
    dc = ((s - 1) / cell, (1 - 2 * s) / cell, s / cell)
    u = v = ux = uy = vx = vy = 0.0
    for k in range(3):
        for m in range(3):
            p, q = lattice[i + k, j + m, 0], lattice[i + k, j + m, 1]
            u += w[k] * c[m] * p
            v += w[k] * c[m] * q
            ux += w[k] * dc[m] * p
            vx += w[k] * dc[m] * q
            uy += dw[k] * c[m] * p
            vy += dw[k] * c[m] * q
    return u, v, ux, uy, vx, vy


@kernel
def invert(
    points: Any, lattice: Any, cell: float, start: Any, height: int, width: int, out: Any
) -> None:
    """Newton's method; points and out: (N, 3) x, y, angle (counter-clockwise, y down).

    start: x, y on the print, u, v on the finger, cosine and sine times the scale, of a first guess.
    """
    for n in range(points.shape[0]):
        u, v, angle = points[n, 0], points[n, 1], points[n, 2]
        du, dv = u - start[2], v - start[3]
        x = start[0] + start[4] * du + start[5] * dv
        y = start[1] - start[5] * du + start[4] * dv
        ux, uy, vx, vy = 1.0, 0.0, 0.0, 1.0
        error = 1e9
        for _ in range(30):
            x = min(max(x, -20.0), width + 20.0)
            y = min(max(y, -20.0), height + 20.0)
            u0, v0, ux, uy, vx, vy = place(x, y, lattice, cell)
            det = ux * vy - uy * vx
            if abs(det) < 1e-6:
                break
            ru, rv = u - u0, v - v0
            error = abs(ru) + abs(rv)
            if error < 1e-7:
                break
            x += (vy * ru - uy * rv) / det
            y += (ux * rv - vx * ru) / det
        if error > 1e-4:
            x = y = np.nan
        cu, cv = cosine(angle), -sine(angle)
        tx, ty = vy * cu - uy * cv, ux * cv - vx * cu
        if ux * vy - uy * vx < 0:
            tx, ty = -tx, -ty
        turned = arctangent2(-ty, tx)
        out[n, 0], out[n, 1] = x, y
        out[n, 2] = turned if turned >= 0 else turned + 2 * math.pi


@kernel
def look(field: Any, inside: Any, out: Any, nearest: Any) -> None:
    """What lies under each pixel; out: (5, H, W) float32, of which 0, 1 are given.

    0, 1 point on the finger; 2 relief (cosine of the phase); 3 amplitude; 4 inside (1) or not (0).
    nearest: (H, W) int32, the master's pixel there (row * W + column; 0 outside).
    """
    height, width = inside.shape
    one = np.float32(1)
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            u, v = out[0, y, x], out[1, y, x]
            out[2, y, x] = out[3, y, x] = out[4, y, x] = 0
            nearest[y, x] = 0
            if not (u >= 1 and v >= 1 and u < width - 2 and v < height - 2):
                continue
            j, i = int(u), int(v)
            s, t = np.float32(u - np.float32(j)), np.float32(v - np.float32(i))
            near_i, near_j = i, j
            if t >= np.float32(0.5):
                near_i += 1
            if s >= np.float32(0.5):
                near_j += 1
            nearest[y, x] = near_i * width + near_j
            if not inside[i, j]:
                continue
            w0, w1 = (one - t) * (one - s), (one - t) * s
            w2, w3 = t * (one - s), t * s
            a, b = field[i, j, 0], field[i, j, 1]
            c, d = field[i, j + 1, 0], field[i, j + 1, 1]
            e, f = field[i + 1, j, 0], field[i + 1, j, 1]
            g, h = field[i + 1, j + 1, 0], field[i + 1, j + 1, 1]
            re = w0 * a + w1 * c + w2 * e + w3 * g
            power = w0 * (a * a + b * b) + w1 * (c * c + d * d)
            power += w2 * (e * e + f * f) + w3 * (g * g + h * h)
            size = np.float32(math.sqrt(power)) + np.float32(1e-6)
            out[2, y, x] = min(one, max(-one, re / size))
            out[3, y, x] = size
            out[4, y, x] = one


@kernel
def truths(
    field: Any,
    normals: Any,
    waves: Any,
    lattice: Any,
    cell: float,
    mask: Any,
    first: int,
    step: int,
    out: Any,
) -> None:
    """Truth of every `step`-th pixel from `first` on, where mask; out: (6, rows, cols) float32.

    0, 1 cosine and sine of twice the ridge direction (counter-clockwise); 2 period, px of the
    print; 3, 4 cosine and sine of the phase, rising to the left of the direction in [0, pi);
    5 amplitude. Zeros elsewhere.
    """
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            for k in range(6):
                out[k, y, x] = 0
            at_y, at_x = first + y * step, first + x * step
            if not mask[at_y, at_x]:
                continue
            u, v, ux, uy, vx, vy = place(float(at_x), float(at_y), lattice, cell)
            # The wave vector of the finger there, from stride 2 fields.
            hu = min(max(u / 2, 0.0), waves.shape[1] - 1.001)
            hv = min(max(v / 2, 0.0), waves.shape[0] - 1.001)
            j, i = int(hu), int(hv)
            s, t = hu - j, hv - i
            c = (1 - t) * ((1 - s) * waves[i, j, 0] + s * waves[i, j + 1, 0])
            c += t * ((1 - s) * waves[i + 1, j, 0] + s * waves[i + 1, j + 1, 0])
            d = (1 - t) * ((1 - s) * waves[i, j, 1] + s * waves[i, j + 1, 1])
            d += t * ((1 - s) * waves[i + 1, j, 1] + s * waves[i + 1, j + 1, 1])
            k0 = (1 - t) * ((1 - s) * waves[i, j, 2] + s * waves[i, j + 1, 2])
            k0 += t * ((1 - s) * waves[i + 1, j, 2] + s * waves[i + 1, j + 1, 2])
            size = math.sqrt(c * c + d * d) + 1e-12
            c /= size
            # Half the angle without an arctangent.
            nx = math.sqrt(max(0.0, (1 + c) / 2))
            ny = math.sqrt(max(0.0, (1 - c) / 2))
            if d < 0:
                ny = -ny
            # Through the map: k of the print is the transpose of the slopes times k.
            kx, ky = ux * nx + vx * ny, uy * nx + vy * ny
            length = math.sqrt(kx * kx + ky * ky) + 1e-12
            px, py = kx / length, ky / length
            # Left of a direction in [0, pi): the normal points up, or left if level... (-s, c).
            flip = 1.0
            if px > 0 or (px == 0 and py > 0):
                flip = -1.0
            # Direction = normal turned clockwise by a right angle; twice of it.
            out[0, y, x] = -(px * px - py * py)
            out[1, y, x] = 2 * px * py
            out[2, y, x] = 2 * math.pi / (k0 * length)
            # The phase itself, in the sense of the normal at the nearest pixel.
            fj, fi = int(u), int(v)
            if fj < 0 or fi < 0 or fj >= field.shape[1] - 1 or fi >= field.shape[0] - 1:
                continue
            near_i, near_j = int(v + 0.5), int(u + 0.5)
            mx, my = normals[near_i, near_j, 0], normals[near_i, near_j, 1]
            if mx * nx + my * ny < 0:
                flip = -flip
            re = im = 0.0
            s, t = u - fj, v - fi
            for k in range(2):
                for m in range(2):
                    w = (t if k else 1 - t) * (s if m else 1 - s)
                    same = normals[fi + k, fj + m, 0] * mx + normals[fi + k, fj + m, 1] * my
                    re += w * field[fi + k, fj + m, 0]
                    im += w * field[fi + k, fj + m, 1] * (1 if same >= 0 else -1)
            size = math.sqrt(re * re + im * im) + 1e-9
            out[3, y, x] = re / size
            out[4, y, x] = flip * im / size
            out[5, y, x] = size
