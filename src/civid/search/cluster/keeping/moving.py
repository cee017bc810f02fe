"""Nodes come and go: the half of the keeper that moves shards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from civid.errors import ClusterError
from civid.search.cluster.keeping.cluster_map import ClusterMap, Place
from civid.search.cluster.keeping.placement import Move, moves
from civid.search.cluster.shards.shard_folder import ShardPlace

if TYPE_CHECKING:
    from civid.search.cluster.keeping.keeper import Timing, _Shard
    from civid.search.cluster.keeping.standing import Standing

#: How often a copy follows what changes meanwhile before changes are held up for the last of it.
_ROUNDS = 3
#: Seconds for a whole shard to be copied.
_LONG = 7 * 86400.0


class Moving:
    """See the module."""

    _map: ClusterMap
    _shards: list[_Shard]
    _timing: Timing
    _up: set[str]
    _away: set[str]
    #: Shards that move, and where to: not to be taken for what was left behind.
    _coming: set[tuple[int, str]]
    _heard: dict[str, float]
    _stop: Callable[[str, bool], None]
    _map_lock: Any
    _move_lock: Any

    def _save(self, new: ClusterMap) -> None:
        raise NotImplementedError

    def _tell(self, name: str, method: str, *arguments: Any, wait: float | None = None) -> Any:
        raise NotImplementedError

    def _settle(self, shard: int) -> Standing:
        raise NotImplementedError

    def look(self) -> None:
        """See `Keeper.look`."""
        raise NotImplementedError

    def add_node(self, name: str, folder: str) -> None:
        """Let a node take part; it gets shards with the next `rebalance`."""
        with self._map_lock:
            if name in self._map.nodes and self._map.nodes[name] != folder:
                raise ClusterError(f"there is a node {name} with another folder")
            new = replace(
                self._map,
                nodes={**self._map.nodes, name: folder},
                leaving=self._map.leaving - {name},
            )
            self._save(new)
        self._await(name)

    def drain_node(self, name: str) -> list[Move]:
        """Move everything away from a node, dead or alive, and forget it; -> what was moved."""
        with self._alone():
            return self._drain(name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A second move of a shard would delete what the first one has just brought."""
        if not self._move_lock.acquire(blocking=False):
            raise ClusterError("shards are moving, or nodes restarting: wait until that is done")
        try:
            yield
        finally:
            self._move_lock.release()

    def _drain(self, name: str) -> list[Move]:
        with self._map_lock:
            if name not in self._map.nodes:
                raise ClusterError(f"there is no node {name}")
            moves([place.nodes for place in self._map.places], set(self._map.staying) - {name})
            self._save(replace(self._map, leaving=self._map.leaving | {name}))
        made = self._spread()
        self.look()  # it deletes what it has no more
        with self._map_lock:
            nodes = {one: folder for one, folder in self._map.nodes.items() if one != name}
            self._save(replace(self._map, nodes=nodes, leaving=self._map.leaving - {name}))
            self._up.discard(name)
        self._stop(name, True)
        return made

    def rebalance(self) -> list[Move]:
        """Move shards until all nodes that stay have about as many; -> what was moved.

        Searches and changes go on; a shard's changes wait while the last of it moves.

        Raises
        ------
        ClusterError
            A node does not answer, or other moves are under way; what was moved stays so.
        """
        with self._alone():
            return self._spread()

    def _spread(self) -> list[Move]:
        made: list[Move] = []
        for move in moves([place.nodes for place in self._map.places], self._map.staying):
            self._move(move)
            made.append(move)
        return made

    def _place_file(self, shard: int, term: int) -> ShardPlace:
        place = self._map.places[shard]
        shards = len(self._map.places)
        return ShardPlace(self._map.cluster, shard, shards, term, place.nodes, self._map.backend)

    def _move(self, move: Move) -> None:
        self._await(move.target)
        self._coming.add((move.shard, move.target))
        try:
            self._copy_and_switch(*move)
        finally:
            self._coming.discard((move.shard, move.target))

    def _copy_and_switch(self, shard: int, source: str, target: str) -> None:
        state = self._shards[shard]
        self._tell(target, "prepare", shard, self._place_file(shard, term=0))
        for _ in range(_ROUNDS):
            ahead = state.standing.ahead
            if not ahead:
                raise ClusterError(f"shard {shard} cannot move: none of its nodes may lead")
            before = state.standing.epoch
            self._tell(target, "follow", shard, ahead, wait=_LONG)
            if state.standing.epoch == before:
                break
        with state.lock:
            standing = self._settle(shard)
            if not standing.ahead:
                raise ClusterError(f"shard {shard} cannot move: none of its nodes may lead")
            epoch = self._tell(target, "follow", shard, standing.ahead)
            place = self._map.places[shard]
            nodes = tuple(target if name == source else name for name in place.nodes)
            new = Place(place.term + 1, nodes, max(place.floor, epoch))
            if source in self._up:
                self._tell(source, "retire", shard)
            else:  # it may be alive where we cannot see it: its lease must have ended
                self._outlive(source)
            for name in nodes:
                self._tell(name, "adopt", shard, new)
            self._save(self._map.placed(shard, new))
            self._settle(shard)

    def _outlive(self, name: str) -> None:
        """Wait until a node that does not answer us answers nobody."""
        left = self._heard.get(name, time.monotonic()) + self._timing.lease - time.monotonic()
        if left > 0:
            time.sleep(left)

    def _await(self, name: str) -> None:
        """Until a node is there."""
        until = time.monotonic() + self._timing.change
        self.look()
        while name not in self._up:
            if time.monotonic() > until:
                raise ClusterError(f"node {name} does not answer")
            time.sleep(self._timing.beat / 4)
            self.look()

    def restart_node(self, name: str) -> None:
        """End a node's process and wait until it is back and every shard of it whole.

        Searches are answered by the other replicas meanwhile, changes wait.

        Raises
        ------
        ClusterError
            Another node of its shards does not answer, it does not come back, or shards are moving.
        """
        with self._alone():
            self._restart(name)

    def _restart(self, name: str) -> None:
        if name not in self._map.nodes:
            raise ClusterError(f"there is no node {name}")
        self.look()
        mine = [shard for shard, place in enumerate(self._map.places) if name in place.nodes]
        lacking = [shard for shard in mine if not self._shards[shard].standing.whole]
        if lacking:
            raise ClusterError(f"shard {lacking[0]} has no other replica that could answer")
        self._away.add(name)
        try:
            time.sleep(min(self._timing.beat, 0.2))  # searches under way
            self._stop(name, False)
            self._up.discard(name)
            self._await(name)
            until = time.monotonic() + self._timing.change
            while not all(self._shards[shard].standing.whole for shard in mine):
                if time.monotonic() > until:
                    raise ClusterError(f"node {name} came back, but not all of its shards")
                time.sleep(self._timing.beat / 4)
                self.look()
        finally:
            self._away.discard(name)
