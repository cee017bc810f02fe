"""What the network of fields sees of a print, and how it turns with the print.

A value a block of 8 x 8 px, from C (``native/src/extract/learned/field_features.h`` says what each
is). The first `BANK` are energies of log-Gabor filters (Field 1987) by period and direction, each
as a share of all in its block; `OTHERS` are what the extraction came to, and how far the picture
agrees. Ratios all of them: sensors matter little.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage

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

Floats = npt.NDArray[np.float32]


def place(name: str) -> int:
    """Where one of `OTHERS` stands among all features."""
    return BANK + OTHERS.index(name)


def features(image: FingerImage) -> Floats:
    """(62, H, W) float32, a value a block of 8 x 8 px at 500 dpi. Thread-safe.

    >>> features(FingerImage(np.full((200, 160), 255, np.uint8), 500.0)).shape
    (62, 25, 20)
    """
    seen: Floats = explain(image, ["features"], method="neural")[1]["features"]
    return seen


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
