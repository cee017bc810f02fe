"""Views of several parts, built by hand."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from civid.search.arrays.index import Index
from civid.search.arrays.parts import View
from civid.search.backends.base import Candidates
from civid.search.fingers import Fingers, encoded

#: A set of fingers; None = a subject without any.
Subject = Fingers | None


def view_of(*parts: Sequence[Subject], dead: Collection[int] = ()) -> View:
    """The subjects of each part; the id of one is its slot. Those in dead slots are removed."""
    made, base = [], 0
    for subjects in parts:
        index = Index()
        slots = range(base, base + len(subjects))
        if subjects:
            index.append(
                [str(slot) for slot in slots],
                [() if one is None else encoded(one) for one in subjects],
            )
        index.publish()
        index.publish([slot - base for slot in slots if slot in dead])
        made.append(index.part(base))
        base += len(subjects)
    return View(made)


def cut(subjects: Sequence[Subject], *at: int, dead: Collection[int] = ()) -> View:
    """The same subjects, cut into parts before these slots."""
    ends = [0, *sorted(min(place, len(subjects)) for place in at), len(subjects)]
    return view_of(*(subjects[a:b] for a, b in itertools.pairwise(ends)), dead=dead)


def rows(found: Candidates) -> list[tuple[int, int, float, int]]:
    """Candidates that compare equal to the bit."""
    return [tuple(one) for one in found.tolist()]
