"""The picture of docs/explain/slaps.md: slaps, what is seen of their ridges, fingers cut out.

Run ``python -m civid.lab.synthetic.slaps.sheet OUT.png``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from civid.fingerprint.slaps import Box, Slap, segment
from civid.fingerprint.slaps.ridges import ridge_map
from civid.lab.synthetic.images.masters import master
from civid.lab.synthetic.slaps.slap import SyntheticSlap, slap

if TYPE_CHECKING:
    from PIL import Image

#: Seed, code and condition of each column.
SLAPS = ((8, 13, "joints"), (7, 14, "paper"), (5, 14, "touching"))
_WIDTH, _GAP, _TITLE = 480, 10, 20
_SHOWN = 1000  # rows of a slap
_TRUE, _FOUND = (40, 140, 60), (200, 30, 30)


def draw_sheet() -> Image.Image:
    """One column a slap: boxes (found red, true green), ridge energy, the fingers that are cut."""
    from PIL import Image, ImageDraw

    fingers = [master(40 + number) for number in range(4)]
    columns = []
    for seed, code, condition in SLAPS:
        made = slap(seed, code=code, condition=condition, masters=fingers)
        found = segment(made.image, position=code)
        columns.append((made, [_boxes(made, found), _energy(made), _cut(found)]))
    rows = [max(parts[row].height for _, parts in columns) for row in range(3)]
    size = (len(columns) * (_WIDTH + _GAP) + _GAP, sum(rows) + 3 * _GAP + _TITLE)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    x = _GAP
    for made, parts in columns:
        draw.text((x, 4), f"{made.code}, {made.condition.value}", fill="black")
        y = _TITLE
        for part, height in zip(parts, rows, strict=True):
            sheet.paste(part, (x, y))
            y += height + _GAP
        x += _WIDTH + _GAP
    return sheet


def _boxes(made: SyntheticSlap, found: Slap) -> Image.Image:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.fromarray(made.image.pixels[:_SHOWN] // 2 + 120).convert("RGB")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(40)
    boxes = [(Box(*one.centre, *one.size, one.angle), _TRUE) for one in made.fingers]
    for box, colour in [*boxes, *((one.box, _FOUND) for one in found.fingers)]:
        corners = [*box.corners, box.corners[0]]
        draw.line(corners, fill=colour, width=6, joint="curve")
    for one in found.fingers:
        x, y = one.box.corners[0]
        draw.text((x + 12, y + 8), one.position.name.split("_")[1].lower(), _FOUND, font=font)
    return _scaled(picture)


def _energy(made: SyntheticSlap) -> Image.Image:
    from PIL import Image

    energy = ridge_map(made.image.pixels[:_SHOWN], made.image.dpi).energy
    grey = 255 - np.clip(2.5 * energy, 0, 255).astype(np.uint8)
    return _scaled(Image.fromarray(grey).convert("RGB"))


def _cut(found: Slap) -> Image.Image:
    from PIL import Image

    strip = Image.new("RGB", (_WIDTH, 185), "white")
    for number, one in enumerate(found.fingers):
        picture = Image.fromarray(one.image.pixels).convert("RGB")
        picture.thumbnail((_WIDTH // 4 - 6, 180))
        strip.paste(picture, (number * (_WIDTH // 4), 0))
    return strip


def _scaled(picture: Image.Image) -> Image.Image:
    from PIL import Image

    height = round(picture.height * _WIDTH / picture.width)
    return picture.resize((_WIDTH, height), Image.Resampling.LANCZOS)


def _palette() -> Image.Image:
    from PIL import Image

    greys = [(level, level, level) for level in np.linspace(0, 255, 14).astype(int).tolist()]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in (*greys, _TRUE, _FOUND) for part in colour])
    return palette


def main(arguments: list[str]) -> int:
    """Write the sheet; few colours keep the file small."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m civid.lab.synthetic.slaps.sheet OUT.png\n")
        return 2
    from PIL import Image

    draw_sheet().quantize(palette=_palette(), dither=Image.Dither.NONE).save(
        Path(arguments[0]), optimize=True
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
