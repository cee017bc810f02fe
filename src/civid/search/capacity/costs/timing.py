"""Timers: processor time where it can be, so that other work on the machine shows little."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np

from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.capacity.costs.records import SPREAD_AT, SearchCost, Spread, SweepCost, Threads
from civid.search.gallery import Gallery

Prints = Mapping[Position, Template]
LIMIT = 10
_REPEATS = 3


def cpu_of_search(gallery: Gallery, probe: Prints) -> float:
    """Processor seconds of one search in this thread."""
    begun = time.thread_time()
    gallery.search(probe, LIMIT, threads=1)
    return time.thread_time() - begun


def time_searches(
    gallery: Gallery, probes: Sequence[Prints], distinct: int
) -> tuple[SearchCost, Spread]:
    """Searches for people who are not there, each three times."""
    cpu_of_search(gallery, probes[0])
    gc.collect()
    rounds = np.array([[cpu_of_search(gallery, one) for one in probes] for _ in range(_REPEATS)])
    each = np.median(rounds, axis=0)
    cost = SearchCost(
        fingers=len(probes[0]), subjects=len(gallery), cpu_s=float(np.median(each)),
        searches=rounds.size, distinct=distinct,
    )  # fmt: skip
    return cost, Spread(_grid(each / np.median(each)), _grid((rounds / each).ravel()))


def time_sweep(gallery: Gallery, probes: Sequence[Prints]) -> SweepCost:
    """Many probes at once against everybody, as `Gallery.duplicates` does it."""
    asking = Gallery()
    asking.enroll_many(((f"probe-{k}", one) for k, one in enumerate(probes)), threads=1)
    begun = time.thread_time()
    for _ in asking.duplicates(gallery, 1e-3, threads=1):
        pass
    took = time.thread_time() - begun
    return SweepCost(len(probes[0]), len(gallery), took / len(probes), len(probes))


def time_threads(gallery: Gallery, probes: Sequence[Prints], threads: int) -> Threads:
    """One search in several threads beside the same in one, in turns; the least of each."""
    wall: dict[int, list[float]] = {1: [], threads: []}
    cpu: dict[int, list[float]] = {1: [], threads: []}
    for probe in probes:
        for number in (1, threads):
            begun, used = time.perf_counter(), time.process_time()
            gallery.search(probe, LIMIT, threads=number)
            wall[number].append(time.perf_counter() - begun)
            cpu[number].append(time.process_time() - used)
    # Of each probe the ratio; the quartile below, because other work on the machine only adds.
    ratios = [many / one for one, many in zip(wall[1], wall[threads], strict=True)]
    return Threads(
        threads=threads,
        wall=min(max(float(np.quantile(ratios, 0.25)), 1 / threads), 1.0),
        cpu=max(median(cpu[threads]) / median(cpu[1]), 1.0),
        subjects=len(gallery),
    )


def time_crowd(gallery: Gallery, probes: Sequence[Prints], cores: int) -> float:
    """Processor time of a search while every core searches, over that of one alone; at least 1."""
    alone = [cpu_of_search(gallery, one) for one in probes]
    with ThreadPoolExecutor(cores) as pool:
        work = [one for one in probes for _ in range(cores)]
        together = list(pool.map(lambda one: cpu_of_search(gallery, one), work))
    return max(median(together) / median(alone), 1.0)


def _grid(factors: np.ndarray) -> tuple[float, ...]:
    return tuple(round(float(one), 4) for one in np.quantile(factors, SPREAD_AT))
