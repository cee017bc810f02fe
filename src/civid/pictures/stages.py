"""A contact sheet of the extraction: what each stage made of the print."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.template import Template
from civid.pictures.canvas import BLUE, FAINT, Canvas, faded
from civid.pictures.colours import grey_of_signed, heat
from civid.pictures.marks import SCALE_HEIGHT, draw_legend, draw_minutia, draw_scale
from civid.pictures.overlay import draw_minutiae, zoom_for

if TYPE_CHECKING:
    from PIL.Image import Image

_COLUMNS = 4
_MARGIN = 14
_TITLE = 46
_LARGEST_CELL = 330  # px
_SMALLEST_CELL = 250  # px; room for the titles
_LONGEST_RESULT = 1000  # px

Stage = npt.NDArray[Any]
# (H, W) or (H, W, 3) pixels of one cell, or None where lines are drawn instead.
Painter = Callable[[Stage], npt.NDArray[np.uint8]]

#: name -> title, one line about it, and how it becomes a picture.
_CELLS: dict[str, tuple[str, str, Painter]] = {
    "resampled": ("Resampled", "to 500 dpi", lambda a: a),
    "mask": ("Segmentation", "white: taken for print", lambda a: a),
    "normalized": ("Normalised", "even contrast everywhere", grey_of_signed),
    "orientation": ("Ridge orientation", "one stroke a block", lambda a: a),
    "coherence": ("Coherence", "blue 0: chaos, yellow 1: parallel ridges", lambda a: heat(a, 0, 1)),
    "period": ("Ridge period", "blue 5 px, yellow 13 px or more", lambda a: heat(a, 5, 13)),
    "enhanced": ("Enhanced", "filtered along the ridges", grey_of_signed),
    "binary": ("Binary", "ridge or valley", lambda a: 255 - a),
    "skeleton": ("Skeleton", "ridges one px wide", lambda a: 255 - a),
    "quality": ("Quality", "blue 0: useless, yellow 100: perfect", lambda a: heat(a, 0, 100)),
    "raw_minutiae": ("Raw minutiae", "before the false ones are taken out", lambda a: a),
}


def stages(image: FingerImage, parameters: ExtractionParameters | None = None) -> Image:
    """Extract a print and draw every stage of it side by side.

    Parameters
    ----------
    image : FingerImage
        The print.
    parameters : ExtractionParameters, optional
        As for `civid.extract`.

    Returns
    -------
    PIL.Image.Image
        An RGB contact sheet: the stages in the order in which they run, the result last.
    """
    return contact_sheet(*explain(image, parameters=parameters))


def contact_sheet(template: Template, captured: Mapping[str, Stage]) -> Image:
    """Draw stages that were captured before, and the template that came out."""
    shown = [name for name in _CELLS if captured.get(name) is not None]
    zoom = min(_LARGEST_CELL / template.width, _LARGEST_CELL / template.height)
    width, height = template.width * zoom, template.height * zoom
    step_x, step_y = max(width, _SMALLEST_CELL) + _MARGIN, height + _TITLE + _MARGIN
    rows = math.ceil(len(shown) / _COLUMNS)
    wide, large = _COLUMNS * step_x, zoom_for(template, _LONGEST_RESULT)
    below = rows * step_y + _MARGIN
    canvas = Canvas(
        round(max(wide, template.width * large + _MARGIN) + _MARGIN),
        round(below + _TITLE + template.height * large + 30 + SCALE_HEIGHT + _MARGIN),
    )
    print_ = captured.get("resampled")
    for number, name in enumerate(shown):
        x = _MARGIN + number % _COLUMNS * step_x
        y = _MARGIN + number // _COLUMNS * step_y
        title, about, _ = _CELLS[name]
        canvas.text(x, y, f"{number + 1}. {title}", size=16)
        canvas.text(x, y + 21, about, FAINT, size=13)
        y += _TITLE - 4
        if name in ("raw_minutiae", "orientation"):
            if print_ is not None:
                canvas.paste(faded(print_, 0.6), x, y, width, height)
        else:
            canvas.paste(_CELLS[name][2](captured[name]), x, y, width, height)
        if name == "orientation":
            _draw_orientation(canvas, captured, x, y, width, height)
        elif name == "raw_minutiae":
            for minutia in captured[name].reshape(-1):
                draw_minutia(
                    canvas,
                    minutia,
                    float(x + minutia["x"] * zoom),
                    float(y + minutia["y"] * zoom),
                    max(zoom, 1.0),
                    weight=1.2,
                )
        canvas.rectangle(x, y, width, height, FAINT)
    _draw_result(canvas, template, print_, len(shown) + 1, below, large)
    return canvas.finish()


def _draw_result(
    canvas: Canvas, template: Template, print_: Stage | None, number: int, y: float, zoom: float
) -> None:
    """What came out, large enough to be numbered."""
    canvas.text(_MARGIN, y, f"{number}. Minutiae", size=16)
    about = f"{len(template)} left, quality {template.quality} of 100"
    about += "; numbers: rows of template.minutiae" if len(template) else ""
    canvas.text(_MARGIN, y + 21, about, FAINT, size=13)
    y += _TITLE - 4
    width, height = template.width * zoom, template.height * zoom
    if print_ is not None:
        canvas.paste(faded(print_, 0.6), _MARGIN, y, width, height)
    draw_minutiae(canvas, template, _MARGIN, y, zoom)
    canvas.rectangle(_MARGIN, y, width, height, FAINT)
    draw_legend(canvas, _MARGIN, y + height + 10, template.minutiae["kind"])
    draw_scale(canvas, _MARGIN, y + height + 36, zoom)


def _draw_orientation(
    canvas: Canvas,
    captured: Mapping[str, Stage],
    x: float,
    y: float,
    width: float,
    height: float,
) -> None:
    angles = captured["orientation"]
    rows, columns = angles.shape
    block = min(width / columns, height / rows)
    # So many blocks would be a carpet: every second or third one is drawn.
    every = max(1, round(9 / block))
    strength = captured.get("coherence")
    for row in range(every // 2, rows, every):
        for column in range(every // 2, columns, every):
            sure = 1.0 if strength is None else float(strength[row, column])
            if sure < 0.1:
                continue
            centre_x = x + (column + 0.5) * width / columns
            centre_y = y + (row + 0.5) * height / rows
            half = 0.48 * block * every * min(1.0, 0.3 + sure)
            dx, dy = half * math.cos(angles[row, column]), -half * math.sin(angles[row, column])
            canvas.line(centre_x - dx, centre_y - dy, centre_x + dx, centre_y + dy, BLUE, 1.3)
