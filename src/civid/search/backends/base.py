"""What a backend of the search is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from civid.search.arrays.parts import View
from civid.search.arrays.slices import Progress
from civid.search.backends.rules import LABELLED, Rules

#: The memory layout of civid_candidate_t: slots of the probe and the reference, score, terms.
CANDIDATE_DTYPE = np.dtype(
    [("probe", "<i8"), ("reference", "<i8"), ("score", "<f4"), ("terms", "<i4")]
)
Candidates = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What searches of every kind have in common.

    Parameters
    ----------
    min_score : float
        Least score of a candidate.
    threads : int
        The answer does not depend on it.
    on_progress : callable, optional
        Called with (done, total).
    rules : Rules
        How two sets of fingers are compared.
    """

    min_score: float = 0.0
    threads: int = 1
    on_progress: Progress | None = None
    rules: Rules = LABELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery(Query):
    """One probe against many: the best `limit` candidates. Progress counts subjects."""

    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsQuery(Query):
    """Many against many, beginning with the probe in slot `start`. Progress counts pairs."""

    start: int = 0


class Question(NamedTuple):
    """One of several questions about one probe.

    Attributes
    ----------
    fingers : View
        Subject 0: some of the probe's fingers, or all.
    query : SearchQuery
        What is asked with them; all have the same threads.
    many : bool
        As `Backend.pairs` asks for each of many probes: a backend that approximates may compare
        fewer references in full.
    """

    fingers: View
    query: SearchQuery
    many: bool = False


class Questions(NamedTuple):
    """What a backend with a method ``search_several`` takes of each probe:
    ``search_several(asked, references)``, for each probe one answer a question.

    Attributes
    ----------
    probe : View
        Subject 0.
    questions : sequence of Question
    """

    probe: View
    questions: Sequence[Question]


class Plan(NamedTuple):
    """What one search will do, as a backend with a method ``plan`` says it.

    Attributes
    ----------
    method : str
        As of `Backend.method`.
    listed, scanned : int
        Subjects that the first look takes by lists, by scan; 0 and 0 where there is none.
    blocks : int
        Blocks of lists that are read.
    compared : int
        Subjects that are compared in full.
    """

    method: str
    listed: int
    scanned: int
    blocks: int
    compared: int


@runtime_checkable
class Backend(Protocol):
    """Finds candidates in a `View`; any object with these four members is one.

    Safe for many threads at once. What a backend keeps between calls is a cache: it changes how
    fast an answer comes, and where a backend approximates, which lesser candidates are looked at,
    but never a score.
    """

    #: Stable: checkpoints are keyed by it.
    name: str

    def method(self, references: View) -> str:
        """What these are searched with: ``"exact"``, ``"cascade"``, ``"index"``, or your own."""
        ...

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        """The best references for subject 0 of `probe`; lower slot first among equals."""
        ...

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """Every subject of `probes` from slot `start` on against `references`.

        Yields the slot up to which probes are done and what they found, by probe, best first. Where
        both are the same view, each unordered pair comes once, the earlier subject as the probe.
        """
        ...


def by_score(found: Candidates) -> Candidates:
    """Best first, the lower slot first among equals; probe by probe where there are several."""
    order = np.lexsort((found["reference"], -found["score"], found["probe"]))
    return found[order]
