"""What a gate costs and saves: prints refused, pairs missed (docs/explain/quality.md quotes it).

    python benchmarks/accuracy/gate_worth.py [--data ../shared/data/prints] [--json FILE]

Every mated pair of every set is compared. For each gate: the share of prints that it refuses, and
the false non-match rate, at a false match rate of 1 in 10,000 (score 40), of the pairs whose two
prints both pass it. Left out at random, as many pairs would leave the rate of all pairs.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from civid.fingerprint.compare import compare
from civid.fingerprint.gate import Gate
from civid.fingerprint.image import read_image
from civid.fingerprint.quality import Examination, examine
from civid.lab.evaluation import read_set

SETS = [
    *(f"FVC2000/DB{n}_B" for n in (1, 3, 4)),
    *(f"FVC2002/DB{n}_B" for n in (1, 2, 3, 4)),
    *(f"FVC2004/DB{n}_B" for n in (1, 3, 4)),
    "UareU", "UPEK", "Lindex101",
]  # fmt: skip
THRESHOLD = 40.0
GATES = [
    *(Gate(quality, 0, 0) for quality in (0, 10, 20, 30, 40, 50, 60)),
    *(Gate(0, count, 0) for count in (6, 9, 12, 16, 20, 25)),
    Gate(retries=0),
    Gate(40, 12, 0),
]


class Scores(NamedTuple):
    """A set: its prints, and of each mated pair the two prints and the score."""

    prints: list[Examination]
    pairs: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]


def scores_of(folder: Path) -> Scores:
    samples = read_set(folder).samples
    prints = [examine(read_image(sample.path)) for sample in samples]
    pairs, scores = [], []
    for i, one in enumerate(samples):
        for j in range(i + 1, len(samples)):
            if samples[j].finger == one.finger:
                pairs.append((i, j))
                scores.append(compare(prints[i].template, prints[j].template).score)
    return Scores(prints, np.array(pairs), np.array(scores, np.float64))


def row(sets: list[Scores], gate: Gate) -> dict[str, float]:
    """Sets count alike, however large they are."""
    refused, left, missed = [], [], []
    for one in sets:
        passed = np.array([gate.judge(print_).accepted for print_ in one.prints])
        both = passed[one.pairs].all(axis=1)
        refused.append(1 - passed.mean())
        left.append(both.mean())
        missed.append((one.scores[both] < THRESHOLD).mean() if both.any() else 0.0)
    return {
        "min_quality": gate.min_quality,
        "min_minutiae": gate.min_minutiae,
        "prints_refused": float(np.mean(refused)),
        "most_refused": float(np.max(refused)),
        "pairs_left": float(np.mean(left)),
        "fnmr": float(np.mean(missed)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/prints"))
    parser.add_argument("--json", type=Path, help="also write the rows here")
    options = parser.parse_args()
    sets = [scores_of(options.data / name) for name in SETS]
    rows = [row(sets, gate) for gate in GATES]
    print("min_quality min_minutiae  prints refused  (worst set)  pairs left   FNMR at score 40")
    for one in rows:
        print(
            f"{one['min_quality']:>11}{one['min_minutiae']:>13}{one['prints_refused']:>16.4f}"
            f"{one['most_refused']:>13.4f}{one['pairs_left']:>12.4f}{one['fnmr']:>19.4f}"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
