"""Plans: what binds them, how they answer to their demand and assumptions, what they say."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from civid.errors import SearchError
from civid.search import capacity
from civid.search.capacity.assumptions import assumed
from civid.search.capacity.costs import carried
from civid.search.capacity.costs.model import size_cost
from civid.search.capacity.words import keys, say
from civid.search.operating_point import threshold

FAST = carried("avx512")
#: So many that some dozen nodes search for them, and rounding to whole ones hides little.
MANY = 4_000_000
#: Memory that gives all cores as much as they can read, and nothing that asking shards takes.
FED = {"memory_bandwidth": 1e12, "cluster_shard_s": 0.0}


@cache
def usual() -> capacity.Plan:
    return capacity.plan(20e6, 2, MANY, years=0, costs=FAST, assumptions=FED)


def planned(subjects: float = 20e6, enrolments: float = MANY, **more: Any) -> capacity.Plan:
    if (subjects, enrolments, more) == (20e6, MANY, {}):
        return usual()
    given: dict[str, Any] = {"years": 0, "costs": FAST} | more
    given["assumptions"] = FED | given.get("assumptions", {})
    return capacity.plan(subjects, given.pop("fingers", 2), enrolments, **given)


def test_work_binds_a_country_that_enrols() -> None:
    found = planned()
    assert found.bound_by == "work"
    assert found.nodes.low <= found.nodes.likely == found.nodes_of_work <= found.nodes.high
    assert found.cores == 64 * found.nodes.likely
    assert found.nodes.likely > 20
    assert found.starved == 1
    assert found.in_time
    assert found.p50.likely < found.p99.likely <= 10
    assert found.threshold == threshold(1e-3, 20_000_000)
    assert found.chance_a_day == pytest.approx(MANY * 1e-3)
    # A node down at the peak, and still no busier than was allowed.
    assert found.failure.busiest < found.assumptions.most_busy * 1.03
    assert found.failure.partners > 1
    assert found.failure.spare
    assert not found.failure.incomplete


def test_the_work_is_what_arithmetic_says() -> None:
    found = planned()
    rate = MANY / (10 * 3600) * 2.5
    assert found.peak_a_second == pytest.approx(rate)
    busy = rate * found.cpu_a_search / found.cores
    assert busy == pytest.approx(found.busy.likely, rel=0.05)
    assert found.answers.busiest == pytest.approx(found.busy.likely, rel=0.05)


def test_bandwidth_binds_many_cores() -> None:
    found, fed = planned(assumptions={"memory_bandwidth": 2e11}), planned()
    assert found.bound_by == "bandwidth"
    assert found.nodes.likely > 1.2 * fed.nodes.likely
    # What it is known from has a range, and so has what follows from it.
    assert found.nodes.low < found.nodes.likely < found.nodes.high
    assert found.p99.low < found.p99.likely < found.p99.high
    read = found.cpu_a_search * 2e11 / 64  # as fast as the memory gives a core its share
    assert read == pytest.approx(20e6 * size_cost(FAST, 2).scanned, rel=0.01)
    assert f"{found.starved:.1f} times" in capacity.explain(found)[0]
    assert found.alone.likely < found.p50.likely / 1.2  # nothing else reads then
    faster = planned(assumptions={"memory_bandwidth": 2e11, "core_speed": 2.0})
    assert faster.nodes == found.nodes
    assert faster.starved == pytest.approx(2 * found.starved, rel=0.05)


def test_memory_binds_small_nodes() -> None:
    found = planned(enrolments=100, assumptions={"node_memory": 16e9})
    assert found.bound_by == "memory"
    assert found.nodes.likely == found.nodes_of_memory
    room = 16e9 * 0.7
    assert found.resident_a_node <= room
    assert found.resident == pytest.approx(found.resident_a_node * found.nodes.likely)
    assert found.resident > 20e6 * 2 * 2590


def test_time_binds_who_will_not_wait() -> None:
    slow = planned()
    wanted = slow.p99.likely / 2
    fast = planned(assumptions={"most_seconds": wanted})
    assert fast.in_time
    assert fast.threads > slow.threads or fast.nodes.likely > slow.nodes.likely
    assert fast.p99.likely <= wanted


def test_what_cannot_be_reached_is_said() -> None:
    found = planned(1e6, 100, assumptions={"most_seconds": 1e-3})
    assert not found.in_time
    assert "are allowed" in capacity.explain(found)[1]


def test_asking_many_shards_takes_time() -> None:
    near, far = planned(), planned(assumptions={"cluster_shard_s": 0.002})
    assert far.nodes == near.nodes
    more = 0.002 * near.shards
    assert far.alone.likely == pytest.approx(near.alone.likely + more)
    assert far.p99.likely == pytest.approx(near.p99.likely + more)
    slow = planned(assumptions={"cluster_shard_s": 1.0})
    assert not slow.in_time
    assert "shards_a_node=1" in capacity.explain(slow)[1]
    basis = {one.what: one for one in far.basis}
    assert basis["scatter"].times == near.shards / 4


def test_one_copy_is_incomplete_when_its_node_fails() -> None:
    found = planned(assumptions={"replicas": 1})
    assert found.failure.incomplete
    assert found.failure.answers.p99 == math.inf
    assert found.failure.incomplete_hours_a_year > 0.01
    # Nobody has what it had: a new node is filled from a backup.
    assert not found.failure.spare
    assert found.failure.recovery_hours.likely > found.assumptions.replacement_hours
    assert planned().failure.incomplete_hours_a_year < 0.01
    assert any("never" in one for one in capacity.explain(found))


def test_more_copies_cost_memory_and_fail_less() -> None:
    two, three = planned(), planned(assumptions={"replicas": 3, "shards_a_node": 6})
    assert three.resident > 1.4 * two.resident
    assert three.failure.incomplete_hours_a_year < two.failure.incomplete_hours_a_year / 100


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"core_speed": 2.0}, False), ({"peak_factor": 5.0}, True), ({"hours_a_day": 20.0}, False),
        ({"most_busy": 0.35}, True), ({"node_cores": 32}, True), ({"memory_bandwidth": 2e10}, True),
    ],
)  # fmt: skip
def test_assumptions_move_the_nodes(change: dict, more: bool) -> None:
    changed, before = planned(assumptions=change).nodes.likely, planned().nodes.likely
    assert changed != before
    assert (changed > before) is more


def test_more_people_more_nodes_and_a_sweep_by_the_square() -> None:
    small, large = planned(), planned(40e6)
    assert large.nodes.likely > 1.8 * small.nodes.likely
    assert large.sweep.core_years.likely == pytest.approx(
        4 * small.sweep.core_years.likely, rel=0.1
    )
    assert small.sweep.pairs == 20e6 * (20e6 - 1) / 2
    assert small.sweep.days_beside.likely > small.sweep.days_alone.likely


def test_ten_fingers_take_five_times_the_memory() -> None:
    costs = carried("avx2")
    two, ten = (planned(costs=costs, fingers=one, enrolments=100) for one in (2, 10))
    assert 4 < ten.resident / two.resident < 6
    assert ten.cpu_a_search > two.cpu_a_search


def test_four_fingers_lie_between_two_and_ten() -> None:
    two, four, ten = (planned(fingers=one) for one in (2, 4, 10))
    assert two.resident < four.resident < ten.resident
    assert two.nodes.likely < four.nodes.likely < ten.nodes.likely
    assert two.sweep.core_years.likely < four.sweep.core_years.likely
    assert four.sweep.core_years.likely < ten.sweep.core_years.likely
    measured = {one.what: one for one in four.basis}
    assert measured["search"].fingers == measured["size"].fingers == (2, 10)
    assert measured["sweep"].measured == 100_000  # as far as ten were, not as two


def test_growth_goes_on() -> None:
    found = planned(years=3, growth_per_year=5e6)
    assert [one.subjects for one in found.growth] == [20e6, 25e6, 30e6, 35e6]
    assert found.growth[0].nodes.likely == found.nodes.likely
    nodes = [one.nodes.likely for one in found.growth]
    assert nodes == sorted(nodes)
    assert found.growth[-1].disk == pytest.approx(found.disk * 35 / 20)


def test_how_far_it_was_carried_is_told() -> None:
    near, far = planned(1e6, 100), planned(1e9, 100, assumptions={"most_seconds": 3600})
    assert all(one.times == 1 for one in near.basis if one.what == "search")
    search = next(one for one in far.basis if one.what == "search")
    assert search.times == pytest.approx(search.planned / 1e6)
    assert search.times > 10
    assert any("nobody has walked" in one for one in capacity.explain(far))
    wide = far.p50.high / far.p50.likely
    assert wide > near.p50.high / near.p50.likely


def test_no_search_at_all_is_a_plan_too() -> None:
    found = planned(1e6, 0)
    assert found.nodes.likely == 2
    assert found.chance_a_day == 0
    assert found.sweep.night_hours.likely == 0


@pytest.mark.parametrize(
    ("fingers", "said"), [(2, ""), (4, "between those with 2 fingers and with 10"), (1, "")]
)
def test_fingers_that_were_not_measured_are_said(fingers: int, said: str) -> None:
    told = [one for one in capacity.explain(planned(fingers=fingers)) if "not measured" in one]
    assert (said in told[0]) if said else not told


def test_costs_that_stand_in_are_said() -> None:
    record = replace(FAST, searches=tuple(one for one in FAST.searches if one.fingers == 2))
    found = planned(1e6, 100, fingers=1, costs=record)
    assert any("with one finger were not measured" in one for one in capacity.explain(found))
    assert found.basis[0].fingers == (2,)


def test_json_holds_it_all() -> None:
    found = planned(assumptions={"replicas": 1})
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["failure"]["answers"]["p99"] is None
    assert document["nodes"] == {"low": found.nodes.low, "likely": found.nodes.likely,
                                 "high": found.nodes.high}  # fmt: skip
    assert document["basis"][0]["times"] >= 1
    assert set(document) == set(type(found).__dataclass_fields__)


def test_the_same_seed_is_the_same_plan() -> None:
    assert planned() == planned(years=0)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_words_are_whole(language: str) -> None:
    for found in (planned(), planned(1e6, 100), planned(enrolments=0),
                  planned(enrolments=100, assumptions={"node_memory": 16e9}),
                  planned(assumptions={"memory_bandwidth": 2e11}),
                  planned(assumptions={"replicas": 1}),
                  planned(1e6, 100, assumptions={"most_seconds": 1e-3}),
                  planned(1, 0), planned(2, 1, fingers=1), planned(fingers=4),
                  planned(1e8, 100, fingers=10, max_fpir=1e-9)):  # fmt: skip
        for sentence in capacity.explain(found, language):
            assert "{" not in sentence
            assert len(sentence) > 20
            # No figure as computers write them, no one of many, nothing shorter than is felt.
            assert not re.search(r"\de[+-]?\d|\b1 (people|fingers|nodes|pairs)|\b0[.,]0", sentence)


def test_every_key_has_both_languages_with_the_same_places() -> None:
    assert len(keys()) > 80
    for key in keys():
        english, vietnamese = say(key, "en"), say(key, "vi")
        assert english
        assert vietnamese
        places = [set(re.findall(r"\{\w+\}", text)) for text in (english, vietnamese)]
        assert places[0] == places[1], key
    for name, _, _, why in capacity.Assumptions.table("vi"):
        assert why != name


@pytest.mark.parametrize(
    "call",
    [
        lambda: capacity.plan(0), lambda: capacity.plan(math.nan), lambda: capacity.plan(1e6, 11),
        lambda: capacity.plan(1e6, 2, -1), lambda: capacity.plan(1e6, max_fpir=1.0),
        lambda: capacity.plan(1e6, years=101), lambda: capacity.plan(1e6, growth_per_year=math.inf),
        lambda: capacity.plan(1e11, 2, 1e9), lambda: assumed({"replicas": 2.5}),
        lambda: assumed({"replicas": 0}), lambda: assumed({"copies": 2}),
        lambda: assumed({"network": math.nan}), lambda: capacity.Assumptions(burst=True),
        lambda: capacity.plan(1e6, assumptions={"node_memory": 1e9, "memory_headroom": 0.9}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(call: Callable) -> None:
    with pytest.raises(SearchError):
        call()
