"""The network of fields in NumPy, equal bit for bit to what C makes of it; for tests and trials.

Sums are made in the same order, each by one multiplication and one addition of float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from civid.fingerprint.image import FingerImage
from civid.lab.train.features import Floats, features, place
from civid.lab.train.fields import Fields
from civid.lab.train.weights import SPREADS, TRUST, Layer, Weights

_EDGE = 8


def outputs(weights: Weights, seen: Floats) -> Floats:
    """``(4, H, W)`` float32: corrections of cosine and sine, trust less `TRUST`, and nothing."""
    first, *steps, last = weights.layers
    maps = np.maximum(_mixed(first, seen), np.float32(0))
    for spread, wide, mix in zip(SPREADS, steps[::2], steps[1::2], strict=True):
        maps = np.maximum(_mixed(mix, _spread(wide, maps, spread)) + maps, np.float32(0))
    return _mixed(last, maps)


def corrected(seen: Floats, out: Floats) -> Floats:
    """Direction (2, H, W): cosine and sine of twice the ridge's angle, of length 1."""
    before = seen[[place("cosine"), place("sine")]]
    trust = np.clip(out[2] + np.float32(TRUST), np.float32(0), np.float32(1))
    after = trust * before + out[:2]
    length = np.sqrt(after[0] * after[0] + after[1] * after[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        direction: Floats = np.where(length > np.float32(1e-6), after / length, before)
    return direction


def predict(weights: Weights, image: FingerImage, *, name: str = "network") -> Fields:
    """The directions that a network makes of a print: those of ``civid.extract(method="neural")``,
    if the weights are the ones that C has."""
    seen = features(image)
    return Fields(name, np.clip(corrected(seen, outputs(weights, seen)), -1, 1))


def _mixed(layer: Layer, maps: Floats) -> Floats:
    made = np.empty((len(layer.bias), *maps.shape[1:]), np.float32)
    for row, weights, bias in zip(made, layer.weights, layer.bias, strict=True):
        row[:] = bias
        for weight, one in zip(weights, maps, strict=True):
            row += weight * one
    return made


def _spread(layer: Layer, maps: Floats, spread: int) -> Floats:
    rows, cols = maps.shape[1:]
    wide: Any = np.pad(maps, ((0, 0), (_EDGE, _EDGE), (_EDGE, _EDGE)))
    made = np.empty_like(maps)
    for row, weights, bias, one in zip(made, layer.weights, layer.bias, wide, strict=True):
        row[:] = bias
        for at, weight in enumerate(weights):
            y, x = (_EDGE + (part - 2) * spread for part in divmod(at, 5))
            row += weight * one[y : y + rows, x : x + cols]
    return np.maximum(made, np.float32(0))
