"""Where ridges are: the share of a small window's spectrum at the period of ridges.

The picture is brought to 250 dpi and looked at through windows of 16 px (1.6 mm), 4 px apart.
Ridges have a period of 6 to 14 px at 500 dpi, so their windows hold most of their power in a ring
of the spectrum. Pen strokes, edges of holes, ruled lines and shadows hold most of it below the
ring; paper and glass hold little at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid.extras import need

Floats = npt.NDArray[np.float32]

_DPI: Final = 250.0
_WINDOW: Final = 16
_STEP: Final = 4
#: Cycles a window: the ring of ridges, and what lies below it.
_RING: Final = (2.2, 5.8)
_BELOW: Final = 1.9
#: Share of the ring at which a window begins to count as ridges, and where it counts in full:
#: pen strokes have up to .45, prints .75 and more (ten-print card of NIST, looked at).
_SHARE: Final = (0.45, 0.75)
_ROWS: Final = 16  # of windows at a time; bounds the memory

#: Size of a cell of the map at 500 dpi, px.
CELL: Final = 500.0 / _DPI * _STEP


@dataclass(frozen=True, slots=True, eq=False)
class RidgeMap:
    """One value for every cell of 8 x 8 px at 500 dpi.

    Attributes
    ----------
    energy : (R, C) float32
        Amplitude of what has the period of ridges, in grey levels.
    coherence : (R, C) float32
        0..1: how well that has one direction, over 3 x 3 cells.
    """

    energy: Floats
    coherence: Floats


def borrowed(module: str) -> Any:
    """A module of scipy or scikit-image; only slaps need them, and they are large."""
    return need(module, "finding the prints of a slap", "slaps")


def ridge_map(pixels: npt.NDArray[np.uint8], dpi: float) -> RidgeMap:
    """The map of a picture."""
    fft, ndimage = borrowed("scipy.fft"), borrowed("scipy.ndimage")

    grey = np.pad(_resampled(pixels, dpi), _WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(grey, (_WINDOW, _WINDOW))
    windows = windows[_STEP // 2 :: _STEP, _STEP // 2 :: _STEP]
    taper, ring, below, turn = _weights()
    shape = windows.shape[:2]
    energy = np.empty(shape, np.float32)
    flow = np.empty((2, *shape), np.float32)
    for row in range(0, shape[0], _ROWS):
        block = windows[row : row + _ROWS]
        mean = np.einsum("abij,ij->ab", block, taper)[..., None, None]
        spectrum = fft.rfft2((block - mean) * taper)
        power = spectrum.real**2 + spectrum.imag**2
        inside = np.einsum("abij,ij->ab", power, ring)
        share = inside / (inside + np.einsum("abij,ij->ab", power, below) + 1e-9)
        weight = np.clip((share - _SHARE[0]) / (_SHARE[1] - _SHARE[0]), 0, 1)
        energy[row : row + _ROWS] = np.sqrt(inside) * weight
        flow[:, row : row + _ROWS] = np.einsum("abij,kij->kab", power, turn) * weight
        flow[:, row : row + _ROWS] /= np.maximum(np.sqrt(inside), 1e-6)
    smooth = [ndimage.uniform_filter(part, 3) for part in (*flow, energy)]
    coherence = np.hypot(smooth[0], smooth[1]) / np.maximum(smooth[2], 1e-6)
    return RidgeMap(energy, coherence.astype(np.float32))


def _resampled(pixels: npt.NDArray[np.uint8], dpi: float) -> Floats:
    from PIL import Image

    height, width = pixels.shape
    size = (max(1, round(width * _DPI / dpi)), max(1, round(height * _DPI / dpi)))
    how = Image.Resampling.BOX if dpi >= _DPI else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(pixels).resize(size, how), np.float32)


@cache
def _weights() -> tuple[Floats, Floats, Floats, Floats]:
    """The taper (sum 1); weights of the ring, of what is below, and of the ring's double angle."""
    bell = np.hanning(_WINDOW + 2)[1:-1]
    taper = np.outer(bell, bell)
    taper /= taper.sum()
    ky: Any = np.fft.fftfreq(_WINDOW)[:, None] * _WINDOW
    kx: Any = np.arange(_WINDOW // 2 + 1)[None, :]
    radius = np.hypot(ky, kx)
    # A row of a real spectrum holds one half; the other is its mirror image.
    twice = np.where((kx == 0) | (kx == _WINDOW // 2), 1.0, 2.0)
    ring = twice * ((radius >= _RING[0]) & (radius <= _RING[1]))
    below = twice * ((radius > 0) & (radius < _BELOW))
    double = 2 * np.arctan2(ky, kx)
    turn = np.stack([ring * np.cos(double), ring * np.sin(double)])
    return tuple(part.astype(np.float32) for part in (taper, ring, below, turn))  # type: ignore[return-value]
