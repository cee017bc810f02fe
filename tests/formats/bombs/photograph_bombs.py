"""Photographs of cards: large ones, and fields of what looks like a QR code."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image
from tests.formats.bombs.kinds import bomb, enter, photograph


def saved(pixels: npt.NDArray[np.uint8], kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def finders(side: int, module: int) -> npt.NDArray[np.uint8]:
    """Nothing but corners of QR codes."""
    one: npt.NDArray[np.uint8] = np.zeros((7, 7), np.uint8)
    one[1:6, 1:6] = 255
    one[2:5, 2:5] = 0
    framed = np.pad(one, 1, constant_values=255)
    one = np.kron(framed, np.ones((module, module), np.uint8)).astype(np.uint8)
    times = side // len(one) + 1
    return np.tile(one, (times, times))[:side, :side]


for _side in (1400, 2000, 4000):
    for _module in (1, 2, 3, 5):
        enter(
            photograph,
            f"finders_{_side}_{_module}",
            lambda s, m: saved(finders(s, m)),
            _side,
            _module,
        )


@bomb(photograph)
def finders_in_one_part() -> bytes:
    pixels = np.full((4000, 4000), 255, np.uint8)
    pixels[2600:, 2600:] = finders(1400, 1)
    return saved(pixels)


@bomb(photograph)
def noise() -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (4000, 4000), np.uint8)
    return saved(pixels, compress_level=1)


@bomb(photograph)
def largest_jpeg() -> bytes:
    rows = np.random.default_rng(1).integers(0, 256, (1000, 1000), np.uint8)
    return saved(np.kron(rows, np.ones((8, 8), np.uint8)), "JPEG", progressive=True)


@bomb(photograph)
def largest_jpeg_in_colour() -> bytes:
    rows = np.random.default_rng(1).integers(0, 256, (1000, 1000, 3), np.uint8)
    pixels = np.kron(rows, np.ones((8, 8, 1), np.uint8))
    return saved(pixels, "JPEG", progressive=True, quality=95, subsampling=0)


@bomb(photograph)
def too_large() -> bytes:
    return saved(np.zeros((9000, 9000), np.uint8), compress_level=1)
