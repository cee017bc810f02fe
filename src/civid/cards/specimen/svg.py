"""Shapes -> SVG."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from civid.cards.specimen.drawing import HEIGHT, WIDTH, Box, Oval, Shape, Words

_SANS = "'DejaVu Sans','Noto Sans','Liberation Sans',Arial,sans-serif"
_MONO = "'OCR-B','DejaVu Sans Mono','Noto Sans Mono',monospace"


def to_svg(shapes: Iterable[Shape], title: str) -> str:
    """An SVG document of 85.6 by 54 mm."""
    body = "\n".join(map(_one, shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH / 10}mm" height="{HEIGHT / 10}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">\n<title>{escape(title)}</title>\n{body}\n</svg>\n'
    )


def _one(shape: Shape) -> str:
    if isinstance(shape, Box):
        line = f' stroke="{shape.line}" stroke-width="2"' if shape.line else ""
        return (
            f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" '
            f'height="{shape.height:g}" rx="{shape.radius:g}" fill="{shape.fill}"{line}/>'
        )
    if isinstance(shape, Oval):
        return (
            f'<ellipse cx="{shape.x:g}" cy="{shape.y:g}" rx="{shape.rx:g}" ry="{shape.ry:g}" '
            f'fill="{shape.fill}"/>'
        )
    if isinstance(shape, Words):
        family = quoteattr(_MONO if shape.mono else _SANS)
        weight = ' font-weight="bold"' if shape.bold else ""
        # A zone has a fixed pitch: 30 characters over the width of the card.
        length = f' textLength="{WIDTH - 72}"' if shape.mono else ""
        return (
            f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}" font-family={family}'
            f'{weight} fill="{shape.fill}" text-anchor="{shape.anchor}"{length} '
            f'xml:space="preserve">{escape(shape.text)}</text>'
        )
    return (
        f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}" '
        f'font-family={quoteattr(_SANS)} font-weight="bold" fill="{shape.fill}" '
        f'fill-opacity="{shape.opacity:g}" text-anchor="middle" '
        f'transform="rotate({shape.angle:g} {shape.x:g} {shape.y:g})">{escape(shape.text)}</text>'
    )
