"""What fails: processes of Ray, or nodes within this process."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from tests.search.cluster.local import LocalCluster
from tests.search.cluster.ray_session import ended_ray, started_ray
from tests.search.cluster.wrapped import Full, Slow

from civid.errors import CividError
from civid.search.cluster import Cluster, Timing

Mend = Callable[[], None]


class Machine(Protocol):
    """A cluster that can be hurt."""

    cluster: Cluster

    def names(self) -> list[str]: ...
    def kill(self, name: str) -> None: ...
    def kill_keeper(self) -> None: ...
    def kill_head(self) -> None: ...
    def fill(self, name: str) -> Mend: ...
    def slow(self, name: str) -> Mend: ...
    def put_back(self, name: str) -> None: ...
    def add(self, name: str) -> None: ...


def old_disk(root: Path, name: str) -> None:
    """While all is down: put back what was kept of a node, if it is of this node, and keep anew."""
    here, kept = root / name, root / f"kept {name}"
    now = root / f"now {name}"
    shutil.copytree(here, now)
    if kept.exists():
        shutil.rmtree(here)
        kept.rename(here)
    now.rename(kept)


class LocalMachine:
    """Nodes within this process: a fault costs milliseconds."""

    def __init__(self, root: Path) -> None:
        self.local = LocalCluster(root, nodes=4, shards=4, timing=Timing(0.02, 1.0, 1.0))
        self.cluster = self.local.cluster
        self.root = root

    def names(self) -> list[str]:
        return sorted(self.local.map.nodes)

    def kill(self, name: str) -> None:
        self.local.kill(name)

    def kill_keeper(self) -> None:
        assert self.local.keeper is not None
        self.local.keeper.close()
        self.local.start_keeper()

    def kill_head(self) -> None:
        self.local.stop()
        self.local.start_keeper()

    def fill(self, name: str) -> Mend:
        node = self.local.nodes.get(name)
        if node is None:
            return lambda: None
        full = self.local.nodes[name] = Full(node)

        def mend() -> None:
            full.full = False

        return mend

    def slow(self, name: str) -> Mend:
        node = self.local.nodes.get(name)
        if node is None:
            return lambda: None
        slow = self.local.nodes[name] = Slow(node)
        self.cluster._scatter._hedge = 0.05
        return slow.awake.set

    def put_back(self, name: str) -> None:
        self.local.stop()
        old_disk(self.root, name)
        self.local.start_keeper()

    def add(self, name: str) -> None:
        self.local.kill(name)
        self.cluster.add_node(name, self.root / name)

    def close(self) -> None:
        self.local.stop()
        self.local.transport.close()


class RayMachine:
    """Processes of Ray: killed with SIGKILL, stopped with SIGSTOP, disks full by RLIMIT_FSIZE."""

    TIMING = Timing(beat=0.2, lease=4.0, change=15.0)

    def __init__(self, root: Path) -> None:
        self.root = root
        started_ray()
        nodes = {f"n{i}": root / f"n{i}" for i in range(4)}
        self.cluster = Cluster.create(root / "home", nodes, shards=4, timing=self.TIMING)
        self.cluster = Cluster.open(root / "home", timing=self.TIMING, timeout=8.0, hedge=0.3)

    def names(self) -> list[str]:
        return sorted(
            one["node"] for one in self._patiently(lambda: self.cluster.status())["nodes"]
        )

    def _patiently(self, call: Callable[[], Any]) -> Any:
        until = time.monotonic() + 60
        while True:
            try:
                return call()
            except CividError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _pid(self, name: str) -> int | None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(CividError):
                found = self.cluster.measures().get(name)
                if found is not None:
                    return int(found["pid"])
        return None

    def kill(self, name: str) -> None:
        pid = self._pid(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_keeper(self) -> None:
        os.kill(
            self._patiently(lambda: self.cluster._keeper("process", again=True)), signal.SIGKILL
        )

    def kill_head(self) -> None:
        for pid in children("gcs_server") + children("raylet"):
            os.kill(pid, signal.SIGKILL)
        self._again()

    def _again(self) -> None:
        ended_ray()
        started_ray()
        self.cluster = Cluster.open(self.root / "home", timing=self.TIMING, timeout=8.0, hedge=0.3)

    def fill(self, name: str) -> Mend:
        pid = self._pid(name)
        if pid is None:
            return lambda: None
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

        def mend() -> None:
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, before)

        return mend

    def slow(self, name: str) -> Mend:
        pid = self._pid(name)
        if pid is None:
            return lambda: None
        os.kill(pid, signal.SIGSTOP)

        def mend() -> None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

        return mend

    def put_back(self, name: str) -> None:
        self.cluster.stop()
        time.sleep(0.5)
        old_disk(self.root, name)
        self.cluster = Cluster.open(self.root / "home", timing=self.TIMING, timeout=8.0, hedge=0.3)

    def add(self, name: str) -> None:
        self.cluster.add_node(name, self.root / name)

    def close(self) -> None:
        self.cluster.stop()
        ended_ray()


def children(name: str) -> list[int]:
    """Processes of this name that this process has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "stat").read_text().rpartition(")")
            if int(words[2].split()[1]) == os.getpid() and name in words[0]:
                found.append(int(folder.name))
    return found
