"""Why two prints got their score: side by side, and the second laid over the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.pictures.alignment import PX_PER_MM, Alignment, Points, Rigid, places
from civid.pictures.canvas import (
    BLUE,
    FAINT,
    INK,
    VERMILION,
    Canvas,
    Colour,
    stacked,
    text_width,
)
from civid.pictures.marks import SCALE_HEIGHT, draw_minutia, draw_scale
from civid.pictures.pair import Compared, pair_joined
from civid.pictures.ridges import ridges

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 16
_LONGEST = 1000  # px
_ZOOM = 3.0  # a displacement of 2 px is still seen
_EDGE = 12  # px at 500 dpi around what is drawn
_STEP = 22  # px from one line of text to the next
_RIDGE = 0.55  # of full colour, so that marks stand out

Box = tuple[float, float, float, float]
Side = tuple[FingerImage | None, Template]


def pair_explained(
    image_a: FingerImage | None,
    template_a: Template,
    image_b: FingerImage | None,
    template_b: Template,
    comparison: Compared,
    alignment: Alignment | None,
) -> Image:
    """Draw two prints with their pairs joined, and beneath it the second laid over the first.

    Parameters
    ----------
    image_a, image_b : FingerImage or None
        The prints; None (only a record is known) draws minutiae without ridges.
    template_a, template_b : Template
        Their templates.
    comparison : Comparison
        ``compare(template_a, template_b)``.
    alignment : Alignment or None
        ``align(...)`` of the same; None draws the pairs alone, and says so.

    Returns
    -------
    PIL.Image.Image
        An RGB picture with captions and legends.
    """
    above = pair_joined(image_a, template_a, image_b, template_b, comparison)
    if alignment is None:
        below = _lines(
            [
                "Too few minutiae are paired to lay one print over the other: nothing is aligned.",
                f"Quality {template_a.quality} and {template_b.quality} of 100.",
            ]
        )
    else:
        pairs = np.asarray(comparison.pairs).reshape(-1, 2)
        sides = (image_a, template_a), (image_b, template_b)
        below = _overlay(*sides, pairs, alignment, above.width)
    return stacked(above, below)


def caption(alignment: Alignment, template_a: Template, template_b: Template) -> list[str]:
    """What the alignment says, in lines for people."""
    turn, (right, down) = alignment.motion.degrees, alignment.shift / PX_PER_MM
    across = f"{abs(right):.1f} {'to the right' if right >= 0 else 'to the left'}"
    along = f"{abs(down):.1f} {'downwards' if down >= 0 else 'upwards'}"
    return [
        f"The second laid over the first: turned {abs(turn):.1f}°"
        f" {'counter-clockwise' if turn >= 0 else 'clockwise'}, shifted "
        f"{float(np.hypot(right, down)):.1f} mm ({across}, {along}).",
        f"Left over: {alignment.rms:.1f} px rms ({alignment.rms / PX_PER_MM:.2f} mm), "
        "from the stretching of skin and from wrong pairs.",
        f"Overlap: {alignment.inside[0]} and {alignment.inside[1]} minutiae, "
        f"{alignment.paired_share:.0%} of them paired. "
        f"Quality {template_a.quality} and {template_b.quality} of 100.",
    ]


def _overlay(
    a: Side, b: Side, pairs: npt.NDArray[np.integer], alignment: Alignment, narrowest: int
) -> Image:
    lines = caption(alignment, a[1], b[1])
    still = Rigid(np.eye(2), np.zeros(2))
    sides = [(a, still, BLUE), (b, alignment.motion, VERMILION)]
    inks = [None if image is None else ridges(image, made) for (image, made), _, _ in sides]
    left, top, right, bottom = box = _bounds(sides, inks)
    zoom = min(_ZOOM, _LONGEST / max(right - left, bottom - top))
    width, height = (right - left) * zoom, (bottom - top) * zoom
    full = max(width, _legend(None, 0, 0), *map(text_width, lines)) + 2 * _MARGIN
    full = max(full, narrowest)
    canvas = Canvas(
        round(full), round(height + (len(lines) + 1) * _STEP + 3 * _MARGIN + SCALE_HEIGHT)
    )
    x0, y0 = (full - width) / 2, float(_MARGIN)

    # Inks that lie over each other multiply, as on paper: common ridges turn dark.
    paper = np.ones((round(height), round(width), 3), np.float32)
    for ridge, (_, motion, colour) in zip(inks, sides, strict=True):
        if ridge is not None:
            ink = _moved(ridge, motion, box, zoom, paper.shape[:2])[..., None] * _RIDGE
            paper *= 1 - ink * (1 - np.array(colour, np.float32) / 255)
    canvas.paste(np.rint(paper * 255).astype(np.uint8), x0, y0, width, height)
    canvas.rectangle(x0, y0, width, height, FAINT)

    ends = list[Points]()
    for side, ((_, template), motion, colour) in enumerate(sides):
        # A minutia is in the middle of its pixel.
        at = (motion.move(places(template)) + 0.5 - (left, top)) * zoom + (x0, y0)
        ends.append(at)
        marks = template.minutiae.copy()
        marks["angle"] += np.radians(motion.degrees)
        paired = pairs[:, side]
        alone = np.setdiff1d(np.arange(len(marks)), paired)
        for group, size, weight in ((alone, 0.6, 1.0), (paired, 1.0, 2.4)):
            for index in group:
                x, y = at[index].tolist()
                draw_minutia(canvas, marks[index], x, y, size * min(zoom, 2.0), colour, weight)
    for i, j in pairs:
        (xa, ya), (xb, yb) = ends[0][i].tolist(), ends[1][j].tolist()
        canvas.line(xa, ya, xb, yb, INK, 3.0)

    y = y0 + height + 12
    for line in lines:
        canvas.text(_MARGIN, y, line)
        y += _STEP
    _legend(canvas, _MARGIN, y + 4)
    draw_scale(canvas, _MARGIN, y + _STEP + 8, zoom)
    return canvas.finish()


def _bounds(
    sides: list[tuple[Side, Rigid, Colour]], inks: list[npt.NDArray[np.uint8] | None]
) -> Box:
    """What is to be seen, in px of the first print: all ridges and all minutiae."""
    seen = list[Points]()
    for ridge, ((_, template), motion, _) in zip(inks, sides, strict=True):
        seen.append(motion.move(places(template)))
        if ridge is not None:
            rows, columns = np.nonzero(ridge)
            seen.append(motion.move(np.column_stack([columns, rows])))
    everything = np.concatenate(seen)
    left, top = np.floor(everything.min(axis=0)) - _EDGE
    right, bottom = np.ceil(everything.max(axis=0)) + _EDGE
    return float(left), float(top), float(right), float(bottom)


def _moved(
    ridge: npt.NDArray[np.uint8], motion: Rigid, box: Box, zoom: float, shape: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """Ridges (0..1) in the box of the first print, enlarged."""
    from PIL import Image

    back = motion.inverse()
    # Pillow asks for the source of each target, both counted from corners of pixels.
    matrix = back.matrix / zoom
    offset = back.move(np.array([box[:2]]) - 0.5)[0] + 0.5
    data = (*matrix[0], offset[0], *matrix[1], offset[1])
    how = Image.Resampling.BILINEAR
    moved = Image.fromarray(ridge).transform(
        (shape[1], shape[0]), Image.Transform.AFFINE, tuple(map(float, data)), how
    )
    return np.asarray(moved, np.float32) / np.float32(255)


def _legend(canvas: Canvas | None, x: float, y: float) -> float:
    """Which colour is which; returns where it ends. Without a canvas it is only measured."""
    for colour, text in (
        (BLUE, "first print"),
        (VERMILION, "second print; dark: ridges of both"),
        (INK, "from a minutia to its partner; small: without one"),
    ):
        if canvas is not None:
            canvas.line(x, y + 9, x + 22, y + 9, colour, 3.0)
            canvas.text(x + 29, y, text, INK, 14)
        x += 29 + text_width(text, 14) + 20
    return x


def _lines(lines: list[str]) -> Image:
    width = max(map(text_width, lines)) + 2 * _MARGIN
    canvas = Canvas(round(width), len(lines) * _STEP + _MARGIN)
    for number, line in enumerate(lines):
        canvas.text(_MARGIN, number * _STEP, line)
    return canvas.finish()
