"""Contact sheet of synthetic prints: ``python -m civid.lab.synthetic.images.sheet OUT.png``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from civid.lab.synthetic import Impression, Master, Pattern, impression, master

if TYPE_CHECKING:
    from PIL import Image

SEED = 11
DIFFICULTIES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_GAP, _TITLE = 8, 18
_ENDING, _FORK = (200, 30, 30), (20, 90, 200)


def draw_sheet() -> Image.Image:
    """Masters of every class; one finger by difficulty; and the truth on one impression."""
    from PIL import Image, ImageDraw

    fingers = [master(SEED + k, pattern=pattern) for k, pattern in enumerate(Pattern)]
    chosen = fingers[3]
    rows: list[list[tuple[str, Image.Image]]] = [
        [(finger.pattern.value, _scaled(_clean(finger), 0.62)) for finger in fingers],
        [
            (f"difficulty {hard:g}", _scaled(_grey(impression(chosen, k, difficulty=hard)), 0.6))
            for k, hard in enumerate(DIFFICULTIES)
        ],
        [
            (f"{finger.pattern.value}: its true minutiae", _with_truth(finger))
            for finger in (fingers[3], fingers[4])
        ],
    ]
    width = max(sum(picture.width + _GAP for _, picture in row) for row in rows) + _GAP
    height = sum(max(picture.height for _, picture in row) + _TITLE + _GAP for row in rows)
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    y = 0
    for row in rows:
        x = _GAP
        for title, picture in row:
            draw.text((x, y + 4), title, fill="black")
            sheet.paste(picture, (x, y + _TITLE))
            x += picture.width + _GAP
        y += max(picture.height for _, picture in row) + _TITLE + _GAP
    return sheet


def _clean(finger: Master) -> Image.Image:
    from PIL import Image

    grey = np.clip(128 - 1.2 * finger.ridges.astype(np.float64), 0, 255)
    return Image.fromarray(np.where(finger.inside, grey, 255).astype(np.uint8)).convert("RGB")


def _grey(pressed: Impression) -> Image.Image:
    from PIL import Image

    return Image.fromarray(pressed.image.pixels).convert("RGB")


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    from PIL import Image

    size = round(picture.width * factor), round(picture.height * factor)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _with_truth(finger: Master) -> Image.Image:
    """Endings red, bifurcations blue; the line shows the angle."""
    from PIL import Image, ImageDraw

    pressed = impression(finger, 3, difficulty=0.15)
    pale = (pressed.image.pixels // 2 + 120).astype(np.uint8)
    scale = 1.35
    picture = _scaled(Image.fromarray(pale).convert("RGB"), scale)
    draw = ImageDraw.Draw(picture)
    for minutia in pressed.minutiae:
        _mark(draw, minutia, scale)
    return picture


def _mark(draw: Any, minutia: Any, scale: float) -> None:
    x, y = scale * (float(minutia["x"]) + 0.5), scale * (float(minutia["y"]) + 0.5)
    dx, dy = np.cos(minutia["angle"]), -np.sin(minutia["angle"])
    colour = _ENDING if minutia["kind"] == 1 else _FORK
    draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline=colour, width=2)
    draw.line((x + 5 * dx, y + 5 * dy, x + 17 * dx, y + 17 * dy), fill=colour, width=2)


def _palette() -> Image.Image:
    from PIL import Image

    greys = [(level, level, level) for level in np.linspace(0, 255, 26).astype(int).tolist()]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in (*greys, _ENDING, _FORK) for part in colour])
    return palette


def main(arguments: list[str]) -> int:
    """Write the sheet; few colours keep the file small."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m civid.lab.synthetic.images.sheet OUT.png\n")
        return 2
    from PIL import Image

    sheet = draw_sheet()
    sheet.quantize(palette=_palette(), dither=Image.Dither.NONE).save(
        Path(arguments[0]), optimize=True
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
