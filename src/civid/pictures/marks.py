"""How a minutia is drawn, and the legend that says so."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import lib
from civid.pictures.canvas import BLUE, FAINT, INK, PURPLE, VERMILION, Canvas, Colour

_COLOURS: dict[int, Colour] = {
    lib.CIVID_KIND_ENDING: BLUE,
    lib.CIVID_KIND_BIFURCATION: VERMILION,
}
RADIUS = 4.0  # px at 500 dpi, half a ridge period: large enough to see, small enough to see under
_STROKE = 11.0  # px at 500 dpi, a little more than a ridge period


def draw_minutia(
    canvas: Canvas,
    minutia: npt.NDArray[Any] | np.void,
    x: float,
    y: float,
    zoom: float,
    colour: Colour | None = None,
    weight: float = 1.6,
) -> None:
    """Draw one minutia at (x, y): circle ending, square bifurcation, diamond unknown."""
    kind = int(minutia["kind"])
    colour = colour or _COLOURS.get(kind, PURPLE)
    radius = RADIUS * zoom
    if kind == lib.CIVID_KIND_ENDING:
        canvas.circle(x, y, radius, colour, weight)
    elif kind == lib.CIVID_KIND_BIFURCATION:
        canvas.square(x, y, radius * 0.9, colour, weight)
    else:
        canvas.diamond(x, y, radius * 1.2, colour, weight)
    cosine, sine = math.cos(minutia["angle"]), -math.sin(minutia["angle"])  # y points down
    far = _STROKE * zoom
    canvas.line(
        x + cosine * radius, y + sine * radius, x + cosine * far, y + sine * far, colour, weight
    )


def draw_legend(
    canvas: Canvas, x: float, y: float, kinds: npt.NDArray[np.integer], *, paired: bool = False
) -> float:
    """The meaning of the marks, in one line; returns where it ends.

    A kind that is unknown is explained only where there is one among ``kinds``.
    """
    entries: list[tuple[int, str]] = [
        (lib.CIVID_KIND_ENDING, "ridge ending"),
        (lib.CIVID_KIND_BIFURCATION, "bifurcation"),
    ]
    if (np.asarray(kinds) == lib.CIVID_KIND_OTHER).any():
        entries.append((lib.CIVID_KIND_OTHER, "kind unknown"))
    for kind, name in entries:
        mark = np.zeros((), dtype=[("angle", "f4"), ("kind", "u1")])
        mark["kind"] = kind
        draw_minutia(canvas, mark, x + 7, y + 9, 1.4, INK if paired else None)
        x = canvas.text(x + 28, y, name, INK, 14) + 20
    if paired:
        canvas.line(x, y + 9, x + 22, y + 9, BLUE, 1.4)
        x = canvas.text(x + 29, y, "paired (same colour)", INK, 14) + 20
        mark = np.zeros((), dtype=[("angle", "f4"), ("kind", "u1")])
        mark["kind"] = lib.CIVID_KIND_ENDING
        draw_minutia(canvas, mark, x + 7, y + 9, 1.4, FAINT, 1.0)
        x = canvas.text(x + 28, y, "without a partner", INK, 14) + 20
    return x
