"""A cluster within this process: the same nodes and keeper as on Ray, called by threads."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from civid.search.cluster.cluster import Cluster
from civid.search.cluster.keeping.cluster_map import ClusterMap
from civid.search.cluster.keeping.keeper import Keeper, Timing
from civid.search.cluster.keeping.making import new_map
from civid.search.cluster.shards.node import Node
from civid.search.cluster.transport import LocalTransport

#: Quick enough for tests, slow enough for a machine with much to do.
QUICK = Timing(beat=0.05, lease=20.0, change=5.0)


class LocalCluster:
    """Nodes that can be ended, started, and have their folders exchanged."""

    def __init__(self, root: Path, nodes: int = 3, shards: int = 4, timing: Timing = QUICK) -> None:
        self.root, self.home, self.timing = root, root / "home", timing
        self.nodes: dict[str, Any] = {}
        self.transport = LocalTransport(self.nodes)
        self.down: set[str] = set()
        self._one = threading.RLock()
        self.wrap: dict[str, Any] = {}
        folders = {f"n{i}": str(root / f"n{i}") for i in range(nodes)}
        if not (self.home / "cluster.json").exists():
            new_map(self.home, folders, shards, "auto")
        self.keeper: Keeper | None = None
        self.start_keeper()
        self.cluster = Cluster(self._call, self.transport, timeout=20.0, hedge=0.5)

    def _call(self, method: str, *arguments: Any, again: bool = False) -> Any:
        assert self.keeper is not None
        return getattr(self.keeper, method)(*arguments)

    @property
    def map(self) -> ClusterMap:
        return ClusterMap.read(self.home)

    def start_keeper(self) -> None:
        self.keeper = Keeper(self.home, self.transport, self.timing, self.start_node, self.kill)
        self.keeper.look()

    def start_node(self, name: str, folder: str) -> None:
        with self._one:  # the keeper's thread and a test may both want it
            if name not in self.nodes and name not in self.down:
                node = Node(name, Path(folder), self.map.cluster, self.transport)
                self.nodes[name] = self.wrap.get(name, lambda one: one)(node)

    def kill(self, name: str, for_good: bool = False) -> None:
        with self._one:
            node = self.nodes.pop(name, None)
            if node is not None:
                node.close()

    def take_down(self, name: str) -> None:
        self.down.add(name)
        self.kill(name)

    def bring_up(self, name: str) -> None:
        self.down.discard(name)

    def stop(self) -> None:
        if self.keeper is not None:
            self.keeper.close()
            self.keeper = None
        for name in list(self.nodes):
            self.kill(name)

    def save(self, name: str) -> Path:
        """A copy of a node's folder, to be put back with `restore`."""
        copy = self.root / f"copy of {name}"
        shutil.copytree(self.root / name, copy)
        return copy

    def restore(self, name: str) -> None:
        shutil.rmtree(self.root / name)
        shutil.copytree(self.root / f"copy of {name}", self.root / name)


@contextmanager
def local_cluster(root: Path, **how: Any) -> Iterator[LocalCluster]:
    made = LocalCluster(root, **how)
    try:
        yield made
    finally:
        made.stop()
        made.transport.close()
