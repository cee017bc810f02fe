"""A search among a few subjects of a large gallery, at the price of the few.

Gallery subjects of an `Abis` have names that rise in the order of enrolment (`subject_name`), and
a gallery keeps that order: where somebody stands in it is found by bisection.
"""

from __future__ import annotations

import secrets
import threading
from bisect import bisect_left
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import numpy as np

from civid.search.arrays.parts import Part, View
from civid.search.backends import backend
from civid.search.backends.base import (
    CANDIDATE_DTYPE,
    Candidates,
    PairsQuery,
    SearchQuery,
    by_score,
)
from civid.search.backends.comparing import prepare_one, search_top_k, wanted_positions

#: Subjects a call of C: Ctrl-C gets its turn between two.
_AT_ONCE = 512


def subject_name(serial: int, place: int) -> str:
    """A name for the gallery: higher than all of earlier transactions, and than earlier places.

    >>> subject_name(10, 3)[:21], subject_name(9, 70) < subject_name(10, 3)
    ('00000000000a.00000003', True)
    """
    return f"{prefix(serial)}{place:08x}.{secrets.token_hex(6)}"


def prefix(serial: int) -> str:
    """How the names of a transaction begin."""
    return f"{serial:012x}."


def place_of(subject: str) -> int:
    """The place in a name.

    >>> place_of(subject_name(10, 300))
    300
    """
    return int(subject[13:21], 16)


class FewBackend:
    """The backend ``"auto"``; inside of `only`, every one of the subjects named is compared."""

    name = "auto"

    def __init__(self) -> None:
        self._all = backend("auto")
        self._local = threading.local()

    @contextmanager
    def only(self, subjects: Collection[str]) -> Iterator[None]:
        """Searches of this thread are among these."""
        self._local.subjects = subjects
        try:
            yield
        finally:
            self._local.subjects = None

    def method(self, subjects: int) -> str:
        """See `Backend`."""
        return self._all.method(subjects)

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """See `Backend`."""
        return self._all.pairs(probes, references, query)

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        """See `Backend`."""
        subjects = getattr(self._local, "subjects", None)
        if subjects is None:
            return self._all.search(probe, references, query)
        own = prepare_one(probe, 0)
        positions = wanted_positions(*probe.locate(0), query.rules)
        found = [np.empty(0, CANDIDATE_DTYPE)]
        for part, places in _places(references, subjects):
            for begin in range(0, len(places), _AT_ONCE):
                some = places[begin : begin + _AT_ONCE]
                for place in some:
                    part.check(place, place + 1)
                found.append(
                    search_top_k(
                        own, part, np.array(some, np.int64), positions, query.rules,
                        query.min_score, query.limit,
                    )
                )  # fmt: skip
        return by_score(np.concatenate(found))[: query.limit]


def _places(view: View, subjects: Collection[str]) -> Iterator[tuple[Part, list[int]]]:
    """Where subjects stand, by part; those that are not there (any more) are passed over."""
    missing = set(subjects)
    found: dict[Part, list[int]] = {}
    for part in view.parts:
        for name in sorted(missing):
            place = bisect_left(part.ids, name)
            if place < part.subjects and part.ids[place] == name and part.alive[place]:
                found.setdefault(part, []).append(place)
                missing.discard(name)
    if missing:  # removed just now, most likely; nobody must be overlooked all the same
        for part in view.parts:
            for place in part.living(0, part.subjects).tolist():
                if part.ids[place] in missing:
                    found.setdefault(part, []).append(place)
    for part, places in found.items():
        yield part, sorted(places)
