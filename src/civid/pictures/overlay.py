"""One print with its minutiae drawn over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.pictures.canvas import FAINT, Canvas, faded
from civid.pictures.marks import (
    SCALE_HEIGHT,
    draw_legend,
    draw_minutia,
    draw_number,
    draw_scale,
)

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 16
_LONGEST = 1400  # px; large scans are drawn smaller
_ZOOM = 2.0
_WIDTH_OF_THE_LEGEND = 400


def zoom_for(template: Template, longest: int = _LONGEST) -> float:
    """Px of a picture for each px at 500 dpi."""
    return min(_ZOOM, longest / max(template.width, template.height, 1))


def draw_ground(
    canvas: Canvas,
    image: FingerImage | None,
    template: Template,
    x: float,
    y: float,
    zoom: float,
) -> None:
    """Put a faded print, or an empty frame when only its record is known."""
    width, height = template.width * zoom, template.height * zoom
    if image is not None:
        canvas.paste(faded(image.pixels), x, y, width, height)
    canvas.rectangle(x, y, width, height, FAINT)


def draw_minutiae(canvas: Canvas, template: Template, x: float, y: float, zoom: float) -> None:
    """All minutiae of a template, numbered as the rows of ``Template.minutiae``."""
    places = [
        (float(x + minutia["x"] * zoom), float(y + minutia["y"] * zoom))
        for minutia in template.minutiae
    ]
    for minutia, place in zip(template.minutiae, places, strict=True):
        draw_minutia(canvas, minutia, *place, zoom)
    for number, place in enumerate(places):  # above all marks
        draw_number(canvas, number, *place, zoom)


def template_over_print(image: FingerImage | None, template: Template) -> Image:
    """Draw the minutiae of a template over its print, numbered as rows of ``template.minutiae``.

    Parameters
    ----------
    image : FingerImage or None
        The print that the template was extracted from; None draws on an empty frame.
    template : Template
        Its minutiae.

    Returns
    -------
    PIL.Image.Image
        An RGB picture with a caption, a legend and a scale bar.
    """
    zoom = zoom_for(template)
    width, height = template.width * zoom, template.height * zoom
    canvas = Canvas(
        round(max(width, _WIDTH_OF_THE_LEGEND) + 2 * _MARGIN),
        round(height + 2 * _MARGIN + 62 + SCALE_HEIGHT),
    )
    draw_ground(canvas, image, template, _MARGIN, _MARGIN, zoom)
    draw_minutiae(canvas, template, _MARGIN, _MARGIN, zoom)
    below = _MARGIN + height + 12
    canvas.text(_MARGIN, below, f"{len(template)} minutiae, quality {template.quality} of 100")
    draw_legend(canvas, _MARGIN, below + 28, template.minutiae["kind"])
    draw_scale(canvas, _MARGIN, below + 56, zoom)
    return canvas.finish()
