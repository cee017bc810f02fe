"""What many probes at once cost, against one after the other: CPU and clock, medians.

    python benchmarks/search/many.py --subjects 1000 --probes 32 [--fingers 2] [--lists] [--json]

`search_many` shares the view and, in exact search, the unpacked references; by inverted lists
(``--lists``) probes go through them together. The first look of the cascade is arithmetic. `look`
says what a first look costs for each of 1, 8 and 64 probes: of a scan as much.
``--lists`` takes synthetic people (`civid.lab.synthetic`) and a compacted folder. The two ways are
timed in turn, `times` times.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.index import Index
from civid.search.arrays.parts import Part
from civid.search.backends import inverted_index
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


def costs(ways: Sequence[Callable[[], object]], times: int) -> list[tuple[float, float]]:
    """Seconds of CPU and of the clock of each, in turn; medians."""
    spent: list[list[tuple[float, float]]] = [[] for _ in ways]
    for _ in range(times):
        for way, mine in zip(ways, spent, strict=True):
            start = time.process_time(), time.perf_counter()
            way()
            mine.append((time.process_time() - start[0], time.perf_counter() - start[1]))
    return [
        (statistics.median(cpu for cpu, _ in mine), statistics.median(clock for _, clock in mine))
        for mine in spent
    ]


def look(probes: list[dict[Position, Template]], references: Part) -> None:
    index = Index()
    index.append([""] * len(probes), [encoded(probe) for probe in probes])
    index.publish()
    part, slots = index.part(), np.arange(len(probes))
    if references.lists:
        asked = [inverted_index.asked(part, slot, 2) for slot in range(len(probes))]
        for lists in references.lists:
            inverted_index.prefilter(part, slots, asked, references, lists, keep=KEEP, fingers=2)
        return
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
    options.add_argument("--lists", action="store_true", help="by inverted lists")
    options.add_argument("--folder", type=Path, help="with --lists: keep the gallery, or take it")
    options.add_argument("--json", action="store_true", help="print JSON")
    given = options.parse_args()
    with ExitStack() as stack:
        if given.lists:
            people = SyntheticGallery(1, FINGERS[: given.fingers])
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="civid-many-"))
            path = given.folder or Path(folder)
            gallery = stack.enter_context(Gallery.open(path, background=False))
            for begin in range(len(gallery), given.subjects, 4096):
                end = min(begin + 4096, given.subjects)
                rows = zip(range(begin, end), people.templates(begin, end), strict=True)
                gallery.enroll_many(((f"{k:09}", one) for k, one in rows), threads=1)
            gallery.compact(threads=1)
            step = max(given.subjects // given.probes, 1)
            probes = [
                next(people.templates(step * k, step * k + 1, number=1))
                for k in range(given.probes)
            ]
        else:
            gallery = stack.enter_context(Gallery())
            gallery.enroll_many(
                (str(i), prints(i, 1, given.fingers)) for i in range(given.subjects)
            )
            probes = [prints(7 * i % given.subjects, 2, given.fingers) for i in range(given.probes)]
        found = measured(gallery, probes, given)
    print(json.dumps(found) if given.json else "\n".join(f"{k}: {v}" for k, v in found.items()))


def measured(
    gallery: Gallery, probes: list[dict[Position, Template]], given: argparse.Namespace
) -> dict[str, object]:
    threads = given.threads
    gallery.search_many(probes[:2], threads=threads)  # maps what is read
    alone, many = costs(
        [
            lambda: [gallery.search(p, threads=threads) for p in probes],
            lambda: gallery.search_many(probes, threads=threads),
        ],
        given.times,
    )
    part = gallery._directory.view().parts[0 if given.lists else -1]
    numbers = [n for n in (1, 8, 64) if n <= len(probes)]
    ways = [partial(look, probes[:n], part) for n in numbers]
    looks = costs(ways, given.times)
    return {
        "method": gallery.method(),
        **{name: value for name, value in vars(given).items() if name not in ("json", "folder")},
        "single_ms": 1e3 * alone[0] / len(probes),
        "many_ms": 1e3 * many[0] / len(probes),
        "ratio": alone[0] / many[0],
        "ratio_of_clock": alone[1] / many[1],
        "look_ms": {str(n): 1e3 * one[0] / n for n, one in zip(numbers, looks, strict=True)},
    }


if __name__ == "__main__":
    main()
