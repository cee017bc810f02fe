"""Kernels of the complex ridge field: filters in quadrature, zeros, local wave vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import arctangent2, cosine, exponential, sine
from civid.lab.synthetic.images.growth_kernels import SHIFT, fill_strip

#: Steps of the flow in the bank of filters, as `flow_kernels.quantise` has them.
DIRECTIONS = 128


@kernel
def fill_odd(
    bank: Any, directions: int, periods: Any, radius: int, width: float, gain: float
) -> None:
    """The twin of `growth_kernels.fill_bank` that answers a sine, not a cosine."""
    side = 2 * radius + 1
    values = np.zeros((side, side))
    for d in range(directions):
        angle = d * math.pi / directions
        c, s = cosine(angle), cosine(angle - math.pi / 2)
        for p in range(periods.shape[0]):
            period = periods[p]
            sigma = width * period
            answer = 0.0
            for col in range(side):
                for row in range(side):
                    x, y = col - radius, radius - row
                    across = y * c - x * s
                    bell = exponential(-(x * x + y * y) / (2 * sigma * sigma))
                    wave = sine(2 * math.pi * across / period)
                    # A cosine of phase f answers with -sin f to a sine; turned, so that it is +.
                    values[col, row] = -bell * wave
                    answer += bell * wave * wave
            scale = gain * (1 << SHIFT) / answer
            for col in range(side):
                for row in range(side):
                    value = math.floor(values[col, row] * scale + 0.5)
                    bank[d * periods.shape[0] + p, col * side + row] = value


@kernel
def demodulate(source: Any, index: Any, even: Any, odd: Any, out: Any) -> None:
    """Both filters of every pixel; out: (H, W, 2), about -1 .. 1.

    source: (H + 2 r, W + 2 r) int16. index: (H, W) int32, -1 where nothing is written.
    """
    height = index.shape[0]
    taps = even.shape[1]
    border = (source.shape[0] - height) // 2
    side = 2 * border + 1
    strip = np.zeros(source.shape[1] * side, np.int16)
    unit = np.float32(1.0 / (127.0 * 1.2 * (1 << SHIFT)))
    for y in range(height):
        left, right = fill_strip(source, index, y, side, strip)
        for x in range(left, right):
            which = index[y, x]
            if which < 0:
                continue
            a = even[np.uint32(which)]
            b = odd[np.uint32(which)]
            window = strip[x * side : x * side + taps]
            re, im = np.int32(0), np.int32(0)
            for k in range(taps):
                re = np.int32(re + np.int32(np.int32(a[k]) * np.int32(window[k])))
            for k in range(taps):
                im = np.int32(im + np.int32(np.int32(b[k]) * np.int32(window[k])))
            out[y, x, 0] = np.float32(re) * unit
            out[y, x, 1] = np.float32(im) * unit


@kernel
def fill_normals(flow: Any, out: Any) -> None:
    """Unit normals of (H / 2, W / 2) flow as (H, W, 2): x right, y down.

    They have the sense of the filter that was used: a flow that rounds to pi is filtered as 0.
    """
    for i in range(flow.shape[0]):
        for j in range(flow.shape[1]):
            x, y = -sine(flow[i, j]), -cosine(flow[i, j])
            if int(flow[i, j] * DIRECTIONS / math.pi + 0.5) >= DIRECTIONS:
                x, y = -x, -y
            for di in range(2):
                for dj in range(2):
                    out[2 * i + di, 2 * j + dj, 0] = x
                    out[2 * i + di, 2 * j + dj, 1] = y


@kernel
def find_zeros(field: Any, normals: Any, inside: Any, out: Any) -> int:
    """Zeros of the field with a whole turn of phase about them.

    out: (N, 4) x, y, sign of the turn (against the normal's sense), normal's row * W + col;
    returned: how many there are.
    """
    height, width = inside.shape
    count = 0
    re, im = np.zeros(4), np.zeros(4)
    for i in range(height - 1):
        for j in range(width - 1):
            if not (
                inside[i, j] and inside[i + 1, j] and inside[i, j + 1] and inside[i + 1, j + 1]
            ):
                continue
            # Round the square, each corner's phase in the sense of the first one's normal.
            coherent = True
            for k in range(4):
                y = i + (1 if k == 1 or k == 2 else 0)
                x = j + (1 if k >= 2 else 0)
                dot = normals[y, x, 0] * normals[i, j, 0] + normals[y, x, 1] * normals[i, j, 1]
                if abs(dot) < 0.8:
                    coherent = False
                re[k] = field[y, x, 0]
                im[k] = field[y, x, 1] if dot >= 0 else -field[y, x, 1]
            if not coherent:
                continue
            turn = 0
            for k in range(4):
                nxt = (k + 1) & 3
                # Crossings of the negative real axis, counted with their sense.
                if (im[k] < 0) != (im[nxt] < 0):
                    cross = re[k] - im[k] * (re[nxt] - re[k]) / (im[nxt] - im[k])
                    if cross < 0:
                        turn += 1 if im[nxt] < 0 else -1
            if turn == 0 or count >= out.shape[0]:
                continue
            # Corners are (0,0), (1,0), (1,1), (0,1) of (row, col): solve the plane through them.
            gx = (re[3] - re[0] + re[2] - re[1]) / 2
            gy = (re[1] - re[0] + re[2] - re[3]) / 2
            hx = (im[3] - im[0] + im[2] - im[1]) / 2
            hy = (im[1] - im[0] + im[2] - im[3]) / 2
            mean_re, mean_im = (
                (re[0] + re[1] + re[2] + re[3]) / 4,
                (im[0] + im[1] + im[2] + im[3]) / 4,
            )
            det = gx * hy - gy * hx
            dx, dy = 0.0, 0.0
            if abs(det) > 1e-9:
                dx = min(0.5, max(-0.5, -(mean_re * hy - gy * mean_im) / det))
                dy = min(0.5, max(-0.5, -(gx * mean_im - hx * mean_re) / det))
            out[count, 0], out[count, 1] = j + 0.5 + dx, i + 0.5 + dy
            out[count, 2] = turn
            out[count, 3] = i * width + j
            count += 1
    return count


@kernel
def fill_tensor(field: Any, normals: Any, out: Any) -> None:
    """Local wave vector k of the phase, weighted by the squared amplitude w, at every second pixel.

    out: (H / 2, W / 2, 4): w (kx^2 - ky^2), w 2 kx ky, w |k|, w; radians a px, x right, y down.
    """
    height, width = field.shape[0], field.shape[1]
    for i in range(2, height - 1, 2):
        for j in range(2, width - 1, 2):
            a, b = field[i, j, 0], field[i, j, 1]
            w = a * a + b * b
            if w < 0.02:
                continue
            nx, ny = normals[i, j, 0], normals[i, j, 1]
            kx, ky = 0.0, 0.0
            for axis in range(2):
                di, dj = (0, 1) if axis == 0 else (1, 0)
                flip = nx * normals[i + di, j + dj, 0] + ny * normals[i + di, j + dj, 1]
                c, d = field[i + di, j + dj, 0], field[i + di, j + dj, 1]
                d = d if flip >= 0 else -d
                flip = nx * normals[i - di, j - dj, 0] + ny * normals[i - di, j - dj, 1]
                e, f = field[i - di, j - dj, 0], field[i - di, j - dj, 1]
                f = f if flip >= 0 else -f
                # Phase from e + i f to c + i d: two pixels are up to a quarter of a turn.
                turn = arctangent2(d * e - c * f, c * e + d * f) / 2
                if axis == 0:
                    kx = turn
                else:
                    ky = turn
            row, col = i // 2, j // 2
            out[row, col, 0] = w * (kx * kx - ky * ky)
            out[row, col, 1] = w * 2 * kx * ky
            out[row, col, 2] = w * math.sqrt(kx * kx + ky * ky)
            out[row, col, 3] = w


@kernel
def box(source: Any, radius: int, out: Any) -> None:
    """Sums over (2 radius + 1) squares of (H, W, 4) float32; zero outside."""
    height, width, channels = source.shape
    lines = np.zeros_like(source)
    for i in range(height):
        for j in range(width):
            for k in range(max(0, j - radius), min(width, j + radius + 1)):
                for c in range(channels):
                    lines[i, j, c] += source[i, k, c]
    out[:] = 0
    for i in range(height):
        for k in range(max(0, i - radius), min(height, i + radius + 1)):
            for j in range(width):
                for c in range(channels):
                    out[i, j, c] += lines[k, j, c]
