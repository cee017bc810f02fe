"""How the parts of a cluster call each other. Ray carries the calls in earnest
(`civid.search.cluster.on_ray`); within one process threads do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from civid import errors
from civid.errors import CividError, ClusterError
from civid.search.cluster.shards.shard_gallery import StaleReplicaError

#: Kinds of calls, that none waits for those of another kind.
WATCH, ASK, CHANGE, FOLLOW, COPY, SWEEP = "watch", "ask", "change", "follow", "copy", "sweep"
#: Kind -> threads of a node for it.
GROUPS = {WATCH: 2, ASK: 4, CHANGE: 4, FOLLOW: 2, COPY: 4, SWEEP: 1}


class UnreachableError(ClusterError):
    """A node or the keeper did not answer: dead, restarting, cut off, or slow."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An error as it travels: its class and its words, and nothing that must be unpickled."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: CividError) -> Refused:
        """What is left of an error."""
        return cls(type(error).__name__, str(error))

    def error(self) -> CividError:
        """The error again, as far as its class needs no more than words."""
        if self.kind == StaleReplicaError.__name__:
            return StaleReplicaError(self.message)
        kind = getattr(errors, self.kind, None)
        if isinstance(kind, type) and issubclass(kind, CividError):
            try:
                return kind(self.message)
            except TypeError:
                pass
        return ClusterError(self.message)


def answered(call: Callable[..., Any], *arguments: Any) -> Any:
    """What a call returns, or `Refused`."""
    try:
        return call(*arguments)
    except CividError as error:
        return Refused.of(error)


def told(value: Any) -> Any:
    """The other end of `answered`: raises what was refused."""
    if isinstance(value, Refused):
        raise value.error()
    return value


class Transport(Protocol):
    """Calls a method of a node by name."""

    def ask(self, node: str, group: str, method: str, *arguments: Any) -> Future[Any]:
        """The answer, one day; `told` says what it means. The future fails when the node does."""
        ...


class LocalTransport:
    """Nodes of this process, each with threads of its own: for tests, and for a look inside.

    Parameters
    ----------
    nodes : dict of str to object
        May be changed at any time: a node that is taken out is dead.
    """

    def __init__(self, nodes: Mapping[str, Any]):
        self.nodes = nodes
        self._threads = ThreadPoolExecutor(32, "civid-node")

    def ask(self, node: str, group: str, method: str, *arguments: Any) -> Future[Any]:
        """See `Transport`."""

        def call() -> Any:
            there = self.nodes.get(node)
            if there is None:
                raise UnreachableError(f"node {node} does not answer")
            return answered(getattr(there, method), *arguments)

        return self._threads.submit(call)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=True, cancel_futures=True)
