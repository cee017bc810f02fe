"""Plans follow from the records by arithmetic, and more asked for is never less needed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.errors import SearchError
from civid.search import capacity
from civid.search.capacity.assumptions import assumed
from civid.search.capacity.costs import carried
from civid.search.capacity.demand import Demand
from civid.search.capacity.sizing import LEVELS, Load

PEOPLE, SEARCHES = st.floats(1, 1e8), st.floats(0, 1e5)
MORE = st.sampled_from([1.001, 1.05, 1.5, 3.0, 20.0])
KINDS = st.fixed_dictionaries(
    {},
    optional={
        "node_cores": st.sampled_from([2, 8, 32]), "replicas": st.integers(1, 4),
        "shards_a_node": st.sampled_from([1, 2, 6]), "node_memory": st.sampled_from([16e9, 64e9]),
        "idle_copy_first": st.just(1), "memory_bandwidth": st.sampled_from([1e10, 1e12]),
    },
)  # fmt: skip


@given(
    people=PEOPLE, searches=SEARCHES, more=MORE, fingers=st.integers(1, 9), kind=KINDS,
    isa=st.sampled_from(["avx2", "avx512"]), level=st.sampled_from(LEVELS),
    threads=st.sampled_from([1, 4]),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_more_of_anything_takes_no_fewer_nodes(
    people: float, searches: float, more: float, fingers: int, kind: dict[str, float], isa: str,
    level: Any, threads: int,
) -> None:  # fmt: skip
    def nodes(people: float, fingers: int, searches: float) -> tuple[int, int]:
        demand = Demand(people, fingers, searches)
        return Load(demand, carried(isa), assumed(kind), level).nodes(threads)

    try:
        most = [nodes(people * more, fingers, searches), nodes(people, fingers, searches * more)]
        # What was not measured has a wider range, so a lower low end; and of ten fingers a look
        # reads a little less than of two index fingers, which counts where memory is the bound.
        if fingers > 1 and level != "low" and kind.get("memory_bandwidth") == 1e12:
            most.append(nodes(people, fingers + 1, searches))
    except SearchError:  # more than 100,000
        return
    least = nodes(people, fingers, searches)
    assert all(one[0] >= least[0] and one[1] >= least[1] for one in most)


@given(
    people=st.floats(1e3, 1e7), searches=st.floats(1, 1e5), more=st.sampled_from([1.1, 3.0]),
    fingers=st.sampled_from([1, 2, 4, 10]), seconds=st.sampled_from([0.3, 1.0, 10.0]), kind=KINDS,
)  # fmt: skip
@settings(deadline=None, max_examples=5)
def test_a_plan_for_more_is_no_smaller(
    people: float, searches: float, more: float, fingers: int, seconds: float,
    kind: dict[str, float],
) -> None:  # fmt: skip
    def planned(people: float, searches: float, fpir: float = 1e-3) -> capacity.Plan:
        given = {**kind, "most_seconds": seconds}
        return capacity.plan(people, fingers, searches, max_fpir=fpir, years=0, assumptions=given)

    plan, strict = planned(people, searches), planned(people, searches, 1e-6)
    for larger in (planned(people * more, searches), planned(people, searches * more), strict):
        assert larger.resident >= plan.resident
        assert larger.disk >= plan.disk
        if larger.in_time:
            assert plan.in_time
            assert larger.nodes.likely >= plan.nodes.likely
    assert strict.nodes == plan.nodes  # what is asked is the same
    assert strict.threshold > plan.threshold
    assert strict.chance_a_day < plan.chance_a_day


def test_memory_disk_and_sweep_by_hand() -> None:
    costs = carried("avx2")
    people, memory = 98.7e6, 64e9
    plan = capacity.plan(people, 2, 100, years=0, costs=costs, assumptions={"node_memory": memory})
    bytes_of = max((one for one in costs.sizes if one.fingers == 2), key=lambda one: one.subjects)
    room = memory * 0.7 - costs.process
    nodes = -(-2 * people * bytes_of.resident // room)
    assert plan.bound_by == "memory"
    assert plan.nodes == (nodes, nodes, nodes)  # bytes are counted
    assert plan.shards == 2 * nodes  # four on each node, each twice
    assert plan.resident_a_node == pytest.approx(
        costs.process + 2 * people / nodes * bytes_of.resident
    )
    assert plan.disk == pytest.approx(2 * people * bytes_of.disk * 2)  # as much again is free
    before, last = sorted(
        (one for one in costs.sweeps if one.fingers == 2), key=lambda one: one.references
    )[-2:]
    shard = people / (2 * nodes)
    slope = (last.cpu_s_a_probe - before.cpu_s_a_probe) / (last.references - before.references)
    probe = last.cpu_s_a_probe + slope * (shard - last.references)
    # Every person against every shard; each pair once.
    seconds = people * probe * costs.crowded * 2 * nodes / 2
    assert plan.sweep.core_years.likely == pytest.approx(seconds / (365.25 * 86400))
    assert plan.sweep.days_alone.likely == pytest.approx(seconds / (nodes * 64 * 0.9) / 86400)
    beside = 14 / 24 * 0.9 + 10 / 24 * 0.2
    assert plan.sweep.days_beside.likely == pytest.approx(seconds / (nodes * 64 * beside) / 86400)
    assert plan.sweep.chance_pairs == people * 1e-3 / 2


def test_the_work_of_a_campaign_by_hand() -> None:
    costs = carried("avx512")
    people, a_day = 98.7e6, 410_000
    plan = capacity.plan(
        people, 2, a_day, years=0, costs=costs, assumptions={"memory_bandwidth": 1e13}
    )
    before, last = sorted(
        (one for one in costs.searches if one.fingers == 2), key=lambda one: one.subjects
    )[-2:]
    shard = people / plan.shards
    slope = (last.cpu_s - before.cpu_s) / (last.subjects - before.subjects)
    cpu = (last.cpu_s + slope * (shard - last.subjects)) * costs.crowded * plan.shards
    assert plan.bound_by == "work"
    assert plan.cpu_a_search == pytest.approx(cpu)
    a_second = a_day / 36_000 * 2.5
    assert plan.peak_a_second == pytest.approx(a_second)
    cores = plan.nodes.likely * 64
    busy = a_second * cpu / cores  # of a median probe; the mean is a little dearer
    assert busy < plan.busy.likely < 1.1 * busy
    assert plan.busy.likely * 1.5 <= 0.7  # with one down the busiest has half as much again
    fewer = (cores - 64) / cores
    assert plan.busy.likely * 1.5 / fewer > 0.7 * 0.99
