"""Shapes -> PNG, by Pillow and a font with Vietnamese letters."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from civid.cards.specimen.drawing import HEIGHT, WIDTH, Box, Oval, Shape, Words
from civid.errors import UnavailableError

_FONTS = {
    "": ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "arial.ttf"),
    "bold": ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "LiberationSans-Bold.ttf", "arialbd.ttf"),
    "mono": ("DejaVuSansMono.ttf", "NotoSansMono-Regular.ttf", "LiberationMono-Regular.ttf",
             "cour.ttf"),
}  # fmt: skip
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def to_png(shapes: Iterable[Shape], *, scale: float = 2.0, font: Path | None = None) -> bytes:
    """A PNG file of 856 by 540 pixels times ``scale``.

    Parameters
    ----------
    font : Path, optional
        A font file for all text; default: DejaVu, Noto, Liberation or Arial, whichever is there.

    Raises
    ------
    UnavailableError
        There is no such font.
    """
    from PIL import Image, ImageDraw

    size = (round(WIDTH * scale), round(HEIGHT * scale))
    image = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        if isinstance(shape, Box):
            corners = [shape.x, shape.y, shape.x + shape.width, shape.y + shape.height]
            draw.rounded_rectangle(
                [value * scale for value in corners[:2]]
                + [max(value * scale - 1, start * scale) for value, start in
                   zip(corners[2:], corners[:2], strict=True)],
                shape.radius * scale,
                fill=shape.fill,
                outline=shape.line or None,
                width=round(2 * scale),
            )  # fmt: skip
        elif isinstance(shape, Oval):
            box = [shape.x - shape.rx, shape.y - shape.ry, shape.x + shape.rx, shape.y + shape.ry]
            draw.ellipse([value * scale for value in box], fill=shape.fill)
        elif isinstance(shape, Words):
            kind = "mono" if shape.mono else "bold" if shape.bold else ""
            made = _font(font, kind, shape.size * scale)
            if shape.mono:
                _fixed_pitch(draw, shape, made, scale)
            else:
                place = (shape.x * scale, shape.y * scale)
                anchor = _ANCHORS[shape.anchor]
                draw.text(place, shape.text, font=made, fill=shape.fill, anchor=anchor)
        else:
            layer = Image.new("L", size, 0)
            made = _font(font, "bold", shape.size * scale)
            place = (shape.x * scale, shape.y * scale)
            ImageDraw.Draw(layer).text(
                place, shape.text, font=made, fill=round(255 * shape.opacity), anchor="ms"
            )
            turned = layer.rotate(-shape.angle, center=place)
            image.paste(Image.new("RGB", size, shape.fill), mask=turned)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", dpi=(scale * 254, scale * 254))
    return buffer.getvalue()


def _fixed_pitch(draw: Any, shape: Words, font: Any, scale: float) -> None:
    step = (WIDTH - 72) / max(1, len(shape.text))
    for number, letter in enumerate(shape.text):
        place = ((shape.x + step * number) * scale, shape.y * scale)
        draw.text(place, letter, font=font, fill=shape.fill, anchor="ls")


def _font(given: Path | None, kind: str, size: float) -> Any:
    from PIL import ImageFont

    for name in (str(given),) if given is not None else _FONTS[kind]:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    raise UnavailableError("drawing text needs a font with Vietnamese letters: give font=")
