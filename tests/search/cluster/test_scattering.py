"""Whom a search asks: as little as can be for each node, and not the same ones in every search."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from civid.search.cluster.keeping.keeper import ClusterView
from civid.search.cluster.keeping.placement import first_places
from civid.search.cluster.scattering import Scatter


@pytest.mark.parametrize(("shards", "nodes"), [(64, 4), (64, 8), (256, 16), (12, 6), (5, 3)])
def test_the_work_of_a_failed_node_is_spread(shards: int, nodes: int) -> None:
    names = [f"n{i:02}" for i in range(nodes)]
    places = [
        tuple(name for name in place if name != names[1]) for place in first_places(shards, names)
    ]
    view = ClusterView("c", tuple((1, place) for place in places), 1, 0)
    nobody: Any = None
    scatter = Scatter(nobody, lambda: view)
    total: Counter[str] = Counter()
    for _ in range(200):
        chosen = scatter._choose(view, range(shards), {shard: set() for shard in range(shards)})
        assert sorted(shard for of in chosen.values() for shard in of) == list(range(shards))
        for node, given in chosen.items():
            assert all(node in places[shard] for shard in given)
            total[node] += len(given)
            # Nobody could give one of its shards to a node with two less.
            for shard in given:
                for other in places[shard]:
                    assert len(chosen.get(other, ())) >= len(given) - 1 or other == node
    fair = 200 * shards / (nodes - 1)
    assert max(total.values()) < 1.15 * fair


def test_nodes_that_were_asked_are_not_asked_again() -> None:
    view = ClusterView("c", ((1, ("a", "b")), (1, ("a", "b")), (1, ())), 1, 0)
    nobody: Any = None
    chosen = Scatter(nobody, lambda: view)._choose(
        view, [0, 1, 2], {0: {"a"}, 1: {"a", "b"}, 2: set()}
    )
    assert chosen == {"b": [0]}
