"""The ground around prints: is it lighter than they are?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from civid.fingerprint.slaps.patches import Labels
from civid.fingerprint.slaps.pieces import Piece
from civid.fingerprint.slaps.ridges import borrowed

#: Cells of 8 px at 500 dpi that are looked at around a print; the one next to it may be its rim.
_RIM: Final = 1
_AROUND: Final = 5
#: Grey levels; within this, ground and print are equally dark.
_DARKER: Final = 10.0


def is_dark(pixels: npt.NDArray[np.uint8], labels: Labels, fingers: Sequence[Piece]) -> bool:
    """Whether the ground next to the fingers is darker than they are.

    Light ridges on dark ground look so, and so does a sensor with dark glass. Where there is no
    ground to be seen, it is not dark.
    """
    from PIL import Image

    ndimage = borrowed("scipy.ndimage")

    if not fingers:
        return False
    rows, columns = labels.shape
    small = Image.fromarray(pixels).resize((columns, rows), Image.Resampling.BOX)
    grey = np.asarray(small, np.float32)
    inside = np.isin(labels, [finger.label for finger in fingers])
    prints = ndimage.binary_dilation(labels > 0, iterations=_RIM)
    around = ndimage.binary_dilation(inside, iterations=_AROUND) & ~prints
    if not around.any():
        return False
    return bool(np.median(grey[around]) < np.median(grey[inside]) - _DARKER)
