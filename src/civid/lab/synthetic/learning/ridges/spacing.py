"""Ridge period that gives way to the flow: where ridges spread, they also grow wider apart.

Minutiae must make up for every change in the number of ridges that the period does not take up:
along a ridge the logarithm of the period rises by as much as the flow spreads. A smooth field that
follows that law where it can, by least squares, keeps minutiae from crowding where
the flow of a class bends; without it different fingers of one class have them at the same places.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.learning.ridges import spacing_kernels

#: The field is found for every eighth pixel of a master.
COARSE = 8
#: Weight of small changes, and of smooth ones, against the law.
SMALL, SMOOTH = 0.02, 0.06
ROUNDS = 60


def follow(flow: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Logarithm of the period by the spread of the flow.

    Parameters
    ----------
    flow : (H / 2, W / 2) float64
        Ridge direction, radians, for every second pixel; H and W multiples of 8.

    Returns
    -------
    (H / 2, W / 2) float64
        About mean 0, -0.2..0.25.
    """
    step = COARSE // 2
    small = np.ascontiguousarray(flow[step // 2 :: step, step // 2 :: step])
    tangent = np.empty((*small.shape, 2))
    spread = np.empty(small.shape)
    spacing_kernels.spread(small, tangent, spread)
    found = np.zeros(small.shape)
    spacing_kernels.solve(tangent, spread, SMALL, SMOOTH, ROUNDS, found)
    found = np.clip(found, -0.2, 0.25)
    rows = np.arange(flow.shape[0]) / step - 0.5
    cols = np.arange(flow.shape[1]) / step - 0.5
    return _between(_between(found, rows).T, cols).T


def _between(
    field: npt.NDArray[np.float64], places: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Rows of the field at fractional places, linearly."""
    places = np.clip(places, 0, len(field) - 1.000001)
    low = np.floor(places).astype(np.int64)
    share = (places - low)[:, None]
    return field[low] * (1 - share) + field[low + 1] * share
