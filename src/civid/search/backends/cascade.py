"""The cascade: a prefilter over codes leaves few references, which are compared as in exact search.

Scores of what gets through are those of exact search, bit for bit. What is lost on the way, and
what it saves, is measured in ``docs/explain/search.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from civid.search.arrays.parts import Part, Slots, View, positions_of
from civid.search.arrays.slices import run_slices
from civid.search.backends.base import (
    CANDIDATE_DTYPE,
    Candidates,
    PairsQuery,
    Plan,
    Query,
    Question,
    Questions,
    SearchQuery,
    by_score,
)
from civid.search.backends.comparing import prepare_one, search_top_k, wanted_positions
from civid.search.backends.exact import ExactBackend, Pairs
from civid.search.backends.many.questions import SubjectRange, answer, share_of
from civid.search.backends.many.sweeping import Sweep
from civid.search.backends.prefilter import MAX_PROBES, Look, PreparedProbes, prefilter
from civid.search.backends.rules import Rules
from civid.search.backends.turning import steps_of, turned, united

#: Subjects of a call of the prefilter. Part of the meaning of an answer: each range keeps its best.
RANGE = 8192
#: Of a gallery, at least this share and this number are compared in full; where several fingers
#: are looked at, their looks together leave fewer doubts.
COMPARED_FRACTION, COMPARED_FRACTION_OF_SEVERAL, COMPARED_MINIMUM = 1 / 1000, 1 / 4000, 200
#: With several fingers, and of everybody against everybody (there are many probes), this many at
#: least: 30 lost no more mates of two fingers than 200 did (``docs/explain/search.md``).
COMPARED_MINIMUM_OF_SEVERAL = 50
#: A range keeps up to this many times its proportional share.
OVERSAMPLING = 4
#: Fingers of a probe that the prefilter looks at; those with most minutiae.
FINGERS = 2
#: References of a call that compares.
COMPARED_A_CALL = 64


class CascadeBackend:
    """See `Backend`. The same answer for any number of threads.

    Parameters
    ----------
    share, share_of_several : float
        Of the gallery's subjects, how many are compared in full with a probe of one finger, of
        several.
    least, least_of_several : int
        But never fewer than this; with several fingers never fewer than the lesser of both.
    fingers : int
        How many of a probe's fingers the prefilter looks at.
    oversampling : float
        A range keeps up to this many times its proportional share.
    turns : int
        In so many directions, evenly around, the prefilter looks for a probe: 1 is upright only.
    range_size : int
        Subjects in one call of the prefilter. The answer depends on it: each range keeps its best.
    probes_a_call, compared_a_call : int
        Most probes in one call of the prefilter, most references in one call that compares. The
        answer does not depend on them.
    """

    name = "cascade"

    def __init__(
        self,
        *,
        share: float = COMPARED_FRACTION,
        share_of_several: float = COMPARED_FRACTION_OF_SEVERAL,
        least: int = COMPARED_MINIMUM,
        least_of_several: int = COMPARED_MINIMUM_OF_SEVERAL,
        fingers: int = FINGERS,
        oversampling: float = OVERSAMPLING,
        turns: int = 1,
        range_size: int = RANGE,
        probes_a_call: int = MAX_PROBES,
        compared_a_call: int = COMPARED_A_CALL,
    ):
        self.share, self.share_of_several = share, share_of_several
        self.least, self.least_of_several, self.fingers = least, least_of_several, fingers
        self.oversampling, self.turns = oversampling, turns
        self.range_size, self.probes_a_call = range_size, probes_a_call
        self.compared_a_call = compared_a_call

    def method(self, references: View) -> str:
        """See `Backend`."""
        return self.name

    def plan(self, probe: View, references: View, query: SearchQuery) -> Plan:
        """What `search` will do."""
        own, place = probe.locate(0)
        wanted = self.compared(references.living, query.limit, len(positions_of(own, place)))
        if wanted >= references.living:
            return ExactBackend().plan(probe, references, query)
        sizes, kept, blocks = [0, 0], [0, 0], 0  # of the scan, of lists
        for part, begin, end in self._ranges(references):
            living = len(part.living(begin, end))
            listed = self._by_lists(part, begin, end)
            blocks += listed
            sizes[listed] += living
            kept[listed] += self._keep(wanted, max(living, 1), references.living) if living else 0
        compared = min(wanted, sum(kept))
        if all(kept):
            total, least = sum(sizes), self.least_of_several
            compared = sum(
                min(many, share_of(wanted, size, total, least))
                for many, size in zip(kept, sizes, strict=True)
            )
        method = "index" if sizes[True] else CascadeBackend.name
        return Plan(method, sizes[True], sizes[False], blocks, compared)

    def _by_lists(self, part: Part, begin: int, end: int) -> bool:
        """Is this range looked at through lists?"""
        return False

    def compared(self, subjects: int, limit: int, fingers: int) -> int:
        """How many references of a gallery of this size are compared in full: more than are asked
        for, and all where all are asked for. A limit of 0 means one of many probes in `pairs`."""
        share = self.share if min(fingers, self.fingers) == 1 else self.share_of_several
        single = limit and min(fingers, self.fingers) == 1
        least = self.least if single else min(self.least, self.least_of_several)
        return min(max(least, math.ceil(share * subjects), limit), max(subjects, 1))

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        """See `Backend`."""
        ((found,),) = self.search_several([Questions(probe, [Question(probe, query)])], references)
        return found

    def search_several(
        self, asked: Sequence[Questions], references: View
    ) -> list[list[Candidates]]:
        """`search`, or `pairs`, of each question about each probe, to the bit.

        Lists are gone through once for what the questions about a probe have in common.
        """
        step = self.probes_a_call  # what is kept of every range is in memory
        parts = (asked[at : at + step] for at in range(0, len(asked), step))
        return [one for part in parts for one in answer(self, part, references)]

    def _together(self, probe: View, looks: int, references: View) -> PreparedProbes | None:
        """A probe prepared for several looks at once; None where each is made by itself."""
        return None

    def _looks(
        self,
        whole: PreparedProbes | None,
        looks: Sequence[Look],
        part: Part,
        begin: int,
        end: int,
        keeps: Sequence[int],
    ) -> list[Candidates]:
        """`_look` of each; `whole` is what `_together` made."""
        return [
            self._look(one.ready, part, begin, end, keep, one.rules)[0]
            for one, keep in zip(looks, keeps, strict=True)
        ]

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """See `Backend`."""
        done = Pairs(probes, references)
        for last, found in Sweep(self, probes, references, query).batches():
            yield last, found
            if query.on_progress is not None:
                query.on_progress(done.up_to(last), done.total)

    def _all_round(self, upright: PreparedProbes) -> list[PreparedProbes]:
        """The same probes in every direction in which they are looked for."""
        found = [upright]
        for turn in range(1, self.turns):
            made = turned(upright.probes, upright.slots, steps_of(turn, self.turns))
            asked = dict(enumerate(upright.asked.values()))  # does not depend on directions
            found.append(PreparedProbes(made, np.arange(len(upright.slots)), asked))
        return found

    def _look(
        self,
        ready: list[PreparedProbes],
        part: Part,
        begin: int,
        end: int,
        keep: int,
        rules: Rules,
        after: Slots | None = None,
    ) -> list[Candidates]:
        """`_prefilter` in every direction: one answer a probe."""
        looks = [self._prefilter(one, part, begin, end, keep, rules, after) for one in ready]
        if len(looks) == 1:
            return looks[0]
        slots = ready[0].slots.tolist()
        return [united(some, keep, slot) for slot, *some in zip(slots, *looks, strict=True)]

    def _ready(self, probes: Part, slots: Slots, references: View) -> PreparedProbes:
        """What `_prefilter` needs to know of some probes, found once for all ranges."""
        return PreparedProbes(probes, slots, {})

    def _ranges(self, references: View) -> list[SubjectRange]:
        """What one call of the prefilter looks at."""
        return references.ranges(self.range_size)

    def _prefilter(
        self,
        ready: PreparedProbes,
        part: Part,
        begin: int,
        end: int,
        keep: int,
        rules: Rules,
        after: Slots | None = None,
    ) -> list[Candidates]:
        """The best of a range; the only step in which backends of this family differ."""
        part.check(begin, end)
        return prefilter(ready.probes, ready.slots, part, begin, end, keep=keep,
                         fingers=self.fingers, any_finger=rules.swapped, after=after)  # fmt: skip

    def _keep(self, wanted: int, size: int, total: int) -> int:
        """How many of a range of this size: its share of those wanted, oversampled; at most all."""
        return min(wanted, size, max(16, math.ceil(self.oversampling * wanted * size / total)))

    def _compare(
        self,
        probe: View,
        slot: int,
        references: View,
        chosen: Slots,
        query: Query,
        limit: int,
        threads: int,
    ) -> Candidates:
        """In full: subject `slot` against chosen slots of the references."""
        own = prepare_one(probe, slot)
        positions = wanted_positions(*probe.locate(slot), query.rules)
        chosen = np.sort(chosen)
        pieces: list[tuple[Part, Slots]] = []
        step = self.compared_a_call
        for part in references.parts:
            inside = chosen[(chosen >= part.base) & (chosen < part.base + part.subjects)]
            pieces += [
                (part, inside[k : k + step] - part.base) for k in range(0, len(inside), step)
            ]

        def work(piece: tuple[Part, Slots]) -> Candidates:
            part, slots = piece
            return search_top_k(own, part, slots, positions, query.rules, query.min_score, limit)

        found = run_slices(work, pieces, threads)
        return by_score(np.concatenate([np.empty(0, CANDIDATE_DTYPE), *found]))[:limit]
