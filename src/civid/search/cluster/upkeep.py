"""What keeps a cluster whole: the half of `Cluster` that asks for nobody."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from civid.errors import ClusterError
from civid.search.cluster import transport
from civid.search.cluster.keeping.cluster_map import ClusterMap
from civid.search.cluster.keeping.keeper import ClusterView
from civid.search.cluster.keeping.placement import Move
from civid.search.cluster.scattering import Scatter
from civid.search.cluster.transport import Transport


class KeeperDoor(Protocol):
    """Calls a method of the keeper."""

    def __call__(self, method: str, *arguments: Any, again: bool = False) -> Any:
        """See `civid.search.cluster.on_ray.RayKeeper`."""
        ...


class ClusterUpkeep:
    """See the module."""

    _keeper: KeeperDoor
    _nodes: Transport
    _scatter: Scatter
    _home: Path | None
    _stopper: Any

    def status(self) -> dict[str, Any]:
        """Nodes, shards and replicas as plain values, as the keeper sees them now."""
        told: dict[str, Any] = self._keeper("status", again=True)
        return told

    def measures(self) -> dict[str, dict[str, float]]:
        """Of the processes of all nodes that answer: pid, CPU seconds, searches."""
        found = {}
        for name in ClusterMap.read(self._at()).nodes if self._home else self._named():
            with suppress(Exception):
                found[name] = self._nodes.ask(name, transport.WATCH, "measures").result(2.0)
        return found

    def _named(self) -> list[str]:
        return [one["node"] for one in self.status()["nodes"]]

    def add_node(self, name: str, folder: str | os.PathLike[str]) -> None:
        """Let a node take part. It gets shards with the next `rebalance`."""
        self._keeper("add_node", name, os.fspath(folder))

    def drain_node(self, name: str) -> list[Move]:
        """Move all shards away from a node, dead or alive, and forget it; -> what was moved."""
        moved: list[Move] = self._keeper("drain_node", name)
        return moved

    def rebalance(self) -> list[Move]:
        """Give all nodes about as many shards; -> what was moved. Work goes on meanwhile."""
        moved: list[Move] = self._keeper("rebalance")
        return moved

    def restart(self) -> None:
        """Restart all nodes, one after the other; searches are answered meanwhile, changes wait."""
        for name in self._named():
            self._keeper("restart_node", name)

    def stop(self) -> None:
        """End the processes of the cluster. Everything acknowledged is in the folders."""
        if self._stopper is not None:
            self._stopper.stop(ClusterMap.read(self._at()).nodes)

    def _at(self) -> Path:
        if self._home is None:
            raise ClusterError("this cluster has no home")
        return self._home

    def view(self) -> ClusterView:
        """Who may be asked for what."""
        return self._scatter.view(fresh=True)
