"""Kernels that grow a ridge pattern by oriented filtering.

All in whole numbers: LLVM may then reorder the sums into vector instructions (it may not with
floats), and the result is the same on every machine. Copying the rows under a filter into one
column-packed strip makes the window of every pixel one run of memory: 16 G multiply-adds a second
measured, against 3 for the plain double loop.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel
from civid.lab.synthetic.exact import cosine, exponential

#: Filter sums are shifted right by this much.
SHIFT = 14
#: Grey values of a pattern are -LIMIT (valley) .. LIMIT (ridge).
LIMIT = 127


@kernel
def fill_bank(
    bank: Any, directions: int, periods: Any, radius: int, width: float, gain: float
) -> None:
    """Gabor-like filters, zero mean: bank (directions * periods, side * side) int16.

    A filter answers a cosine of its own direction and period with `gain` times its amplitude.
    ``width``: standard deviation of the bell in periods. Element (column * side + row), so that
    it lies like the strip of `filter_image`.
    """
    side = 2 * radius + 1
    values = np.zeros((side, side))
    bell = np.zeros((side, side))
    for d in range(directions):
        angle = d * math.pi / directions
        c, s = cosine(angle), cosine(angle - math.pi / 2)
        for p in range(periods.shape[0]):
            period = periods[p]
            sigma = width * period
            total = 0.0
            weight = 0.0
            for col in range(side):
                for row in range(side):
                    x, y = col - radius, radius - row
                    across = y * c - x * s
                    bell[col, row] = exponential(-(x * x + y * y) / (2 * sigma * sigma))
                    values[col, row] = bell[col, row] * cosine(2 * math.pi * across / period)
                    total += values[col, row]
                    weight += bell[col, row]
            answer = 0.0
            for col in range(side):
                for row in range(side):
                    values[col, row] -= bell[col, row] * total / weight
                    across = (radius - row) * c - (col - radius) * s
                    answer += values[col, row] * cosine(2 * math.pi * across / period)
            scale = gain * (1 << SHIFT) / answer
            for col in range(side):
                for row in range(side):
                    value = math.floor(values[col, row] * scale + 0.5)
                    bank[d * periods.shape[0] + p, col * side + row] = value


@kernel
def fill_strip(source: Any, index: Any, y: int, side: int, strip: Any) -> tuple[int, int]:
    """The columns of `side` rows from y on, one behind the other: what the taps of a row read.

    Returned: from which column on, and up to which, index[y] asks for anything; no other is there.
    """
    left, right = 0, index.shape[1]
    while left < right and index[y, left] < 0:
        left += 1
    while right > left and index[y, right - 1] < 0:
        right -= 1
    for row in range(side):
        for x in range(left, right + side - 1):
            strip[x * side + row] = source[y + row, x]
    return left, right


@kernel
def filter_image(source: Any, out: Any, index: Any, bank: Any) -> None:
    """Filter every pixel with its own filter of the bank.

    source, out: (H + 2 r, W + 2 r) int16 with a border of r zeros. index: (H, W) int32, -1 =
    outside the finger, where nothing is written.
    """
    height = index.shape[0]
    taps = bank.shape[1]
    border = (source.shape[0] - height) // 2
    side = 2 * border + 1
    strip = np.zeros(source.shape[1] * side, np.int16)
    for y in range(height):
        left, right = fill_strip(source, index, y, side, strip)
        for x in range(left, right):
            which = index[y, x]
            if which < 0:
                continue
            weights = bank[np.uint32(which)]
            window = strip[x * side : x * side + taps]
            total = np.int32(0)
            for k in range(taps):
                product = np.int32(np.int32(weights[k]) * np.int32(window[k]))
                total = np.int32(total + product)
            out[y + border, x + border] = min(LIMIT, max(-LIMIT, total >> SHIFT))


@kernel
def enlarge(small: Any, border: int, out: Any, out_border: int) -> None:
    """Twice the size by the middle of neighbours (pixel centres stay where they are)."""
    height, width = out.shape[0] - 2 * out_border, out.shape[1] - 2 * out_border
    for i in range(height):
        y = i // 2 + border
        for j in range(width):
            x = j // 2 + border
            total = np.int32(small[y, x])
            if i & 1:
                total += small[y + 1, x]
                if j & 1:
                    total += small[y, x + 1] + small[y + 1, x + 1]
                    total = total >> 2
                else:
                    total = total >> 1
            elif j & 1:
                total = (total + small[y, x + 1]) >> 1
            out[i + out_border, j + out_border] = total
