"""Queues: SimPy plays what is computed here, and the formulas of Erlang know the answer."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import simpy

from civid.errors import SearchError
from civid.search.capacity.costs.records import Spread
from civid.search.capacity.queues.placement import Placement, place
from civid.search.capacity.queues.simulation import Work, answer, mean_factor, simulate
from civid.search.capacity.sizing import heirs

STILL = Spread((1.0,) * 8, (1.0,) * 8)
UNEVEN = Spread((0.5, 0.6, 0.8, 1.0, 1.3, 2.0, 3.0, 4.0), (1.0,) * 8)


def played(
    arrivals: np.ndarray, seconds: np.ndarray, placement: Placement, servers: int
) -> list[float]:
    """The same searches in SimPy, one copy of each shard: queues of servers, first come first."""
    environment = simpy.Environment()
    nodes = [simpy.Resource(environment, servers) for _ in range(placement.nodes)]
    answers = [0.0] * len(arrivals)

    def part(j: int, node: simpy.Resource) -> Iterator:
        with node.request() as turn:
            yield turn
            yield environment.timeout(seconds[j])

    def search(j: int) -> Iterator:
        yield environment.timeout(arrivals[j])
        parts = [environment.process(part(j, nodes[n])) for n in placement.copies[:, 0]]
        yield environment.all_of(parts)
        answers[j] = environment.now - arrivals[j]

    for j in range(len(arrivals)):
        environment.process(search(j))
    environment.run()
    return answers


@pytest.mark.parametrize(("nodes", "shards", "servers"), [(1, 1, 1), (1, 3, 2), (4, 2, 3)])
def test_simpy_gives_the_same_answers(nodes: int, shards: int, servers: int) -> None:
    random = np.random.default_rng(nodes)
    placement = place(nodes, 1, shards) if nodes > 1 else Placement(
        1, np.zeros((shards, 1), np.int64)
    )  # fmt: skip
    arrivals = np.cumsum(random.exponential(1.0, 300))
    seconds = random.gamma(2.0, 0.3, 300)
    mine, busy = answer(arrivals, seconds, STILL, placement, servers, random, idle_first=True)
    assert mine == pytest.approx(played(arrivals, seconds, placement, servers), abs=1e-9)
    assert busy.sum() == pytest.approx(seconds.sum() * placement.shards)


def erlang_c(servers: int, load: float) -> float:
    """Share of those who wait in M/M/c (Erlang, 1917)."""
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / math.factorial(k) for k in range(servers)) + last)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (4, 3.0)])
def test_the_mean_wait_is_that_of_erlang(servers: int, load: float) -> None:
    # Exponential work: the grid of a spread cannot say it, so the kernel is asked.
    random = np.random.default_rng(3)
    arrivals = np.cumsum(random.exponential(1 / load, 200_000))
    seconds = random.exponential(1.0, len(arrivals))
    whole = Placement(1, np.zeros((1, 1), np.int64))
    found, _ = answer(arrivals, seconds, STILL, whole, servers, random, idle_first=True)
    wait = (found - seconds).mean()
    assert wait == pytest.approx(erlang_c(servers, load) / (servers - load), rel=0.06)


def test_one_search_takes_what_it_takes() -> None:
    found = simulate(Work(0.5, STILL, 1e-3, 2, overhead=0.25), place(4, 2, 2), searches=500)
    assert found.p50 == pytest.approx(0.75)
    assert found.p99 == pytest.approx(0.75)


def test_more_work_than_there_is_time_for_never_ends() -> None:
    found = simulate(Work(1.0, STILL, 2.2, 2), place(1, 1, 1))
    assert found.p50 == found.p99 == math.inf
    assert found.busiest > 1


def test_a_shard_without_a_copy_is_never_answered() -> None:
    found = simulate(Work(0.1, STILL, 0.1, 2), place(3, 1, 1).without(1), searches=100)
    assert found.p99 == math.inf


@pytest.mark.parametrize(("nodes", "shards_a_node"), [(4, 2), (9, 4), (8, 1)])
def test_a_failed_node_is_felt_by_the_others(nodes: int, shards_a_node: int) -> None:
    placed = place(nodes, 2, shards_a_node)
    work = Work(0.1, STILL, 8 / placed.shards * nodes / 10, 8)
    for idle_first in (False, True):
        whole, down = (
            simulate(work, one, idle_first=idle_first) for one in (placed, placed.without(0))
        )
        assert down.p99 >= whole.p99
        felt = heirs(placed, idle_first=idle_first)
        assert down.busiest / whole.busiest == pytest.approx(felt, rel=0.05)


def test_bursts_wait_for_each_other() -> None:
    placed = place(1, 1, 1)
    alone = simulate(Work(0.1, STILL, 4.0, 1), placed)
    together = simulate(Work(0.1, STILL, 4.0, 1, burst=20), placed)
    assert together.p50 > 3 * alone.p50


def test_the_idle_copy_is_better_than_the_next() -> None:
    placed, work = place(4, 2, 4).without(0), Work(0.1, UNEVEN, 2.0, 2)
    idle, turns = (simulate(work, placed, idle_first=one) for one in (True, False))
    assert idle.p99 < turns.p99
    assert idle.busiest < turns.busiest


def test_the_same_seed_is_the_same_answer() -> None:
    work = Work(0.2, UNEVEN, 6.0, 2)
    assert simulate(work, place(4, 2, 2)) == simulate(work, place(4, 2, 2))
    assert simulate(work, place(4, 2, 2)) != simulate(work, place(4, 2, 2), seed=2)


def test_the_mean_of_a_spread() -> None:
    sample = simulate(Work(1.0, UNEVEN, 1e-3, 1), place(1, 1, 1), searches=20_000)
    assert mean_factor(UNEVEN) == pytest.approx(sample.mean, rel=0.02)


@pytest.mark.parametrize(
    "work",
    [Work(0.1, STILL, 1.0, 0), Work(0.1, STILL, 0.0, 1), Work(0.0, STILL, 1.0, 1),
     Work(0.1, STILL, 1.0, 1, burst=0)],
)  # fmt: skip
def test_no_servers_no_searches_no_work(work: Work) -> None:
    with pytest.raises(SearchError, match="needs servers"):
        simulate(work, place(1, 1, 1))


def test_too_few_searches_say_nothing() -> None:
    with pytest.raises(SearchError, match="at least 10"):
        simulate(Work(0.1, STILL, 1.0, 1), place(1, 1, 1), searches=9)
