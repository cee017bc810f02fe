"""Who is twice in a large gallery: time, and what is found of planted second impressions.

    python benchmarks/search/search_duplicates.py --subjects 100000 --planted 200 --threads 2 --json
    python benchmarks/search/search_duplicates.py --subjects 100000 --cpu-seconds 60

Synthetic subjects with two index fingers in a folder, compacted, so that inverted lists answer;
with --memory in memory, by scan. Planted ones are second impressions of subjects drawn at random,
enrolled among the others under ids of their own. With --cpu-seconds it stops after so many, and
says what it has done by then: found are those of the planted pairs whose first one was done.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import search_galleries as galleries
from search_machine import conditions

from civid.search import Gallery

MAX_FPIR = 1e-3


def fill(
    gallery: Gallery, subjects: int, planted: int, fingers: int, threads: int
) -> set[frozenset[str]]:
    """The pairs that are in it twice."""
    rng = np.random.default_rng(subjects)
    others = subjects - planted
    chosen = rng.choice(others, planted, replace=False).tolist()
    after = np.sort(rng.choice(others, planted)).tolist()
    pairs: set[frozenset[str]] = set()
    for begin, made in galleries.chunks(0, others, threads):
        batch = []
        for k, one in enumerate(made):
            batch.append((galleries.name(begin + k), dict(list(one.items())[:fingers])))
            while after and after[0] == begin + k:
                after.pop(0)
                who = chosen.pop()
                name = f"again {galleries.name(who)}"
                batch.append((name, galleries.probe(who, fingers)))
                pairs.add(frozenset([name, galleries.name(who)]))
        gallery.enroll_many(batch, threads=threads)
    gallery.compact(threads=threads)
    return pairs


class Enough(Exception):
    """It has had the seconds that it was given."""


def measure(
    gallery: Gallery, pairs: set[frozenset[str]], fingers: int, threads: int, most: float | None
) -> dict[str, Any]:
    total = len(gallery) * (len(gallery) - 1) // 2
    begun, used = time.perf_counter(), time.process_time()
    last, compared = begun, 0

    def progress(done: int, total: int) -> None:
        nonlocal last, compared
        compared, spent = done, time.process_time() - used
        if time.perf_counter() - last > 20:
            last = time.perf_counter()
            print(f"{done / total:.1%} {spent:.0f} s of CPU", file=sys.stderr, flush=True)
        if most is not None and spent > most:
            raise Enough

    found: set[frozenset[str]] = set()
    finished = False
    try:
        for one in gallery.duplicates(max_fpir=MAX_FPIR, threads=threads, on_progress=progress):
            found.add(frozenset([one.subject, one.other]))
        finished = True
    except Enough:
        pass
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return {
        "kind": "duplicates",
        "method": gallery.method(),
        "subjects": len(gallery),
        "fingers": fingers,
        "threads": threads,
        "finished": finished,
        "share_of_pairs": compared / total,
        "planted": len(pairs),
        "found": len(found & pairs),
        "missed": len(pairs - found) if finished else None,
        "false": len(found - pairs),
        "max_fpir": MAX_FPIR,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "pairs_a_second": compared / seconds,
        "pairs_a_cpu_second": compared / cpu,
        **conditions(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subjects", type=int, default=10_000)
    parser.add_argument("--planted", type=int, default=200)
    parser.add_argument("--fingers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", action="store_true", help="not in a folder: by scan")
    parser.add_argument("--cpu-seconds", type=float, metavar="N", help="stop after so many")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    sizes = arguments.subjects, arguments.planted, arguments.fingers, arguments.threads
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "gallery"
        with Gallery() if arguments.memory else Gallery.open(folder, background=False) as gallery:
            pairs = fill(gallery, *sizes)
            found = measure(gallery, pairs, *sizes[2:], arguments.cpu_seconds)
    print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
