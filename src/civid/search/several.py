"""Several questions about one probe, answered in one pass through the gallery."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from civid.position import Position
from civid.search.arrays.packing import view_of
from civid.search.arrays.slices import thread_count
from civid.search.backends.base import Question, SearchQuery
from civid.search.backends.many import search_several
from civid.search.fingers import Fingers, finger_set
from civid.search.parameters.meaning import how_of, least_score, rules_of, whole_limit
from civid.search.queries import GalleryQueries, candidates_of
from civid.search.results import Candidate


class Asked(NamedTuple):
    """`Gallery.search` with some of a probe's fingers.

    Attributes
    ----------
    positions : collection of Position
        With which.
    max_fpir : float
    swapped : bool
        As for `Gallery.search`.
    """

    positions: Collection[Position]
    max_fpir: float
    swapped: bool = False


def ask(
    gallery: GalleryQueries, probe: Fingers, asked: Sequence[Asked], limit: int
) -> list[list[Candidate]]:
    """``gallery.search`` of each question, to the bit, sooner: all look at one state of it.

    What a finger finds in the inverted lists of a position is found once for all that ask it
    (``docs/explain/sublinear.md``).
    """
    gallery._open_only()
    whole = finger_set(probe)
    sets = [tuple(one for one in whole if one[0] in each.positions) for each in asked]
    backend, parameters = gallery._how
    directory = gallery._directory
    view = gallery._filter(None, (), None).view(directory)
    try:
        questions = [
            Question(
                view_of(fingers),
                SearchQuery(
                    limit=whole_limit(limit, view),
                    min_score=least_score(0.0, one.max_fpir, view.living, parameters),
                    threads=thread_count(None),
                    rules=rules_of(parameters, one.swapped),
                ),
            )
            for fingers, one in zip(sets, asked, strict=True)
        ]
        found = search_several(backend, view_of(whole), questions, view)
        return [
            candidates_of(
                view, one.query.rules, False, (one.fingers, how_of(parameters, fingers), hits)
            )
            for one, fingers, hits in zip(questions, sets, found, strict=True)
        ]
    finally:
        del view
        directory.index.wipe()
