"""Minutiae as an array: the layout that Python and C share, and its bounds."""

from __future__ import annotations

import numpy as np

from civid._native import lib

#: One minutia: x, y in px at 500 dpi (y down), angle in radians [0, 2 pi) counter-clockwise
#: (ISO/IEC 19794-2 sense), kind 0 other 1 ending 2 bifurcation, quality 1..100 (0 = unknown).
#: The same memory layout as civid_minutia_t.
MINUTIA_DTYPE = np.dtype(
    {
        "names": ["x", "y", "angle", "kind", "quality"],
        "formats": ["<f4", "<f4", "<f4", "u1", "u1"],
        "offsets": [0, 4, 8, 12, 13],
        "itemsize": 16,
    }
)

MAX_MINUTIAE: int = lib.CIVID_MAX_MINUTIAE

#: Largest side of a template, px at 500 dpi: coordinates have 14 bits in ISO/IEC 19794-2.
MAX_SIDE = 1 << 14
