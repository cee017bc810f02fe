"""Ridges of a master as a complex field: its real part is the relief, its angle the phase.

Ridges grow as in `civid.lab.synthetic.images.growth` (after SFinGe), but from noise all over the
finger: fronts then meet everywhere, and how long the pattern may heal decides how many minutiae
stay, not a flow that must wander. The last filter is a pair in quadrature, so that the relief
comes with its phase. Minutiae are the zeros of that field, to a fraction of a pixel.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import flow_kernels, growth_kernels
from civid.lab.synthetic.learning.ridges import phase_kernels
from civid.lab.synthetic.learning.ridges.phase_kernels import DIRECTIONS
from civid.lab.synthetic.streams import Stream

#: Ridge periods of the bank, px: 16 steps of 4 %.
PERIODS = 6.6 * 1.04 ** np.arange(16)
#: Bell width of the filters in periods: while growing, and of the pair in quadrature.
WIDTH, PAIR_WIDTH = 0.42, 0.40
RADIUS_FULL, RADIUS_HALF = 12, 6
GAIN_GROW, GAIN_PAIR = 3.0, 1.0


def grow(
    flow: npt.NDArray[np.float64],
    period: npt.NDArray[np.float64],
    inside: npt.NDArray[np.bool_],
    rounds: int,
    stream: Stream,
) -> npt.NDArray[np.float32]:
    """Grow ridges.

    Parameters
    ----------
    flow, period : (H / 2, W / 2) float64
        Ridge direction (radians, [0, pi)) and period (px), for every second pixel.
    inside : (H, W) bool
        The finger.
    rounds : int
        How often noise is filtered: few leave many minutiae.

    Returns
    -------
    (H, W, 2) float32
        cos and sin of the phase times the amplitude (about 1 where ridges run undisturbed, 0 at
        a minutia). The phase rises across the ridges, to the left of `flow`.
    """
    half_inside = inside[::2, ::2]
    index = _index(flow, period, half_inside)
    rows, cols = flow.shape
    size = (rows + 2 * RADIUS_HALF, cols + 2 * RADIUS_HALF)
    a, b = np.zeros(size, np.int16), np.zeros(size, np.int16)
    middle = slice(RADIUS_HALF, -RADIUS_HALF)
    a[middle, middle] = np.floor(stream.array(rows, cols) * 121 - 60) * half_inside
    bank = _bank(RADIUS_HALF, 0.5, GAIN_GROW, WIDTH)
    for _ in range(rounds):
        growth_kernels.filter_image(a, b, index, bank)
        a, b = b, a
    height, width = inside.shape
    index = index.repeat(2, axis=0).repeat(2, axis=1)
    index[~inside] = -1
    size = (height + 2 * RADIUS_FULL, width + 2 * RADIUS_FULL)
    full, smooth = np.zeros(size, np.int16), np.zeros(size, np.int16)
    growth_kernels.enlarge(a, RADIUS_HALF, full, RADIUS_FULL)
    growth_kernels.filter_image(full, smooth, index, _bank(RADIUS_FULL, 1.0, GAIN_GROW, WIDTH))
    out = np.zeros((height, width, 2), np.float32)
    even, odd = _pair()
    phase_kernels.demodulate(smooth, index, even, odd, out)
    return out


def _index(
    flow: npt.NDArray[np.float64], period: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int32]:
    index = np.empty(flow.shape, np.int32)
    flow_kernels.quantise(flow, period, float(PERIODS[0]), 1.04, len(PERIODS), index)
    index[~inside] = -1
    return index


@cache
def _bank(radius: int, scale: float, gain: float, width: float) -> npt.NDArray[np.int16]:
    side = 2 * radius + 1
    bank = np.empty((DIRECTIONS * len(PERIODS), side * side), np.int16)
    growth_kernels.fill_bank(bank, DIRECTIONS, PERIODS * scale, radius, width, gain)
    bank.setflags(write=False)
    return bank


@cache
def _pair() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    side = 2 * RADIUS_FULL + 1
    even = _bank(RADIUS_FULL, 1.0, GAIN_PAIR, PAIR_WIDTH)
    odd = np.empty((DIRECTIONS * len(PERIODS), side * side), np.int16)
    phase_kernels.fill_odd(odd, DIRECTIONS, PERIODS, RADIUS_FULL, PAIR_WIDTH, GAIN_PAIR)
    odd.setflags(write=False)
    return even, odd
