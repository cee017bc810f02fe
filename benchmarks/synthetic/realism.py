"""Do prints of `civid.lab.synthetic.learning` look and score like real ones?

    python benchmarks/synthetic/realism.py --data ../shared/data/prints [--sheet SHEET.png]

For sets of real prints and for synthetic ones of every sensor: quality, ridge period, contact,
contrast, fine structure, minutiae (how many, how near, of which kind), mated and non-mated scores,
all as civid's own extractor and comparator see them; then how far each synthetic distribution lies
from the real ones pooled (Kolmogorov and Smirnov's distance: 0 the same, 1 apart), with the mean
distance of one real set from all others beside it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter
from scipy.stats import ks_2samp

from civid.fingerprint.compare import compare_many, pack
from civid.fingerprint.extract import run
from civid.fingerprint.figures import Figures, figures_of
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.template import Template
from civid.lab.synthetic import learning
from civid.lab.synthetic.streams import Stream

SETS = (
    *("FVC2000/DB1_B", "FVC2000/DB3_B", "FVC2002/DB1_B", "FVC2002/DB2_B", "FVC2002/DB3_B"),
    *("FVC2004/DB1_B", "FVC2004/DB3_B", "UareU", "Lindex101", "UPEK"),
)
#: What is measured of each print, with its unit.
TRAITS = {
    "quality": "0-100",
    "period": "px at 500 dpi",
    "period spread": "share",
    "contact": "mm^2",
    "minutiae": "",
    "density": "per cm^2",
    "nearest": "px, median of a print",
    "endings": "share",
    "contrast": "grey levels",
    "fine": "share of contrast below 3 px",
    "coherence": "0-1",
    "broken": "share of ridges' middle lines that is light",
    "dark": "share of the contact",
}
SCORES = ("mated", "non-mated")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
Values = dict[str, npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Taken:
    """Prints of one source: image, finger."""

    name: str
    prints: list[tuple[FingerImage, str]]


def real(data: Path, name: str, fingers: int, impressions: int) -> Taken:
    """Some prints of a set: the first fingers, the first impressions of each."""
    files: dict[str, list[Path]] = {}
    for path in sorted((data / name).iterdir()):
        finger, _, _ = path.stem.rpartition("_")
        files.setdefault(finger, []).append(path)
    chosen = sorted(files)[:: max(1, len(files) // fingers)][:fingers]
    dpi = 569.0 if name == "FVC2002/DB2_B" else None
    taken = [
        (read_image(path, dpi=dpi) if dpi else read_image(path), finger)
        for finger in chosen
        for path in files[finger][:impressions]
    ]
    return Taken(name, taken)


def synthetic(
    kind: learning.SensorKind, fingers: int, impressions: int, seed: int, adults: bool
) -> Taken:
    """Fingers of drawn people on drawn devices of one kind."""
    prints = []
    for number in range(fingers):
        stream = Stream(seed, number)
        person = learning.draw_person(stream)
        while adults and not 18 <= person.age <= 60:
            person = learning.draw_person(stream)
        finger = learning.finger(seed + number, person=person)
        for impression in range(impressions):
            condition = learning.draw_condition(stream, person, kind=kind)
            pressed = learning.press(finger, condition, impression)
            prints.append((pressed.image, str(number)))
    return Taken(f"synthetic {kind.value}", prints)


def measure(taken: Taken) -> Values:
    """Every trait of every print, and scores."""
    rows: dict[str, list[float]] = {name: [] for name in TRAITS}
    templates = []
    for image, _ in taken.prints:
        template, counted, stages = run(image, ("resampled", "mask", "period"), figures=True)
        figures = figures_of(counted, template.width, template.height)
        templates.append(template)
        for name, value in traits(template, figures, stages):
            rows[name].append(value)
    values = {name: np.array(row) for name, row in rows.items()}
    values.update(scores(templates, [finger for _, finger in taken.prints]))
    return values


def traits(
    template: Template, figures: Figures, stages: dict[str, npt.NDArray[Any]]
) -> Iterator[tuple[str, float]]:
    grey, mask = stages["resampled"].astype(np.float32), stages["mask"] > 0
    scale = max(1, round(grey.shape[0] / mask.shape[0]))
    full = mask.repeat(scale, 0).repeat(scale, 1)[: grey.shape[0], : grey.shape[1]]
    yield "quality", float(template.quality)
    yield "contact", figures.area_mm2
    yield "dark", figures.dark_share
    yield "broken", figures.broken_share
    yield "coherence", figures.coherence
    yield "minutiae", float(len(template))
    if full.sum() < 4000 or len(template) < 5:
        return
    period = stages["period"]
    known = period[period > 0]
    if known.size:
        yield "period", float(np.median(known))
        yield "period spread", float(np.subtract(*np.quantile(known, (0.9, 0.1))) / known.mean())
    rows = template.minutiae
    yield "density", len(rows) / (figures.area_mm2 / 100)
    far = np.hypot(rows["x"][:, None] - rows["x"], rows["y"][:, None] - rows["y"])
    np.fill_diagonal(far, np.inf)
    yield "nearest", float(np.median(far.min(1)))
    yield "endings", float((rows["kind"] == 1).mean())
    grey = grey[: full.shape[0], : full.shape[1]]
    full = full[: grey.shape[0], : grey.shape[1]]
    local = grey - gaussian_filter(grey, 12)
    fine = grey - gaussian_filter(grey, 1.2)
    yield "contrast", float(local[full].std())
    yield "fine", float(fine[full].std() / max(1.0, local[full].std()))


def scores(templates: list[Template], fingers: list[str]) -> Values:
    """Of all pairs."""
    packed = pack(templates)
    table = np.array([compare_many(template, packed) for template in templates])
    upper = np.triu(np.ones_like(table, bool), 1)
    same = np.array(fingers)[:, None] == np.array(fingers)[None]
    return {"mated": table[same & upper], "non-mated": table[~same & upper]}


def distances(real_values: dict[str, Values], made: dict[str, Values]) -> dict[str, Any]:
    """Of each source from all real sets pooled; of real ones, the mean from the other sets."""
    out: dict[str, Any] = {}
    for trait in (*TRAITS, *SCORES):
        pooled = np.concatenate([values[trait] for values in real_values.values()])
        row = {
            name: float(ks_2samp(values[trait], pooled).statistic) for name, values in made.items()
        }
        together = np.concatenate([values[trait] for values in made.values()])
        row["synthetic"] = float(ks_2samp(together, pooled).statistic)
        apart = []
        for name, values in real_values.items():
            others = [other[trait] for key, other in real_values.items() if key != name]
            apart.append(ks_2samp(values[trait], np.concatenate(others)).statistic)
        row["one real set"] = float(np.mean(apart))
        out[trait] = row
    return out


def show(values: dict[str, Values], apart: dict[str, Any]) -> None:
    for trait in (*TRAITS, *SCORES):
        unit = TRAITS.get(trait, "score")
        print(f"\n{trait} ({unit}): 5, 25, 50, 75, 95 %" if unit else f"\n{trait}")
        for name, measured in values.items():
            values_at = np.quantile(measured[trait], QUANTILES)
            print(f"  {name:26}" + " ".join(f"{value:9.3g}" for value in values_at))
    names = list(next(iter(apart.values())))
    print("\ndistance from the real sets pooled")
    print(" " * 16 + " ".join(f"{name.removeprefix('synthetic ')[:12]:>12}" for name in names))
    for trait, row in apart.items():
        print(f"{trait:16}" + " ".join(f"{row[name]:12.2f}" for name in names))


def draw(sources: list[Taken], path: Path, columns: int = 8, side: int = 300) -> None:
    """A row of prints of each source, for looking at."""
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (columns * side, len(sources) * side), 128)
    for row, taken in enumerate(sources):
        step = max(1, len(taken.prints) // columns)
        for column, (image, _) in enumerate(taken.prints[::step][:columns]):
            one = Image.fromarray(np.ascontiguousarray(image.pixels))
            left, top = max(0, (one.width - side) // 2), max(0, (one.height - side) // 2)
            one = one.crop((left, top, min(one.width, left + side), min(one.height, top + side)))
            at = (side - one.width) // 2, (side - one.height) // 2
            sheet.paste(one, (column * side + at[0], row * side + at[1]))
        ImageDraw.Draw(sheet).text((4, row * side + 4), taken.name, fill=0)
    sheet.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Synthetic prints beside real ones.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--sets", nargs="*", default=SETS, metavar="SET")
    parser.add_argument("--fingers", type=int, default=10, help="of each source")
    parser.add_argument("--impressions", type=int, default=6, help="of each finger")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--everybody", action="store_true", help="children and old people too")
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="draw prints of each source")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    asked = parser.parse_args()
    sources = [real(asked.data, name, asked.fingers, asked.impressions) for name in asked.sets]
    made = [
        synthetic(kind, asked.fingers, asked.impressions, asked.seed, not asked.everybody)
        for kind in learning.SensorKind
    ]
    real_values = {taken.name: measure(taken) for taken in sources}
    made_values = {taken.name: measure(taken) for taken in made}
    apart = distances(real_values, made_values)
    show(real_values | made_values, apart)
    if asked.sheet:
        draw([*sources, *made], asked.sheet)
    if asked.json:
        quantiles = {
            name: {trait: np.quantile(each, QUANTILES).tolist() for trait, each in one.items()}
            for name, one in (real_values | made_values).items()
        }
        asked.json.write_text(json.dumps({"quantiles": quantiles, "distances": apart}, indent=1))


if __name__ == "__main__":
    main()
