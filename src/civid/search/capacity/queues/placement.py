"""Which node holds which copy of which shard."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Placement:
    """Shards, and the nodes of their copies.

    Attributes
    ----------
    nodes : int
    copies : (T, R) int64 array
        Node of copy ``r`` of shard ``s``; of one shard all different.
    """

    nodes: int
    copies: npt.NDArray[np.int64]

    @property
    def shards(self) -> int:
        """How many pieces the gallery is cut into."""
        return len(self.copies)

    @property
    def replicas(self) -> int:
        """Copies of each."""
        return int(self.copies.shape[1])

    @property
    def partners(self) -> int:
        """Nodes that have a shard in common with the first: they do its work when it fails."""
        mine = (self.copies == 0).any(axis=1)
        return len(np.unique(self.copies[mine])) - 1

    def without(self, node: int) -> Placement:
        """The same with a node down: its copies are -1."""
        return Placement(self.nodes, np.where(self.copies == node, -1, self.copies))


def held(replicas: int, shards_a_node: int) -> int:
    """Copies on each node: one, or the next multiple of the replicas, so that rows are even.

    >>> held(2, 4), held(3, 4), held(3, 1)
    (4, 6, 1)
    """
    return 1 if shards_a_node == 1 else -(-shards_a_node // replicas) * replicas


def round_up(nodes: float, replicas: int, shards_a_node: int) -> int:
    """The next number of nodes that shards can be laid on evenly.

    >>> round_up(3.2, 2, 1), round_up(3.2, 2, 4), round_up(1, 2, 4)
    (4, 4, 2)
    """
    least = max(math.ceil(nodes - 1e-9), replicas)
    step = replicas if shards_a_node == 1 else 1
    return -(-least // step) * step


def place(nodes: int, replicas: int, shards_a_node: int) -> Placement:
    """Lay shards on nodes so that every node holds as many, and a failed one has many heirs.

    Copy ``r`` of a shard goes to another node than copy 0, at a distance that differs from row to
    row of shards (chained declustering; Hsiao and DeWitt, 1990, with several chains). One shard a
    node makes groups of nodes that hold the same. As many nodes as replicas hold the whole gallery
    each, uncut. `nodes` as `round_up` gives them.

    >>> place(4, 2, 4).copies.tolist()[:5], place(4, 2, 4).partners
    ([[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]], 3)
    >>> place(2, 2, 4).copies.tolist()
    [[0, 1]]
    """
    if nodes <= replicas:
        return Placement(nodes, np.arange(nodes, dtype=np.int64)[None, :])
    shards = nodes * held(replicas, shards_a_node) // replicas
    index = np.arange(shards)
    if shards_a_node == 1:
        copies = [index + copy * shards for copy in range(replicas)]
    else:
        reach = max((nodes - 1) // max(replicas - 1, 1), 1)
        distance = 1 + (index // nodes) % reach
        copies = [(index + copy * distance) % nodes for copy in range(replicas)]
    return Placement(nodes, np.stack(copies, axis=1).astype(np.int64))
