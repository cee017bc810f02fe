"""Two prints as SVG, side by side and laid over each other; for pages, in any language.

There are no captions in these pictures: whoever shows them writes them. What they show is said by
shape and number, too: a circle is a ridge ending, a square a bifurcation, and paired minutiae have
the same number on both sides. Parts have classes (``print``, ``lines``, ``marks``, ``alone``,
``first``, ``second``), so that a style sheet can hide them; all looks are attributes, so that a
page may forbid styles of its own.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import lib
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.pictures.alignment import Alignment, Rigid, places
from civid.pictures.canvas import BLUE, CYCLE, FAINT, INK, VERMILION, Colour
from civid.pictures.marks import RADIUS
from civid.pictures.ridges import ridges

_GAP = 36  # px at 500 dpi between two prints
_EDGE = 10
_STROKE = 11.0
_FADED = 0.65  # of a print under marks
_INK = 0.6  # of full colour, so that marks stand out
_LEVELS = 16  # of ink; with so many a picture takes half a byte a px before it is packed


@dataclass(frozen=True, slots=True, repr=False)
class VectorSide:
    """One of the two prints.

    Attributes
    ----------
    template : Template
        Its minutiae.
    image : FingerImage or None
        The print; None draws the minutiae in an empty frame.
    """

    template: Template
    image: FingerImage | None = None


def pair_svg(a: VectorSide, b: VectorSide, pairs: npt.ArrayLike, title: str) -> str:
    """Two prints side by side, paired minutiae joined and numbered.

    Parameters
    ----------
    a, b : VectorSide
        The prints.
    pairs : (K, 2) array_like of int
        Indices into both templates, as in ``Comparison.pairs``.
    title : str
        What a screen reader says.

    Returns
    -------
    str
        One ``<svg>`` element, 1 unit = 1 px at 500 dpi.
    """
    chosen = _by_height(a.template, pairs)
    shift = a.template.width + _GAP
    width = shift + b.template.width
    height = max(a.template.height, b.template.height)
    moves = (0.0, float(shift))
    parts = [_open(0, 0, width, height, title, "pair")]
    for side, x in zip((a, b), moves, strict=True):
        parts.append(f'<g transform="translate({x:g} 0)">')
        parts.append(_frame(side.template))
        if side.image is not None:
            parts.append(_picture(_grey(side.image), side.template, "print", _FADED))
        parts.append("</g>")
    ends = [
        _middles(one.template) + np.array([x, 0.0]) for one, x in zip((a, b), moves, strict=True)
    ]
    parts.append('<g class="lines" stroke-width="1" stroke-opacity="0.75">')
    for number, (i, j) in enumerate(chosen):
        parts.append(_line(ends[0][i], ends[1][j], CYCLE[number % len(CYCLE)]))
    parts.append("</g>")
    for which, (side, at) in enumerate(zip((a, b), ends, strict=True)):
        parts.append(f'<g class="marks {("first", "second")[which]}" fill="none">')
        parts += _alone(side.template, at, chosen[:, which], FAINT)
        for number, index in enumerate(chosen[:, which]):
            colour = CYCLE[number % len(CYCLE)]
            parts.append(_mark(side.template.minutiae[index], at[index], colour, 1.8))
        parts += _numbers(at, chosen[:, which])
        parts.append("</g>")
    return "".join([*parts, "</svg>"])


def overlay_svg(
    a: VectorSide, b: VectorSide, pairs: npt.ArrayLike, alignment: Alignment, title: str
) -> str:
    """The second print laid over the first by their paired minutiae.

    Ridges of the first are blue, of the second orange-red, of both dark. Parameters as `pair_svg`;
    `alignment` is that of `civid.pictures.alignment.align`.
    """
    chosen = _by_height(a.template, pairs)
    still = Rigid(np.eye(2), np.zeros(2))
    sides = ((a, still, BLUE, "first"), (b, alignment.motion, VERMILION, "second"))
    corners = np.concatenate([_corners(side.template, motion) for side, motion, _, _ in sides])
    left, top = np.floor(corners.min(axis=0)) - _EDGE
    right, bottom = np.ceil(corners.max(axis=0)) + _EDGE
    parts = [_open(left, top, right - left, bottom - top, title, "overlay")]
    for side, motion, colour, name in sides:
        parts.append(f'<g class="ink {name}" transform="{_matrix(motion)}">')
        if side.image is not None:
            parts.append(
                _picture(_inked(side.image, side.template, colour), side.template, "print")
            )
        parts.append("</g>")
    ends = [motion.move(places(side.template)) + 0.5 for side, motion, _, _ in sides]
    for which, (side, motion, colour, name) in enumerate(sides):
        parts.append(f'<g class="marks {name}" fill="none">')
        parts += _alone(side.template, ends[which], chosen[:, which], colour, motion.degrees, 0.7)
        for index in chosen[:, which]:
            mark = side.template.minutiae[index]
            parts.append(_mark(mark, ends[which][index], colour, 1.8, motion.degrees))
        parts.append("</g>")
    parts.append('<g class="lines" stroke-width="2.2">')
    parts += [_line(ends[0][i], ends[1][j], INK) for i, j in chosen]
    return "".join([*parts, "</g></svg>"])


def _open(x: float, y: float, width: float, height: float, title: str, kind: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" '
        f'viewBox="{x:g} {y:g} {width:g} {height:g}"><title>{escape(title)}</title>'
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="#fff"/>'
    )


def _by_height(template: Template, pairs: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Pairs from top to bottom of the first print: neighbours get different colours."""
    chosen = np.asarray(pairs, np.intp).reshape(-1, 2)
    return chosen[np.argsort(template.minutiae["y"][chosen[:, 0]], kind="stable")]


def _middles(template: Template) -> npt.NDArray[np.float64]:
    return places(template) + 0.5  # a minutia is in the middle of its pixel


def _corners(template: Template, motion: Rigid) -> npt.NDArray[np.float64]:
    width, height = template.width, template.height
    return motion.move([(0, 0), (width, 0), (0, height), (width, height)])


def _matrix(motion: Rigid) -> str:
    matrix = motion.matrix
    # Pictures are counted from corners of pixels, minutiae from their middles.
    offset = motion.move([(-0.5, -0.5)])[0] + 0.5
    figures = (*matrix[:, 0], *matrix[:, 1], *offset)
    return f"matrix({' '.join(f'{one:.5f}' for one in figures)})"


def _frame(template: Template) -> str:
    return (
        f'<rect x="0.5" y="0.5" width="{template.width - 1}" height="{template.height - 1}" '
        f'fill="#fff" stroke="{_hex(FAINT)}"/>'
    )


def _picture(png: bytes, template: Template, kind: str, opacity: float = 1.0) -> str:
    data = base64.b64encode(png).decode()
    return (
        f'<image class="{kind}" opacity="{opacity:g}" '
        f'width="{template.width}" height="{template.height}" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
    )


def _grey(image: FingerImage) -> bytes:
    from PIL import Image

    pixels = image.pixels
    scale = 500 / image.dpi
    picture = Image.fromarray(pixels)
    if scale < 1:
        size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    levels = np.asarray(picture, np.float32) / 255
    shades = np.rint(np.linspace(0, 255, _LEVELS)).astype(int).tolist()
    return _png(levels, [(one, one, one) for one in shades])


def _inked(image: FingerImage, template: Template, colour: Colour) -> bytes:
    clear = np.rint(np.linspace(0, 255 * _INK, _LEVELS)).astype(np.uint8).tobytes()
    ink = ridges(image, template) / np.float32(255)
    return _png(ink, [colour] * _LEVELS, transparency=clear)


def _png(levels: npt.NDArray[np.floating], colours: list[Colour], **more: Any) -> bytes:
    """A PNG of few colours; levels are 0 to 1."""
    from PIL import Image

    height, width = levels.shape
    indices = np.rint(levels * (_LEVELS - 1)).astype(np.uint8)
    picture = Image.frombytes("P", (width, height), indices.tobytes())
    picture.putpalette([part for one in colours for part in one])
    out = io.BytesIO()
    picture.save(out, "PNG", bits=4, **more)
    return out.getvalue()


def _alone(
    template: Template,
    at: npt.NDArray[np.float64],
    paired: npt.NDArray[np.intp],
    colour: Colour,
    turn: float = 0.0,
    size: float = 1.0,
) -> Iterator[str]:
    yield '<g class="alone">'
    for index in np.setdiff1d(np.arange(len(template)), paired):
        yield _mark(template.minutiae[index], at[index], colour, 0.9, turn, size)
    yield "</g>"


def _numbers(at: npt.NDArray[np.float64], paired: npt.NDArray[np.intp]) -> Iterator[str]:
    yield (
        '<g class="numbers" font-family="sans-serif" font-size="10" font-weight="bold" '
        f'fill="{_hex(INK)}" stroke="#fff" stroke-width="2.4" paint-order="stroke">'
    )
    for number, index in enumerate(paired, 1):
        x, y = at[index]
        yield f'<text x="{x + 5:.1f}" y="{y - 5:.1f}">{number}</text>'
    yield "</g>"


def _mark(
    minutia: np.void,
    at: npt.NDArray[np.float64],
    colour: Colour,
    weight: float,
    turn: float = 0.0,
    size: float = 1.0,
) -> str:
    (x, y), kind, radius = at.tolist(), int(minutia["kind"]), RADIUS * size
    angle = float(minutia["angle"]) + math.radians(turn)
    cosine, sine = math.cos(angle), -math.sin(angle)  # y points down
    if kind == lib.CIVID_KIND_ENDING:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
    elif kind == lib.CIVID_KIND_BIFURCATION:
        half = radius * 0.9
        side = 2 * half
        shape = f'<path d="M{x - half:.1f} {y - half:.1f}h{side:.1f}v{side:.1f}h{-side:.1f}z"/>'
    else:
        half = radius * 1.2
        turns = f"l{half:.1f} {half:.1f} {-half:.1f} {half:.1f} {-half:.1f} {-half:.1f}z"
        shape = f'<path d="M{x:.1f} {y - half:.1f}{turns}"/>'
    near, far = radius, _STROKE * size
    stroke = (
        f'<path d="M{x + cosine * near:.1f} {y + sine * near:.1f}'
        f'L{x + cosine * far:.1f} {y + sine * far:.1f}"/>'
    )
    return f'<g stroke="{_hex(colour)}" stroke-width="{weight:g}">{shape}{stroke}</g>'


def _line(one: npt.NDArray[np.float64], two: npt.NDArray[np.float64], colour: Colour) -> str:
    return (
        f'<line x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{two[0]:.1f}" y2="{two[1]:.1f}" '
        f'stroke="{_hex(colour)}"/>'
    )


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
