"""The same on Ray: processes that are killed, stopped, and cut off from their disks.

One Ray for the file; the processes of its actors take a second or two each to start.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.search.cluster.ray_session import ended_ray, started_ray
from tests.search.prints import again, person

from civid import Gallery
from civid.errors import ClusterError, NotAcknowledgedError
from civid.search.cluster import Cluster, Timing
from civid.search.results import Duplicate

pytestmark = pytest.mark.slow

PEOPLE = [(f"p{i}", person(i, 2, 7, count=16)) for i in range(24)]
TIMING = Timing(beat=0.2, lease=8.0, change=60.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, Gallery]]:
    root = tmp_path_factory.mktemp("ray")
    started_ray()
    try:
        nodes = {f"n{i}": root / f"n{i}" for i in range(4)}
        cluster = Cluster.create(root / "home", nodes, shards=4, timing=TIMING)
        one = Gallery()
        one.enroll_many(PEOPLE)
        assert cluster.enroll_many(PEOPLE) == len(PEOPLE)
        yield cluster, one
        cluster.stop()
    finally:
        ended_ray()


def as_one(made: tuple[Cluster, Gallery]) -> None:
    cluster, one = made
    for name, fingers in PEOPLE[::6]:
        probe = again(fingers, 1)
        assert cluster.search(probe) == one.search(probe), name
    assert len(cluster) == len(one)


def among_the_first(found: Iterator[Duplicate]) -> list[Duplicate]:
    """Those of `PEOPLE`, in order. Whom `test_a_full_disk` refused and enrolled again has a later
    number in the cluster than in the gallery beside it, so that pairs with it may come later."""
    names = {name for name, _ in PEOPLE}
    pairs = [pair for pair in found if {pair.subject, pair.other} <= names]
    assert len(pairs) > len(PEOPLE)
    return pairs


def pids(cluster: Cluster) -> dict[str, int]:
    """Of all nodes; waits for those that are starting."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = {name: int(one["pid"]) for name, one in cluster.measures().items()}
        if len(found) == 4:
            return found
    raise AssertionError("a node did not come back")


def test_as_one_gallery(made: tuple[Cluster, Gallery]) -> None:
    as_one(made)
    cluster, one = made
    swept = cluster.duplicates(max_fpir=None, min_score=5.0, block=9)
    assert among_the_first(swept) == among_the_first(one.duplicates(max_fpir=None, min_score=5.0))
    assert len(set(pids(cluster).values())) == 4


def test_killed_nodes(made: tuple[Cluster, Gallery]) -> None:
    cluster, one = made
    for name, extra in (("n0", 60), ("n2", 61)):
        os.kill(pids(cluster)[name], signal.SIGKILL)
        as_one(made)
        cluster.enroll(f"q{extra}", person(extra, 2, count=16))  # waits for it
        one.enroll(f"q{extra}", person(extra, 2, count=16))
        as_one(made)
    until = time.monotonic() + 60
    while cluster.status()["whole"] < 4:  # shards that were asked for nothing follow on their own
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_stopped_node_is_not_waited_for(made: tuple[Cluster, Gallery]) -> None:
    cluster, _ = made
    pid = pids(cluster)["n1"]
    os.kill(pid, signal.SIGSTOP)
    try:
        as_one(made)
    finally:
        os.kill(pid, signal.SIGCONT)
    pids(cluster)


def test_a_full_disk(made: tuple[Cluster, Gallery]) -> None:
    """No file of the node may grow: what SQLite says of a full disk."""
    cluster, one = made
    pid = pids(cluster)["n3"]
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    status = cluster.status()
    shards = {s["shard"] for s in status["shards"] if any(r["node"] == "n3" for r in s["replicas"])}
    assert shards
    more = [(f"full {i}", person(80 + i, 2, count=16)) for i in range(8)]
    try:
        with pytest.raises(NotAcknowledgedError) as caught:
            cluster.enroll_many(more)
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    assert 0 < len(caught.value.places) < 8
    cluster.enroll_many(more)
    one.enroll_many(more)
    as_one(made)


def test_a_killed_keeper(made: tuple[Cluster, Gallery]) -> None:
    cluster, one = made
    reign = cluster.status()["reign"]
    keeper = cluster._keeper("process", again=True)
    os.kill(keeper, signal.SIGKILL)
    as_one(made)
    cluster.enroll("after the keeper", person(95, 2, count=16))
    one.enroll("after the keeper", person(95, 2, count=16))
    as_one(made)
    assert cluster.status()["reign"] > reign


def test_another_process_joins(made: tuple[Cluster, Gallery]) -> None:
    cluster, one = made
    joined = Cluster.open(cluster._at(), start=False)
    probe = again(PEOPLE[5][1], 4)
    assert joined.search(probe) == one.search(probe)


def test_what_is_not_running_is_not_joined(made: tuple[Cluster, Gallery], tmp_path: Path) -> None:
    from civid.search.cluster.keeping.making import new_map

    new_map(tmp_path, {"a": str(tmp_path / "a"), "b": str(tmp_path / "b")}, 2, "auto")
    with pytest.raises(ClusterError, match="not running"):
        Cluster.open(tmp_path, start=False)
    with pytest.raises(ClusterError, match="no cluster of Ray"):
        Cluster.open(tmp_path, start=False, address="127.0.0.1:1")
