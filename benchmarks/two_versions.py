"""Whether a version is slower than another one: both in turns, in one run, on one machine.

    git worktree add ../before COMMIT && (cd ../before && python setup.py build_ext --inplace)
    python benchmarks/two_versions.py ../before/src src --rounds 40

Each round starts a process for each version, which extracts, compares, enrols and searches the same
prints; only public names are used, which both versions must have. Every figure is the processor's
time of one small piece of work, the least of many: other work on the machine can only add to it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 4000


def measured() -> dict[str, float]:
    """Seconds of the processor for each piece of work, the least of many."""
    import time

    import numpy as np

    import civid
    from civid.fingerprint.template import MINUTIA_DTYPE

    def least(work: Callable[[], object], times: int, pieces: int = 1) -> float:
        work()
        best = float("inf")
        for _ in range(times):
            began = time.process_time()
            for _ in range(pieces):
                work()
            best = min(best, (time.process_time() - began) / pieces)
        return best

    def made(rng: np.random.Generator) -> civid.Template:
        count = int(rng.integers(30, 50))
        minutiae = np.zeros(count, MINUTIA_DTYPE)
        minutiae["x"], minutiae["y"] = rng.uniform(0, 380, count), rng.uniform(0, 380, count)
        minutiae["angle"] = rng.uniform(0, 6.28, count)
        minutiae["kind"], minutiae["quality"] = rng.integers(0, 2, count), 60
        return civid.Template(minutiae, quality=60, width=400, height=400)

    files = sorted((ROOT / "tests" / "golden" / "bits").glob("*.png"))
    images = [civid.read_image(path) for path in files]
    prints = [civid.extract(image) for image in images]
    found: dict[str, float] = {
        "extract": sum(least(partial(civid.extract, one), 12) for one in images),
        "compare": sum(
            least(partial(civid.compare, one, two), 12, 20)
            for one in prints[:3]
            for two in prints[:3]
        ),
    }
    rng = np.random.default_rng(1)
    fingers = civid.Position.RIGHT_INDEX, civid.Position.LEFT_INDEX
    people = {str(i): {one: made(rng) for one in fingers} for i in range(PEOPLE)}
    few = {name: people[name] for name in list(people)[:500]}

    def enrolled() -> civid.Gallery:
        gallery = civid.Gallery(backend="cascade")
        gallery.enroll_many(few, threads=1)
        return gallery

    found["enrol"] = least(enrolled, 8)
    for backend, chosen in (("cascade", people), ("index", people), ("exact", few)):
        gallery = civid.Gallery(backend=backend)
        gallery.enroll_many(chosen, threads=1)
        found[f"search {backend}"] = least(partial(gallery.search, people["77"], threads=1), 15)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, help="folder that holds the package civid, built")
    parser.add_argument("after", type=Path, help="the same of the other version")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    runs: dict[str, list[dict[str, float]]] = {"before": [], "after": []}
    for _ in range(args.rounds):
        for name, where in (("before", args.before), ("after", args.after)):
            env = os.environ | {"PYTHONPATH": str(where.resolve()), "CIVID_MEASURE": "1"}
            done = subprocess.run([sys.executable, "-P", __file__], env=env, check=True,
                                  capture_output=True, text=True)  # fmt: skip
            runs[name].append(json.loads(done.stdout))
    rows = {
        key: {
            "before_ms": 1e3 * min(one[key] for one in runs["before"]),
            "after_ms": 1e3 * min(one[key] for one in runs["after"]),
            "median_of_rounds": median(
                two[key] / one[key] for one, two in zip(runs["before"], runs["after"], strict=True)
            ),
        }
        for key in runs["before"][0]
    }
    if args.json:
        print(json.dumps(rows))
        return
    print(f"{args.rounds} rounds: the least of all, ms; after over before; median of the rounds")
    for key, row in rows.items():
        ratio = row["after_ms"] / row["before_ms"]
        print(f"{key:16} {row['before_ms']:9.3f} {row['after_ms']:9.3f} {ratio:7.3f} "
              f"{row['median_of_rounds']:7.3f}")  # fmt: skip


if os.environ.get("CIVID_MEASURE"):
    print(json.dumps(measured()))
elif __name__ == "__main__":
    main()
