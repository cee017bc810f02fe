"""Do fused scores of impostors keep their nominal rate? Prints the tables of fusion.md.

    python benchmarks/accuracy/fusion_calibration.py [--threads 2]

SOCOFing/Real: 200 persons, ten fingers, one impression each, about 200 dpi. Every pair of persons,
each finger against the same finger of the other: 19,900 pairs, 199,000 comparisons. "Uniform" are
scores made uniform finger by finger by their ranks, so that what deviates is the dependence of
fingers alone; "as calibrated" are the comparator's own.
"""

from __future__ import annotations

import argparse
import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

import civid
from civid.fingerprint.compare import compare_many, pack

Scores = npt.NDArray[np.float64]

THRESHOLDS = (5, 10, 20, 30, 40)
SETS = {"1": range(10), "2, both index": (1, 6), "5, right hand": range(5), "10": range(10)}


def impostor_scores(folder: Path, threads: int) -> Scores:
    """(10, pairs of persons): score of each finger."""
    paths = sorted(folder.glob("*.png"))
    with ThreadPoolExecutor(threads) as pool:
        templates = list(pool.map(lambda path: civid.extract(civid.read_image(path)), paths))
    by_finger: dict[int, dict[str, civid.Template]] = {}
    for path, template in zip(paths, templates, strict=True):
        person, position = path.stem.split("_")[:2]
        by_finger.setdefault(int(position), {})[person] = template
    persons = sorted(set.intersection(*(set(found) for found in by_finger.values())))
    upper = np.triu_indices(len(persons), 1)
    rows = []
    for position in sorted(by_finger):
        prints = [by_finger[position][person] for person in persons]
        packed = pack(prints)
        rows.append(np.stack([compare_many(probe, packed) for probe in prints])[upper])
    return np.array(rows, np.float64)


def fused(scores: Scores, dependence: float) -> Scores:
    """Fisher's method with Brown's correction, by scipy."""
    count = len(scores)
    scale = 1 + dependence * (count - 1)
    x = scores.sum(0) * math.log(10) / 10 / scale
    return np.asarray(-10 / math.log(10) * stats.gamma.logsf(x, count / scale))


def report(title: str, scores: Scores) -> None:
    cells = [
        f"{np.mean(scores >= t) / 10 ** (-t / 10):7.2f} ({np.sum(scores >= t)})" for t in THRESHOLDS
    ]
    print(f"{title:32}" + "".join(f"{cell:>18}" for cell in cells))


def main() -> None:
    parser = argparse.ArgumentParser(description="Fused impostor scores against nominal rates.")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    root = Path(__file__).resolve().parents[2]
    data = Path(os.environ.get("CIVID_DATA", root.parent / "shared" / "data"))
    scores = impostor_scores(data / "prints" / "SOCOFing" / "Real", options.threads)
    ranked = [stats.rankdata(-row, method="max") / len(row) for row in scores]
    uniform = -10 * np.log10(np.array(ranked))
    logs = uniform * math.log(10) / 10
    covariance = np.cov(logs)[np.triu_indices(10, 1)]
    print(f"{scores.shape[1]} pairs of persons; mean -ln p as calibrated "
          f"{(scores * math.log(10) / 10).mean():.3f} (1 = nominal)")  # fmt: skip
    print(f"covariance of -ln p: mean {covariance.mean():.3f}, "
          f"{covariance.min():.3f} .. {covariance.max():.3f}")  # fmt: skip
    print("observed rate / nominal rate (count) at fused scores")
    print(f"{'fingers':32}" + "".join(f"{f'>= {t}':>18}" for t in THRESHOLDS))
    for kind, values in (("uniform", uniform), ("as calibrated", scores)):
        for name, fingers in SETS.items():
            chosen = values[list(fingers)]
            if name == "1":
                report(f"{kind}, 1", chosen.ravel())
                continue
            for dependence in (0.0, 0.06):
                report(f"{kind}, {name}, rho {dependence}", fused(chosen, dependence))


if __name__ == "__main__":
    main()
