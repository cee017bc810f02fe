"""What searching costs on this machine, kept for `civid plan`, and how well plans foretell it.

    python benchmarks/search/capacity.py --write         # costs into civid's data file
    python benchmarks/search/capacity.py --check --json  # foretold beside measured
    python benchmarks/search/capacity.py --published docs/measured-search.json --write

The first two make synthetic galleries in ``--work`` where they are missing (a million subjects of
two fingers: some fifteen minutes of a core, with ``--distinct 100000`` five; ten fingers three).
``--check`` has clients send searches at random moments to a pool of as many workers as cores, and
gives `civid.search.capacity` the same rates.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from capacity_check import Setting, compared, held_out
from capacity_galleries import FINGERS, SEED, TEN, folder_of, make, strangers
from capacity_published import published

from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search import Gallery
from civid.search.capacity import Costs
from civid.search.capacity.costs import records
from civid.search.capacity.costs.measure import machine_here, measure, size_of
from civid.search.capacity.costs.records import (
    SearchCost,
    SizeCost,
    Spread,
    SweepCost,
    Threads,
)
from civid.search.capacity.costs.timing import (
    time_crowd,
    time_searches,
    time_sweep,
    time_threads,
)

SOURCE = "python benchmarks/search/capacity.py --write"
DATA = Path(records.__file__).parent / "data" / "costs.json"
#: Ten fingers: different people, and the sizes that copies of them are brought to. (From 200,000
#: on more are compared in full; 300,000 take 9 GB of disk, and a quarter of an hour of a core.)
TEN_DISTINCT, TEN_SIZES = 2_000, [30_000, 100_000]
PROBES = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """Of galleries of as many fingers."""

    searches: tuple[SearchCost, ...]
    sweeps: tuple[SweepCost, ...]
    sizes: tuple[SizeCost, ...]
    spread: Spread
    threads: tuple[Threads, ...]
    crowded: float


def of_fingers(
    work: Path, fingers: tuple[Position, ...], sizes: list[int], distinct: int, cores: int
) -> Measured:
    """Searches, sweeps and bytes; several threads at once from 100,000 on."""
    make(work, sizes, distinct, fingers)
    probes = strangers(64, fingers)
    searches, sweeps, found_sizes = [], [], []
    spread = None
    threads = []
    crowded = 1.0
    for size in sizes:
        folder = folder_of(work, size, fingers)
        with Gallery.open(folder, read_only=True) as gallery:
            cost, spread = time_searches(gallery, probes[:PROBES], min(size, distinct))
            searches.append(cost)
            sweeps.append(time_sweep(gallery, probes))
            found_sizes.append(size_of(gallery, len(fingers), folder))
            if cores > 1 and size >= 100_000:
                threads.append(time_threads(gallery, probes[:6], cores))
                crowded = max(crowded, time_crowd(gallery, probes[:4], cores))
        print(cost, sweeps[-1], file=sys.stderr)
    assert spread is not None
    return Measured(
        tuple(searches), tuple(sweeps), tuple(found_sizes), spread, tuple(threads), crowded
    )


def costs_of(work: Path, sizes: list[int], distinct: int) -> Costs:
    """From the galleries on the disk; how fast one is filled, from a small one."""
    machine = machine_here(SOURCE)
    small = measure({2: SyntheticGallery(SEED, FINGERS)}, sizes={2: (2_000, (10_000,))})
    two = of_fingers(work, FINGERS, sizes, distinct, machine.cores)
    ten = of_fingers(work, TEN, TEN_SIZES, TEN_DISTINCT, machine.cores)
    return replace(
        small, machine=machine, searches=(*two.searches, *ten.searches),
        sweeps=(*two.sweeps, *ten.sweeps), sizes=(*two.sizes, *ten.sizes),
        spread=two.spread, threads=two.threads, crowded=two.crowded,
    )  # fmt: skip


def with_ten(work: Path) -> Costs:
    """The record that is kept of this machine, its bytes counted and ten fingers measured anew."""
    here = machine_here(SOURCE)
    kept = next(
        one for one in records.read(DATA)
        if (one.machine.cpu, one.machine.isa) == (here.cpu, here.isa)
    )  # fmt: skip
    ten = of_fingers(work, TEN, TEN_SIZES, TEN_DISTINCT, here.cores)
    sizes = []
    for one in kept.sizes:
        if one.fingers == len(FINGERS):
            folder = folder_of(work, one.subjects)
            with Gallery.open(folder, read_only=True) as gallery:
                sizes.append(size_of(gallery, one.fingers, folder))
    return replace(
        kept,
        searches=(*(one for one in kept.searches if one.fingers < 10), *ten.searches),
        sweeps=(*(one for one in kept.sweeps if one.fingers < 10), *ten.sweeps),
        sizes=(*sizes, *ten.sizes),
    )


def keep(made: Costs) -> None:
    """In the place of what was kept of the same processor and instruction set."""
    there = records.read(DATA) if DATA.exists() else ()

    def key(one: Costs) -> tuple[str, str]:
        return one.machine.isa, one.machine.cpu

    kept = sorted([*(one for one in there if key(one) != key(made)), made], key=key)
    DATA.write_text(json.dumps([one.to_dict() for one in kept], indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path("/tmp/civid-capacity"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[30_000, 100_000, 300_000, 10**6])
    parser.add_argument(
        "--distinct", type=int, default=10**6, help="different people; then the same ones again"
    )
    parser.add_argument("--write", action="store_true", help="keep the costs in the data file")
    parser.add_argument(
        "--ten", action="store_true", help="only ten fingers and bytes of the kept record anew"
    )
    parser.add_argument("--check", action="store_true", help="foretold beside measured")
    parser.add_argument(
        "--held-out", action="store_true", help="kept costs foretold from smaller galleries"
    )
    parser.add_argument("--published", type=Path, help="costs of a file like measured-search.json")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--shards", type=int, nargs="+", default=[1], help="pieces of the gallery")
    parser.add_argument("--busy", type=float, default=0.2, help="share of the cores a client keeps")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each setting, at least")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    result: dict[str, Any] = {"kind": "capacity"}
    made = None
    if arguments.held_out:
        result["held_out"] = [row for one in records.known() for row in held_out(one)]
    elif arguments.published is not None:
        made = published(json.loads(arguments.published.read_text("utf-8")))
    elif arguments.ten:
        made = with_ten(arguments.work)
    elif arguments.check:
        make(arguments.work, arguments.sizes, arguments.distinct)
    else:
        made = costs_of(arguments.work, arguments.sizes, arguments.distinct)
    if made is not None:
        result["costs"] = made.to_dict()
        if arguments.write:
            keep(made)
    if arguments.check:
        settings = [
            Setting(size, shards, clients, arguments.busy, arguments.seconds)
            for size in arguments.sizes
            for shards in arguments.shards
            for clients in arguments.clients
        ]
        result["check"] = [compared(arguments.work, one) for one in settings]
    print(json.dumps(result, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
