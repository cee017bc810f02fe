"""What scores say where two extractors meet: templates by other parameters against today's.

    python benchmarks/accuracy/mixed_extractors.py --data ../shared/data [SET ...]

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
OTHERWISE = ExtractionParameters(sigma_along=0.6, crowd_most=8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    print(f"other: {OTHERWISE.name}")
    for name in options.sets or SETS:
        files = sorted((options.data / "prints" / name).glob("*.png"))
        prints = {tuple(map(int, one.stem.split("_"))): read_image(one) for one in files}
        today = {key: extract(one) for key, one in prints.items()}
        other = {key: extract(one, OTHERWISE) for key, one in prints.items()}
        for what, probes, references in (
            ("today, today", today, today),
            ("other, today", other, today),
            ("other, other", other, other),
        ):
            print(f"{name:14} {what}: {line(probes, references)}")


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
