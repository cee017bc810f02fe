"""What fails on the way: nothing acknowledged is lost, nothing old answers, no gap is silent."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.search.cluster.local import LocalCluster, local_cluster
from tests.search.cluster.wrapped import Deaf, Full, Slow
from tests.search.prints import again, person

from civid import Gallery
from civid.errors import (
    ClusterError,
    IncompleteError,
    NotAcknowledgedError,
)
from civid.search.cluster.keeping import rebuilding
from civid.search.cluster.keeping.cluster_map import NAME
from civid.search.cluster.keeping.keeper import Timing
from civid.search.cluster.shards.node import Node

PEOPLE = [(f"p{i}", person(i, 2, count=16)) for i in range(24)]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[LocalCluster]:
    with local_cluster(tmp_path, timing=Timing(0.05, 20.0, 1.0)) as cluster:
        cluster.cluster.enroll_many(PEOPLE)
        yield cluster


def look(made: LocalCluster) -> None:
    """Until every shard whose nodes are there is whole: the keeper's own threads mend as well, and
    what they have in hand is passed over by `Keeper.look`."""
    assert made.keeper is not None
    until = time.monotonic() + 30
    while True:
        made.keeper.look()
        made.keeper.look()
        whole = [bool(one["whole"]) for one in made.keeper.status()["shards"]]
        away = made.down | set(made.wrap)
        if all(
            one or away & set(place.nodes)
            for one, place in zip(whole, made.map.places, strict=True)
        ):
            return
        assert time.monotonic() < until, "not whole in time"
        time.sleep(0.02)


def as_before(made: LocalCluster, extra: list[tuple[str, Any]] = []) -> None:  # noqa: B006
    one = Gallery()
    one.enroll_many([*PEOPLE, *extra])
    assert len(made.cluster) == len(one)
    for name, fingers in [*PEOPLE[::5], *extra]:
        probe = again(fingers, 1)
        assert made.cluster.search(probe) == one.search(probe), name


def test_one_node_away(made: LocalCluster) -> None:
    made.take_down("n1")
    as_before(made)
    with pytest.raises(NotAcknowledgedError) as caught:
        made.cluster.enroll_many((f"q{i}", person(50 + i, 2)) for i in range(8))
    assert 0 < len(caught.value.places) < 8, "shards without this node take changes still"
    made.bring_up("n1")
    look(made)
    made.cluster.enroll_many((f"q{i}", person(50 + i, 2)) for i in range(8))
    assert len(made.cluster) == len(PEOPLE) + 8


def test_a_shard_away_is_said(made: LocalCluster) -> None:
    made.take_down("n0")
    made.take_down("n1")
    made.cluster._scatter.timeout = 0.5
    here = {s for s, place in enumerate(made.map.places) if "n2" in place.nodes}
    everybody = set(range(4))
    with pytest.raises(IncompleteError) as caught:
        made.cluster.search(PEOPLE[0][1])
    assert set(caught.value.missing) == everybody - here
    assert caught.value.shards == 4
    assert len(caught.value.found) < len(PEOPLE)
    with pytest.raises(IncompleteError):
        len(made.cluster)
    with pytest.raises(IncompleteError):
        list(made.cluster.duplicates())
    made.bring_up("n0")
    made.bring_up("n1")
    made.cluster._scatter.timeout = 20.0
    look(made)
    as_before(made)


def test_an_old_epoch_never_answers(made: LocalCluster) -> None:
    """A node's disk of yesterday is put back; it follows, and until then is not asked."""
    made.take_down("n1")
    made.save("n1")
    made.bring_up("n1")
    look(made)
    more = [(f"q{i}", person(50 + i, 2, count=16)) for i in range(8)]
    made.cluster.enroll_many(more)
    made.cluster.remove("p3")
    made.take_down("n1")
    made.restore("n1")
    made.wrap["n1"] = Deaf
    made.bring_up("n1")
    look(made)
    old = made.nodes["n1"].node
    assert all(not held.live for held in old._replicas.values())
    assert made.cluster.search(more[0][1])[0].subject_id == "q0"
    assert "p3" not in made.cluster
    made.take_down("n1")
    del made.wrap["n1"]
    made.bring_up("n1")
    look(made)
    for shard in made.keeper.status()["shards"]:  # type: ignore[union-attr]
        assert shard["whole"]
    made.take_down("n0")
    made.take_down("n2")
    mine = [s for s, place in enumerate(made.map.places) if "n1" in place.nodes]
    look(made)
    made.cluster._scatter.timeout = 0.5
    with pytest.raises(IncompleteError) as caught:
        made.cluster.search(more[0][1], None)
    assert set(range(4)) - set(caught.value.missing) == set(mine)
    names = {one.subject_id for one in caught.value.found}
    assert "p3" not in names


def test_a_full_disk_on_one_replica(made: LocalCluster) -> None:
    made.wrap["n2"] = Full
    made.kill("n2")
    look(made)
    with pytest.raises(NotAcknowledgedError):
        made.cluster.enroll_many((f"q{i}", person(50 + i, 2, count=16)) for i in range(8))
    as_found = {name for name in (f"q{i}" for i in range(8)) if name in made.cluster}
    made.nodes["n2"].full = False
    look(made)
    more = [(f"q{i}", person(50 + i, 2, count=16)) for i in range(8)]
    made.cluster.enroll_many(more)
    assert as_found <= {name for name in (f"q{i}" for i in range(8)) if name in made.cluster}
    assert len(made.cluster) == len(PEOPLE) + 8


def test_a_slow_node_is_not_waited_for(made: LocalCluster) -> None:
    made.wrap["n2"] = Slow
    made.kill("n2")
    look(made)
    made.cluster._scatter._hedge = 0.05
    as_before(made)
    made.nodes["n2"].awake.set()


def test_a_lease_ends(made: LocalCluster) -> None:
    """A node that its keeper has forgotten answers nobody, whoever asks it."""
    view = made.cluster.view()
    assert made.keeper is not None
    made.keeper.close()
    for node in made.nodes.values():
        node._until = 0.0
        asked = [(shard, term) for shard, (term, _) in enumerate(view.shards)]
        assert node.search(asked, PEOPLE[0][1], {"limit": 3}) == []
    made.cluster._scatter.timeout = 0.2
    with pytest.raises(IncompleteError) as caught:
        made.cluster.search(PEOPLE[0][1])
    assert caught.value.missing == (0, 1, 2, 3)
    made.start_keeper()
    made.cluster._scatter.timeout = 20.0
    as_before(made)


def test_an_old_keeper_is_not_obeyed(made: LocalCluster) -> None:
    old = made.keeper
    assert old is not None
    old.close()
    made.start_keeper()
    node = made.nodes[made.map.places[0].nodes[0]]
    with pytest.raises(ClusterError, match="another keeper"):
        node.retire(old._map.reign, 0)
    made.cluster.enroll("q", person(50, 2, count=16))
    as_before(made, [("q", person(50, 2, count=16))])


def test_a_keeper_that_dies_half_way(made: LocalCluster) -> None:
    """One replica has a change, the other not, and nobody was told: both will have it."""
    assert made.keeper is not None
    place = made.map.places[0]
    made.keeper.close()
    name, other = place.nodes
    replica = made.nodes[name]._replicas[0].gallery
    from civid.search.cluster.shards.changes import Batch, Change
    from civid.search.fingers import encoded

    number = made.map.number
    replica.apply(Batch(replica.epoch, (Change("half", encoded(person(70, 2)), False, number),)))
    made.start_keeper()
    look(made)
    assert "half" in made.nodes[other]._replicas[0].gallery
    made.cluster.enroll("later", person(71, 2))
    assert len(made.cluster) == len(PEOPLE) + 2


def test_damage_is_mended_from_the_other_replica(made: LocalCluster) -> None:
    made.take_down("n0")
    shard = next(s for s, place in enumerate(made.map.places) if "n0" in place.nodes)
    folder = made.root / "n0" / f"shard-{shard:04d}"
    database = folder / "gallery" / "gallery.sqlite3"
    data = bytearray(database.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    database.write_bytes(bytes(data))
    made.bring_up("n0")
    as_before(made)
    look(made)
    assert all(one["whole"] for one in made.keeper.status()["shards"])  # type: ignore[union-attr]
    as_before(made)


def test_a_new_disk(made: LocalCluster) -> None:
    made.take_down("n0")
    shutil.rmtree(made.root / "n0")
    made.bring_up("n0")
    look(made)
    look(made)
    assert all(one["whole"] for one in made.keeper.status()["shards"])  # type: ignore[union-attr]
    made.cluster.enroll("q", person(50, 2, count=16))
    as_before(made, [("q", person(50, 2, count=16))])


def test_nodes_come_and_go(made: LocalCluster) -> None:
    made.cluster.add_node("n3", made.root / "n3")
    assert made.cluster.rebalance()
    assert made.cluster.rebalance() == []
    as_before(made)
    made.cluster.drain_node("n0")
    assert "n0" not in made.map.nodes
    assert not list((made.root / "n0").glob("shard-*")), "what has left is deleted"
    assert all("n0" not in place.nodes for place in made.map.places)
    as_before(made)
    look(made)
    made.cluster.enroll("q", person(50, 2, count=16))
    as_before(made, [("q", person(50, 2, count=16))])


def test_what_was_moved_away_is_deleted(made: LocalCluster) -> None:
    made.cluster.add_node("n3", made.root / "n3")
    for shard, source, _ in made.cluster.rebalance():
        look(made)
        assert not (made.root / source / f"shard-{shard:04d}").exists()


def test_a_dead_node_is_drained_and_comes_back(made: LocalCluster) -> None:
    """It was away while its shards moved: it has an old term, and answers nobody."""
    view = made.cluster.view()
    assert made.keeper is not None
    made.take_down("n1")
    look(made)
    made.keeper._heard["n1"] -= made.timing.lease - 0.3  # what is left of its lease
    assert made.cluster.drain_node("n1")
    as_before(made)
    made.cluster.enroll("q", person(50, 2, count=16))
    back = Node("n1", made.root / "n1", made.map.cluster, made.transport)
    try:
        asked = [(shard, term) for shard, (term, _) in enumerate(view.shards)]
        assert back.search(asked, PEOPLE[0][1], {"limit": 3}) == []
    finally:
        back.close()
    made.bring_up("n1")
    made.cluster.add_node("n1", made.root / "n1")
    look(made)
    made.cluster.rebalance()
    as_before(made, [("q", person(50, 2, count=16))])


def test_rolling_restart(made: LocalCluster) -> None:
    before = dict(made.nodes)  # held: an id is given to another object when its own is gone
    ended, lost = threading.Event(), []

    def ask() -> None:
        while not ended.is_set():
            try:
                assert made.cluster.search(PEOPLE[3][1])[0].subject_id == "p3"
            except Exception as error:
                lost.append(error)
                return

    asking = threading.Thread(target=ask)
    asking.start()
    made.cluster.restart()
    ended.set()
    asking.join()
    assert not lost
    assert all(made.nodes[name] is not old for name, old in before.items())
    as_before(made)


def test_rebuilt_from_the_folders(made: LocalCluster) -> None:
    made.cluster.enroll("q", person(50, 2, count=16))
    old = made.map
    made.stop()
    folders = [made.root / f"n{i}" for i in range(3)]
    with pytest.raises(ClusterError, match="can be read"):
        rebuilding.rebuild(made.home, folders)
    (made.home / NAME).write_bytes(b"{")
    with pytest.raises(ClusterError, match="is not here"):
        rebuilding.rebuild(made.home, folders[:2])
    new = rebuilding.rebuild(made.home, folders)
    assert [p.nodes for p in new.places] == [p.nodes for p in old.places]
    made.start_keeper()
    look(made)
    made.cluster.enroll("r", person(51, 2, count=16))
    as_before(made, [("q", person(50, 2, count=16)), ("r", person(51, 2, count=16))])


def test_duplicates_after_the_map_was_lost(made: LocalCluster) -> None:
    """The new map has given no numbers yet: whoever is there is looked at all the same."""
    made.cluster.enroll("twin", again(PEOPLE[7][1], 3))
    want = list(made.cluster.duplicates())
    assert [(one.subject, one.other) for one in want] == [("p7", "twin")]
    most = made.cluster.view().next
    assert most == len(PEOPLE) + 2, "numbers that nobody has had are not gone through"
    made.stop()
    (made.home / NAME).unlink()
    rebuilding.rebuild(made.home, [made.root / f"n{i}" for i in range(3)])
    made.start_keeper()
    look(made)
    assert list(made.cluster.duplicates()) == want


def test_rebuilt_without_a_node(made: LocalCluster) -> None:
    made.stop()
    (made.home / NAME).unlink()
    shutil.rmtree(made.root / "n0")
    folders = [made.root / "n1", made.root / "n2"]
    with pytest.raises(ClusterError, match="n0"):
        rebuilding.rebuild(made.home, folders)
    rebuilding.rebuild(made.home, folders, accept_lone=True)
    made.start_keeper()
    look(made)
    look(made)
    assert all(one["whole"] for one in made.keeper.status()["shards"])  # type: ignore[union-attr]
    as_before(made)
