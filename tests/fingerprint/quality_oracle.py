"""The figures of a print by numpy from the stages of `explain`: what C counts, otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage

Greys = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
BLOCK = 8


def figures(image: FingerImage) -> dict[str, Any]:
    """By the names of `QualityReport`, and the pieces of the print."""
    _, stages = explain(image, ("resampled", "mask", "binary", "skeleton", "coherence"))
    inside: Mask = stages["mask"] > 0
    grey = stages["resampled"].astype(np.float64)
    ridges: Mask = inside & (stages["binary"] > 0)
    valleys: Mask = inside & ~ridges
    dark, light = np.percentile(grey[inside], (2, 98))
    ridge, valley = (float(grey[part].mean()) if part.any() else 0.0 for part in (ridges, valleys))
    offset = _offset(inside)
    return {
        "area_mm2": float(np.count_nonzero(inside)) * (25.4 / 500) * (25.4 / 500),
        "dark_share": float(np.mean(grey[inside] < (dark + light) / 2)),
        "broken_share": _broken(grey, ridges, valleys, inside & (stages["skeleton"] > 0)),
        "valley_level": min(1.0, max(0.0, (valley - float(dark)) / max(1.0, float(light - dark)))),
        "contrast": max(0.0, valley - ridge),
        "offset": offset,
        "cut_offset": _cut_offset(inside, offset),
        "coherence": _coherence(inside, stages["coherence"]),
    }


def pieces(inside: Mask) -> list[tuple[int, float, float]]:
    left = set(zip(*(axis.tolist() for axis in np.nonzero(inside)), strict=True))
    pieces = []
    while left:
        queue, places = [left.pop()], []
        while queue:
            y, x = queue.pop()
            places.append((x, y))
            for one in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if one in left:
                    left.remove(one)
                    queue.append(one)
        middle = np.mean(places, axis=0)
        pieces.append((len(places), float(middle[0]), float(middle[1])))
    return pieces


def _broken(grey: Greys, ridges: Mask, valleys: Mask, lines: Mask) -> float:
    """Share of the ridges' middle lines lighter than the middle grey of their tile."""
    height, width = grey.shape
    tile = 32  # three periods: both kinds in each, and slow changes of pressure do not count
    across = -(-width // tile)
    number = (np.arange(height) // tile)[:, None] * across + np.arange(width) // tile
    sums = [
        (np.bincount(number[part], grey[part], number.max() + 1),
         np.bincount(number[part], minlength=number.max() + 1))
        for part in (ridges, valleys)
    ]  # fmt: skip
    (dark, darks), (light, lights) = sums
    middle = (dark / np.maximum(darks, 1) + light / np.maximum(lights, 1)) / 2
    y, x = np.nonzero(lines)
    known = (darks > 0)[number[y, x]] & (lights > 0)[number[y, x]]
    y, x = y[known], x[known]
    if not len(y):
        return 0.0
    padded = np.pad(grey, 1, mode="edge")
    around = sum(padded[y + i, x + j] for i in range(3) for j in range(3)) / 9
    return float(np.mean(around > middle[number[y, x]]))


def _offset(inside: Mask) -> tuple[float, float]:
    height, width = inside.shape
    y, x = np.nonzero(inside)
    return (
        float(x.mean() - (width - 1) / 2) / (width / 2),
        float(y.mean() - (height - 1) / 2) / (height / 2),
    )


def _cut_offset(inside: Mask, offset: tuple[float, float]) -> float:
    right, down = offset
    sides = (
        (right, inside[:, -BLOCK:]),
        (-right, inside[:, :BLOCK]),
        (down, inside[-BLOCK:]),
        (-down, inside[:BLOCK]),
    )
    return max(0.0, *(way for way, strip in sides if strip.mean() > 0.15), 0.0)


def _coherence(inside: Mask, coherence: npt.NDArray[Any]) -> float:
    rows, columns = coherence.shape
    height, width = inside.shape
    y = np.minimum(np.arange(rows) * BLOCK + BLOCK // 2, height - 1)
    x = np.minimum(np.arange(columns) * BLOCK + BLOCK // 2, width - 1)
    blocks = inside[np.ix_(y, x)]
    return float(coherence[blocks].mean()) if blocks.any() else 0.0
