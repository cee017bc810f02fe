"""Keepers: two at once, and one that copies, moves and listens at the same time."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.search.cluster.local import LocalCluster, local_cluster
from tests.search.cluster.wrapped import Wrapped
from tests.search.prints import person

from civid.errors import ClusterError
from civid.search.cluster.keeping.cluster_map import NAME
from civid.search.cluster.keeping.keeper import Timing

PEOPLE = [(f"p{i}", person(i, 2, count=16)) for i in range(8)]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[LocalCluster]:
    with local_cluster(tmp_path) as cluster:
        cluster.cluster.enroll_many(PEOPLE)
        yield cluster


def test_an_old_keeper_writes_no_map(made: LocalCluster) -> None:
    """Two at once: the older one must not put its places and floors over the newer one's."""
    old = made.keeper
    assert old is not None
    made.start_keeper()
    try:
        map_now = (made.home / NAME).read_bytes()
        with pytest.raises(ClusterError, match="another keeper"):
            old._save(old._map.placed(0, old._map.places[0]))
        assert (made.home / NAME).read_bytes() == map_now
        with pytest.raises(ClusterError, match="another keeper"):
            old.add_node("n9", str(made.root / "n9"))
    finally:
        old.close()
    made.cluster.enroll("q", person(50, 2, count=16))


def test_leases_go_on_while_a_shard_is_copied(tmp_path: Path) -> None:
    """A new disk takes hours to fill; whoever is not concerned answers meanwhile."""
    with local_cluster(tmp_path, timing=Timing(0.05, 0.6, 5.0)) as made:
        made.cluster.enroll_many(PEOPLE[:8])
        made.take_down("n0")
        shutil.rmtree(tmp_path / "n0")
        copying, filled = threading.Event(), threading.Event()

        class Filling(Wrapped):
            def follow(self, *arguments: Any) -> int:
                copying.set()
                filled.wait(10.0)
                return int(self.node.follow(*arguments))

        made.wrap["n0"] = Filling
        made.bring_up("n0")
        try:
            assert copying.wait(10.0)
            before = {name: node._until for name, node in made.nodes.items() if name != "n0"}
            until = time.monotonic() + 10.0
            while any(made.nodes[name]._until <= then for name, then in before.items()):
                assert time.monotonic() < until, "no node hears of the keeper while one is filled"
                time.sleep(0.01)
        finally:
            filled.set()


def test_moves_are_made_one_after_the_other(made: LocalCluster) -> None:
    """The second of two would delete, and fetch again, what the first has just brought."""
    assert made.keeper is not None
    made.cluster.add_node("n3", made.root / "n3")
    with made.keeper._alone():
        for call in (
            made.cluster.rebalance,
            lambda: made.cluster.drain_node("n0"),
            made.cluster.restart,
        ):
            with pytest.raises(ClusterError, match="wait until that is done"):
                call()
    assert "n0" in made.map.staying
    assert made.cluster.rebalance()


def test_a_beat_shows_replicas_before_their_node(made: LocalCluster) -> None:
    """Half of a beat must not look like a node with an empty disk, which would be filled anew."""
    keeper = made.keeper
    assert keeper is not None
    keeper.close()
    shard, name = 0, made.map.places[0].nodes[0]
    keeper._up.discard(name)
    keeper._shards[shard].seen.pop(name)
    told: list[str] = []
    keeper._tell = lambda name, method, *_, **__: told.append(method)  # type: ignore[method-assign,assignment,misc]
    half, up = threading.Event(), keeper._up

    class Seeing(dict[str, Any]):
        def __setitem__(self, node: str, seen: Any) -> None:
            if node == name and not half.is_set():  # the first beat of the two
                assert name not in up, "it is up, and nobody knows yet what it has"
                half.set()
            super().__setitem__(node, seen)

    keeper._shards[shard].seen = Seeing(keeper._shards[shard].seen)
    keeper._settle(shard)
    assert half.is_set()
    assert told == []
