"""Who keeps what: subjects to shards, for ever; shards to nodes, as it is now. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from civid.errors import ClusterError

#: On how many nodes a shard lies.
REPLICAS = 2
MAX_SHARDS = 4096


def shard_of(subject_id: str, shards: int) -> int:
    """The shard of a subject: it never changes, so their number is chosen once.

    >>> shard_of("079204000001", 4)
    3
    """
    digest = blake2b(subject_id.encode(), digest_size=8, person=b"civid shard").digest()
    return int.from_bytes(digest, "little") * shards >> 64


class Move(NamedTuple):
    """A replica that changes its node."""

    shard: int
    source: str
    target: str


def first_places(shards: int, nodes: Iterable[str]) -> list[tuple[str, ...]]:
    """Two nodes for every shard, all nodes about as full, neighbours different.

    Raises
    ------
    ClusterError
        Fewer than two nodes, or a number of shards that makes no sense.

    >>> first_places(4, ["a", "b", "c"])
    [('a', 'b'), ('b', 'c'), ('c', 'a'), ('a', 'c')]
    """
    names = sorted(set(nodes))
    if len(names) < REPLICAS:
        raise ClusterError(f"a cluster needs {REPLICAS} nodes: each shard lies on {REPLICAS}")
    if not 1 <= shards <= MAX_SHARDS:
        raise ClusterError(f"a cluster has 1 to {MAX_SHARDS} shards")
    count = len(names)
    return [
        (names[shard % count], names[(shard + 1 + shard // count % (count - 1)) % count])
        for shard in range(shards)
    ]


def moves(places: Sequence[Sequence[str]], nodes: Iterable[str]) -> list[Move]:
    """What to move so that everything lies on `nodes`, none with two more than another; no move
    that does not serve this.

    Raises
    ------
    ClusterError
        Fewer than two nodes would be left.

    >>> moves([("a", "b"), ("b", "a")], ["a", "c"])
    [Move(shard=0, source='b', target='c'), Move(shard=1, source='b', target='c')]
    """
    names = sorted(set(nodes))
    if len(names) < REPLICAS:
        raise ClusterError(f"at least {REPLICAS} nodes must stay")
    now = [list(place) for place in places]
    load = Counter(dict.fromkeys(names, 0))
    load.update(name for place in now for name in place if name in names)
    made: list[Move] = []

    def move(shard: int, source: str, target: str) -> None:
        made.append(Move(shard, source, target))
        now[shard][now[shard].index(source)] = target
        load[target] += 1
        if source in load:
            load[source] -= 1

    for shard, place in enumerate(now):
        for source in [name for name in place if name not in names]:
            free = [name for name in names if name not in now[shard]]
            move(shard, source, min(free, key=lambda name: (load[name], name)))
    while True:
        full = max(names, key=lambda name: (load[name], name))
        least = min(names, key=lambda name: (load[name], name))
        if load[full] - load[least] < 2:
            return made
        # The fuller one has a shard that the other lacks: it has more of them.
        shard = next(i for i, place in enumerate(now) if full in place and least not in place)
        move(shard, full, least)
