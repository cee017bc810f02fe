"""The cascade with inverted lists as its prefilter: ``Gallery(backend="index")``.

What lists cost, save and lose: ``docs/explain/sublinear.md``.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from civid.search.arrays import inverted_lists as lists
from civid.search.arrays.inverted_lists import InvertedLists
from civid.search.arrays.parts import Part, Slots, View
from civid.search.arrays.slices import run_slices
from civid.search.backends import inverted_index as index
from civid.search.backends.base import Candidates, PairsQuery, Questions, SearchQuery
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.many.questions import SubjectRange
from civid.search.backends.many.together import search_together
from civid.search.backends.prefilter import Look, PreparedProbes
from civid.search.backends.rules import Rules

#: Bytes of lists that a backend builds in memory; what would exceed them is scanned.
MOST_BYTES = 4 << 30
#: A block of which less than one in so many is wanted (`among`, a tag) is scanned: lists are read
#: for all who stand in them, a scan only for these (``docs/explain/sublinear.md``).
SPARSE = 5
#: Probes of one call from which lists are built at once.
BUILD_FROM = 512


class IndexBackend(CascadeBackend):
    """See `Backend`. The same answer for any number of threads.

    Lists that a segment of the gallery has are used as they are. Of other parts they are built in
    memory: at once for many probes in one call (`pairs`), else when a part is met for the second
    time; the tail of a gallery is another part after each change, and is scanned. Lists go with
    their part, and hold nothing of a subject that the part does not. A finger that may be any (of
    unknown position, or `swapped`) asks the lists of every position.

    Parameters
    ----------
    cells : int
        How much of the lists is looked at: 1 to 64 centres a minutia.
    most_bytes : int
        Bound of the memory for lists that are built; 0: none are.
    block, least_block : int
        Subjects of one block of lists, and from which on lists are worth building.
    build_from : int
        Probes in one call of `pairs` from which lists are built at once.
    **cascade
        As for `CascadeBackend`.
    """

    name = "index"

    def __init__(
        self,
        *,
        cells: int = index.CELLS,
        most_bytes: int = MOST_BYTES,
        block: int = lists.BLOCK,
        least_block: int = lists.LEAST,
        build_from: int = BUILD_FROM,
        **cascade: Any,
    ) -> None:
        super().__init__(**cascade)
        self.block, self.least_block, self.build_from = block, least_block, build_from
        self.cells, self.most_bytes = cells, most_bytes
        self._lock = threading.Lock()
        self._met: weakref.WeakSet[Part] = weakref.WeakSet()
        self._built: weakref.WeakKeyDictionary[Part, tuple[InvertedLists, ...]] = (
            weakref.WeakKeyDictionary()
        )

    def method(self, references: View) -> str:
        """See `Backend`: by lists, as far as there are any or they are built."""
        listed = self.most_bytes or any(self._lists(part) for part in references.parts)
        return self.name if listed else CascadeBackend.name

    def search_several(
        self, asked: Sequence[Questions], references: View
    ) -> list[list[Candidates]]:
        """See `CascadeBackend.search_several`."""
        queries = [one.query for _, questions in asked for one in questions]
        if queries:
            self._meet(references, queries[0].threads)
        return super().search_several(asked, references)

    def search_many(
        self, probes: Sequence[View], references: View, query: SearchQuery
    ) -> Iterator[Candidates]:
        """`search` of each probe, to the bit, sooner: some go through lists together."""
        self._meet(references, query.threads)
        return search_together(self, probes, references, query)

    def _meet(self, references: View, threads: int) -> None:
        """Lists are built of what is searched again."""
        if not self.most_bytes:
            return
        with self._lock:
            again = [part for part in references.parts if part in self._met]
            self._met.update(references.parts)
        self._build(again, threads)

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """See `Backend`."""
        # Of all probes, not of those that are left: a resumed run finds what a whole one does.
        if self.most_bytes and probes.subjects >= self.build_from:
            self._build(references.parts, query.threads)
        yield from super().pairs(probes, references, query)

    @property
    def nbytes(self) -> int:
        """Bytes of the lists that were built and are kept now."""
        return sum(one.data.nbytes for built in self._built.values() for one in built)

    def _build(self, parts: Sequence[Part], threads: int) -> None:
        """Lists of all of some parts that have none, as far as the memory goes: the first first."""
        with self._lock:
            left = self.most_bytes - self.nbytes
            tasks: list[SubjectRange] = []
            for part in parts:
                if part.lists or part in self._built:
                    continue
                self._built[part] = ()
                for begin, end in lists.blocks(part.subjects, self.block, self.least_block):
                    part.check(begin, end)
                    left -= lists.size_of(part, begin, end)
                    if left < 0:
                        break
                    tasks.append((part, begin, end))
            made = run_slices(lambda task: lists.build(*task), tasks, threads)
            for (part, begin, _), data in zip(tasks, made, strict=True):
                self._built[part] = (*self._built[part], InvertedLists(data, begin))

    def _lists(self, part: Part) -> tuple[InvertedLists, ...]:
        return part.lists or self._built.get(part, ())

    def _ranges(self, references: View) -> list[SubjectRange]:
        found: list[SubjectRange] = []
        for part in references.parts:
            begin = 0
            for one in self._lists(part):
                if SPARSE * len(part.living(one.begin, one.end)) >= one.end - one.begin:
                    found.append((part, one.begin, one.end))
                else:
                    found += references.pieces(part, one.begin, one.end, self.range_size)
                begin = one.end
            found += references.pieces(part, begin, part.subjects, self.range_size)
        return found

    def _ready(self, probes: Part, slots: Slots, references: View) -> PreparedProbes:
        wanted = any(self._lists(part) for part in references.parts)
        return PreparedProbes(
            probes,
            slots,
            {
                slot: index.asked(probes, slot, self.fingers, self.cells)
                for slot in (slots.tolist() if wanted else ())
            },
        )

    def _together(self, probe: View, looks: int, references: View) -> PreparedProbes | None:
        if not 1 < looks <= index.MOST_LOOKS or self.turns > 1:
            return None
        if not any(self._lists(part) for part in references.parts):
            return None
        part, slot = probe.locate(0)
        row = index.asked(part, slot, 1, self.cells)
        return PreparedProbes(part, np.array([slot], np.int64), {slot: row})

    def _looks(
        self,
        whole: PreparedProbes | None,
        looks: Sequence[Look],
        part: Part,
        begin: int,
        end: int,
        keeps: Sequence[int],
    ) -> list[Candidates]:
        made = self._made(part, begin, end)
        if whole is None or made is None:
            return super()._looks(whole, looks, part, begin, end, keeps)
        part.check_lists(begin, end)
        ((slot, row),) = whole.asked.items()
        wanted = [
            index.Look(one.positions, one.rules.swapped, keep)
            for one, keep in zip(looks, keeps, strict=True)
        ]
        return index.looks(
            whole.probes, slot, row, part, made, wanted, fingers=self.fingers, cells=self.cells
        )

    def _by_lists(self, part: Part, begin: int, end: int) -> bool:
        return self._made(part, begin, end) is not None

    def _made(self, part: Part, begin: int, end: int) -> InvertedLists | None:
        whole = (one for one in self._lists(part) if (one.begin, one.end) == (begin, end))
        return next(whole, None)

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
        made = self._made(part, begin, end)
        if made is None:
            return super()._prefilter(ready, part, begin, end, keep, rules, after)
        part.check_lists(begin, end)
        return index.prefilter(
            ready.probes,
            ready.slots,
            [ready.asked[slot] for slot in ready.slots.tolist()],
            part,
            made,
            keep=keep,
            fingers=self.fingers,
            any_finger=rules.swapped,
            after=after,
            cells=self.cells,
        )
