"""The backend that chooses: ``Gallery(backend="auto")``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from civid.search.arrays.parts import View
from civid.search.backends.base import Candidates, PairsQuery, Plan, Questions, SearchQuery
from civid.search.backends.exact import ExactBackend
from civid.search.backends.inverted import IndexBackend
from civid.search.backends.many.searches import each, search_several

#: Up to this many subjects, exact search is fast enough.
EXACT_UP_TO = 2048


class AutoBackend:
    """Exact for small galleries; larger ones by the inverted lists that are there, else the scan.

    Parameters
    ----------
    exact_up_to : int
        Living subjects up to which search is exact.
    **large
        As for `IndexBackend`, for larger ones.
    """

    name = "auto"

    def __init__(self, *, exact_up_to: int = EXACT_UP_TO, **large: Any) -> None:
        self.exact_up_to = exact_up_to
        self._exact, self._large = ExactBackend(), IndexBackend(most_bytes=0, **large)

    def _of(self, subjects: int) -> ExactBackend | IndexBackend:
        return self._exact if subjects <= self.exact_up_to else self._large

    def method(self, references: View) -> str:
        """See `Backend`."""
        return self._of(references.living).method(references)

    def plan(self, probe: View, references: View, query: SearchQuery) -> Plan:
        """What `search` will do."""
        return self._of(references.living).plan(probe, references, query)

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        """See `Backend`."""
        return self._of(references.living).search(probe, references, query)

    def search_several(
        self, asked: Sequence[Questions], references: View
    ) -> list[list[Candidates]]:
        """See `civid.search.backends.many.searches.search_several`."""
        return search_several(self._of(references.living), asked, references)

    def search_many(
        self, probes: Sequence[View], references: View, query: SearchQuery
    ) -> Iterable[Candidates]:
        """See `civid.search.backends.many.searches.search_many`."""
        return each(self._of(references.living), probes, references, query)

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """See `Backend`."""
        return self._of(references.living).pairs(probes, references, query)
