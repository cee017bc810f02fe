"""Foretold beside measured: searches that come at random to a pool of workers on this machine."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from capacity_galleries import shards_of, strangers

from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery
from civid.search.capacity.costs.line import Known
from civid.search.capacity.costs.measure import machine_here
from civid.search.capacity.costs.model import search_cost
from civid.search.capacity.costs.records import Costs, carried
from civid.search.capacity.queues.placement import Placement
from civid.search.capacity.queues.simulation import Work, mean_factor, simulate

#: Searches at the beginning that are left out.
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """Gallery, pieces of it, clients, the share of all cores that each keeps busy; for how many
    seconds and searches at least; workers are processes, or threads of one."""

    subjects: int
    shards: int
    clients: int
    busy: float
    seconds: float
    least: int
    processes: bool


def held_out(costs: Costs) -> list[dict[str, Any]]:
    """Each measured search but the two smallest, foretold from smaller galleries alone."""
    rows = []
    for fingers in sorted({one.fingers for one in costs.searches}):
        known = search_cost(costs, fingers)
        sizes = tuple(one for one in known.sizes if one <= known.measured)
        for last in range(2, len(sizes)):
            for k in range(last, len(sizes)):
                fewer = Known(sizes[:last], known.values[:last], known.fingers)
                foretold, real = fewer.at(sizes[k]), known.values[k]
                rows.append(
                    {
                        "machine": costs.machine.name,
                        "fingers": fingers,
                        "measured_up_to": sizes[last - 1],
                        "subjects": sizes[k],
                        "times": fewer.beyond(sizes[k]),
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


_open: list[Gallery] = []
_probes: list[dict[Position, Template]] = []


def open_galleries(paths: list[Path]) -> None:
    """What a worker has before searches come: pages in, thresholds reached."""
    _probes[:] = strangers(64)
    _open[:] = [Gallery.open(path, read_only=True) for path in paths]
    for one in _open:
        one.search(_probes[0], 10, threads=1)


def part(j: int, shard: int) -> tuple[float, float]:
    """Search one shard: when it was done, and processor seconds."""
    begun = time.thread_time()
    _open[shard].search(_probes[j % len(_probes)], 10, threads=1)
    return time.perf_counter(), time.thread_time() - begun


@contextmanager
def workers(number: int, paths: list[Path], *, processes: bool) -> Iterator[Executor]:
    """So many of them, all ready. Processes, as a node of a cluster has, or threads of this one."""
    if processes:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(number, context, open_galleries, (paths,)) as pool:
            for one in [pool.submit(time.sleep, 1.0) for _ in range(number)]:
                one.result()
            yield pool
        return
    open_galleries(paths)
    try:
        with ThreadPoolExecutor(number) as pool:
            yield pool
    finally:
        for gallery in _open:
            gallery.close()


def offered(
    pool: Executor, shards: int, arrivals: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], float]:
    """Send a search at each moment: seconds until the last shard has answered; processor seconds.

    Workers tell the moment by the clock of this process (one clock for all, on Linux).
    """
    begun, sent = time.perf_counter(), []
    for j, at in enumerate(arrivals):
        time.sleep(max(at - (time.perf_counter() - begun), 0))
        sent.append([pool.submit(part, j, shard) for shard in range(shards)])
    done = [[one.result() for one in parts] for parts in sent]
    answers = [max(at for at, _ in parts) - begun for parts in done]
    return np.array(answers) - arrivals, sum(spent for parts in done for _, spent in parts)


@dataclass(frozen=True, slots=True)
class Foretold:
    """Of a setting: processor seconds of a search at one shard, and searches a second."""

    costs: Costs
    seconds: float
    a_second: float
    count: int

    @property
    def span(self) -> float:
        """Seconds that it takes to send them all."""
        return self.count / self.a_second


def foretold(setting: Setting) -> Foretold:
    machine = machine_here("")
    costs = carried(machine.isa)
    seconds = search_cost(costs, 2).likely(setting.subjects / setting.shards)
    each = seconds * mean_factor(costs.spread) * setting.shards
    a_second = setting.clients * setting.busy * machine.cores / each
    count = max(int(a_second * setting.seconds), setting.least) + WARM_UP
    return Foretold(costs, seconds, a_second, count)


def compared(work: Path, setting: Setting) -> dict[str, Any]:
    """One setting, foretold from the costs that civid carries and measured now."""
    machine, wanted = machine_here(""), foretold(setting)
    random = np.random.default_rng(setting.subjects + setting.clients)
    # Clients that know nothing of each other: together they are as random as one.
    arrivals = np.cumsum(random.exponential(1 / wanted.a_second, wanted.count))
    paths = shards_of(work, setting.subjects, setting.shards)
    with workers(machine.cores, paths, processes=setting.processes) as pool:
        all_used, begun = busy_seconds(), time.perf_counter()
        answers, used = offered(pool, setting.shards, arrivals)
        span = (time.perf_counter() - begun) * machine.cores
        others = max(busy_seconds() - all_used - used, 0.0) / span
    answers = answers[WARM_UP:]
    costs = wanted.costs
    crowd = 1 + (costs.crowded - 1) * min(setting.clients * setting.busy, 1.0)
    simulated = simulate(
        Work(wanted.seconds * crowd, costs.spread, wanted.a_second, machine.cores),
        Placement(1, np.zeros((setting.shards, 1), np.int64)),
        searches=20_000,
    )
    p50, p90, p99 = np.quantile(answers, [0.5, 0.9, 0.99])
    each = wanted.seconds * crowd * mean_factor(costs.spread) * setting.shards
    return {
        **asdict(setting),
        "searches": len(answers),
        "a_second": wanted.a_second,
        "foretold": {
            "p50": simulated.p50, "p99": simulated.p99, "busy": simulated.busiest, "cpu_s": each,
        },
        "measured": {"p50": p50, "p90": p90, "p99": p99, "cpu_s": used / wanted.count},
        "others_share_of_cores": others,
        "machine": machine.name,
        "engine": machine.engine,
        "load": machine.load,
    }  # fmt: skip
