"""What scores say where only the middle of a print is there, as on a sensor of few millimetres.

    python benchmarks/accuracy/small_prints.py --data ../shared/data [--method M] [SET ...]

From the first two impressions of every finger a square around the middle of the print is cut and
extracted; everybody is compared with everybody of the set, cut alike and whole. Strangers from 10,
20, 30 and 40 on (a tenth, a hundredth and so on of them, where the scale holds), and mates from 40.
By classical minutiae, as the table of docs/explain/score.md is, unless ``--method`` says otherwise.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np

from civid import FingerImage, Template, compare, extract, read_image

SETS = [
    "UareU", "FVC2002/DB1_B", "FVC2002/DB2_B", "FVC2004/DB1_B", "FVC2004/DB3_B", "Lindex101"
]  # fmt: skip
SIDES = [4.0, 6.0, 8.0, 10.0, 12.0, None]  #: mm; None = all of it
LEVELS = (10, 20, 30, 40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--method", choices=("classical", "neural"), default="classical")
    options = parser.parse_args()
    levels = "".join(f"   >= {one} (meant)" for one in LEVELS)
    print(f"side, mm   against  minutiae   strangers {levels}     mates >= 40")
    for side in SIDES:
        alike, whole = Counter[str](), Counter[str]()
        for name in options.sets or SETS:
            files = sorted((options.data / "prints" / name).glob("*_[12].png"))
            for total, one in zip((alike, whole), judged(files, side, options.method), strict=True):
                total.update(one)
        print(line(side, "alike", alike), flush=True)
        if side is not None:
            print(line(side, "whole", whole), flush=True)


def judged(files: list[Path], side: float | None, method: str) -> tuple[Counter[str], Counter[str]]:
    """Counts of one set: cut prints against cut ones, and against whole ones."""
    images = [(one.stem.rpartition("_")[0], read_image(one)) for one in files]
    held = [(finger, cut(one, side, method), extract(one, method=method)) for finger, one in images]
    held = [one for one in held if len(one[1])]
    minutiae = sum(len(one) for _, one, _ in held)
    alike, whole = (Counter(prints=len(held), minutiae=minutiae) for _ in range(2))
    for (finger, a, _), (other, b, full) in combinations(held, 2):
        kind = "mates" if finger == other else "strangers"
        for total, reference in ((alike, b), (whole, full)):
            score = compare(a, reference).score
            total[kind] += 1
            total.update(f"{kind} {level}" for level in LEVELS if score >= level)
    return alike, whole


def cut(image: FingerImage, side: float | None, method: str) -> Template:
    """The minutiae of a square around the middle of the print."""
    whole = extract(image, method=method)
    if side is None or not len(whole):
        return whole
    reach = side / 25.4 * image.dpi / 2
    scale = image.dpi / 500  # templates hold px at 500 dpi
    height, width = image.pixels.shape
    x = float(np.clip(np.median(whole.minutiae["x"]) * scale, reach, max(width - reach, reach)))
    y = float(np.clip(np.median(whole.minutiae["y"]) * scale, reach, max(height - reach, reach)))
    rows, columns = slice(int(y - reach), int(y + reach)), slice(int(x - reach), int(x + reach))
    part = np.ascontiguousarray(image.pixels[rows, columns])
    return extract(FingerImage(part, image.dpi), method=method)


def line(side: float | None, against: str, total: Counter[str]) -> str:
    """A row of the table."""
    meant = [total["strangers"] * 10 ** (-level / 10) for level in LEVELS]
    reached = "".join(
        f"{total[f'strangers {level}']:7,} ({one:7,.1f})"
        for level, one in zip(LEVELS, meant, strict=True)
    )
    what = f"{'all' if side is None else f'{side:g}':>8}  {against:>8}"
    return (
        f"{what} {total['minutiae'] / total['prints']:9.1f} {total['strangers']:11,} {reached}"
        f" {total['mates 40']:7,} of {total['mates']:,}"
    )


if __name__ == "__main__":
    main()
