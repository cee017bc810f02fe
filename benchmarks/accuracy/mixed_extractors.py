"""What scores say where two extractors meet: templates by other parameters against the defaults'.

    python benchmarks/accuracy/mixed_extractors.py --data ../shared/data --method neural [SET ...]

The table of docs/howto/run-a-gallery.md is of both methods. Both sides are by the method that is
given, classical unless another one is, whatever `civid.extract` takes for its own.
Every mated pair of impressions, and the first impression of each finger against the second of every
other one: mates that stay under a score of 30, and strangers from 10 and 20 on (a tenth and a
hundredth of them, where the scale holds).
"""

from __future__ import annotations

import argparse
from itertools import combinations, permutations
from pathlib import Path

from civid import ExtractionParameters, Template, compare, extract, read_image

SETS = ["FVC2002/DB1_B", "FVC2002/DB3_B", "FVC2004/DB1_B"]
#: What is changed of both methods.
CHANGED = {"sigma_along": 0.6, "crowd_most": 8}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--method", choices=("classical", "neural"), default="classical")
    options = parser.parse_args()
    plain = ExtractionParameters(method=options.method)
    changed = ExtractionParameters(method=options.method, **CHANGED)
    print(f"as measured: {plain.name}; changed: {changed.name}")
    for name in options.sets or SETS:
        files = sorted((options.data / "prints" / name).glob("*.png"))
        prints = {tuple(map(int, one.stem.split("_"))): read_image(one) for one in files}
        measured = {key: extract(one, plain) for key, one in prints.items()}
        other = {key: extract(one, changed) for key, one in prints.items()}
        for what, probes, references in (
            ("as measured, as measured", measured, measured),
            ("changed, as measured", other, measured),
            ("changed, changed", other, other),
        ):
            print(f"{name:14} {what:24}: {line(probes, references)}")


def line(
    probes: dict[tuple[int, ...], Template], references: dict[tuple[int, ...], Template]
) -> str:
    """Counts of one pairing."""
    mates = [(a, b) for a, b in combinations(probes, 2) if a[0] == b[0]]
    strangers = list(permutations({finger for finger, _ in probes}, 2))
    missed = sum(compare(probes[a], references[b]).score < 30 for a, b in mates)
    found = [compare(probes[a, 1], references[b, 2]).score for a, b in strangers]
    reached = [sum(one >= score for one in found) for score in (10, 20)]
    return (
        f"{missed} of {len(mates)} mates under 30; of {len(found)} strangers {reached[0]} reach 10,"
        f" {reached[1]} reach 20"
    )


if __name__ == "__main__":
    main()
