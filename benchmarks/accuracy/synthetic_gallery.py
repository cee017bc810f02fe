"""Do synthetic galleries look and score like real prints? (docs/explain/synthetic-galleries.md)

    python benchmarks/accuracy/synthetic_gallery.py --data ../shared/data [--picture FILE]

Prints, for sets of real prints and for synthetic ones: what minutiae are like (what the constants
of `gallery_model.py` were estimated from), impostor scores at given false match rates, what mated
impressions score, how two fingers of a pair of people go together, and speed. With ``--picture``
the survival curves are drawn; ``--apart`` prints instead what makes impostors alike.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull

from civid.fingerprint.compare import compare, compare_many, pack
from civid.fingerprint.template import Template
from civid.lab.evaluation.one_finger import one_name
from civid.lab.synthetic import GalleryModel, SyntheticGallery
from civid.position import Position

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import MINDTCT_DPI, PRINT_SETS, TemplateSet, extracted, mindtct

RATES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
REACHES = (0, 8, 12, 16, 20, 30, 40, 60, 80, 120)  # px, for directions by distance
SEED = 2026
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
Scores = npt.NDArray[np.float32]


def describe(templates: list[Template]) -> list[str]:
    """Rows of figures about the minutiae of a set."""
    counts, areas, nearest, ends, known = [], [], [], 0, 0
    pairs = np.zeros((len(REACHES) - 1, 3))
    for template in templates:
        rows = template.minutiae
        counts.append(len(rows))
        if len(rows) < 8:
            continue
        places = np.stack([rows["x"], rows["y"]], 1).astype(float)
        areas.append(ConvexHull(places).volume)
        far = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
        turn = rows["angle"][:, None] - rows["angle"][None]
        first, second = np.triu_indices(len(rows), 1)
        bins = np.digitize(far[first, second], REACHES) - 1
        for k, values in enumerate((np.ones_like(turn), np.cos(2 * turn), np.cos(turn))):
            sums = np.bincount(bins, values[first, second], minlength=len(REACHES))
            pairs[:, k] += sums[: len(REACHES) - 1]
        np.fill_diagonal(far, np.inf)
        nearest.append(far.min(1))
        ends += int((rows["kind"] == 1).sum())
        known += int((rows["kind"] > 0).sum())
    with np.errstate(invalid="ignore"):
        axes, directions = pairs[:, 1] / pairs[:, 0], pairs[:, 2] / pairs[:, 0]

    def line(name: str, values: Any, form: str) -> str:
        return f"  {name:34}" + " ".join(format(value, form) for value in values)

    quantiles = (5, 25, 50, 75, 95)
    return [
        line("minutiae, 5 25 50 75 95 %", np.percentile(counts, quantiles), "7.0f"),
        line("hull, px^2", np.percentile(areas, quantiles), "7.0f"),
        line("nearest neighbour, px", np.percentile(np.concatenate(nearest), quantiles), "7.1f"),
        line("cos 2d, mean by distance", axes, "6.2f"),
        line("cos d, mean by distance", directions, "6.2f"),
        f"  {'share of endings':34}{ends / max(known, 1):7.2f}",
    ]


def impostors(
    probes: TemplateSet, references: TemplateSet | None = None, most: int | None = None
) -> Scores:
    """Scores of every pair of different fingers; within the set if there are no references."""
    other = probes if references is None else references
    packed = pack(other.templates)
    names = np.array(["/".join(one_name(other.name, finger)) for finger in other.finger.tolist()])
    scores = []
    for k in range(len(probes.templates) if most is None else min(most, len(probes.templates))):
        row = compare_many(probes.templates[k], packed)
        different = names != "/".join(one_name(probes.name, str(probes.finger[k])))
        if references is None:
            different[k:] = False
        scores.append(row[different])
    return np.concatenate(scores)


def at_rates(scores: Scores) -> str:
    """The score that each share of the pairs reaches, as long as ten pairs do."""
    ordered = np.sort(scores)[::-1]
    cells = [
        f"{ordered[int(len(ordered) * rate)]:7.1f}" if len(ordered) * rate >= 10 else "      -"
        for rate in RATES
    ]
    return f"{len(scores):11,}" + "".join(cells)


def synthetic(
    subjects: int, fingers: tuple[Position, ...] = FINGERS, model: GalleryModel | None = None
) -> TemplateSet:
    """One impression of every finger of the first subjects."""
    made = list(SyntheticGallery(SEED, fingers, model=model).templates(0, subjects))
    templates = [template for one in made for template in one.values()]
    names = np.array([f"{k}_{finger}" for k in range(subjects) for finger in fingers])
    return TemplateSet("synthetic", templates, names, np.ones(len(names), np.int64))


def changed(template: Template, how: str, rng: np.random.Generator) -> Template:
    """A real template with one property destroyed."""
    rows = template.minutiae.copy()
    places = np.stack([rows["x"], rows["y"]], 1).astype(float)
    angles, count = rows["angle"].astype(float), len(rows)
    if how == "turned":
        angles += np.pi * (rng.random(count) < 0.5)
    elif how == "moved":
        angles = _axis(places, angles, new := places + rng.normal(0, 6, places.shape), angles)
        places = new
    elif how in ("elsewhere", "elsewhere, turned") and count > 2:
        found: list[npt.NDArray[np.float64]] = []
        while len(found) < count:
            one = rng.uniform(places.min(0), places.max(0))
            near = np.hypot(*(places - one).T).min() < 25
            if near and all(np.hypot(*(one - other)) > 8 for other in found):
                found.append(one)
        new = np.array(found)
        nearest = np.hypot(*(new[:, None] - places[None]).transpose(2, 0, 1)).argmin(1)
        angles = _axis(places, angles, new, angles[nearest])
        places = new
        if how != "elsewhere":
            angles += np.pi * (rng.random(count) < 0.5)
    rows["x"], rows["y"] = np.clip(places + 100, 0, 1000).T
    rows["angle"] = angles % (2 * np.pi)
    return Template(rows, template.quality, 1024, 1024)


def _axis(places: Any, angles: Any, new: Any, sides: Any) -> npt.NDArray[np.float64]:
    """Direction of the flow at new places, on the side of `sides`."""
    weight = np.exp(-((new[:, None] - places[None]) ** 2).sum(2) / (2 * 18.0**2))
    axis = np.angle((weight * np.exp(2j * angles)).sum(1)) / 2
    return np.asarray(axis + np.pi * (np.cos(axis - sides) < 0))


def take_apart(uareu: TemplateSet, show: Callable[[str, Scores], Scores]) -> None:
    """What in real prints, and in the model, makes impostors alike."""
    rng = np.random.default_rng(2)
    for how in ("as they are", "moved", "turned", "elsewhere", "elsewhere, turned"):
        kept = np.flatnonzero(uareu.impression <= 4)
        templates = [changed(uareu.templates[k], how, rng) for k in kept]
        one = TemplateSet(how, templates, uareu.finger[kept], uareu.impression[kept])
        show(f"UareU, impressions 1-4, {how}", impostors(one))
    usual = GalleryModel()
    models = {
        "the model": usual,
        "divergence turned round": usual._replace(polarity=-usual.polarity),
        "no divergence": usual._replace(polarity=0.0, inward=0.0, density=6e-4, densest=4.0),
    }
    for name, model in models.items():
        made = synthetic(300, model=model)
        show(f"synthetic x synthetic, {name}", impostors(made))
        show(f"synthetic x UareU, {name}", impostors(uareu, made, 130))


def together(subjects: int) -> None:
    """Do the scores of the left and the right index of two different people go together?"""
    gallery = list(SyntheticGallery(SEED, FINGERS).templates(0, subjects))
    sides = []
    for finger in FINGERS:
        templates = [one[finger] for one in gallery]
        packed = pack(templates)
        rows = [compare_many(one, packed)[:k] for k, one in enumerate(templates)]
        sides.append(np.concatenate(rows))
    both = np.mean((sides[0] >= 10) & (sides[1] >= 10))
    alone = np.mean(sides[0] >= 10) * np.mean(sides[1] >= 10)
    print(f"\ntwo fingers of {subjects} people, {len(sides[0]):,} pairs: correlation ", end="")
    print(f"{np.corrcoef(*sides)[0, 1]:.3f}; both >= 10 {both / alone:.2f} times as often", end="")
    print(" as if they were independent")


def mated(subjects: int) -> None:
    gallery = SyntheticGallery(SEED, FINGERS[:1])
    scores = [
        compare(gallery.impression(k), gallery.impression(k, number=1)).score
        for k in range(subjects)
    ]
    quantiles = " ".join(f"{value:.0f}" for value in np.percentile(scores, (2, 5, 10, 25, 50)))
    print(f"\nmated, {subjects} pairs: 2 5 10 25 50 % of the scores: {quantiles}")


def speed(subjects: int = 3000) -> None:
    gallery = SyntheticGallery(SEED, FINGERS)
    gallery.raw(0, 10)

    def rate(work: Callable[[], Any]) -> float:
        start = time.process_time()
        work()
        return subjects * len(FINGERS) / (time.process_time() - start)

    raw = rate(lambda: gallery.raw(0, subjects))
    objects = rate(lambda: list(gallery.templates(0, subjects)))
    print(f"\n{raw:,.0f} templates a second of processor time; as objects {objects:,.0f}")


def draw(curves: dict[str, Scores], path: Path) -> None:
    """Survival curves on a logarithmic scale, as a picture of lines without other libraries."""
    from PIL import Image, ImageDraw

    left, top, width, height, most, decades = 60, 20, 640, 400, 65.0, 6.5
    sheet = Image.new("RGB", (left + width + 20, top + height + 45), "white")
    pen = ImageDraw.Draw(sheet)

    def place(score: float, share: float) -> tuple[float, float]:
        return left + score / most * width, top - np.log10(share) / decades * height

    for decade in range(7):
        y = place(0, 10.0**-decade)[1]
        pen.line([(left, y), (left + width, y)], fill="#dddddd")
        pen.text((10, y - 6), f"1e-{decade}", fill="black")
    for score in range(0, 61, 10):
        x = place(score, 1)[0]
        pen.line([(x, top), (x, top + height)], fill="#dddddd")
        pen.text((x - 6, top + height + 6), str(score), fill="black")
    pen.text(
        (left + 200, top + height + 24), "score, dB; share of pairs that reach it", fill="black"
    )
    pen.line([place(0, 1), place(65, 10**-6.5)], fill="black")
    colours = ("#c22", "#e80", "#27c", "#393", "#a3a", "#666")
    for k, (name, scores) in enumerate(curves.items()):
        ordered = np.sort(scores)[::-1]
        ranks = np.unique(np.geomspace(5, len(ordered), 160).astype(int))
        line = [place(float(ordered[r - 1]), r / len(ordered)) for r in ranks]
        colour = colours[k % len(colours)]
        pen.line(line, fill=colour, width=2)
        pen.text((left + width - 230, top + 8 + 15 * k), f"{name} ({len(scores):,})", fill=colour)
    pen.text((left + width - 230, top + 8 + 15 * len(curves)), "black: as calibrated", fill="black")
    sheet.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--subjects", type=int, default=1500)
    parser.add_argument("--probes", type=int, default=1500, help="most probes in a comparison")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--apart", action="store_true", help="only: what makes impostors alike")
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()

    def show(name: str, scores: Scores) -> Scores:
        print(f"{name:50}{at_rates(scores)}", flush=True)
        return scores

    if arguments.apart:
        take_apart(extracted(arguments.data / "prints", "UareU", arguments.threads), show)
        return
    real = {
        name: extracted(arguments.data / "prints", name, arguments.threads) for name in PRINT_SETS
    }
    for database in MINDTCT_DPI:
        one = mindtct(arguments.data / "templates" / "mindtct-csv", database)
        real[one.name] = one
    made = synthetic(arguments.subjects)

    print(f"distances, px: {REACHES}")
    shown = ["UareU", "Lindex101", "FVC2002/DB1_B", "FVC2002/DB2_B", "MINDTCT FVC2002 DB1_A"]
    for name in [*shown, "MINDTCT FVC2002 DB2_A"]:
        print(name, *describe(real[name].templates), sep="\n")
    print(made.name, *describe(made.templates[:1000]), sep="\n")

    print(f"\n{'impostor scores at FMR':50}      pairs" + "".join(f"{r:7.0e}" for r in RATES))

    sets = [real[name] for name in PRINT_SETS]
    within = [impostors(one) for one in sets]
    curves = {"real, within sets": show("real, within 13 sets", np.concatenate(within))}
    big = ("UareU", "Lindex101", "UPEK")
    for name in (*big, *(name for name in real if name.startswith("MINDTCT"))):
        show("real, within " + name, impostors(real[name]))
    crossed = []
    for first, second in [(a, b) for k, a in enumerate(sets) for b in sets[:k]]:
        scores = impostors(first, second)
        crossed.append(scores)
        if first.name in big and second.name in (*big, "FVC2002/DB1_B"):
            show(f"real, {first.name} x {second.name}", scores)
    curves["real, across sets"] = show("real, across 13 sets", np.concatenate(crossed))
    show(
        "real, UareU x MINDTCT FVC2002 DB2_A",
        impostors(real["UareU"], real["MINDTCT FVC2002 DB2_A"]),
    )
    against = []
    for name in (*PRINT_SETS, "MINDTCT FVC2002 DB2_A"):
        scores = impostors(real[name], made, arguments.probes)
        if name in PRINT_SETS:
            against.append(scores)
        if name in (*big, "FVC2002/DB1_B", "MINDTCT FVC2002 DB2_A"):
            show(f"synthetic x {name}", scores)
    curves["synthetic-real"] = show("synthetic x 13 sets", np.concatenate(against))
    curves["synthetic-synthetic"] = show("synthetic x synthetic", impostors(made))
    together(min(600, arguments.subjects))
    mated(500)
    speed()
    if arguments.picture:
        draw(curves, arguments.picture)


if __name__ == "__main__":
    main()
