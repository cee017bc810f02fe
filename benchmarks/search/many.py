"""What many probes at once cost, against one after the other: CPU and clock, medians.

    python benchmarks/search/many.py --subjects 1000 --probes 32 [--fingers 2] [--json]

`search_many` shares the view and, in exact search, the unpacked references. The first look of the
cascade is arithmetic: `look` says what it costs for each of 1, 8 and 64 probes that take turns at
each tile of codes, and that is the same.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.index import Index
from civid.search.arrays.parts import Part
from civid.search.backends.prefilter import prefilter
from civid.search.fingers import encoded

FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
MINUTIAE = 40
RANGE, KEEP = 8192, 100


def prints(subject: int, number: int, fingers: int) -> dict[Position, Template]:
    """Made-up fingers of somebody, moved a little by the number of the impression."""
    made = {}
    for finger in FINGERS[:fingers]:
        minutiae = np.zeros(MINUTIAE, MINUTIA_DTYPE)
        rng, noise = (np.random.default_rng([subject, finger, n]) for n in (0, number))
        for name in ("x", "y"):
            minutiae[name] = rng.uniform(20, 380, MINUTIAE) + noise.normal(0, 1, MINUTIAE)
        minutiae["angle"] = rng.uniform(0, 6.2, MINUTIAE)
        made[finger] = Template(minutiae, 60, 400, 400)
    return made


def cost(what: Callable[[], object], times: int) -> tuple[float, float]:
    """Seconds of CPU, and of the clock."""
    cpu, clock = [], []
    for _ in range(times):
        start = time.process_time(), time.perf_counter()
        what()
        cpu.append(time.process_time() - start[0])
        clock.append(time.perf_counter() - start[1])
    return statistics.median(cpu), statistics.median(clock)


def look(probes: list[dict[Position, Template]], references: Part) -> None:
    index = Index()
    index.append([""] * len(probes), [encoded(probe) for probe in probes])
    index.publish()
    part, slots = index.part(), np.arange(len(probes))
    for begin in range(0, references.subjects, RANGE):
        end = min(begin + RANGE, references.subjects)
        prefilter(part, slots, references, begin, end, keep=min(KEEP, end - begin), fingers=2)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--subjects", type=int, default=1000)
    options.add_argument("--probes", type=int, default=32)
    options.add_argument("--fingers", type=int, choices=(1, 2), default=1)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--json", action="store_true", help="print JSON")
    given = options.parse_args()
    gallery = Gallery()
    gallery.enroll_many((str(i), prints(i, 1, given.fingers)) for i in range(given.subjects))
    probes = [prints(7 * i % given.subjects, 2, given.fingers) for i in range(given.probes)]
    threads = given.threads
    alone = cost(lambda: [gallery.search(p, threads=threads) for p in probes], given.times)
    many = cost(lambda: gallery.search_many(probes, threads=threads), given.times)
    part = gallery._directory.view().parts[-1]
    found = {
        "method": gallery.method(),
        **{name: value for name, value in vars(given).items() if name != "json"},
        "single_ms": 1e3 * alone[0] / len(probes),
        "many_ms": 1e3 * many[0] / len(probes),
        "ratio": alone[0] / many[0],
        "ratio_of_clock": alone[1] / many[1],
        "look_ms": {
            str(n): 1e3 * cost(lambda n=n: look(probes[:n], part), given.times)[0] / n  # type: ignore[misc]
            for n in (1, 8, 64)
            if n <= len(probes)
        },
    }
    print(json.dumps(found) if given.json else "\n".join(f"{k}: {v}" for k, v in found.items()))


if __name__ == "__main__":
    main()
