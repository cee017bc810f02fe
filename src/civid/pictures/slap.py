"""A slap with the boxes of its fingers drawn over it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from civid.fingerprint.image import FingerImage
from civid.fingerprint.slaps import Slap, SlapFinger
from civid.pictures.canvas import CYCLE, FAINT, VERMILION, Canvas, Colour, faded, text_width

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 16
_LONGEST = 1200  # px; large scans are drawn smaller
_ZOOM = 1.0
_LINE = 2.5
_STEP = 22  # px from one line of text to the next
_FADED = 0.35
_TEXT = 15


def fingers_over_slap(image: FingerImage, slaps: Iterable[Slap], title: str = "") -> Image:
    """Draw the boxes of fingers over the picture that they were found in.

    Parameters
    ----------
    image : FingerImage
        The slap, or the whole card.
    slaps : iterable of Slap
        What `segment` found in it, or `segment_card` (its values).
    title : str
        A line above it.

    Returns
    -------
    PIL.Image.Image
        An RGB picture. The short stroke stands on the side of the fingertip; what is wrong is
        told below.
    """
    found = list(slaps)
    height, width = image.pixels.shape
    zoom = min(_ZOOM, _LONGEST / max(height, width))
    lines = [f"{one.fault.value}: {one.fault.advice()}" for slap in found for one in slap.findings
             if one.finger is None]  # fmt: skip
    lines = list(dict.fromkeys(lines))
    across = max([width * zoom, text_width(title), *map(text_width, lines)])
    top = _MARGIN + (_STEP if title else 0)
    canvas = Canvas(
        round(across + 2 * _MARGIN), round(top + height * zoom + _STEP * len(lines) + _MARGIN * 1.5)
    )
    if title:
        canvas.text(_MARGIN, _MARGIN - 6, title)
    canvas.paste(faded(image.pixels, _FADED), _MARGIN, top, width * zoom, height * zoom)
    canvas.rectangle(_MARGIN, top, width * zoom, height * zoom, FAINT)
    number = 0
    for slap in found:
        for index, finger in enumerate(slap.fingers):
            faults = [one.fault.value for one in slap.findings if one.finger == index]
            colour = CYCLE[number % len(CYCLE)]
            _draw(canvas, finger, faults, zoom, (_MARGIN, top, round(width * zoom)), colour)
            number += 1
    y = top + height * zoom + _MARGIN / 2
    for line in lines:
        canvas.text(_MARGIN, y, line, VERMILION)
        y += _STEP
    return canvas.finish()


def _draw(
    canvas: Canvas,
    finger: SlapFinger,
    faults: list[str],
    zoom: float,
    ground: tuple[int, int, int],
    colour: Colour,
) -> None:
    left, top, width = ground
    corners = [(left + x * zoom, top + y * zoom) for x, y in finger.box.corners]
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        canvas.line(x0, y0, x1, y1, colour, _LINE)
    (ax, ay), (bx, by) = corners[:2]
    (x, y), (dx, dy) = ((ax + bx) / 2, (ay + by) / 2), (corners[3][0] - ax, corners[3][1] - ay)
    canvas.line(x, y, x + dx * 0.08, y + dy * 0.08, colour, _LINE)
    name = finger.position.word
    size = _TEXT
    words = [f"{name}, {finger.quality}", *faults]
    middle = left + finger.box.x * zoom
    below = max(corner[1] for corner in corners) + 3
    room = canvas.height - _STEP * len(words) - _MARGIN
    for line, text in enumerate(words):
        wide = text_width(text, size)
        at = min(max(middle - wide / 2, left + 2), left + max(width - wide - 2, 2))
        canvas.label(at, min(below, room) + line * (size + 4), text, colour, size)
