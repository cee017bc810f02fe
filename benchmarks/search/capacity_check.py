"""Foretold beside measured: searches that come at random to a pool of workers on this machine."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from capacity_galleries import shards_of, strangers

from civid.search import Gallery
from civid.search.capacity.costs.measure import machine_here
from civid.search.capacity.costs.model import search_cost
from civid.search.capacity.costs.records import Costs, carried
from civid.search.capacity.queues.placement import Placement
from civid.search.capacity.queues.simulation import Work, mean_factor, simulate

#: Least searches of a setting, and of them those at the beginning that are left out.
LEAST, WARM_UP = 60, 5


@dataclass(frozen=True, slots=True)
class Setting:
    """Gallery, pieces of it, clients, the share of all cores that each keeps busy, seconds."""

    subjects: int
    shards: int
    clients: int
    busy: float
    seconds: float


def held_out(costs: Costs) -> list[dict[str, Any]]:
    """Each measured search but the two smallest, foretold from smaller galleries alone."""
    rows = []
    for fingers in sorted({one.fingers for one in costs.searches}):
        known = search_cost(costs, fingers)
        for last in range(2, len(known.sizes)):
            for k in range(last, len(known.sizes)):
                fewer = replace(known, sizes=known.sizes[:last], values=known.values[:last])
                foretold, real = fewer.at(known.sizes[k]), known.values[k]
                rows.append(
                    {
                        "machine": costs.machine.name,
                        "fingers": fingers,
                        "measured_up_to": known.sizes[last - 1],
                        "subjects": known.sizes[k],
                        "times": fewer.beyond(known.sizes[k]),
                        "foretold_s": foretold._asdict(),
                        "measured_s": real,
                        "within": foretold.low <= real <= foretold.high,
                    }
                )
    return rows


def busy_seconds() -> float:
    """Processor seconds that the whole machine has worked."""
    numbers = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:]
    user, nice, system, _, _, irq, soft, steal = map(int, numbers[:8])
    return (user + nice + system + irq + soft + steal) / 100


def offered(
    galleries: list[Gallery], workers: int, arrivals: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Send a search at each moment; seconds until the last shard has answered."""
    probes = strangers(64)
    answers = np.zeros(len(arrivals))
    lock = threading.Lock()

    def part(j: int, gallery: Gallery) -> None:
        gallery.search(probes[j % len(probes)], 10, threads=1)
        with lock:
            answers[j] = max(answers[j], time.perf_counter() - begun - arrivals[j])

    with ThreadPoolExecutor(workers) as pool:
        begun = time.perf_counter()
        sent = []
        for j, at in enumerate(arrivals):
            time.sleep(max(at - (time.perf_counter() - begun), 0))
            sent += [pool.submit(part, j, one) for one in galleries]
        for one in sent:
            one.result()
    return answers


def compared(work: Path, setting: Setting) -> dict[str, Any]:
    """One setting, foretold from the costs that civid carries and measured now."""
    machine = machine_here("")
    costs = carried(machine.isa)
    cores = machine.cores
    seconds = search_cost(costs, 2).likely(setting.subjects / setting.shards)
    each = seconds * mean_factor(costs.spread) * setting.shards
    a_second = setting.clients * setting.busy * cores / each
    count = max(int(a_second * setting.seconds), LEAST) + WARM_UP
    random = np.random.default_rng(setting.subjects + setting.clients)
    # Clients that know nothing of each other: together they are as random as one.
    arrivals = np.cumsum(random.exponential(1 / a_second, count))
    with ExitStack() as stack:
        galleries = [
            stack.enter_context(Gallery.open(path, read_only=True))
            for path in shards_of(work, setting.subjects, setting.shards)
        ]
        for one in galleries:  # pages in, thresholds reached
            one.search(strangers(1)[0], 10, threads=1)
        used, all_used, begun = time.process_time(), busy_seconds(), time.perf_counter()
        answers = offered(galleries, cores, arrivals)[WARM_UP:]
        span = (time.perf_counter() - begun) * cores
        others = (busy_seconds() - all_used - (time.process_time() - used)) / span
    crowd = 1 + (costs.crowded - 1) * min(setting.clients * setting.busy, 1.0)
    foretold = simulate(
        Work(seconds * crowd, costs.spread, a_second, cores),
        Placement(1, np.zeros((setting.shards, 1), np.int64)),
        searches=20_000,
    )
    p50, p90, p99 = np.quantile(answers, [0.5, 0.9, 0.99])
    return {
        **asdict(setting),
        "searches": len(answers),
        "a_second": a_second,
        "foretold": {"p50": foretold.p50, "p99": foretold.p99, "busy": foretold.busiest},
        "measured": {"p50": p50, "p90": p90, "p99": p99},
        "others_share_of_cores": others,
        "machine": machine.name,
    }
