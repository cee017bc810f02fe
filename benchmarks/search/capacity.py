"""What searching costs on this machine, kept for `civid plan`, and how well plans foretell it.

    python benchmarks/search/capacity.py --write           # costs into civid's data file
    python benchmarks/search/capacity.py --fingers 1 --write   # of one finger alone, the rest stays
    python benchmarks/search/capacity.py --bytes --write   # bytes a subject, in all records
    python benchmarks/search/capacity.py --between 3 4 6   # fingers that no record has
    python benchmarks/search/capacity.py --check --json    # foretold beside measured
    python benchmarks/search/capacity.py --published docs/measured-search.json --write

They make synthetic galleries in ``--work`` where they are missing (``--prepare`` only that, with
``--shards 2 4`` the pieces of ``--check``, too). A million subjects of two fingers take some
fifteen minutes of a core, with ``--distinct 100000`` five, to cut them seven; of one finger half of
that; ten fingers three.
``--check`` has clients send searches at random moments to as many workers as cores, and gives
`civid.search.capacity` the same rates.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from capacity_check import Setting, compared, foretold, held_out
from capacity_fingers import between
from capacity_galleries import FINGERS, SEED, TEN, folder_of, make, shards_of, strangers
from capacity_published import published
from capacity_tables import checked

from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search import Gallery
from civid.search.capacity import Costs
from civid.search.capacity.costs import records
from civid.search.capacity.costs.measure import machine_here, measure
from civid.search.capacity.costs.records import SizeCost, joined
from civid.search.capacity.costs.sizes import size_of
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
SIZES = [30_000, 100_000, 300_000, 10**6]


@dataclass(frozen=True, slots=True)
class Galleries:
    """Of as many fingers: different people, and the sizes that copies of them are brought to."""

    fingers: tuple[Position, ...]
    sizes: list[int]
    distinct: int


def galleries_of(number: int, sizes: list[int], distinct: int) -> Galleries:
    if number == len(TEN):
        return Galleries(TEN, TEN_SIZES, TEN_DISTINCT)
    return Galleries(FINGERS[:number], sizes, distinct)


def measured(work: Path, own: Galleries, base: Costs) -> Costs:
    """A record with this number of fingers alone; several threads at once from 100,000 on."""
    make(work, own.sizes, own.distinct, own.fingers)
    probes = strangers(64, own.fingers)
    cores = base.machine.cores
    searches, sweeps, sizes, threads = [], [], [], []
    spread, crowded = base.spread, 1.0
    for size in own.sizes:
        folder = folder_of(work, size, own.fingers)
        with Gallery.open(folder, read_only=True) as gallery:
            cost, spread = time_searches(gallery, probes[:PROBES], min(size, own.distinct))
            searches.append(cost)
            sweeps.append(time_sweep(gallery, probes))
            sizes.append(size_of(gallery, len(own.fingers), folder))
            if cores > 1 and size >= 100_000:
                threads.append(time_threads(gallery, probes[:6], cores))
                crowded = max(crowded, time_crowd(gallery, probes[:4], cores))
        print(cost, sweeps[-1], file=sys.stderr)
    return replace(
        base, searches=tuple(searches), sweeps=tuple(sweeps), sizes=tuple(sizes), spread=spread,
        threads=tuple(threads), crowded=crowded,
    )  # fmt: skip


def costs_of(work: Path, numbers: list[int], sizes: list[int], distinct: int) -> Costs:
    """From the galleries on the disk; how fast one is filled, from a small one.

    Without two fingers among the numbers what is measured is put into the record that is kept.
    """
    here = machine_here(SOURCE)
    if len(FINGERS) in numbers:
        base = replace(
            measure({2: SyntheticGallery(SEED, FINGERS)}, sizes={2: (2_000, (10_000,))}),
            machine=here, searches=(), sweeps=(), sizes=(),
        )  # fmt: skip
    else:
        base = kept_here()
    rest = replace(
        base,
        searches=tuple(one for one in base.searches if one.fingers not in numbers),
        sweeps=tuple(one for one in base.sweeps if one.fingers not in numbers),
        sizes=tuple(one for one in base.sizes if one.fingers not in numbers),
    )
    numbers = sorted(numbers, key=lambda one: (one != len(FINGERS), one))
    found = [measured(work, galleries_of(one, sizes, distinct), base) for one in numbers]
    return in_order(joined([*found, rest] if len(FINGERS) in numbers else [rest, *found]))


def in_order(made: Costs) -> Costs:
    """By fingers and size."""
    return replace(
        made,
        searches=tuple(sorted(made.searches, key=lambda one: (one.fingers, one.subjects))),
        sweeps=tuple(sorted(made.sweeps, key=lambda one: (one.fingers, one.references))),
        sizes=tuple(sorted(made.sizes, key=lambda one: (one.fingers, one.subjects))),
    )


def kept_here() -> Costs:
    """The record that is kept of this machine."""
    here = machine_here(SOURCE)
    for one in records.read(DATA):
        if (one.machine.cpu, one.machine.isa) == (here.cpu, here.isa):
            if one.machine.engine != here.engine:
                sys.exit(f"kept costs are of engine {one.machine.engine}: measure all fingers")
            return one
    sys.exit("no costs of this processor and instruction set are kept: measure all fingers")


def sizes_of(work: Path, numbers: list[int], sizes: list[int], distinct: int) -> list[SizeCost]:
    """Bytes alone: they are the same on every machine."""
    found = []
    for number in sorted(numbers):
        own = galleries_of(number, sizes, distinct)
        make(work, own.sizes, own.distinct, own.fingers)
        for size in own.sizes:
            folder = folder_of(work, size, own.fingers)
            with Gallery.open(folder, read_only=True) as gallery:
                found.append(size_of(gallery, number, folder))
    return found


def keep(made: list[Costs]) -> None:
    """In the place of what was kept of the same processors and instruction sets."""
    there = {key(one): one for one in (records.read(DATA) if DATA.exists() else ())}
    there.update((key(one), one) for one in made)
    kept = [there[name] for name in sorted(there)]
    DATA.write_text(json.dumps([one.to_dict() for one in kept], indent=1) + "\n", "utf-8")


def key(one: Costs) -> tuple[str, str]:
    return one.machine.isa, one.machine.cpu


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, default=Path("/tmp/civid-capacity"))
    parser.add_argument("--sizes", type=int, nargs="+", help="of one and of two fingers")
    parser.add_argument(
        "--distinct", type=int, default=10**6, help="different people; then the same ones again"
    )
    parser.add_argument("--write", action="store_true", help="keep the costs in the data file")
    parser.add_argument(
        "--fingers", type=int, nargs="+", default=[1, 2, 10], choices=(1, 2, 10),
        help="measured anew; without 2 the rest of the kept record stays",
    )  # fmt: skip
    parser.add_argument("--bytes", action="store_true", help="bytes a subject of all kept records")
    parser.add_argument(
        "--between", type=int, nargs="+", help="fingers, foretold from 2 and 10 and measured"
    )
    parser.add_argument("--check", action="store_true", help="foretold beside measured")
    parser.add_argument("--prepare", action="store_true", help="only make the galleries")
    parser.add_argument(
        "--held-out", action="store_true", help="kept costs foretold from smaller galleries"
    )
    parser.add_argument("--published", type=Path, help="costs of a file like measured-search.json")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--shards", type=int, nargs="+", default=[1], help="pieces of the gallery")
    parser.add_argument("--busy", type=float, default=0.2, help="share of the cores a client keeps")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each setting, at least")
    parser.add_argument(
        "--least", type=int, default=60, help="searches of each setting, however long they take"
    )
    parser.add_argument("--threads", action="store_true", help="workers are threads of one process")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    sizes = arguments.sizes or ([20_000] if arguments.between else SIZES)
    work, distinct = arguments.work, arguments.distinct
    result: dict[str, Any] = {"kind": "capacity"}
    made: list[Costs] = []
    if arguments.held_out:
        result["held_out"] = [row for one in records.known() for row in held_out(one)]
    elif arguments.between:
        result["between"] = [
            row for size in sizes for row in between(work, size, arguments.between)
        ]
    elif arguments.bytes:
        counted = tuple(sizes_of(work, arguments.fingers, sizes, distinct))
        made = [
            in_order(replace(one, sizes=(
                *(old for old in one.sizes if old.fingers not in arguments.fingers), *counted
            )))
            for one in records.read(DATA)
        ]  # fmt: skip
    elif arguments.published is not None:
        made = [published(json.loads(arguments.published.read_text("utf-8")))]
    elif arguments.check or arguments.prepare:
        for number in arguments.fingers if arguments.prepare else [len(FINGERS)]:
            own = galleries_of(number, sizes, distinct)
            make(work, own.sizes, own.distinct, own.fingers)
        for size in sizes if len(FINGERS) in arguments.fingers else ():
            for shards in arguments.shards:
                shards_of(work, size, shards)
    else:
        made = [costs_of(work, arguments.fingers, sizes, distinct)]
    if made:
        result["costs"] = [one.to_dict() for one in made]
        if arguments.write:
            keep(made)
    if arguments.check or arguments.prepare:
        settings = [
            Setting(size, shards, clients, arguments.busy, arguments.seconds, arguments.least,
                    not arguments.threads)
            for size in sizes
            for shards in arguments.shards
            for clients in arguments.clients
        ]  # fmt: skip
        span = sum(foretold(one).span for one in settings)
        print(f"searches for {span / 60:.1f} minutes", file=sys.stderr)
        if not arguments.prepare:
            result["check"] = [compared(work, one) for one in settings]
            print(checked(result["check"]), file=sys.stderr)
    print(json.dumps(result, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
