"""One answer from those of the shards: the order, the cuts and the rates of one gallery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from civid.search import operating_point
from civid.search.results import Candidate


@dataclass(frozen=True, slots=True)
class ShardAnswer:
    """What a shard found.

    Parameters
    ----------
    shard, living : int
        Which, and how many subjects it has.
    found : tuple of (number, Candidate)
        Best first; the number is that of the enrolment in the whole cluster.
    """

    shard: int
    living: int
    found: tuple[tuple[int, Candidate], ...]


def merged(
    answers: Iterable[ShardAnswer],
    limit: int | None,
    min_score: float = 0.0,
    max_fpir: float | None = None,
) -> list[Candidate]:
    """The best candidates of all, the one enrolled first among equals.

    The shards know only how many they have themselves: the least score that `max_fpir` asks for,
    and the rate of each candidate, follow from how many there are in all.
    """
    answers = list(answers)
    total = sum(answer.living for answer in answers)
    least = min_score
    if max_fpir is not None:
        least = max(least, operating_point.threshold(max_fpir, total))
    lowest = np.float32(least)  # as C compares
    ranked = sorted(
        (pair for answer in answers for pair in answer.found),
        key=lambda pair: (-pair[1].score, pair[0]),
    )
    kept = [one for _, one in ranked if np.float32(one.score) >= lowest]
    return [replace(one, searched=total) for one in kept[:limit]]


def missing(answers: Sequence[ShardAnswer], shards: int) -> list[int]:
    """The shards that did not answer."""
    return sorted(set(range(shards)) - {answer.shard for answer in answers})
