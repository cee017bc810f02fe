"""What the engine of the ABIS costs: inserts by batch, searches beside the bare gallery, bytes.

    python benchmarks/exchange/engine.py --people 30000

Two fingers a synthetic person, sealed, one thread, a folder of this disk. Inserts wait for the
disk and are told by the clock; searches by processor time, the median of 20.
``docs/explain/abis.md`` quotes it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from service import BATCH, FINGERS, Fingers, as_sent

from civid.exchange.abis import Abis
from civid.lab.synthetic import SyntheticGallery
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider

SIZES = (1, 4, 16, 64, 1000)
AMONG = (10, 100, 500)
SEARCHES = 20


def main() -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = measured(Path(name), SyntheticGallery(given.seed, FINGERS), given.people)
    machine = f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores"
    if given.json:
        print(json.dumps({"machine": machine, "people": given.people, **rows}, indent=1))
        return 0
    print(f"{given.people:,} people, two fingers each, sealed; {machine}")
    for name, value in rows.items():
        print(f"{name:44}{value:>10,.1f}")
    return 0


def measured(folder: Path, made: SyntheticGallery, people: int) -> dict[str, Any]:
    """Name of a figure -> figure."""
    keys = StaticKeyProvider({"k1": secrets.token_bytes(32)})
    rows: dict[str, Any] = {}
    with Abis.open(folder / "engine", create=True, keys=keys, threads=1) as engine:
        done = 0
        for size in SIZES:
            count = max(100, size)
            several = list(made.templates(done, done + count))
            began = time.perf_counter()
            for begin in range(0, count, size):
                with engine.batch():
                    for number in range(begin, min(begin + size, count)):
                        engine.insert(f"p{done + number}", several[number])
            rows[f"inserts a second, batches of {size}"] = count / (time.perf_counter() - began)
            done += count
        for begin in range(done, people, BATCH):
            with engine.batch():
                several = made.templates(begin, min(begin + BATCH, people))
                for number, fingers in enumerate(several, begin):
                    engine.insert(f"p{number}", fingers)
        probes = [as_sent(made, number) for number in range(SEARCHES)]
        for swapped in (False, True):
            how = ", swapped" if swapped else ""
            with Gallery.open(folder / "engine" / "gallery", read_only=True, keys=keys) as bare:
                rows[f"Gallery.search{how}, ms of CPU"] = cost(
                    probes, partial(bare.search, limit=30, threads=1, swapped=swapped)
                )
            rows[f"identify{how}, ms of CPU"] = cost(
                probes, partial(engine.identify, swapped=swapped)
            )
        for count in AMONG:
            some = [f"p{number}" for number in range(count)]
            rows[f"identify among {count}, ms of CPU"] = cost(
                probes, partial(engine.identify, among=some)
            )
    ledger = (folder / "engine" / "ledger.sqlite3").stat().st_size  # closed: its log is empty
    rows["bytes in the ledger a person"] = ledger / people
    return rows


def cost(probes: list[Fingers], ask: Callable[[Fingers], object]) -> float:
    """Median of processor time, ms."""
    ask(probes[0])
    spent = []
    for one in probes:
        began = time.process_time()
        ask(one)
        spent.append(time.process_time() - began)
    return 1000 * statistics.median(spent)


if __name__ == "__main__":
    raise SystemExit(main())
