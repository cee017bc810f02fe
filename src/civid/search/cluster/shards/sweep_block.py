"""A block of the search for duplicates: some subjects against those of one shard that came later.

Every unordered pair of the cluster belongs to one block: that of the earlier subject's range of
numbers and the later one's shard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civid.search.arrays.index import Index
from civid.search.arrays.parts import View
from civid.search.arrays.slices import thread_count
from civid.search.backends.base import PairsQuery
from civid.search.backends.rules import Rules
from civid.search.cluster.shards.shard_gallery import Row, ShardGallery
from civid.search.evidence import evidence
from civid.search.results import Evidence


@dataclass(frozen=True, slots=True)
class Block:
    """Which pairs.

    Parameters
    ----------
    begin, shard : int
        The first number of the earlier subjects, the shard of the later ones: they name a block.
    end : int
        The last number of the earlier subjects, and one.
    most : int
        Only subjects with numbers below this: those that were there when the work began.
    min_score : float
    swapped : bool
    """

    begin: int
    shard: int
    end: int
    most: int
    min_score: float
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two subjects that look alike, by number; `first` came first."""

    first: int
    second: int
    score: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class BlockFound:
    """What a block found, by first number, best first."""

    begin: int
    shard: int
    pairs: tuple[Pair, ...]


def search_block(gallery: ShardGallery, block: Block, probes: Sequence[Row]) -> BlockFound:
    """Do it."""
    threads = thread_count(None)
    rules = Rules(swapped=block.swapped)
    index = Index()
    index.append([""] * len(probes), [fingers for *_, fingers in probes], threads)
    index.publish()
    own = View([index.part()])
    numbers = np.array([number for number, *_ in probes], np.int64)
    view, theirs = gallery.between(block.begin, block.most)
    query = PairsQuery(min_score=block.min_score, threads=threads, rules=rules)
    pairs: list[Pair] = []
    try:
        if len(probes) and view.living:
            for _, hits in gallery._how[0].pairs(own, view, query):
                later = theirs[hits["reference"]] > numbers[hits["probe"]]
                for slot, reference, score, _ in hits[later].tolist():
                    terms = evidence(own, slot, view, reference, rules)
                    pair = Pair(int(numbers[slot]), int(theirs[reference]), score, terms)
                    pairs.append(pair)
    finally:
        del view
        gallery._directory.index.wipe()
    pairs.sort(key=lambda one: (one.first, -one.score, one.second))
    return BlockFound(block.begin, block.shard, tuple(pairs))
