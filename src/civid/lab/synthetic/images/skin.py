"""What lasts on the skin besides ridges: sweat pores, creases and scars."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import skin_kernels
from civid.lab.synthetic.streams import Stream

#: About one pore in a square of this side lands on a ridge; px. Pores lie 9 to 18 a cm of ridge.
PORE_CELL = 8


def draw_pores(stream: Stream, ridges: npt.NDArray[np.int16]) -> npt.NDArray[np.uint8]:
    """A map of sweat pores, 0 (skin) .. 255 (open), on the middle of the ridges."""
    height, width = ridges.shape
    draws = stream.array(height // PORE_CELL, width // PORE_CELL, 3)
    pores = np.zeros((height, width), np.uint8)
    skin_kernels.stamp_pores(ridges, draws, PORE_CELL, pores)
    return pores


def draw_creases(stream: Stream, height: int, width: int) -> npt.NDArray[np.uint8]:
    """A map of creases and scars, 0 .. 255; three fingers in ten have none."""
    creases = np.zeros((height, width), np.uint8)
    count = max(0, stream.below(7) - 1)
    for _ in range(count):
        # Creases run across the finger, more or less; a scar is longer and wider.
        scar = stream.uniform(0, 1) < 0.12
        angle = stream.normal(0.0, 0.9 if scar else 0.35)
        length = stream.uniform(70, 190) if scar else stream.uniform(25, 110)
        thickness = stream.uniform(1.4, 2.6) if scar else stream.uniform(0.5, 1.1)
        skin_kernels.stamp_line(
            stream.uniform(0.12, 0.88) * width,
            stream.uniform(0.1, 0.95) * height,
            angle,
            stream.normal(0, 0.0025),
            length,
            thickness,
            stream.uniform(0.5, 1.0) * 255,
            creases,
        )
    return creases
