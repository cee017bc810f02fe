"""The cluster on Ray: an actor for the keeper, one for each node, and how they call each other.

Ray starts processes, watches them and carries messages. It decides nothing: what is true lies in
the folders of the nodes and in the map, and a cluster of Ray that is lost is started anew.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from civid.errors import ClusterError
from civid.extras import need
from civid.private_files import replacing
from civid.search.cluster import transport
from civid.search.cluster.keeping.home_lock import HomeLock
from civid.search.cluster.keeping.keeper import Keeper, Timing
from civid.search.cluster.shards.node import Node
from civid.search.cluster.transport import UnreachableError, answered, told

#: Bytes; the least that Ray takes. Nothing large goes through it.
_STORE = 80 << 20
#: Seconds for a keeper that was killed to be gone.
_ENDING = 10.0
#: How often to try to start it.
_STARTS = 3
_KEYS = "CIVID_GALLERY_KEYS"
#: Methods of the keeper that copy shards or restart nodes, and how long they may take, in seconds.
_SLOW = {"add_node", "drain_node", "rebalance", "restart_node"}
_LONG = 7 * 86400.0
#: In the home of a cluster: the address of the Ray on which it runs, and who may join it.
ADDRESS, TOKEN = "ray.address", "ray.token"


def ray() -> Any:
    """The module of Ray, which sends nothing home."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    return need("ray", "a cluster", "cluster")


def start_ray(address: str | None = None, home: Path | None = None) -> str:
    """Join a cluster of Ray, or start one on this machine that ends with this process; -> where.

    Who joins must know a token: that in `home` (readable by its owner alone, made when missing),
    unless the environment names another one, as Ray documents.

    One that is started here keeps nothing of its messages on a disk, and does not kill processes
    for the pages that they map (ray#35989).
    """
    own = not any(name.startswith("RAY_AUTH_") for name in os.environ)
    if home is not None and own and "ray" not in sys.modules:  # it reads them when it is imported
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(_token(home))}
    if address is not None and not _listens(address):  # Ray would wait for minutes
        raise ClusterError(f"no cluster of Ray answers at {address}")
    if ray().is_initialized():
        return str(ray().get_runtime_context().gcs_address)
    quiet = {"log_to_driver": False, "configure_logging": False}
    if address is not None:
        try:
            found = ray().init(address=address, **quiet)
        except (ConnectionError, RuntimeError, ValueError):
            raise ClusterError(f"no cluster of Ray answers at {address}") from None
    else:
        found = _started(quiet)
    return str(found.address_info["gcs_address"])


def _started(quiet: dict[str, bool]) -> Any:
    """A Ray of this process; its parts have 30 s to find each other, little on a busy machine."""
    for attempt in range(_STARTS):
        try:
            return ray().init(
                address="local",
                num_cpus=1,
                object_store_memory=_STORE,
                include_dashboard=False,
                _system_config={
                    "automatic_object_spilling_enabled": False,
                    "memory_monitor_refresh_ms": 0,
                },
                **quiet,
            )
        except Exception as error:  # Ray raises no other class here
            ray().shutdown()
            if attempt == _STARTS - 1:
                raise ClusterError("Ray could not be started on this machine") from error
    raise AssertionError


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    if not (host and port.isdecimal()):
        return True  # "auto" and the like
    try:
        socket.create_connection((host, int(port)), 3.0).close()
    except (OSError, OverflowError):
        return False
    return True


def _token(home: Path) -> Path:
    path = home / TOKEN
    if not path.exists():
        with replacing(path, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path


def address_in(home: Path) -> str | None:
    """Where the cluster of this home runs, as its starter has noted; None = it notes nothing."""
    try:
        return (home / ADDRESS).read_text(encoding="ascii").strip() or None
    except OSError:
        return None


def start_for(home: Path, address: str | None) -> None:
    """Join or start the Ray of a cluster that is to be started, and note where it is.

    Raises
    ------
    ClusterError
        The cluster runs on another Ray already.
    """
    noted = address_in(home)
    running = address is not None or ("ray" in sys.modules and ray().is_initialized())
    try:
        HomeLock(home, 0.0 if running else _ENDING).release()
        held = None
    except ClusterError as error:
        if not running:
            raise
        held = error
    found = start_ray(address, home)
    if held is not None and found != noted:
        raise held
    note_address(home, found)


def note_address(home: Path, address: str) -> None:
    """For those who join."""
    with replacing(home / ADDRESS, "w", encoding="ascii") as file:
        file.write(address + "\n")


def namespace(cluster: str) -> str:
    """Where the actors of a cluster have their names."""
    return f"civid-{cluster}"


class RayTransport:
    """See `Transport`.

    Parameters
    ----------
    cluster : str
        Its id.
    """

    def __init__(self, cluster: str) -> None:
        self._space = namespace(cluster)
        self._handles: dict[str, Any] = {}

    def ask(self, node: str, group: str, method: str, *arguments: Any) -> Future[Any]:
        """See `Transport.ask`."""
        try:
            handle = self._handles.get(node)
            if handle is None:
                handle = self._handles[node] = ray().get_actor(f"node {node}", self._space)
            call = handle.call.options(concurrency_group=group)
            future: Future[Any] = call.remote(method, *arguments).future()
        except Exception as error:
            self._handles.pop(node, None)
            failed: Future[Any] = Future()
            failed.set_exception(UnreachableError(f"node {node} does not answer: {error}"))
            return failed
        future.add_done_callback(lambda done: self._forget_dead(node, done))
        return future

    def _forget_dead(self, node: str, done: Future[Any]) -> None:
        if not done.cancelled() and isinstance(done.exception(), ray().exceptions.RayActorError):
            self._handles.pop(node, None)

    def stop(self, node: str, for_good: bool) -> None:
        """End the process of a node; Ray starts another one, unless it is for good."""
        with suppress(ValueError):
            handle = ray().get_actor(f"node {node}", self._space)
            ray().kill(handle, no_restart=for_good)
            self._handles.pop(node, None)


class NodeActor:
    """A node in a process of its own."""

    def __init__(self, name: str, folder: str, cluster: str) -> None:
        keys = None
        if os.environ.get(_KEYS):
            from civid.search.segments.keys import StaticKeyProvider

            keys = StaticKeyProvider.from_environment(_KEYS)
        self._node = Node(name, Path(folder), cluster, RayTransport(cluster), keys)

    def call(self, method: str, *arguments: Any) -> Any:
        """Any method of the node."""
        return answered(getattr(self._node, method), *arguments)


class KeeperActor:
    """The keeper in a process of its own, on the head node."""

    def __init__(self, home: str, cluster: str, timing: Timing) -> None:
        nodes = RayTransport(cluster)

        def start(name: str, folder: str) -> None:
            start_node(cluster, name, folder)

        self._lock = HomeLock(Path(home), _ENDING)
        self._keeper = Keeper(Path(home), nodes, timing, start, nodes.stop)

    def call(self, method: str, *arguments: Any) -> Any:
        """Any method of the keeper; ``process`` = its process id."""
        if method == "process":
            return os.getpid()
        return answered(getattr(self._keeper, method), *arguments)


def start_node(cluster: str, name: str, folder: str) -> None:
    """Start the actor of a node, unless there is one.

    A machine that was joined with ``--resources '{"civid-NAME": 1}'`` is where the node NAME runs;
    without one, anywhere: right where all folders are on one machine.
    """
    place = f"civid-{name}"
    pinned = {place: 0.001} if place in ray().cluster_resources() else {}
    actor = ray().remote(concurrency_groups=transport.GROUPS)(NodeActor)
    actor.options(
        name=f"node {name}",
        namespace=namespace(cluster),
        get_if_exists=True,
        lifetime="detached",
        max_restarts=-1,
        num_cpus=0,
        resources=pinned,
    ).remote(name, folder, cluster)


class RayKeeper:
    """Calls the keeper; starts it where there is none.

    Parameters
    ----------
    home : Path
    cluster : str
    timing : Timing
    start : bool
        False = it must be there.
    """

    def __init__(self, home: Path, cluster: str, timing: Timing, *, start: bool = True) -> None:
        self._home, self._cluster, self._timing, self._may_start = home, cluster, timing, start
        self._handle: Any = None

    def _there(self) -> Any:
        if self._handle is None:
            space = namespace(self._cluster)
            if self._may_start:
                actor = ray().remote(max_concurrency=32)(KeeperActor)
                head = "node:__internal_head__"
                self._handle = actor.options(
                    name="keeper",
                    namespace=space,
                    get_if_exists=True,
                    lifetime="detached",
                    max_restarts=-1,
                    num_cpus=0,
                    resources={head: 0.001} if head in ray().cluster_resources() else {},
                ).remote(str(self._home), self._cluster, self._timing)
            else:
                try:
                    self._handle = ray().get_actor("keeper", space)
                except ValueError:
                    raise UnreachableError("the cluster has no keeper: start it") from None
        return self._handle

    def __call__(
        self, method: str, *arguments: Any, again: bool = False, timeout: float | None = None
    ) -> Any:
        """Call a method of the keeper; `UnreachableError` when it does not answer.

        again : may the call be made twice, when the keeper dies meanwhile?
        """
        usual = _LONG if method in _SLOW else self._timing.change * 2
        until = time.monotonic() + (usual if timeout is None else timeout)
        while True:
            try:
                reference = self._there().call.remote(method, *arguments)
                return told(ray().get(reference, timeout=max(until - time.monotonic(), 0.1)))
            except ray().exceptions.RayError:
                self._handle = None
                if time.monotonic() > until or not again:
                    raise UnreachableError("the keeper does not answer") from None
                time.sleep(0.1)

    def stop(self, nodes: Mapping[str, str]) -> None:
        """End the processes of the keeper and of all nodes."""
        carrier = RayTransport(self._cluster)
        with suppress(ValueError):
            ray().kill(ray().get_actor("keeper", namespace(self._cluster)))
        self._handle = None
        for name in nodes:
            with suppress(Exception):
                carrier.ask(name, transport.CHANGE, "close").result(10)
            carrier.stop(name, True)
