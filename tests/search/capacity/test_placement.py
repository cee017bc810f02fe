"""Shards on nodes: every copy elsewhere, every node as many, every failure shared."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from civid.search.capacity.queues.placement import held, place, round_up


@given(wanted=st.floats(0.1, 300), replicas=st.integers(1, 4), shards_a_node=st.integers(1, 12))
def test_copies_are_apart_and_even(wanted: float, replicas: int, shards_a_node: int) -> None:
    nodes = round_up(wanted, replicas, shards_a_node)
    assert nodes >= max(wanted - 1e-6, replicas)
    placed = place(nodes, replicas, shards_a_node)
    assert placed.replicas == replicas
    assert all(len(set(row)) == replicas for row in placed.copies.tolist())
    there = np.bincount(placed.copies.ravel(), minlength=nodes)
    assert len(there) == nodes
    assert there.min() == there.max() == (1 if nodes == replicas else held(replicas, shards_a_node))


@given(replicas=st.integers(2, 3), rows=st.integers(1, 4), nodes=st.integers(6, 60))
def test_many_share_the_work_of_one_that_fails(replicas: int, rows: int, nodes: int) -> None:
    shards_a_node = replicas * rows
    placed = place(nodes, replicas, shards_a_node)
    most = min(nodes - 1, shards_a_node * (replicas - 1))
    assert replicas - 1 <= placed.partners <= most
    gone = placed.without(0)
    assert (gone.copies == -1).sum() == shards_a_node
    assert not (gone.copies == 0).any()


def test_a_small_country_is_not_cut() -> None:
    assert place(2, 2, 4).shards == 1
    assert place(1, 1, 4).shards == 1
