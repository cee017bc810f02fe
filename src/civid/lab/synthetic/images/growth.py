"""A ridge pattern from its flow and period: seeds that grow until they fill the finger.

The idea is SFinGe's (Cappelli, Erol, Maio, Maltoni, ICPR 2000): filter again and again with the
Gabor-like filter that fits each place. Ridges spread from the seeds; where fronts meet out of
step, or the period or the flow asks for more ridges, minutiae appear by themselves. Most of it
happens at half the resolution; the last rounds at full resolution draw the ridges smoothly.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import flow_kernels, growth_kernels
from civid.lab.synthetic.streams import Stream

DIRECTIONS = 128
#: Ridge periods of the bank, px at 500 dpi: 16 steps of 4 %.
PERIODS = 6.6 * 1.04 ** np.arange(16)
#: Bell width in periods: two to three ridges under one filter. Narrower ones heal less, which
#: leaves the irregularity that tells fingers apart (docs/explain/synthetic.md).
WIDTH = 0.36
#: Ridges come out this much wider than the filters that grow them (measured by the Fourier
#: spectrum of 64 px windows, all classes), so the filters are that much narrower.
WIDER = 1.045
RADIUS_FULL, RADIUS_HALF = 12, 6
#: High gain grows quickly and saturates; the last round must not saturate, so that the
#: grey value says how deep inside a ridge a pixel is: 100 / (4 / pi * 127).
GAIN_GROW, GAIN_LAST = 3.0, 0.62
#: Rounds: the fronts have met after about 12; the others straighten what lies between them.
HALF_ROUNDS, FULL_ROUNDS = 14, 1
#: Far corners may need more; this many always suffice.
MOST_ROUNDS = 80


def grow(
    flow: npt.NDArray[np.float64],
    period: npt.NDArray[np.float64],
    inside: npt.NDArray[np.bool_],
    stream: Stream,
) -> npt.NDArray[np.int16]:
    """Grow ridges.

    Parameters
    ----------
    flow, period : (H, W) float64
        Ridge direction in radians and period in px; H and W even.
    inside : (H, W) bool
        The finger.

    Returns
    -------
    (H, W) int16
        About -100 (middle of a valley) .. 100 (middle of a ridge), 0 outside.
    """
    half = _grow_half(flow[::2, ::2], period[::2, ::2], inside[::2, ::2], stream)
    height, width = flow.shape
    index = _index(flow, period, inside)
    size = (height + 2 * RADIUS_FULL, width + 2 * RADIUS_FULL)
    a, b = np.zeros(size, np.int16), np.zeros(size, np.int16)
    growth_kernels.enlarge(half, RADIUS_HALF, a, RADIUS_FULL)
    a[RADIUS_FULL:-RADIUS_FULL, RADIUS_FULL:-RADIUS_FULL][~inside] = 0
    for last in [False] * FULL_ROUNDS + [True]:
        bank = _bank(RADIUS_FULL, 1.0, GAIN_LAST if last else GAIN_GROW)
        growth_kernels.filter_image(a, b, index, bank)
        a, b = b, a
    return a[RADIUS_FULL:-RADIUS_FULL, RADIUS_FULL:-RADIUS_FULL]


def _grow_half(
    flow: npt.NDArray[np.float64],
    period: npt.NDArray[np.float64],
    inside: npt.NDArray[np.bool_],
    stream: Stream,
) -> npt.NDArray[np.int16]:
    height, width = flow.shape
    index = _index(flow, period, inside)
    size = (height + 2 * RADIUS_HALF, width + 2 * RADIUS_HALF)
    a, b = np.zeros(size, np.int16), np.zeros(size, np.int16)
    _sow(a, inside, stream)
    bank = _bank(RADIUS_HALF, 0.5, GAIN_GROW)
    middle = slice(RADIUS_HALF, -RADIUS_HALF)
    for done in range(1, MOST_ROUNDS + 1):
        growth_kernels.filter_image(a, b, index, bank)
        a, b = b, a
        if done >= HALF_ROUNDS and not _has_gap(a[middle, middle], inside):
            break
    return a


def _has_gap(ridges: npt.NDArray[np.int16], inside: npt.NDArray[np.bool_]) -> bool:
    """Is there a spot of 4 x 4 px of the finger without ridge or valley?"""
    height, width = (side // 4 * 4 for side in inside.shape)
    weak = inside[:height, :width] & (np.abs(ridges[:height, :width]) < 8)
    return bool(weak.reshape(height // 4, 4, width // 4, 4).all(axis=(1, 3)).any())


def _sow(image: npt.NDArray[np.int16], inside: npt.NDArray[np.bool_], stream: Stream) -> None:
    """One spot in each field of a 4 x 3 board, as far as it lies on the finger."""
    height, width = inside.shape
    for row in range(4):
        for col in range(3):
            y = int((row + stream.uniform(0.1, 0.9)) * height / 4)
            x = int((col + stream.uniform(0.1, 0.9)) * width / 3)
            if inside[y, x]:
                y, x = y + RADIUS_HALF, x + RADIUS_HALF
                image[y - 1 : y + 2, x - 1 : x + 2] = 60


def _index(
    flow: npt.NDArray[np.float64], period: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int32]:
    index = np.empty(flow.shape, np.int32)
    flow_kernels.quantise(flow, period / WIDER, float(PERIODS[0]), 1.04, len(PERIODS), index)
    index[~inside] = -1
    return index


@cache
def _bank(radius: int, scale: float, gain: float) -> npt.NDArray[np.int16]:
    side = 2 * radius + 1
    bank = np.empty((DIRECTIONS * len(PERIODS), side * side), np.int16)
    growth_kernels.fill_bank(bank, DIRECTIONS, PERIODS * scale, radius, WIDTH, gain)
    bank.setflags(write=False)
    return bank
