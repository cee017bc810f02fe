"""A matcher of your own beside civid on a folder of prints named ``finger_impression.png``.

    pip install 'civid[lab]'
    python own_matcher.py prints/

The tutorial "Benchmark a matcher of your own" goes on from here: tables, figures, intervals.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import civid
from civid.lab.evaluation import Lab, read_set
from civid.lab.peers import System, load_system


def vote(probe: civid.Template, reference: civid.Template) -> float:
    """Every pair of minutiae votes for the turn and shift that lays one onto the other."""
    p, r = probe.minutiae[:, None], reference.minutiae[None]
    turn = np.mod(r["angle"] - p["angle"], 2 * np.pi)
    c, s = np.cos(turn), np.sin(turn)  # y points down, angles go counter-clockwise
    right, down = r["x"] - (c * p["x"] + s * p["y"]), r["y"] - (c * p["y"] - s * p["x"])
    cells = np.stack([turn / 0.3, right / 20, down / 20]).round().astype(int)
    return float(np.unique(cells.reshape(3, -1), axis=1, return_counts=True)[1].max())


def benchmark(folder: Path, results: Path) -> dict[str, float]:
    """Equal error rate of both."""
    prints, lab = read_set(folder, folder.name), Lab(results)
    systems = [load_system("civid"), System("vote", civid.extract, vote)]
    return {one.name: lab.verify(prints, one).eer.value for one in systems}


if __name__ == "__main__":
    for name, rate in benchmark(Path(sys.argv[1]), Path("results")).items():
        print(f"{name}: EER {rate:.2%}")
