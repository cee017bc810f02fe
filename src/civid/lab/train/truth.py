"""The true fields of a made print, as the extraction would have to find them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt

from civid.lab.synthetic.learning import Print
from civid.lab.train.fields import BLOCK, LONGEST, SHORTEST, Fields

#: Fields by the name that a choice of them goes by.
KINDS = ("mask", "direction", "period")


def true_fields(
    pressed: Print, kinds: tuple[str, ...] = KINDS, *, look_again: bool = False
) -> Fields:
    """What is true of a print, at the middle of every block of 8 x 8 px at 500 dpi.

    Off the contact a direction is unknown, and a period is that of the nearest contact.
    """
    direction, period, mask = truth_maps(pressed)
    return Fields(
        "true-" + "-".join(kinds),
        direction if "direction" in kinds else None,
        period if "period" in kinds else None,
        mask if "mask" in kinds else None,
        look_again,
    )


def truth_maps(
    pressed: Print,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Direction (2, H, W), period (H, W) in px at 500 dpi, and mask (H, W), a value a block."""
    truth, scale = pressed.truth(), pressed.image.dpi / 500
    rows, cols = (_middles(side, scale) for side in truth.mask.shape)
    at = np.ix_(rows, cols)
    mask = truth.mask[at]
    direction = np.stack([plane[at] for plane in truth.direction])
    period = truth.period[at] / np.float32(scale)
    known = mask & (period > 0)
    if known.any():
        nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
        period = period[tuple(nearest)]
    else:
        period = np.full_like(period, 9)
    return np.clip(direction, -1, 1), np.clip(period, SHORTEST, LONGEST), mask


def _middles(side: int, scale: float) -> npt.NDArray[np.int64]:
    """The pixels of a side in the middle of the blocks along it, before resampling."""
    blocks = -(-int(side / scale + 0.5) // BLOCK)
    middle = (np.arange(blocks) * BLOCK + (BLOCK - 1) / 2 + 0.5) * scale - 0.5
    nearest: npt.NDArray[np.int64] = np.clip(np.rint(middle).astype(np.int64), 0, side - 1)
    return nearest
