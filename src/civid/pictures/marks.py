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


#: Px that a scale bar takes below a print.
SCALE_HEIGHT = 26
_BAR_MM = 5


def draw_scale(canvas: Canvas, x: float, y: float, zoom: float) -> float:
    """A bar of 5 mm of finger, with its upper left corner at (x, y); returns where it ends.

    ``zoom`` is px of the picture for each px at 500 dpi.
    """
    length = _BAR_MM / 25.4 * 500 * zoom
    canvas.line(x, y + 8, x + length, y + 8, INK, 2.0)
    for end in (x, x + length):
        canvas.line(end, y + 4, end, y + 12, INK, 2.0)
    return canvas.text(x + length + 6, y, f"{_BAR_MM} mm", INK, 12)


def draw_number(canvas: Canvas, number: int, x: float, y: float, zoom: float) -> None:
    """The number of a minutia at (x, y), beside its mark."""
    canvas.number(x + RADIUS * zoom * 0.8, y - RADIUS * zoom * 0.8, number, INK)


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
        x = canvas.text(x + 29, y, "paired (same colour and number)", INK, 14) + 20
        mark = np.zeros((), dtype=[("angle", "f4"), ("kind", "u1")])
        mark["kind"] = lib.CIVID_KIND_ENDING
        draw_minutia(canvas, mark, x + 7, y + 9, 1.4, FAINT, 1.0)
        x = canvas.text(x + 28, y, "without a partner", INK, 14) + 20
    return x
