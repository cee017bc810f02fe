"""Who is twice in a large gallery: time, and what is found of planted second impressions.

    python benchmarks/search/search_duplicates.py --subjects 100000 --planted 200 --threads 2 --json

Synthetic subjects with two index fingers, in memory. Planted ones are second impressions of
subjects drawn at random, enrolled among the others under ids of their own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import numpy as np
import search_galleries as galleries
from search_machine import conditions

from civid.search import Gallery

MAX_FPIR = 1e-3


def filled(
    subjects: int, planted: int, fingers: int, threads: int
) -> tuple[Gallery, set[frozenset[str]]]:
    """The gallery, and the pairs that are in it twice."""
    rng = np.random.default_rng(subjects)
    others = subjects - planted
    chosen = rng.choice(others, planted, replace=False).tolist()
    after = np.sort(rng.choice(others, planted)).tolist()
    gallery = Gallery()
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
    return gallery, pairs


def measure(subjects: int, planted: int, fingers: int, threads: int) -> dict[str, Any]:
    gallery, pairs = filled(subjects, planted, fingers, threads)
    total = len(gallery) * (len(gallery) - 1) // 2
    begun, used = time.perf_counter(), time.process_time()
    last = begun

    def progress(done: int, total: int) -> None:
        nonlocal last
        if time.perf_counter() - last > 20:
            last = time.perf_counter()
            spent = time.process_time() - used
            print(f"{done / total:.1%} {spent:.0f} s of CPU", file=sys.stderr, flush=True)

    found = {
        frozenset([one.subject, one.other])
        for one in gallery.duplicates(max_fpir=MAX_FPIR, threads=threads, on_progress=progress)
    }
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return {
        "kind": "duplicates",
        "subjects": len(gallery),
        "fingers": fingers,
        "threads": threads,
        "planted": len(pairs),
        "found": len(found & pairs),
        "missed": len(pairs - found),
        "false": len(found - pairs),
        "max_fpir": MAX_FPIR,
        "seconds": seconds,
        "cpu_seconds": cpu,
        "pairs_a_second": total / seconds,
        "pairs_a_cpu_second": total / cpu,
        **conditions(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subjects", type=int, default=10_000)
    parser.add_argument("--planted", type=int, default=200)
    parser.add_argument("--fingers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    found = measure(arguments.subjects, arguments.planted, arguments.fingers, arguments.threads)
    print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
