"""Speed of the synthetic prints, and how the engine sees them.

`pytest benchmarks/bench_synthetic.py --benchmark-enable`: speed, one thread, kernels compiled.
`python benchmarks/bench_synthetic.py [FINGERS [FOLDER ...]]`: agreement with the truth; scores,
also those of folders of real prints.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from civid.lab import synthetic
from civid.lab.synthetic import Pattern
from civid.lab.synthetic.streams import Stream

QUANTILES = (0.02, 0.05, 0.1, 0.25, 0.5)


@pytest.mark.parametrize("pattern", list(Pattern), ids=lambda pattern: pattern.value)
def test_master(benchmark: Any, pattern: Pattern) -> None:
    synthetic.master(0, pattern=pattern)
    seeds = count(1)
    benchmark.group = "synthetic master, 352x464 px"
    grown = benchmark(lambda: synthetic.master(next(seeds), pattern=pattern))
    benchmark.extra_info["minutiae"] = len(grown.minutiae)


@pytest.mark.parametrize("difficulty", [0.0, 0.5, 1.0])
def test_impression(benchmark: Any, difficulty: float) -> None:
    finger = synthetic.master(1)
    synthetic.impression(finger, 0)
    seeds = count(1)
    benchmark.group = "synthetic impression, 300x400 px"
    benchmark(lambda: synthetic.impression(finger, next(seeds), difficulty=difficulty))


def paired(found: npt.NDArray[Any], true: npt.NDArray[Any]) -> int:
    """How many minutiae agree within 10 px and 20 degrees, one to one, nearest first."""
    far = np.hypot(found["x"][:, None] - true["x"], found["y"][:, None] - true["y"])
    turn = np.abs(np.angle(np.exp(1j * (found["angle"][:, None] - true["angle"]))))
    cost = np.where((far <= 10) & (turn <= np.deg2rad(20)), far + 10 * turn, np.inf)
    pairs = 0
    while cost.size and np.isfinite(cost.min()):
        i, j = np.unravel_index(cost.argmin(), cost.shape)
        cost[i], cost[:, j] = np.inf, np.inf
        pairs += 1
    return pairs


def print_agreement(fingers: int) -> None:
    from civid.fingerprint.extract import extract

    masters = [synthetic.master(1000 + k) for k in range(fingers)]
    minutiae = np.array([len(master.minutiae) for master in masters])
    endings = np.concatenate([master.minutiae["kind"] for master in masters]) == 1
    print(f"{fingers} masters: {minutiae.mean():.0f} minutiae ({minutiae.min()}..", end="")
    print(f"{minutiae.max()}), {endings.mean():.0%} endings")
    print("difficulty  true  found  recall  precision  quality")
    for difficulty in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        true = found = both = quality = 0
        for master in masters:
            pressed = synthetic.impression(master, 7, difficulty=difficulty)
            template = extract(pressed.image)
            true += len(pressed.minutiae)
            found += len(template)
            both += paired(template.minutiae, pressed.minutiae)
            quality += template.quality
        print(
            f"{difficulty:10.1f} {true / fingers:5.1f} {found / fingers:6.1f} {both / true:7.3f}"
            f" {both / found:10.3f} {quality / fingers:8.1f}"
        )


def print_scores(fingers: int) -> None:
    """Two impressions of every finger, as difficult as those of `synthetic.population`."""
    from civid.fingerprint.compare import compare_many, pack
    from civid.fingerprint.extract import extract

    templates = []
    for visit in (0, 1):
        row = []
        for k in range(fingers):
            hard = Stream(9, k, visit).uniform(0, 1) ** 2
            pressed = synthetic.impression(synthetic.master(5000 + k), visit, difficulty=hard)
            row.append(extract(pressed.image))
        templates.append(row)
    second = pack(templates[1])
    scores = np.array([compare_many(template, second) for template in templates[0]])
    print_quantiles("synthetic", np.diag(scores), scores[~np.eye(fingers, dtype=bool)])


def print_real_scores(folder: Path) -> None:
    from civid.lab.evaluation import Lab, read_set
    from civid.lab.peers import load_system

    with tempfile.TemporaryDirectory() as kept:
        scores = Lab(Path(kept)).verify(read_set(folder), load_system("civid"))
    print_quantiles(f"{folder.parent.name}/{folder.name}", scores.genuine, scores.impostor)


def print_quantiles(name: str, genuine: Any, impostor: Any) -> None:
    quantiles = " ".join(f"{value:4.0f}" for value in np.quantile(genuine, QUANTILES))
    shares = " ".join(f"{(impostor >= score).mean():7.4f}" for score in (10, 20, 30))
    print(f"{name:16} {len(genuine):7} {quantiles}   {len(impostor):8} {shares}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Synthetic prints: agreement and scores.")
    parser.add_argument("fingers", nargs="?", type=int, default=30)
    parser.add_argument("folders", nargs="*", type=Path, help="real prints, to compare with")
    asked = parser.parse_args()
    print_agreement(asked.fingers)
    print()
    print("set              genuine   2%   5%  10%  25%  50%   impostor    >=10    >=20    >=30")
    print_scores(4 * asked.fingers)
    for folder in asked.folders:
        print_real_scores(folder)


if __name__ == "__main__":
    main()
