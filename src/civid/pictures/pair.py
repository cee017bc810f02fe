"""Two prints side by side, with the minutiae that the comparison paired joined by lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.scores.odds import odds
from civid.fingerprint.template import Template
from civid.pictures.canvas import CYCLE, FAINT, INK, Canvas
from civid.pictures.marks import (
    SCALE_HEIGHT,
    draw_legend,
    draw_minutia,
    draw_number,
    draw_scale,
)
from civid.pictures.overlay import draw_ground, zoom_for

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 16
_LINE = 22
_GAP = 56
_LONGEST = 1000
_NARROWEST = 800  # px; the legend needs as much


class Compared(Protocol):
    """What a picture needs of a comparison."""

    @property
    def score(self) -> float: ...
    @property
    def pairs(self) -> npt.NDArray[np.integer]: ...


def pair_joined(
    image_a: FingerImage | None,
    template_a: Template,
    image_b: FingerImage | None,
    template_b: Template,
    comparison: Compared,
    *,
    caption: bool = True,
) -> Image:
    """Draw two prints, their minutiae, and lines between the paired ones.

    Paired minutiae have the same number on both sides, from top to bottom of the first print.

    Parameters
    ----------
    image_a, image_b : FingerImage or None
        The prints; None (only a record is known) draws an empty frame.
    template_a, template_b : Template
        Their templates.
    comparison : Comparison
        ``compare(template_a, template_b)``: ``pairs`` are indices into both templates.
    caption : bool
        Write score, legend and scale bar below the prints.

    Returns
    -------
    PIL.Image.Image
        An RGB picture with the score in its caption and a legend.
    """
    zoom = min(zoom_for(template_a, _LONGEST), zoom_for(template_b, _LONGEST))
    widths = template_a.width * zoom, template_b.width * zoom
    height = max(template_a.height, template_b.height) * zoom
    full = max(sum(widths) + _GAP, _NARROWEST) + 2 * _MARGIN
    calibrated = bool(getattr(comparison, "calibrated", True))  # those of others may not say
    lines = odds(comparison.score, calibrated=calibrated).split("; ")
    room = 40 + _LINE * (1 + len(lines)) + SCALE_HEIGHT if caption else 0
    canvas = Canvas(round(full), round(height + 2 * _MARGIN + room))
    left = (full - sum(widths) - _GAP) / 2, (full + widths[0] - widths[1] + _GAP) / 2
    tops = tuple(_MARGIN + (height - t.height * zoom) / 2 for t in (template_a, template_b))

    sides = (image_a, template_a), (image_b, template_b)
    places = list[npt.NDArray[np.float64]]()
    for (image, template), x, y in zip(sides, left, tops, strict=True):
        draw_ground(canvas, image, template, x, y, zoom)
        places.append(
            np.column_stack(
                [x + template.minutiae["x"] * zoom, y + template.minutiae["y"] * zoom]
            ).astype(np.float64)
        )

    pairs = np.asarray(comparison.pairs).reshape(-1, 2)
    # Neighbours get different colours: colours go round by height in the first print.
    pairs = pairs[np.argsort(template_a.minutiae["y"][pairs[:, 0]], kind="stable")]
    for side in (0, 1):
        alone = np.setdiff1d(np.arange(len(places[side])), pairs[:, side])
        for index in alone:
            x, y = places[side][index]
            draw_minutia(canvas, sides[side][1].minutiae[index], x, y, zoom, FAINT, 1.0)
    for number, (a, b) in enumerate(pairs):
        colour = CYCLE[number % len(CYCLE)]
        (x0, y0), (x1, y1) = places[0][a], places[1][b]
        canvas.line(x0, y0, x1, y1, colour, 1.2)
        for side, index in ((0, a), (1, b)):
            x, y = places[side][index]
            draw_minutia(canvas, sides[side][1].minutiae[index], x, y, zoom, colour, 2.0)
    for number, ends in enumerate(pairs, 1):  # above all lines and marks
        for side in (0, 1):
            x, y = places[side][ends[side]]
            draw_number(canvas, number, x, y, zoom)
    if not caption:
        return canvas.finish()
    below = _MARGIN + height + 12
    lines[0] = f"Score {comparison.score:.1f}: {lines[0]}"
    noun = "pair" if len(pairs) == 1 else "pairs"
    lines.append(f"{len(pairs)} {noun} among {len(template_a)} and {len(template_b)} minutiae")
    for line in lines:
        canvas.text(_MARGIN, below, line, INK)
        below += _LINE
    kinds = np.concatenate([template_a.minutiae["kind"], template_b.minutiae["kind"]])
    draw_legend(canvas, _MARGIN, below + 6, kinds, paired=True)
    draw_scale(canvas, _MARGIN, below + 32, zoom)
    return canvas.finish()
