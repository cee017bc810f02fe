"""The keeper: the one that decides where shards lie, who may answer, and what is acknowledged.

It holds the map (`cluster_map`) and no subjects. When it dies, another one
reads the map and goes on; while there is none, nodes answer until their leases end. It knows
nothing of Ray.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from civid.errors import CividError, ClusterError, GalleryError
from civid.search.cluster import transport
from civid.search.cluster.keeping.changing import Changing
from civid.search.cluster.keeping.cluster_map import EMPTY, NAME, UNKNOWN, ClusterMap
from civid.search.cluster.keeping.moving import Moving
from civid.search.cluster.keeping.standing import Seen, Standing, judge, later_place
from civid.search.cluster.shards.node import Orders
from civid.search.cluster.transport import Transport, UnreachableError, told


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds.

    Parameters
    ----------
    beat : float
        Between two looks at each node.
    lease : float
        A node that has not heard from the keeper for so long answers no more.
    change : float
        For a change to reach all replicas, restarts of nodes included.
    """

    beat: float = 1.0
    lease: float = 10.0
    change: float = 30.0


@dataclass(frozen=True, slots=True)
class ClusterView:
    """What a client must know to ask the nodes itself.

    Parameters
    ----------
    cluster : str
    shards : tuple of (term, nodes)
        Those that may answer.
    next : int
        No subject has this number yet.
    living : int
        Subjects, as far as their shards have been seen.
    """

    cluster: str
    shards: tuple[tuple[int, tuple[str, ...]], ...]
    next: int
    living: int


@dataclass(slots=True)
class _Shard:
    lock: threading.RLock = field(default_factory=threading.RLock)
    #: What each node said last.
    seen: dict[str, Seen] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)


class Keeper(Changing, Moving):
    """See the module; all methods may be called from many threads.

    Parameters
    ----------
    home : Path
        Where the map is.
    nodes : Transport
    timing : Timing
    start : callable
        Called with name and folder of every node that shall be there; starts those that are not.
    stop : callable
        Called with the name of a node; ends its process, for good or to be started again.
    """

    def __init__(
        self,
        home: Path,
        nodes: Transport,
        timing: Timing = Timing(),
        start: Callable[[str, str], None] = lambda name, folder: None,
        stop: Callable[[str, bool], None] = lambda name, for_good: None,
    ) -> None:
        self._home, self._nodes, self._timing = home, nodes, timing
        self._start, self._stop = start, stop
        read = ClusterMap.read(home)
        self._map = replace(read, reign=read.reign + 1)
        self._map_lock, self._beat_lock = threading.RLock(), threading.Lock()
        self._move_lock = threading.Lock()
        self._written: tuple[int, ...] = ()
        self._save(self._map)
        self._numbers_left = self._map.number
        self._shards = [_Shard() for _ in self._map.places]
        self._heard: dict[str, float] = {}
        self._up: set[str] = set()
        self._away: set[str] = set()
        self._coming: set[tuple[int, str]] = set()
        self._acknowledged = 0
        self._ended = threading.Event()
        # Two threads: to copy a shard can take hours, and leases must not end meanwhile.
        self._watches = [
            threading.Thread(target=self._again, args=(work,), name="civid-keeper", daemon=True)
            for work in (self._listen, self._mend)
        ]
        for watch in self._watches:
            watch.start()

    # ---- watching

    def _again(self, work: Callable[[], None]) -> None:
        while not self._ended.is_set():
            with suppress(Exception):  # the next time is another try; status shows what is wrong
                work()
            self._ended.wait(self._timing.beat)

    def look(self) -> None:
        """Hear all nodes once, say who may answer, and bring up what is behind."""
        self._listen()
        self._mend()

    def _listen(self) -> None:
        for name, folder in self._map.nodes.items():
            if name not in self._up:
                self._start(name, folder)
        with self._beat_lock:
            self._hear(list(self._map.nodes))
            self._hear(list(self._up))  # with what follows from it

    def _mend(self) -> None:
        for shard, state in enumerate(self._shards):
            standing = state.standing
            if not standing.whole and state.lock.acquire(blocking=False):
                try:
                    self._settle(shard)
                except CividError:
                    pass  # tried again at the next look
                finally:
                    state.lock.release()

    def _hear(self, names: Sequence[str]) -> None:
        """One beat: tell each node what it may do, and take down what it says."""
        sent = time.monotonic()
        waiting: dict[str, Future[Any]] = {
            name: self._nodes.ask(
                name, transport.WATCH, "beat", self._map.reign, self._orders(name)
            )
            for name in names
        }
        until = sent + max(2 * self._timing.beat, 2.0)
        for name, future in waiting.items():
            try:
                seen: Mapping[int, Seen] = told(future.result(max(until - time.monotonic(), 0.01)))
            except Exception:  # whatever the carrier raises: it is not there
                future.cancel()
                self._up.discard(name)
                for state in self._shards:
                    state.seen.pop(name, None)
                continue
            self._heard[name] = sent
            for shard, state in enumerate(self._shards):
                if shard in seen:
                    state.seen[name] = seen[shard]
                else:
                    state.seen.pop(name, None)
            self._up.add(name)
        for shard in range(len(self._shards)):
            self._judge(shard)

    def _judge(self, shard: int) -> Standing:
        state = self._shards[shard]
        with self._map_lock:
            place = self._map.places[shard]
            later = later_place(place, state.seen)
            if later != place:
                self._save(self._map.placed(shard, later))
            state.standing = judge(later, dict(state.seen))
            if later.floor == UNKNOWN and state.standing.ahead:
                known = replace(later, floor=state.standing.epoch)
                self._save(self._map.placed(shard, known))
                state.standing = judge(known, dict(state.seen))
        return state.standing

    def _orders(self, name: str) -> Orders:
        live: dict[int, int] = {}
        drop: dict[int, int] = {}
        for shard, (place, state) in enumerate(zip(self._map.places, self._shards, strict=True)):
            if name in state.standing.live:
                live[shard] = place.term
            elif name not in place.nodes and (shard, name) not in self._coming:
                drop[shard] = place.term
        return Orders(self._timing.lease, live, drop)

    def _save(self, new: ClusterMap) -> None:
        """The commit point of whatever the map says; `ClusterError` if it is another keeper's."""
        with self._map_lock:
            if self._written and self._stamp() != self._written:
                try:
                    later = ClusterMap.read(self._home).reign > self._map.reign
                except GalleryError:  # it is gone or damaged, and this keeper knows what was in it
                    later = False
                if later:
                    raise ClusterError("another keeper has taken over this cluster")
            new.write(self._home)
            self._map, self._written = new, self._stamp()

    def _stamp(self) -> tuple[int, ...]:
        """Of the file of the map: another one after every writing."""
        try:
            told = (self._home / NAME).stat()
        except OSError:
            return ()
        return told.st_ino, told.st_mtime_ns, told.st_size

    def _settle(self, shard: int) -> Standing:
        """With the shard's lock: let those that are behind follow; -> how it stands then."""
        state = self._shards[shard]
        with self._beat_lock:
            self._hear(self._map.places[shard].nodes)
            standing = state.standing
            place = self._map.places[shard]
            # A node of the place that has nothing: the first start, a new disk, or a move cut
            # short. Asked under the lock: half of a beat would show replicas that are there as new.
            new = [name for name in place.nodes if name in self._up and name not in state.seen]
        for name in new:
            if standing.ahead or place.floor == EMPTY:
                term = place.term if place.floor == EMPTY else 0
                self._tell(name, "prepare", shard, self._place_file(shard, term))
        if standing.ahead:
            for name in place.nodes:
                if name in self._up and (name in standing.behind or name in new):
                    self._tell(name, "follow", shard, standing.ahead)
                    self._tell(name, "adopt", shard, place)
        with self._beat_lock:
            self._hear(place.nodes)
        standing = state.standing
        with self._map_lock:
            place = self._map.places[shard]
            if standing.whole and standing.epoch > place.floor:
                self._save(self._map.placed(shard, replace(place, floor=standing.epoch)))
        return standing

    def _tell(self, name: str, method: str, *arguments: Any, wait: float | None = None) -> Any:
        group = transport.FOLLOW if method == "follow" else transport.CHANGE
        future = self._nodes.ask(name, group, method, self._map.reign, *arguments)
        try:
            return told(future.result(self._timing.change if wait is None else wait))
        except CividError:
            raise
        except Exception as error:
            raise UnreachableError(f"node {name} does not answer") from error

    # ---- telling

    def view(self) -> ClusterView:
        """Whom to ask."""
        places, living = [], 0
        # A map that was made anew has given no numbers, and there are subjects all the same.
        top = max(self._numbers_left, *(place.floor for place in self._map.places),
                  *(state.standing.epoch for state in self._shards))  # fmt: skip
        for place, state in zip(self._map.places, self._shards, strict=True):
            live = tuple(
                name for name in state.standing.live if name in self._up and name not in self._away
            )
            places.append((place.term, live))
            seen = state.seen.get(state.standing.ahead)
            living += 0 if seen is None else seen.living
        return ClusterView(self._map.cluster, tuple(places), top, living)

    def status(self) -> dict[str, Any]:
        """Everything that there is to see, as plain values."""
        shards = []
        for shard, (place, state) in enumerate(zip(self._map.places, self._shards, strict=True)):
            shards.append(
                {
                    "shard": shard,
                    "term": place.term,
                    "floor": place.floor,
                    "whole": state.standing.whole,
                    "live": list(state.standing.live),
                    "replicas": [
                        {"node": name, **_as_plain(state.seen.get(name))} for name in place.nodes
                    ],
                }
            )
        now = time.monotonic()
        nodes = [
            {
                "node": name,
                "folder": folder,
                "up": name in self._up,
                "leaving": name in self._map.leaving,
                "heard": round(now - self._heard[name], 1) if name in self._heard else None,
                "shards": sum(name in place.nodes for place in self._map.places),
            }
            for name, folder in sorted(self._map.nodes.items())
        ]
        return {
            "cluster": self._map.cluster,
            "backend": self._map.backend,
            "reign": self._map.reign,
            "subjects": self.view().living,
            "answering": sum(bool(live) for _, live in self.view().shards),
            "whole": sum(bool(one["whole"]) for one in shards),
            "acknowledged": self._acknowledged,
            "nodes": nodes,
            "shards": shards,
        }

    def close(self) -> None:
        """Decide nothing any more."""
        self._ended.set()
        for watch in self._watches:
            watch.join()


def _as_plain(seen: Seen | None) -> dict[str, Any]:
    if seen is None:
        return {"there": False}
    return {
        "there": True,
        "term": seen.term,
        "epoch": seen.epoch,
        "subjects": seen.living,
        "fingers": seen.fingers,
        "bytes": seen.nbytes,
        "error": seen.error,
        "damaged": seen.damaged,
    }
