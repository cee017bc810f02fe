"""Contact sheet: ``python -m civid.lab.synthetic.learning.sheet OUT.jpg``.

Rows: who, moisture, sensors, marks and residue, and the truth of one print.
"""

from __future__ import annotations

import colorsys
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from civid.lab.synthetic.learning import (
    Condition,
    Contact,
    Person,
    Print,
    Sensor,
    SensorKind,
    Surface,
    clean,
    draw_condition,
    draw_sensor,
    finger,
    press,
)
from civid.lab.synthetic.streams import Stream

if TYPE_CHECKING:
    from PIL import Image

#: Height and width of a print on the sheet, px, and how many there are in a row.
TALL, WIDE, COLUMNS = 360, 300, 6


def draw(seed: int = 3) -> Image.Image:
    """The sheet, RGB, of fingers and draws that depend on the seed."""
    from PIL import Image, ImageDraw

    rows = list(_rows(seed))
    sheet = Image.new("RGB", (COLUMNS * WIDE, len(rows) * (TALL + 24)), "white")
    for number, row in enumerate(rows):
        for column, (name, picture) in enumerate(row):
            at = column * WIDE, number * (TALL + 24)
            sheet.paste(picture.convert("RGB"), (at[0], at[1] + 24))
            ImageDraw.Draw(sheet).text((at[0] + 6, at[1] + 6), name, fill="black")
    return sheet


def _rows(seed: int) -> Iterator[list[tuple[str, Image.Image]]]:
    sensor = Sensor(height=TALL, width=WIDE)
    people = {
        "girl of 6": Person(6, female=True, toil=0.0),
        "woman of 30, desk": Person(30, female=True, toil=0.0),
        "man of 40, driver": Person(40, toil=0.3),
        "man of 45, builder": Person(45, toil=1.0),
        "woman of 70": Person(70, female=True, toil=0.2),
        "man of 75, farmer": Person(75, toil=0.9),
    }
    row = []
    for number, (name, person) in enumerate(people.items()):
        condition = draw_condition(Stream(seed, number), person, kind=SensorKind.OPTICAL)
        size = replace(condition.sensor, height=TALL, width=WIDE)
        one = finger(seed + number, person=person)
        row.append((name, _shown(press(one, replace(condition, sensor=size), number))))
    yield row
    one = finger(seed, pattern="whorl")
    yield [
        (
            f"moisture {moisture:+.1f}",
            _shown(press(one, Condition(surface=Surface(moisture=moisture), sensor=sensor), 1)),
        )
        for moisture in (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0)
    ]
    kinds = [*SensorKind, SensorKind.OPTICAL, SensorKind.CAPACITIVE]
    row = []
    for number, kind in enumerate(kinds):
        device = draw_sensor(Stream(seed, 50 + number), kind)
        device = replace(device, height=TALL, width=WIDE)
        row.append((kind.value, _shown(press(one, Condition(sensor=device), 2))))
    yield row
    taken = {
        "touch": Condition(contact=Contact(pressure=-0.9), sensor=sensor),
        "squeezed": Condition(contact=Contact(pressure=1.0), sensor=sensor),
        "part": Condition(contact=Contact(area=0.55, turn=40, aside=4.0), sensor=sensor),
        "smudge": Condition(surface=Surface(smudge=1.2), sensor=sensor),
        "ghost": Condition(surface=Surface(ghost=1.6), sensor=sensor),
        "dirt": Condition(surface=Surface(dirt=2.0), sensor=sensor),
    }
    yield [(name, _shown(press(one, condition, 3))) for name, condition in taken.items()]
    yield _truth(press(one, replace(clean(Condition()), sensor=sensor), 4))


def _shown(taken: Print) -> Image.Image:
    from PIL import Image

    return Image.fromarray(taken.image.pixels)


def _truth(taken: Print) -> list[tuple[str, Image.Image]]:
    from PIL import Image, ImageDraw

    truth = taken.truth()
    wheel = np.array([colorsys.hsv_to_rgb(k / 180, 0.75, 0.95) for k in range(180)])
    direction = wheel[(np.degrees(truth.orientation()).astype(int)) % 180] * 255
    direction[~truth.mask] = 255
    low, high = (float(v) for v in np.quantile(truth.period[truth.mask], (0.02, 0.98)))
    period = np.clip((truth.period - low) / (high - low), 0, 1) * 220
    phase = np.mod(np.arctan2(truth.phase[1], truth.phase[0]) / (2 * math.pi), 1) * 255
    found = _shown(taken).convert("RGB")
    pen = ImageDraw.Draw(found)
    for row in taken.minutiae:
        x, y, angle = float(row["x"]), float(row["y"]), float(row["angle"])
        colour = (214, 40, 40) if row["kind"] == 1 else (30, 80, 220)
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), outline=colour, width=2)
        pen.line((x, y, x + 13 * math.cos(angle), y - 13 * math.sin(angle)), fill=colour, width=2)
    return [
        ("the relief alone", _shown(taken)),
        ("minutiae: endings red", found),
        ("mask", Image.fromarray(np.where(truth.mask, 0, 255).astype(np.uint8))),
        ("direction", Image.fromarray(direction.astype(np.uint8))),
        (
            "period, wide is light",
            Image.fromarray(np.where(truth.mask, period, 255).astype(np.uint8)),
        ),
        ("phase", Image.fromarray(np.where(truth.mask, phase, 255).astype(np.uint8))),
    ]


def main(arguments: list[str]) -> int:
    """Write the sheet, three fifths of its size, to the file that is named."""
    if len(arguments) != 1:
        print("usage: python -m civid.lab.synthetic.learning.sheet OUT.jpg", file=sys.stderr)
        return 2
    sheet = draw()
    small = sheet.resize((sheet.width * 3 // 5, sheet.height * 3 // 5))
    small.save(Path(arguments[0]), optimize=True, quality=70)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
