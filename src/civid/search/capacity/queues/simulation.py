"""Queues before the nodes: how long a search takes when others come, too.

Times are computed, not played (``docs/decisions/0015-lines-are-computed-not-played.md``): searches
are taken in order of arrival, and each shard's part begins where a server of one of its copies is
idle first (Kiefer and Wolfowitz, 1955). The last part ends the search. SimPy and the formulas of
Erlang are the judges in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.errors import SearchError
from civid.search.capacity.costs.records import SPREAD_AT, Spread
from civid.search.capacity.queues.placement import Placement

#: Parts of searches of one simulation, and the least and most searches.
_PARTS, _LEAST, _MOST = 2_000_000, 4_000, 20_000
#: Left out at the beginning, when nobody waits yet.
_WARM_UP = 0.1


@dataclass(frozen=True, slots=True)
class Answers:
    """How long searches take.

    Attributes
    ----------
    p50, p99, mean : float
        Seconds; infinite where the work that comes is more than the nodes can do, or where no
        copy of a shard is left.
    busiest : float
        Share of the time that the servers of the busiest node work.
    searches : int
        Simulated, without the warm-up.
    """

    p50: float
    p99: float
    mean: float
    busiest: float
    searches: int


@dataclass(frozen=True, slots=True)
class Work:
    """What one search asks of a shard, and how searches come.

    Attributes
    ----------
    seconds : float
        At one shard, of a median probe on a node that works.
    spread : Spread
        How that differs between probes and from time to time.
    a_second : float
        Searches that come.
    servers : int
        Parts that a node works at at once.
    overhead : float
        Seconds on top of each search: asking, merging, the network.
    burst : int
        Searches that come together.
    """

    seconds: float
    spread: Spread
    a_second: float
    servers: int
    overhead: float = 0.0
    burst: int = 1


def drawn(
    grid: tuple[float, ...], shape: int, random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Factors with the distribution of a spread."""
    return np.interp(random.random(shape), SPREAD_AT, grid)


def mean_factor(spread: Spread) -> float:
    """Mean of a spread: the median's work times this is the mean work.

    >>> mean_factor(Spread((1.0,) * 8, (1.0,) * 8))
    1.0
    """
    steps = np.diff(SPREAD_AT)
    means = [
        float((steps * (np.add(grid[1:], grid[:-1]) / 2)).sum())
        for grid in (spread.probes, spread.repeats)
    ]
    return means[0] * means[1]


def simulate(
    work: Work,
    placement: Placement,
    *,
    idle_first: bool = False,
    searches: int | None = None,
    seed: int = 1,
) -> Answers:
    """Simulate searches that come at random, at a steady rate, to nodes that hold shards.

    Parameters
    ----------
    work : Work
    placement : Placement
        Nodes that are down hold nothing: `Placement.without`.
    idle_first : bool
        Which copy of a shard is asked: the one that can begin first, which takes somebody who
        knows; or, as in `civid.search.cluster`, one whose node got few parts of this search.
    searches : int, optional
        How many; by default 4,000 to 20,000, the fewer the more shards.
    seed : int
        Same seed, same searches: two placements see the same ones.

    Raises
    ------
    SearchError
        No servers, no searches, or a rate that is not positive.

    >>> still = Spread((1.0,) * 8, (1.0,) * 8)
    >>> from civid.search.capacity.queues.placement import place
    >>> round(simulate(Work(0.5, still, 0.01, 1), place(1, 1, 1)).p50, 3)
    0.5
    """
    if work.servers < 1 or work.a_second <= 0 or work.seconds <= 0 or work.burst < 1:
        raise SearchError("a simulation needs servers, and searches that come and take time")
    if searches is None:
        searches = min(max(_PARTS // placement.shards, _LEAST), _MOST)
    if searches < 10:
        raise SearchError("at least 10 searches are needed to say how long they take")
    random = np.random.default_rng(seed)
    groups = -(-searches // work.burst)
    gaps = random.exponential(work.burst / work.a_second, groups)
    arrivals = np.repeat(np.cumsum(gaps), work.burst)[:searches]
    seconds = work.seconds * drawn(work.spread.probes, searches, random)
    answers, busy = answer(
        arrivals, seconds, work.spread, placement, work.servers, random, idle_first=idle_first
    )
    answers = answers[int(len(answers) * _WARM_UP) :] + work.overhead
    span = max(float(arrivals[-1] - arrivals[0]), 1e-12)
    busiest = float(busy.max() / work.servers / span)
    if busiest >= 1 or not np.isfinite(answers).all():  # the queue grows, however long one waits
        return Answers(np.inf, np.inf, np.inf, busiest, len(answers))
    p50, p99 = np.quantile(answers, [0.5, 0.99])
    return Answers(float(p50), float(p99), float(answers.mean()), busiest, len(answers))


def answer(
    arrivals: npt.NDArray[np.float64],
    seconds: npt.NDArray[np.float64],
    spread: Spread,
    placement: Placement,
    servers: int,
    random: np.random.Generator,
    *,
    idle_first: bool,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Seconds until each search is answered, and seconds of work of each node."""
    from civid.search.capacity.queues.queue_kernels import answer_times

    parts = min(len(arrivals) * placement.shards, _PARTS)
    noise = drawn(spread.repeats, parts, random).astype(np.float32)
    turns = random.integers(0, 1 << 30, len(arrivals), dtype=np.uint32)
    free = np.zeros((placement.nodes, servers))
    answers, busy = np.empty(len(arrivals)), np.zeros(placement.nodes)
    copies = np.ascontiguousarray(placement.copies)
    answer_times(arrivals, seconds, noise, copies, turns, free, idle_first, answers, busy)
    return answers, busy
