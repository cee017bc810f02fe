"""What a gallery says of its searches before it makes one: how, why, and from which score on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from civid.search import operating_point
from civid.search.arrays.packing import view_of
from civid.search.backends.base import Backend, Plan, SearchQuery
from civid.search.backends.explanation import SearchExplanation, explain
from civid.search.filters import Filter, ids_given
from civid.search.fingers import Fingers, finger_set
from civid.search.parameters.meaning import rules_of, whole_limit
from civid.search.parameters.searching import SearchParameters
from civid.search.subject_directory import SubjectDirectory


class GalleryExplaining:
    """See `civid.search.Gallery`."""

    _how: tuple[Backend, SearchParameters]  # one object, so that both change at once

    @property
    def _directory(self) -> SubjectDirectory:
        raise NotImplementedError

    def _open_only(self) -> None:
        raise NotImplementedError

    def _tagged(self, tag: str) -> npt.NDArray[np.int64]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def threshold(self, max_fpir: float) -> float:
        """Score that a search with somebody who is not enrolled reaches with this probability.

        >>> from civid.search import Gallery
        >>> Gallery().threshold(0.001)
        30.0
        """
        return operating_point.threshold(max_fpir, len(self))

    def method(self, other: GalleryExplaining | None = None) -> str:
        """How this gallery, or `other`, is searched now: ``"exact"``, ``"cascade"`` (a scan, then
        comparisons) or ``"index"`` (inverted lists, then comparisons). `explain` says why.

        >>> from civid.search import Gallery
        >>> Gallery(backend="cascade").method()
        'cascade'
        """
        self._open_only()
        directory = self._directory if other is None else other._directory
        return self._how[0].method(directory.view())

    def explain(
        self,
        probe: Fingers,
        limit: int | None = 10,
        *,
        swapped: bool = False,
        among: Iterable[str] | None = None,
        without: Iterable[str] = (),
        tag: str | None = None,
    ) -> SearchExplanation:
        """How `search` with the same arguments looks for this probe now, and why.

        What was chosen by size, fingers, lists and machine; how many are looked at and compared;
        what it costs by a measured model; what it loses, as measured. Nobody is searched for.

        Raises
        ------
        SearchError, TemplateError
            As `search`.

        >>> from civid import Gallery, Template
        >>> gallery = Gallery()
        >>> print_of_a = Template([(9 * i, 8 * i, 0.1 * i, 1, 60) for i in range(20)], 60, 200, 200)
        >>> gallery.enroll("a", print_of_a)
        >>> print(gallery.explain(print_of_a).reasons[0])
        exact: 1 subject, all compared: up to 2,048 all are
        """
        self._open_only()
        own, (backend, parameters) = view_of(finger_set(probe)), self._how
        directory = self._directory
        view = self._filter(among, without, tag).view(directory)
        try:
            query = SearchQuery(
                limit=whole_limit(limit, view), rules=rules_of(parameters, swapped), threads=1
            )
            planned = getattr(backend, "plan", None)
            plan = (
                Plan(backend.method(view), 0, 0, 0, 0)
                if planned is None
                else planned(own, view, query)
            )
            return explain(plan, own, view, parameters, query.rules)
        finally:
            del view
            directory.index.wipe()

    def _filter(
        self, among: Iterable[str] | None, without: Iterable[str], tag: str | None
    ) -> Filter:
        return Filter(
            None if among is None else ids_given(among, "among"),
            ids_given(without, "without"),
            None if tag is None else self._tagged(tag),
        )
