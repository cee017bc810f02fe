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

from civid.lab.synthetic import flow_kernels, growth_kernels
from civid.lab.synthetic.streams import Stream

DIRECTIONS = 128
#: Ridge periods of the bank, px at 500 dpi: 16 steps of 4 %.
PERIODS = 6.6 * 1.04 ** np.arange(16)
#: Bell width in periods, as in SFinGe about three ridges under one filter.
WIDTH = 0.44
RADIUS_FULL, RADIUS_HALF = 12, 6
#: High gain grows quickly and saturates; the last round must not saturate, so that the
#: grey value says how deep inside a ridge a pixel is: 100 / (4 / pi * 127).
GAIN_GROW, GAIN_LAST = 3.0, 0.62
#: Rounds: the fronts have met after about 12. Every further one heals minutiae away.
HALF_ROUNDS, FULL_ROUNDS = 20, 2


def grow(
    flow: npt.NDArray[np.float64],
    period: npt.NDArray[np.float64],
    inside: npt.NDArray[np.bool_],
    stream: Stream,
    seeds: int,
) -> npt.NDArray[np.int16]:
    """Grow ridges.

    Parameters
    ----------
    flow, period : (H, W) float64
        Ridge direction in radians and period in px; H and W even.
    inside : (H, W) bool
        The finger.
    seeds : int
        How many spots it starts from; more of them make more minutiae.

    Returns
    -------
    (H, W) int16
        About -100 (middle of a valley) .. 100 (middle of a ridge), 0 outside.
    """
    half = _grow_half(flow[::2, ::2], period[::2, ::2], inside[::2, ::2], stream, seeds)
    height, width = flow.shape
    index = _index(flow, period, inside)
    size = (height + 2 * RADIUS_FULL, width + 2 * RADIUS_FULL)
    a, b = np.zeros(size, np.int16), np.zeros(size, np.int16)
    growth_kernels.enlarge(half, RADIUS_HALF, a, RADIUS_FULL)
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
    seeds: int,
) -> npt.NDArray[np.int16]:
    height, width = flow.shape
    index = _index(flow, period, inside)
    size = (height + 2 * RADIUS_HALF, width + 2 * RADIUS_HALF)
    a, b = np.zeros(size, np.int16), np.zeros(size, np.int16)
    _sow(a, inside, stream, seeds)
    bank = _bank(RADIUS_HALF, 0.5, GAIN_GROW)
    for _ in range(HALF_ROUNDS):
        growth_kernels.filter_image(a, b, index, bank)
        a, b = b, a
    return a


def _sow(
    image: npt.NDArray[np.int16], inside: npt.NDArray[np.bool_], stream: Stream, seeds: int
) -> None:
    rows, cols = np.nonzero(inside)
    for _ in range(seeds):
        at = stream.below(len(rows))
        y, x = int(rows[at]) + RADIUS_HALF, int(cols[at]) + RADIUS_HALF
        image[y - 1 : y + 2, x - 1 : x + 2] = 60


def _index(
    flow: npt.NDArray[np.float64], period: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int32]:
    index = np.empty(flow.shape, np.int32)
    flow_kernels.quantise(flow, period, float(PERIODS[0]), 1.04, len(PERIODS), index)
    index[~inside] = -1
    return index


@cache
def _bank(radius: int, scale: float, gain: float) -> npt.NDArray[np.int16]:
    side = 2 * radius + 1
    bank = np.empty((DIRECTIONS * len(PERIODS), side * side), np.int16)
    growth_kernels.fill_bank(bank, DIRECTIONS, PERIODS * scale, radius, WIDTH, gain)
    bank.setflags(write=False)
    return bank
