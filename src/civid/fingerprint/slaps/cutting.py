"""Cut a finger out of a slap, upright, without its neighbours."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.slaps.model import Box
from civid.fingerprint.slaps.patches import Labels
from civid.fingerprint.slaps.pieces import Piece, in_frame
from civid.fingerprint.slaps.ridges import CELL

#: Room around a finger's ridges in the cut picture, px at 500 dpi.
MARGIN: Final = 16.0
#: Windows see ridges this far from where they end, px at 500 dpi (synthetic slaps: 8 to 16).
_BLUR: Final = 8.0


def box_of(piece: Piece, scale: float) -> Box:
    """The box along the finger's own axis; `scale` = px of the picture a px at 500 dpi."""
    across, along = in_frame(piece.x, piece.y, piece.angle)
    out = CELL / 2 - _BLUR
    (a0, a1), (b0, b1) = ((float(v.min()) - out, float(v.max()) + out) for v in (across, along))
    a, b = (a0 + a1) / 2, (b0 + b1) / 2
    cosine, sine = math.cos(piece.angle), math.sin(piece.angle)
    return Box(
        (cosine * a + sine * b) * scale, (-sine * a + cosine * b) * scale,
        (a1 - a0) * scale, (b1 - b0) * scale, piece.angle,
    )  # fmt: skip


def cut(
    pixels: npt.NDArray[np.uint8], dpi: float, box: Box, label: int, labels: Labels, ground: int
) -> FingerImage:
    """The picture of one finger: empty ground where others are, or the picture ends."""
    from PIL import Image

    scale = dpi / 500.0
    margin = MARGIN * scale
    width = max(1, round(box.width + 2 * margin))
    height = max(1, round(box.height + 2 * margin))
    others = (labels > 0) & (labels != label)
    left, top, right, bottom = _around(box, margin, pixels.shape)
    part = np.array(pixels[top:bottom, left:right])
    if others.any():
        rows = np.minimum(
            ((np.arange(top, bottom) + 0.5) / scale / CELL).astype(int), labels.shape[0] - 1
        )
        columns = np.minimum(
            ((np.arange(left, right) + 0.5) / scale / CELL).astype(int), labels.shape[1] - 1
        )
        part[others[np.ix_(rows, columns)]] = ground
    cosine, sine = math.cos(box.angle), math.sin(box.angle)
    # From a point of the cut to the point of the picture that it shows.
    ux, uy = width / 2, height / 2
    matrix = (
        cosine, sine, box.x - left - cosine * ux - sine * uy,
        -sine, cosine, box.y - top + sine * ux - cosine * uy,
    )  # fmt: skip
    turned = Image.fromarray(part).transform(
        (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC, fillcolor=ground
    )
    return FingerImage(np.asarray(turned), dpi)


def _around(box: Box, margin: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    wide = Box(box.x, box.y, box.width + 2 * margin, box.height + 2 * margin, box.angle)
    left, top, right, bottom = wide.upright
    height, width = shape
    left, top = min(width - 1, max(0, left - 2)), min(height - 1, max(0, top - 2))
    return left, top, max(left + 1, min(width, right + 2)), max(top + 1, min(height, bottom + 2))
