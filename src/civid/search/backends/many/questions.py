"""Several questions about each of some probes: ranges are gone through once for all of them.

A backend of the family of `CascadeBackend` says what it looks at and how; here is what its
questions share, and what becomes of each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from civid.search.arrays.parts import Part, Slots, View, positions_of
from civid.search.arrays.slices import run_slices
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates, Question, Questions, by_score
from civid.search.backends.exact import ExactBackend
from civid.search.backends.prefilter import Look, PreparedProbes

if TYPE_CHECKING:
    from civid.search.backends.cascade import CascadeBackend

SubjectRange = tuple[Part, int, int]


def choose(
    ranges: list[SubjectRange], looked: list[Candidates], wanted: int, least: int
) -> Candidates:
    """The best of what all ranges kept. Scans and lists (`terms`) have scales of their own, so that
    each has its share, by its living subjects, and at least `least`."""
    every = np.concatenate([np.empty(0, CANDIDATE_DTYPE), *looked])
    if len(np.unique(every["terms"])) < 2:
        return by_score(every)[:wanted]
    total = 0
    sizes: dict[int, int] = {}
    for (part, begin, end), found in zip(ranges, looked, strict=True):
        living = int(np.count_nonzero(part.alive[begin:end]))
        total += living
        if len(found):
            kind = int(found["terms"][0])
            sizes[kind] = sizes.get(kind, 0) + living
    chosen = []
    for kind, size in sizes.items():
        most = share_of(wanted, size, total, least)
        chosen.append(by_score(every[every["terms"] == kind])[:most])
    return by_score(np.concatenate(chosen))


def share_of(wanted: int, size: int, total: int, least: int) -> int:
    """Of those wanted, how many of one kind, where scans and lists answer together."""
    return max(math.ceil(wanted * size / total), min(wanted, least))


def best_of_ranges(
    ranges: list[SubjectRange],
    look: Callable[[SubjectRange], list[Candidates]],
    probes: int,
    wanted: int,
    least: int,
    threads: int,
) -> list[Slots]:
    """Whom each of so many probes is compared with in full: `choose` of what all ranges kept.

    `look` says what each probe keeps of a range, in slots of its part.
    """

    def in_slots_of_the_view(piece: SubjectRange) -> list[Candidates]:
        found = look(piece)
        for one in found:
            one["reference"] += piece[0].base
        return found

    looked = list(run_slices(in_slots_of_the_view, ranges, threads))
    return [
        choose(ranges, [kept[p] for kept in looked], wanted, least)["reference"]
        for p in range(probes)
    ]


class Probe:
    """One probe, and what its questions want of each range. For one thread, but for `look`."""

    def __init__(self, backend: CascadeBackend, asked: Questions, references: View):
        self._backend, self._references = backend, references
        self._probe, self._questions = asked
        living = references.living
        self._wanted = [self._most(one) for one in self._questions]
        #: Questions that are answered by a first look; the others compare all.
        self.looking = [k for k, many in enumerate(self._wanted) if many < living]
        self._whole = backend._together(self._probe, len(self.looking), references)
        self._looks = [self._look_of(self._questions[k]) for k in self.looking]

    def _most(self, question: Question) -> int:
        number = len(positions_of(*question.fingers.locate(0)))
        limit = 0 if question.many else question.query.limit
        return self._backend.compared(self._references.living, limit, number)

    def _look_of(self, question: Question) -> Look:
        part, place = question.fingers.locate(0)
        slots = np.array([place], np.int64)
        positions = sum(1 << position for position in positions_of(part, place).tolist())
        alone = self._whole is None
        ready = (
            self._backend._ready(part, slots, self._references)
            if alone
            else PreparedProbes(part, slots, {})
        )
        return Look(positions, question.query.rules, self._backend._all_round(ready))

    def look(self, piece: SubjectRange) -> list[Candidates]:
        """What each question that looks keeps of a range, in slots of the references."""
        part, begin, end = piece
        references, keep = self._references, self._backend._keep
        size = max(len(part.living(begin, end)), 1)  # a search among some has few in a range
        keeps = [
            keep(self._wanted[k], end - begin, references.subjects)
            if self._questions[k].many
            else keep(self._wanted[k], size, references.living)
            for k in self.looking
        ]
        found = self._backend._looks(self._whole, self._looks, part, begin, end, keeps)
        for one in found:
            one["reference"] += part.base
        return found

    def answers(
        self, ranges: list[SubjectRange], looked: Sequence[list[Candidates]], threads: int
    ) -> list[Candidates]:
        """Of each question: the best of what `look` kept in every range, compared in full."""
        found = []
        for k, (fingers, query, _) in enumerate(self._questions):
            if k not in self.looking:
                found.append(ExactBackend().search(fingers, self._references, query))
                continue
            mine = [row[self.looking.index(k)] for row in looked]
            least = self._backend.least_of_several
            chosen = choose(ranges, mine, self._wanted[k], least)["reference"]
            found.append(
                self._backend._compare(
                    fingers, 0, self._references, chosen, query, query.limit, threads
                )
            )
        return found


def answer(
    backend: CascadeBackend, asked: Sequence[Questions], references: View
) -> list[list[Candidates]]:
    """All questions about some probes. Threads take a probe in a range each, and a range is gone
    through for all probes before the next: what it is read from stays near.

    Progress is that of the first question about a single probe.
    """
    probes = [Probe(backend, one, references) for one in asked]
    looking = [one for one in probes if one.looking]
    ranges = backend._ranges(references) if looking else []
    query = next((one.query for _, questions in asked for one in questions), None)
    threads = 1 if query is None else query.threads
    told = query.on_progress if query is not None and len(probes) == 1 else None

    def look(task: tuple[SubjectRange, Probe]) -> list[Candidates]:
        piece, probe = task
        return probe.look(piece)

    looked: dict[Probe, list[list[Candidates]]] = {one: [] for one in probes}
    tasks = list(product(ranges, looking))
    for (piece, probe), found in zip(tasks, run_slices(look, tasks, threads), strict=True):
        looked[probe].append(found)
        if told is not None:
            told(piece[0].base + piece[2], references.subjects)
    if len(probes) == 1:  # threads share its comparisons
        return [probes[0].answers(ranges, looked[probes[0]], threads)]
    work = run_slices(lambda one: one.answers(ranges, looked[one], 1), probes, threads)
    return list(work)
