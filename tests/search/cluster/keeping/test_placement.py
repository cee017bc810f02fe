"""Where shards lie: for ever the same for subjects, level and with few moves for nodes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import ClusterError
from civid.search.cluster.keeping.placement import first_places, moves, shard_of

NODES = st.integers(2, 9).map(lambda count: [f"n{i}" for i in range(count)])


@given(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()), st.integers(1, 99))
def test_a_subject_has_one_shard(subject: str, shards: int) -> None:
    assert 0 <= shard_of(subject, shards) < shards
    assert shard_of(subject, shards) == shard_of(subject, shards)


def test_shards_of_subjects_are_pinned() -> None:
    """Another hash would look for everybody in the wrong place."""
    assert [shard_of(f"07920400000{i}", 64) for i in range(6)] == [28, 57, 49, 45, 5, 20]


def test_shards_are_about_as_full() -> None:
    counts = Counter(shard_of(f"{i:012d}", 8) for i in range(8000))
    assert max(counts.values()) - min(counts.values()) < 250


@given(st.integers(1, 60), NODES)
def test_first_places_are_two_nodes_each_and_level(shards: int, nodes: list[str]) -> None:
    places = first_places(shards, nodes)
    assert len(places) == shards
    assert all(len(set(place)) == 2 and set(place) <= set(nodes) for place in places)
    load = Counter(name for place in places for name in place)
    counts = [load[name] for name in nodes]
    assert max(counts) - min(counts) <= 2


@given(st.integers(1, 60), NODES, st.data())
def test_moves_end_on_the_nodes_that_stay(
    shards: int, nodes: list[str], data: st.DataObject
) -> None:
    places = [list(place) for place in first_places(shards, nodes)]
    everybody = [*nodes, "new1", "new2"]
    staying = data.draw(st.lists(st.sampled_from(everybody), min_size=2, unique=True))
    for shard, source, target in moves(places, staying):
        assert target not in places[shard], "both replicas on one node"
        places[shard][places[shard].index(source)] = target
    assert all(len(set(place)) == 2 and set(place) <= set(staying) for place in places)
    load = Counter(name for place in places for name in place)
    counts = [load[name] for name in staying]
    assert max(counts) - min(counts) <= 1
    assert moves(places, staying) == []


def test_one_node_is_no_cluster() -> None:
    with pytest.raises(ClusterError, match="needs 2 nodes"):
        first_places(4, ["a"])
    with pytest.raises(ClusterError, match="must stay"):
        moves([("a", "b")], ["a"])
    with pytest.raises(ClusterError, match="1 to 4096"):
        first_places(0, ["a", "b"])
