"""How fast prints to learn from are made: processor time of one core, kernels compiled.

    python benchmarks/synthetic/speed.py [--fingers 12] [--impressions 8] [--json FILE]

A finger is grown once and printed often, so a print costs its share of the finger, the press, and
the truth that is asked for: of every pixel, or of every eighth, as networks with that stride need.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from civid.lab.synthetic import learning
from civid.lab.synthetic.streams import Stream


def spent(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3


def measure(fingers: int, impressions: int, seed: int) -> dict[str, float]:
    """Medians in ms, and prints a second."""
    times: dict[str, list[float]] = {"finger": [], "press": [], "truth": [], "truth, stride 8": []}
    pixels = []
    for number in range(-2, fingers):
        stream = Stream(seed, abs(number))
        person = learning.draw_person(stream)
        finger = learning.finger(seed + abs(number), person=person)
        row = {name: [] for name in times}  # type: dict[str, list[float]]
        row["finger"].append(spent(lambda: learning.finger(seed + abs(number), person=person)))  # noqa: B023
        for visit in range(impressions):
            condition = learning.draw_condition(stream, person)
            taken = learning.press(finger, condition, visit)
            row["press"].append(spent(lambda: learning.press(finger, condition, visit)))  # noqa: B023
            row["truth"].append(spent(taken.truth))
            row["truth, stride 8"].append(spent(lambda: taken.truth(8)))  # noqa: B023
            pixels.append(taken.mask.size)
        if number >= 0:  # the first two compile
            for name, values in row.items():
                times[name] += values
    out = {name: float(np.median(values)) for name, values in times.items()}
    out["pixels"] = float(np.median(pixels))
    share = float(np.mean(times["finger"])) / impressions + float(np.mean(times["press"]))
    out["prints a second, minutiae and mask"] = 1e3 / share
    for name in ("truth, stride 8", "truth"):
        out[f"prints a second, {name}"] = 1e3 / (share + float(np.mean(times[name])))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the prints to learn from.")
    parser.add_argument("--fingers", type=int, default=12)
    parser.add_argument("--impressions", type=int, default=8, help="of each finger")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    asked = parser.parse_args()
    figures = measure(asked.fingers, asked.impressions, asked.seed)
    for name, value in figures.items():
        unit = "" if name.startswith(("prints", "pixels")) else " ms"
        print(f"{name:40} {value:10.1f}{unit}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
