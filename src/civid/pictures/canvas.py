"""A drawing surface with smooth edges: everything is drawn larger and reduced at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL import Image as PillowImage
    from PIL import ImageFont

Colour = tuple[int, int, int]

INK: Colour = (30, 30, 30)
FAINT: Colour = (90, 90, 90)
PAPER: Colour = (255, 255, 255)
# Okabe & Ito, "Color Universal Design" (2008), without the light ones, which vanish on paper.
BLUE: Colour = (0, 114, 178)
VERMILION: Colour = (213, 94, 0)
GREEN: Colour = (0, 158, 115)
PURPLE: Colour = (170, 70, 130)
CYCLE: tuple[Colour, ...] = (BLUE, VERMILION, GREEN, PURPLE, INK)

# Drawn this many times larger than the result; Pillow itself draws without antialiasing.
_OVERSAMPLING = 3


class Canvas:
    """Draw in px of the result; (0, 0) is the upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * _OVERSAMPLING, height * _OVERSAMPLING), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def finish(self) -> PillowImage.Image:
        """The picture in its final size."""
        return self._image.reduce(_OVERSAMPLING)

    def paste(self, pixels: npt.NDArray[np.uint8], x: float, y: float, w: float, h: float) -> None:
        """Put grey (H, W) or colour (H, W, 3) pixels into a rectangle."""
        from PIL import Image

        size = round(w * _OVERSAMPLING), round(h * _OVERSAMPLING)
        smooth = pixels.shape[1] * 1.5 >= w / 2  # maps of blocks keep their edges
        how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
        resized = Image.fromarray(np.ascontiguousarray(pixels)).convert("RGB").resize(size, how)
        self._image.paste(resized, (round(x * _OVERSAMPLING), round(y * _OVERSAMPLING)))

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, w: float) -> None:
        """A straight stroke ``w`` px wide."""
        ends = [value * _OVERSAMPLING for value in (x0, y0, x1, y1)]
        self._draw.line(ends, fill=colour, width=max(1, round(w * _OVERSAMPLING)))

    def circle(self, x: float, y: float, radius: float, colour: Colour, w: float) -> None:
        """An empty circle."""
        self._draw.ellipse(self._box(x, y, radius), outline=colour, width=self._px(w))

    def square(self, x: float, y: float, radius: float, colour: Colour, w: float) -> None:
        """An empty square."""
        self._draw.rectangle(self._box(x, y, radius), outline=colour, width=self._px(w))

    def diamond(self, x: float, y: float, radius: float, colour: Colour, w: float) -> None:
        """An empty square that stands on a corner."""
        corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            self.line(x0, y0, x1, y1, colour, w)

    def rectangle(self, x: float, y: float, w: float, h: float, colour: Colour) -> None:
        """A thin frame."""
        box = [v * _OVERSAMPLING for v in (x, y, x + w, y + h)]
        self._draw.rectangle(box, outline=colour, width=_OVERSAMPLING)

    def text(self, x: float, y: float, text: str, colour: Colour = INK, size: int = 15) -> float:
        """One line of text with its upper left corner at (x, y); returns where it ends."""
        font = _font(size * _OVERSAMPLING)
        self._draw.text((x * _OVERSAMPLING, y * _OVERSAMPLING), text, fill=colour, font=font)
        return x + font.getlength(text) / _OVERSAMPLING

    def number(self, x: float, y: float, number: int, colour: Colour, size: int = 11) -> None:
        """A small number with its lower left corner at (x, y), to be read over a print."""
        at = x * _OVERSAMPLING, y * _OVERSAMPLING
        self._draw.text(
            at,
            str(number),
            fill=colour,
            font=_font(size * _OVERSAMPLING),
            anchor="ls",
            stroke_width=_OVERSAMPLING,
            stroke_fill=PAPER,
        )

    def label(self, x: float, y: float, text: str, colour: Colour, size: int = 15) -> None:
        """One line of text on a ground of paper, to be read over a print."""
        wide = text_width(text, size)
        ground = [v * _OVERSAMPLING for v in (x - 2, y, x + wide + 2, y + size + 4)]
        self._draw.rectangle(ground, fill=PAPER)
        self.text(x, y, text, colour, size)

    @staticmethod
    def _px(w: float) -> int:
        return max(1, round(w * _OVERSAMPLING))

    @staticmethod
    def _box(x: float, y: float, radius: float) -> list[float]:
        return [value * _OVERSAMPLING for value in (x - radius, y - radius, x + radius, y + radius)]


def text_width(text: str, size: int = 15) -> float:
    """How many px a line of text takes."""
    return float(_font(size * _OVERSAMPLING).getlength(text)) / _OVERSAMPLING


def stacked(*pictures: PillowImage.Image) -> PillowImage.Image:
    """Pictures below each other, in one as wide as the widest."""
    from PIL import Image

    width, height = max(one.width for one in pictures), sum(one.height for one in pictures)
    whole, top = Image.new("RGB", (width, height), PAPER), 0
    for one in pictures:
        whole.paste(one, (0, top))
        top += one.height
    return whole


def faded(pixels: npt.NDArray[np.uint8], share: float = 0.5) -> npt.NDArray[np.uint8]:
    """The same print on its way to white, so that marks on it stand out."""
    return (255 - (255 - pixels.astype(np.float32)) * (1 - share)).astype(np.uint8)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)
