"""Asking all shards at once: a replica of each, another one where the first fails or is slow."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from civid.errors import CividError, IncompleteError
from civid.search.cluster import transport
from civid.search.cluster.keeping.keeper import ClusterView
from civid.search.cluster.merging import ShardAnswer
from civid.search.cluster.transport import Transport, told

#: Seconds between two looks for a replica that may answer, while there is none.
_PAUSE = 0.05
#: Seconds for which a view is believed: new replicas are seen after that, dead ones at once.
_FRESH = 2.0


class Scatter:
    """Safe for many threads.

    Parameters
    ----------
    nodes : Transport
    fetch : callable
        Gets the view from the keeper.
    timeout : float
        Seconds after which an answer is incomplete.
    hedge : float
        Seconds after which the other replica is asked, too.
    """

    def __init__(
        self,
        nodes: Transport,
        fetch: Callable[[], ClusterView],
        timeout: float = 30.0,
        hedge: float = 1.0,
    ) -> None:
        self._nodes, self._fetch = nodes, fetch
        self.timeout, self._hedge = timeout, hedge
        self._turn = itertools.count()
        self._known: tuple[float, ClusterView] | None = None

    def view(self, *, fresh: bool = False) -> ClusterView:
        """Whom to ask."""
        known = self._known
        if fresh or known is None or time.monotonic() - known[0] > _FRESH:
            try:
                known = self._known = time.monotonic(), self._fetch()
            except CividError:  # it is restarting: nodes know until when they may answer
                if known is None:
                    raise
        return known[1]

    def gather(self, method: str, *arguments: Any) -> list[ShardAnswer]:
        """Ask every shard; those that did not answer in time are lacking in the answer."""
        until = time.monotonic() + self.timeout
        view = self.view()
        answers: dict[int, ShardAnswer] = {}
        tried: dict[int, set[str]] = {shard: set() for shard in range(len(view.shards))}
        waiting: dict[Future[Any], tuple[str, list[int], float]] = {}
        while len(answers) < len(view.shards):
            now = time.monotonic()
            if now >= until:
                break
            asked = Counter(shard for _, shards, _ in waiting.values() for shard in shards)
            slow = {
                shard
                for _, shards, sent in waiting.values()
                if now - sent > self._hedge
                for shard in shards
            }
            if slow:  # another replica may have come back meanwhile
                view = self.view()
            wanted = [
                shard
                for shard in tried
                if shard not in answers
                and (not asked[shard] or (shard in slow and asked[shard] == 1))
            ]
            for node, shards in self._choose(view, wanted, tried).items():
                of_term = [(shard, view.shards[shard][0]) for shard in shards]
                future = self._nodes.ask(node, transport.ASK, method, of_term, *arguments)
                waiting[future] = node, shards, now
                for shard in shards:
                    tried[shard].add(node)
            if not waiting:
                time.sleep(_PAUSE)
            else:
                patience = min(self._hedge, until - now)
                done, _ = wait(waiting, max(patience, 0.001), FIRST_COMPLETED)
                for future in done:
                    waiting.pop(future)
                    for answer in _answers(future):
                        answers.setdefault(answer.shard, answer)
            pending = {shard for _, shards, _ in waiting.values() for shard in shards}
            stuck = [
                shard
                for shard in tried
                if shard not in answers
                and shard not in pending
                and tried[shard] >= set(view.shards[shard][1])
            ]
            if stuck:
                time.sleep(_PAUSE)
                view = self.view(fresh=True)
                for shard in stuck:
                    tried[shard].clear()
        return [answers[shard] for shard in sorted(answers)]

    def _choose(
        self, view: ClusterView, wanted: Collection[int], tried: dict[int, set[str]]
    ) -> dict[str, list[int]]:
        """A node for each shard, with little to do for each node.

        Shards that only one node has come first, the others in another order each time: the parts
        of a node that failed are spread over all others, not over the same few in every search.
        """
        able = {
            shard: [name for name in view.shards[shard][1] if name not in tried[shard]]
            for shard in wanted
        }
        order = [shard for shard, nodes in able.items() if nodes]
        random.shuffle(order)
        order.sort(key=lambda shard: len(able[shard]))
        load: Counter[str] = Counter()
        at: dict[int, str] = {}
        moved = True
        while moved:  # until no shard has a node with less to do
            moved = False
            for shard in order:
                now = at.get(shard)
                load[now or ""] -= 1
                node = min(able[shard], key=lambda name: (load[name], name != now))
                load[node] += 1
                at[shard] = node
                moved |= node != now
        chosen: dict[str, list[int]] = {}
        for shard in sorted(at):
            chosen.setdefault(at[shard], []).append(shard)
        return chosen

    def ask(
        self, shard: int, group: str, method: str, *arguments: Any, patience: float | None = None
    ) -> Any:
        """Call a method of any replica of one shard: ``method(shard, term, *arguments)``.

        Raises
        ------
        IncompleteError
            None of them answered in time.
        """
        until = time.monotonic() + self.timeout
        while True:
            view = self.view()
            term, nodes = view.shards[shard]
            turn = next(self._turn)
            for at in range(len(nodes)):
                node = nodes[(turn + at) % len(nodes)]
                future = self._nodes.ask(node, group, method, shard, term, *arguments)
                try:
                    return told(future.result(patience or self.timeout))
                except Exception:  # whatever the carrier raises; the other replica is asked
                    continue
            if time.monotonic() >= until:
                raise IncompleteError([shard], len(view.shards))
            time.sleep(_PAUSE)
            self.view(fresh=True)


def _answers(future: Future[Any]) -> list[ShardAnswer]:
    try:
        found: list[ShardAnswer] = told(future.result())
    except Exception:  # whatever the carrier raises: the node is gone
        return []
    return found
