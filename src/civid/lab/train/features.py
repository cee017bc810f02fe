"""What the network of fields sees of a print, and how it turns with the print.

A value a block of 8 x 8 px. `BANK` are energies of log-Gabor filters (Field 1987) over the
`normalized` stage, by period and direction, each as a share of all in its block; `OTHERS` are what
the extraction came to, and how far the picture agrees. Ratios all of them: sensors matter little.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.lab.train.fields import BLOCK

#: Directions of ridges, in steps of 15 degrees, and distances between them, px.
DIRECTIONS, PERIODS = 12, (5.0, 7.0, 9.9, 14.0)
BANK: Final = len(PERIODS) * DIRECTIONS
OTHERS: Final = (
    "bank", "contrast", "grey", "seen_cosine", "seen_sine", "seen_energy", "enhanced_cosine",
    "enhanced_sine", "enhanced_energy", "cosine", "sine", "coherence", "period", "mask",
)  # fmt: skip
FEATURES: Final = BANK + len(OTHERS)
_COSINES = [BANK + OTHERS.index(name) for name in OTHERS if name.endswith("cosine")]
_SINES = [BANK + OTHERS.index(name) for name in OTHERS if name == "sine" or name.endswith("_sine")]
#: A filter's spread: about an octave and a half of periods, and 13 degrees.
_OCTAVES, _ANGLE = 0.68, np.deg2rad(13)
_STAGES = (
    "resampled", "normalized", "mask", "orientation", "coherence", "period", "enhanced",
)  # fmt: skip
#: What keeps shares and ratios of an empty block near 0.
_NO_ENERGY, _NO_TEXTURE = 4.0, 8.0

Floats = npt.NDArray[np.float32]


def place(name: str) -> int:
    """Where one of `OTHERS` stands among all features."""
    return BANK + OTHERS.index(name)


def features(image: FingerImage) -> npt.NDArray[np.float16]:
    """(62, H, W) float16, a value a block of 8 x 8 px at 500 dpi. Thread-safe.

    >>> features(FingerImage(np.full((200, 160), 255, np.uint8), 500.0)).shape
    (62, 25, 20)
    """
    stages = explain(image, _STAGES)[1]
    seen, enhanced = (_whole(stages[name]) for name in ("normalized", "enhanced"))
    grey = _whole(stages["resampled"], "edge")
    energies = _energies(seen)
    total = energies.sum(0)
    mean = _blocks(grey)
    deviation = np.sqrt(np.maximum(_blocks(grey * grey) - mean * mean, 0))
    contrast = np.percentile(deviation, 90) + 1
    angle = 2 * stages["orientation"]
    maps = [
        *(energies / (total + _NO_ENERGY) * 8),
        np.log1p(total) / 4 - 0.5,
        np.log((deviation + 1) / contrast) / 2 + 0.5,
        (mean - 128) / 100,
        *_texture(seen),
        *_texture(enhanced),
        np.cos(angle),
        np.sin(angle),
        stages["coherence"],
        np.log(np.maximum(stages["period"], 3) / 9),
        _blocks(_whole(stages["mask"] > 0)) > 0.5,
    ]
    return np.array([np.asarray(one, np.float32) for one in maps]).astype(np.float16)


def turned(
    seen: npt.NDArray[Any], truth: npt.NDArray[Any], how: int
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """One of the eight ways to lay a square on itself, 0..7, of features and of truth (mask,
    cosine, sine, period): directions turn with it."""
    if how & 1:  # left to right: the angle a becomes -a
        seen, truth = seen[..., ::-1].copy(), truth[..., ::-1].copy()
        _reordered(seen, -np.arange(DIRECTIONS))
        seen[_SINES] *= -1
        truth[2] *= -1
    if how & 2:  # a quarter turn: a + 90 degrees, and twice that is half a turn
        seen = np.rot90(seen, 1, (-2, -1)).copy()
        truth = np.rot90(truth, 1, (-2, -1)).copy()
        _reordered(seen, np.arange(DIRECTIONS) + DIRECTIONS // 2)
        seen[_COSINES + _SINES] *= -1
        truth[1:3] *= -1
    if how & 4:  # half a turn
        seen, truth = seen[..., ::-1, ::-1], truth[..., ::-1, ::-1]
    return seen, truth


def _reordered(seen: npt.NDArray[Any], order: npt.NDArray[np.int64]) -> None:
    bank = seen[:BANK].reshape(len(PERIODS), DIRECTIONS, *seen.shape[1:])
    seen[:BANK] = bank[:, order % DIRECTIONS].reshape(BANK, *seen.shape[1:])


def _whole(picture: npt.NDArray[Any], mode: Any = "constant") -> Floats:
    """Filled up to whole blocks."""
    rows, cols = (-side % BLOCK for side in picture.shape)
    return np.pad(picture.astype(np.float32), ((0, rows), (0, cols)), mode=mode)


def _blocks(picture: npt.NDArray[Any], side: int = BLOCK) -> Floats:
    """The mean of each block."""
    rows, cols = picture.shape[-2:]
    tiles = picture.reshape(*picture.shape[:-2], rows // side, side, cols // side, side)
    mean: Floats = tiles.mean((-3, -1))
    return mean


def _texture(picture: Floats) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Cosine and sine of twice the ridge's direction by a block's own gradients, and how much."""
    down, right = (np.asarray(one) for one in np.gradient(picture))
    wide = _blocks(right * right - down * down)
    slant, energy = _blocks(-2 * right * down), _blocks(right * right + down * down)
    # The ridge runs across the gradient: both signs change.
    both = energy + _NO_TEXTURE
    return -wide / both, -slant / both, np.log1p(energy) / 6


def _energies(seen: Floats) -> Floats:
    """(48, H, W): mean amplitude of each filter. Half the resolution holds all of their bands."""
    rows, cols, filters = _bank(*seen.shape)
    spectrum = fft.fft2(seen)[np.ix_(rows, cols)].astype(np.complex64)
    amplitude = np.abs(fft.ifft2(spectrum[None] * filters))
    return _blocks(amplitude, BLOCK // 2) / np.float32(4)


@lru_cache(4)
def _bank(rows: int, cols: int) -> tuple[Any, Any, Floats]:
    """Which frequencies are kept, and the filters over them, of one side: amplitudes, not waves."""
    down, right = np.fft.fftfreq(rows), np.fft.fftfreq(cols)
    kept = [np.r_[0 : side // 4, side - side // 4 : side] for side in (rows, cols)]
    y, x = down[kept[0]][:, None], right[kept[1]][None]
    distance, angle = np.hypot(x, y), np.arctan2(-y, x)
    distance[0, 0] = 1e-9
    filters = []
    for period in PERIODS:
        near = np.exp(-(np.log(distance * period) ** 2) / (2 * np.log(_OCTAVES) ** 2))
        near[0, 0] = 0
        for k in range(DIRECTIONS):
            across = np.pi / 2 + np.pi * k / DIRECTIONS
            off = (angle - across + np.pi) % (2 * np.pi) - np.pi
            filters.append(near * np.exp(-(off**2) / (2 * _ANGLE**2)))
    return kept[0], kept[1], np.array(filters, np.float32)
