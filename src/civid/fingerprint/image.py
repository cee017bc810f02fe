"""A grey image of one finger, and its resolution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class FingerImage:
    """A print as scanned: dark ridges on light ground.

    Parameters
    ----------
    pixels : (H, W) uint8
        Grey values, row by row from the top.
    dpi : float
        True resolution in pixels per inch.
    """

    pixels: npt.NDArray[np.uint8]
    dpi: float

    def __repr__(self) -> str:
        height, width = self.pixels.shape
        return f"FingerImage({width}x{height} px, {self.dpi:g} dpi)"
