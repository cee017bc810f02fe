"""Changes: the half of the keeper that gives numbers and acknowledges."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from civid.errors import CividError, ClusterError, GalleryStorageError
from civid.search.cluster import transport
from civid.search.cluster.keeping.cluster_map import UNKNOWN, ClusterMap
from civid.search.cluster.keeping.placement import shard_of
from civid.search.cluster.shards.changes import Batch, Change
from civid.search.cluster.transport import Transport, told

if TYPE_CHECKING:
    from civid.search.cluster.keeping.keeper import Timing, _Shard
    from civid.search.cluster.keeping.standing import Standing

#: Numbers of enrolment that are taken from the map at once; what a dead keeper had left is lost.
_NUMBERS = 10_000


class Changing:
    """See the module."""

    _map: ClusterMap
    _map_lock: Any
    _shards: list[_Shard]
    _nodes: Transport
    _timing: Timing
    _acknowledged: int
    _numbers_left: int

    def _save(self, new: ClusterMap) -> None:
        raise NotImplementedError

    def _settle(self, shard: int) -> Standing:
        raise NotImplementedError

    def change(self, changes: Sequence[Change]) -> list[str | None]:
        """Make changes; -> what came of each, None where it was not acknowledged.

        Whoever is named twice must be so in two calls.
        """
        of_shard: dict[int, list[int]] = {}
        for at, one in enumerate(changes):
            of_shard.setdefault(shard_of(one.subject, len(self._shards)), []).append(at)
        outcomes: list[str | None] = [None] * len(changes)
        until = time.monotonic() + self._timing.change
        with ExitStack() as locks:
            for shard in sorted(of_shard):
                locks.enter_context(self._shards[shard].lock)
            first = self._take(len(changes))
            numbered = [replace(one, number=first + at) for at, one in enumerate(changes)]
            batches = {
                shard: tuple(numbered[at] for at in places) for shard, places in of_shard.items()
            }
            done = self._change_all(batches, until)
            with self._map_lock:
                new = self._map
                for shard, (_, end) in done.items():
                    new = new.placed(shard, replace(new.places[shard], floor=end))
                self._save(new)
        for shard, (said, _) in done.items():
            for at, outcome in zip(of_shard[shard], said, strict=True):
                outcomes[at] = outcome
        self._acknowledged += sum(one is not None for one in outcomes)
        return outcomes

    def _take(self, count: int) -> int:
        """Numbers that nobody has had."""
        with self._map_lock:
            if any(place.floor == UNKNOWN for place in self._map.places):
                raise ClusterError("the map is new: all nodes must be there before a change")
            first = self._numbers_left
            highest = max((state.standing.epoch for state in self._shards), default=0)
            first = max(first, highest)
            if first + count > self._map.number:
                self._save(replace(self._map, number=first + count + _NUMBERS))
            self._numbers_left = first + count
            return first

    def _change_all(
        self, batches: Mapping[int, tuple[Change, ...]], until: float
    ) -> dict[int, tuple[list[str], int]]:
        """-> what came of the changes of each shard, and its epoch after them, where all replicas
        have them."""
        done: dict[int, tuple[list[str], int]] = {}
        waiting = dict(batches)
        heard: dict[int, list[str]] = {}
        while waiting:
            sent: list[tuple[int, Batch, list[Future[Any]]]] = []
            for shard, changes in list(waiting.items()):
                standing = self._shards[shard].standing
                place = self._map.places[shard]
                end = changes[-1].number + 1
                if not standing.whole or time.monotonic() >= until:
                    continue
                if standing.epoch == end:  # what was cut short was brought to all meanwhile
                    batch = Batch(end, changes)
                else:
                    batch = Batch(standing.epoch, changes)
                asked = [
                    self._nodes.ask(
                        name, transport.CHANGE, "apply", self._map.reign, shard, place.term, batch
                    )
                    for name in place.nodes
                ]
                sent.append((shard, batch, asked))
            for shard, batch, asked in sent:
                answers = [self._answer(future, until) for future in asked]
                lists = [one for one in answers if isinstance(one, list)]
                if lists:
                    heard.setdefault(shard, lists[0])
                if len(lists) == len(answers):
                    state = self._shards[shard]
                    state.standing = replace(state.standing, epoch=batch.end)
                    done[shard] = heard[shard], batch.end
                    del waiting[shard]
                elif any(isinstance(one, GalleryStorageError) for one in answers):
                    state = self._shards[shard]
                    state.standing = replace(state.standing, whole=False)
                    del waiting[shard]  # a disk is full: not acknowledged
                else:
                    self._shards[shard].standing = replace(
                        self._shards[shard].standing, whole=False
                    )
            if not waiting or time.monotonic() >= until:
                break
            for shard in waiting:
                if not self._shards[shard].standing.whole:
                    with suppress(CividError):
                        self._settle(shard)
            if not all(self._shards[shard].standing.whole for shard in waiting):
                time.sleep(min(self._timing.beat / 4, 0.2))
        return done

    def _answer(self, future: Future[Any], until: float) -> list[str] | GalleryStorageError | None:
        """What came of a change; an error that trying again will not mend; None = try again."""
        try:
            said: list[str] = told(future.result(max(until - time.monotonic(), 0.01)))
        except GalleryStorageError as error:
            return error
        except Exception:  # whatever the carrier raises: the node is gone, perhaps for a moment
            return None
        return said
