"""Numbers to colours: the scale "cividis" of Nunez, Anderton and Renslow (2018), in five steps.

Its lightness grows evenly, and people with colour-blindness see it as others do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_STEPS = np.array(
    [(0, 34, 78), (65, 77, 107), (125, 124, 120), (188, 175, 111), (254, 232, 56)], np.float32
)


def heat(values: npt.NDArray[np.floating], low: float, high: float) -> npt.NDArray[np.uint8]:
    """Colour (H, W) values from ``low`` (dark blue) to ``high`` (yellow) as (H, W, 3)."""
    place = np.clip((values.astype(np.float32) - low) / (high - low), 0, 1) * (len(_STEPS) - 1)
    below = np.minimum(place.astype(np.intp), len(_STEPS) - 2)
    share = (place - below)[..., None]
    mixed = _STEPS[below] * (1 - share) + _STEPS[below + 1] * share
    colours: npt.NDArray[np.uint8] = np.rint(mixed).astype(np.uint8)
    return colours


def grey_of_signed(values: npt.NDArray[np.int8]) -> npt.NDArray[np.uint8]:
    """Filter responses as grey: ridges (positive) dark, valleys light, stretched to be seen."""
    strength = np.abs(values.astype(np.float32))
    gain = 120 / max(float(np.quantile(strength, 0.98)), 1.0)
    return (127.5 - values * np.float32(gain)).clip(0, 255).astype(np.uint8)
