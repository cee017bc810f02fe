"""How many true minutiae the extractor finds, condition by condition.

    python benchmarks/synthetic/robustness.py [--fingers 20] [--method classical] [--json FILE]

Prints of `civid.lab.synthetic.learning` with one thing changed at a time, from the same fingers
and seeds: rotation, sensor noise, moisture, pressure, contact area, distortion, resolution,
compression, age and work, kind of sensor, and every effect of the generator switched off alone. A
true minutia counts as found if one of the extractor's lies within 0.4 mm (8 px at 500 dpi) and 20
degrees, one to one; both must be 0.8 mm inside the contact, where truth and extractor agree what an
ending is.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_erosion
from scipy.optimize import linear_sum_assignment

from civid.fingerprint.extract import METHODS, extract
from civid.lab.synthetic import learning
from civid.lab.synthetic.learning import Condition, Person, SensorKind
from civid.lab.synthetic.streams import Stream

FAR_MM, TURN, RIM_MM = 0.4, math.radians(20), 0.8
Change = Callable[[Condition], Condition]


@dataclass
class Count:
    """Sums over prints, found by this method."""

    method: str
    true: int = 0
    found: int = 0
    both: int = 0
    kinds: int = 0
    quality: int = 0
    prints: int = 0

    def add(self, pressed: learning.Print) -> None:
        template = extract(pressed.image, method=self.method)
        scale = pressed.image.dpi / 500
        inside = np.pad(pressed.mask, 1)
        inside = binary_erosion(inside, iterations=round(RIM_MM * pressed.image.dpi / 25.4))[
            1:-1, 1:-1
        ]
        true = _within(pressed.minutiae, inside, 1.0)
        found = _within(template.minutiae, inside, scale)
        pairs = _paired(true, found, scale)
        self.true += len(true)
        self.found += len(found)
        self.both += len(pairs)
        self.kinds += sum(int(true["kind"][i] == found["kind"][j]) for i, j in pairs)
        self.quality += template.quality
        self.prints += 1

    def figures(self) -> dict[str, float]:
        return {
            "true": self.true / max(1, self.prints),
            "recall": self.both / max(1, self.true),
            "precision": self.both / max(1, self.found),
            "kind": self.kinds / max(1, self.both),
            "quality": self.quality / max(1, self.prints),
        }


def _within(
    rows: npt.NDArray[Any], inside: npt.NDArray[np.bool_], scale: float
) -> npt.NDArray[Any]:
    """Those on the inner contact; rows in px of 500 dpi times `scale` are px of the print."""
    cols = np.clip(np.rint(rows["x"] * scale).astype(int), 0, inside.shape[1] - 1)
    lines = np.clip(np.rint(rows["y"] * scale).astype(int), 0, inside.shape[0] - 1)
    kept: npt.NDArray[Any] = rows[inside[lines, cols]]
    return kept


def _paired(true: npt.NDArray[Any], found: npt.NDArray[Any], scale: float) -> list[tuple[int, int]]:
    """One to one, least total distance."""
    far = np.hypot(true["x"][:, None] / scale - found["x"], true["y"][:, None] / scale - found["y"])
    turn = np.abs(np.angle(np.exp(1j * (true["angle"][:, None] - found["angle"]))))
    allowed = (far <= FAR_MM * 500 / 25.4) & (turn <= TURN)
    rows, cols = linear_sum_assignment(np.where(allowed, far, 1e3))
    return [(int(i), int(j)) for i, j in zip(rows, cols, strict=True) if allowed[i, j]]


def changes() -> Iterator[tuple[str, str, Change]]:
    """Name of the curve, its point, what it does to a condition."""

    def part(name: str, **values: Any) -> Change:
        return lambda c: replace(c, **{name: replace(getattr(c, name), **values)})

    yield "base", "as drawn", lambda c: c
    yield "base", "clean", learning.clean
    for turn in (0, 15, 30, 60, 90, 180):
        yield "rotation, degrees", str(turn), part("contact", turn=float(turn))
    for noise in (0.0, 0.5, 1.0, 1.5, 2.0):
        yield "sensor noise", str(noise), part("sensor", noise=noise)
    for moisture in (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0):
        yield "moisture (-1 dry, 1 wet)", str(moisture), part("surface", moisture=moisture)
    for pressure in (-1.0, -0.5, 0.0, 0.5, 1.0):
        yield "pressure", str(pressure), part("contact", pressure=pressure)
    for area in (0.35, 0.5, 0.7, 1.0, 1.3):
        yield "contact, half axes", str(area), part("contact", area=area, aside=0.0, ahead=0.0)
    for distortion in (0.0, 0.5, 1.0, 2.0):
        yield "distortion", str(distortion), part("contact", distortion=distortion)
    for dpi in (300, 400, 500, 750, 1000):
        yield "resolution, dpi", str(dpi), _at(float(dpi))
    for ratio in (5.0, 10.0, 15.0, 25.0, 40.0):
        yield "WSQ, times smaller", f"{ratio:g}", part("sensor", compression="wsq", ratio=ratio)
    for kind in SensorKind:
        yield "sensor", kind.value, _on(kind)
    for effect in learning.EFFECTS:
        yield "without", effect, lambda c, effect=effect: learning.without(c, effect)  # type: ignore[misc]


def _at(dpi: float) -> Change:
    def change(condition: Condition) -> Condition:
        sensor = condition.sensor
        scale = dpi / sensor.dpi
        size = {"height": round(sensor.height * scale), "width": round(sensor.width * scale)}
        return replace(condition, sensor=replace(sensor, dpi=dpi, **size))  # type: ignore[arg-type]

    return change


def _on(kind: SensorKind) -> Change:
    def change(condition: Condition) -> Condition:
        return replace(condition, sensor=learning.draw_sensor(Stream(5, 7), kind))

    return change


#: Who, for the curve by people.
PEOPLE = {
    "child of 6": Person(age=6, toil=0.0),
    "woman of 30, desk": Person(age=30, female=True, toil=0.0),
    "man of 30, desk": Person(age=30, toil=0.0),
    "man of 45, builder": Person(age=45, toil=1.0),
    "woman of 70": Person(age=70, female=True, toil=0.2),
    "man of 75, farmer": Person(age=75, toil=0.9),
}


def measure(
    fingers: int, seed: int, only: str, method: str
) -> dict[str, dict[str, dict[str, float]]]:
    """Figures by curve and point."""
    planned = [change for change in changes() if only in change[0]]
    counts = {(curve, point): Count(method) for curve, point, _ in planned}
    for number in range(fingers):
        stream = Stream(seed, number)
        person = Person(age=35, female=bool(number & 1), toil=0.2)
        finger = learning.finger(seed * 1000 + number, person=person)
        drawn = learning.draw_condition(stream, person, kind=SensorKind.OPTICAL, difficulty=0.3)
        drawn = replace(drawn, sensor=replace(drawn.sensor, compression="none"))
        for curve, point, change in planned:
            counts[curve, point].add(learning.press(finger, change(drawn), number))
        if only not in "people":
            continue
        for name, who in PEOPLE.items():
            theirs = learning.finger(seed * 1000 + number, person=who)
            taken = learning.draw_condition(Stream(seed, number, 1), who, kind=SensorKind.OPTICAL)
            count = counts.setdefault(("people", name), Count(method))
            count.add(learning.press(theirs, taken, number))
    out: dict[str, dict[str, dict[str, float]]] = {}
    for (curve, point), count in counts.items():
        out.setdefault(curve, {})[point] = count.figures()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description="Minutiae found, by condition.")
    parser.add_argument("--fingers", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="WORD", help="curves whose name has it")
    parser.add_argument("--method", choices=METHODS, default="auto", help="of civid.extract")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    asked = parser.parse_args()
    figures = measure(asked.fingers, asked.seed, asked.only, asked.method)
    print(f"{'':38}   true  recall  precision   kind  quality")
    for curve, points in figures.items():
        print(curve)
        for point, row in points.items():
            print(
                f"  {point:36} {row['true']:6.1f} {row['recall']:7.3f} {row['precision']:10.3f}"
                f" {row['kind']:6.3f} {row['quality']:8.1f}"
            )
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
