"""What a backend of the search is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NotRequired, Protocol, TypedDict

import numpy as np
import numpy.typing as npt

from civid.search.arrays.parts import View
from civid.search.backends.rules import LABELLED, Rules

Progress = Callable[[int, int], None]
#: The memory layout of civid_candidate_t: slots of the probe and the reference, score, terms.
CANDIDATE_DTYPE = np.dtype(
    [("probe", "<i8"), ("reference", "<i8"), ("score", "<f4"), ("terms", "<i4")]
)
Candidates = npt.NDArray[Any]


class QueryOptions(TypedDict):
    """The options that `search` and `pairs` of every backend have; for those that pass them on."""

    min_score: float
    threads: int
    on_progress: Progress | None
    rules: NotRequired[Rules]


class SearchOptions(QueryOptions):
    """Options of `Backend.search`."""

    limit: int


class PairsOptions(QueryOptions):
    """Options of `Backend.pairs`."""

    start: NotRequired[int]


class Backend(Protocol):
    """Finds candidates in a `View`. Without state: one object may serve many threads."""

    #: Stable: checkpoints are keyed by it.
    name: str

    def method(self, subjects: int) -> str:
        """Name of what a gallery of this size is searched with."""
        ...

    def search(
        self,
        probe: View,
        references: View,
        *,
        limit: int,
        min_score: float,
        threads: int,
        on_progress: Progress | None,
        rules: Rules = LABELLED,
    ) -> Candidates:
        """The best `limit` references for subject 0 of `probe`; lower slot first among equals."""
        ...

    def pairs(
        self,
        probes: View,
        references: View,
        *,
        min_score: float,
        threads: int,
        on_progress: Progress | None,
        rules: Rules = LABELLED,
        start: int = 0,
    ) -> Iterator[tuple[int, Candidates]]:
        """Every subject of `probes` from slot `start` on against `references`.

        Yields the slot up to which probes are done and what they found, by probe, best first. Where
        both are the same view, each unordered pair comes once, the earlier subject as the probe.
        Progress counts pairs.
        """
        ...


def by_score(found: Candidates) -> Candidates:
    """Best first, the lower slot first among equals; probe by probe where there are several."""
    order = np.lexsort((found["reference"], -found["score"], found["probe"]))
    return found[order]
