"""What else is on a platen or a card: cloth, print, pen strokes, a hole, breath, latent prints."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import noise
from civid.lab.synthetic.streams import Stream

Ink = npt.NDArray[np.float64]


def cloth(
    ink: Ink, stream: Stream, spot: tuple[float, float], angle: float, width: float, height: float
) -> None:
    """A bandaged finger: a pale weave of threads that are finer or coarser than ridges."""
    y, x = np.indices(ink.shape, dtype=np.float64)
    x, y = x - spot[0], y - spot[1]
    across = math.cos(angle) * x - math.sin(angle) * y
    along = math.sin(angle) * x + math.cos(angle) * y
    inside = (2 * across / width) ** 4 + (2 * along / height) ** 4 < 1
    thread = stream.uniform(3.5, 5.0) if stream.uniform(0, 1) < 0.5 else stream.uniform(15, 22)
    weave = np.sin(2 * math.pi * across / thread) * np.sin(2 * math.pi * along / thread)
    rough = noise.smooth(stream, ink.shape[0], ink.shape[1], 24.0)
    level = stream.uniform(0.12, 0.3) * (1 + 0.5 * weave + 0.4 * rough)
    ink[:] = np.where(inside, np.maximum(ink, np.clip(level, 0, 1)), ink)


def paper(ink: Ink, stream: Stream) -> None:
    """A card: a line of print on top, a ruled edge, handwriting, often a punched hole."""
    from PIL import Image, ImageDraw, ImageFont

    height, width = ink.shape
    sheet = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(34)
    draw.text((60, 12), "FOUR FINGERS TAKEN SIMULTANEOUSLY", fill=255, font=font)
    draw.line((0, 4, width, 4), fill=255, width=5)
    if stream.uniform(0, 1) < 0.5:
        x = stream.uniform(2, 30)
        draw.line((x, 0, x, height), fill=255, width=4)
    for _ in range(2 + stream.below(4)):
        _scrawl(draw, stream, width, height)
    if stream.uniform(0, 1) < 0.5:
        x, y, r = stream.uniform(0, width), stream.uniform(0.3, 0.9) * height, 62
        draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    np.maximum(ink, np.asarray(sheet, np.float64) / 255, out=ink)


def _scrawl(draw: object, stream: Stream, width: int, height: int) -> None:
    x, y = stream.uniform(0, width), stream.uniform(0, height)
    heading = stream.uniform(-math.pi, math.pi)
    points = [(x, y)]
    for _ in range(10 + stream.below(25)):
        heading += stream.normal(0, 0.8)
        x, y = x + 22 * math.cos(heading), y + 22 * math.sin(heading)
        points.append((x, y))
    draw.line(points, fill=200, width=5 + stream.below(5), joint="curve")  # type: ignore[attr-defined]


def halo(ink: Ink, stream: Stream) -> None:
    """Breath around the fingers, and faint ridges of somebody who was here before."""
    height, width = ink.shape
    whole = np.pad(ink, ((0, -height % 8), (0, -width % 8)))
    small: Ink = whole.reshape(whole.shape[0] // 8, 8, -1, 8).mean((1, 3))
    for _ in range(40):  # spreads the ink over some 50 px
        near: list[Ink] = [np.roll(small, by, axis) for by in (1, -1) for axis in (0, 1)]
        small = (near[0] + near[1] + near[2] + near[3]) / 4
    wide = np.repeat(np.repeat(small, 8, 0), 8, 1)[:height, :width]
    rough = 1 + 0.3 * noise.smooth(stream, height, width, 30.0)
    breath = stream.uniform(0.3, 0.7) * wide * rough
    shift = round(stream.uniform(60, 240)), round(stream.uniform(-200, 200))
    latent = stream.uniform(0.04, 0.1) * np.roll(ink, shift, (0, 1))
    ink[:] = np.clip(np.maximum(ink, breath + latent), 0, 1)
