"""The true minutiae of a master print, read off its clean ridges."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from civid.extras import need
from civid.fingerprint.template import MINUTIA_DTYPE
from civid.lab.synthetic.images import truth_kernels

#: A minutia this near to the edge of the finger may be the edge's doing.
MARGIN = 8
#: Shorter spurs and bridges are left out, px.
SHORTEST = 7
#: Along which a ridge's sense is looked up, px.
REACH = 11
#: Of two minutiae of one kind nearer than this, px, one is a doubled skeleton pixel.
SAME = 3


def minutiae_of(
    ridges: npt.NDArray[np.int16],
    flow: npt.NDArray[np.float64],
    inside: npt.NDArray[np.bool_],
) -> npt.NDArray[Any]:
    """Minutiae of a grown pattern, (N,) of `MINUTIA_DTYPE`, in px of the pattern.

    Endings lie at the end of the ridge skeleton and point along the ridge that ends; bifurcations
    lie at the fork of the ridge skeleton and point into the valley between its branches
    (ISO/IEC 19794-2:2005 5.3.3: angles of a ridge ending and of a valley ending).
    """
    thin = need("skimage.morphology", "the truth of a made print", "lab").skeletonize
    skeleton = thin((ridges > 0) & inside).astype(np.uint8)
    core = _eroded(inside, MARGIN).astype(np.uint8)
    found = np.empty((1000, 4))
    count = truth_kernels.find_minutiae(skeleton, core, flow, SHORTEST, REACH, found)
    found = _without_doubles(found[:count])
    minutiae = np.zeros(len(found), MINUTIA_DTYPE)
    for column, name in enumerate(("x", "y", "angle", "kind")):
        minutiae[name] = found[:, column]
    minutiae["quality"] = 100
    return minutiae


def _eroded(inside: npt.NDArray[np.bool_], radius: int) -> npt.NDArray[np.bool_]:
    """Pixels whose square of this radius lies inside."""
    padded = np.pad(inside, radius).astype(np.int32)
    sums = np.pad(padded, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    side = 2 * radius + 1
    boxes = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    whole: npt.NDArray[np.bool_] = boxes == side * side
    return whole


def _without_doubles(found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    dx = found[:, None, 0] - found[None, :, 0]
    dy = found[:, None, 1] - found[None, :, 1]
    near = (dx * dx + dy * dy < SAME * SAME) & (found[:, None, 3] == found[None, :, 3])
    earlier = np.tril(near, -1).any(1)
    single: npt.NDArray[np.float64] = found[~earlier]
    return single
