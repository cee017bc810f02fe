"""The cascade with an inverted index as its prefilter: ``Gallery(backend="index")``.

The index costs memory, time to build it and some mates: ``docs/explain/sublinear.md``.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from civid.search.arrays.parts import Part, Slots, View
from civid.search.arrays.slices import run_slices
from civid.search.backends import inverted_index as lists
from civid.search.backends.base import Candidates, PairsQuery, SearchQuery
from civid.search.backends.cascade import CascadeBackend, PreparedProbes, SubjectRange
from civid.search.backends.prefilter import prefilter
from civid.search.backends.rules import Rules

#: Subjects of a range from which lists pay; in smaller ones a scan is as fast.
LEAST_RANGE = 1024
#: Fingers that lists can number.
MOST_FINGERS = 65536
#: Bytes of lists that a backend keeps; what would exceed them is scanned.
MOST_BYTES = 4 << 30
#: Probes of one call from which lists are built at once.
BUILD_FROM = 512


class IndexBackend(CascadeBackend):
    """See `Backend`. The same answer for any number of threads.

    Many probes in one call (`pairs`) build the lists of all references first. A single search uses
    what is there, and has lists built of each part that it meets for the second time: a segment of
    a gallery on disk stays, the tail is another part after each change and is scanned. Lists go
    with their part, and hold nothing of a subject that the part does not.

    Parameters
    ----------
    cells : int
        How much of the lists is looked at: 4, 8, 16, 32 or 64 centres a minutia.
    most_bytes : int
        Bound of the memory for lists.
    least_range : int
        Subjects of a range from which lists are worth building.
    build_from : int
        Probes in one call of `pairs` from which lists are built at once.
    **cascade
        As for `CascadeBackend`.
    """

    name = "index"

    def __init__(
        self,
        *,
        cells: int = lists.CELLS,
        most_bytes: int = MOST_BYTES,
        least_range: int = LEAST_RANGE,
        build_from: int = BUILD_FROM,
        **cascade: Any,
    ) -> None:
        super().__init__(**cascade)
        self.least_range, self.build_from = least_range, build_from
        self.cells, self.most_bytes = cells, most_bytes
        self._lock = threading.Lock()
        self._met: weakref.WeakSet[Part] = weakref.WeakSet()
        self._lists: weakref.WeakKeyDictionary[Part, dict[tuple[int, int], lists.InvertedIndex]] = (
            weakref.WeakKeyDictionary()
        )

    def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
        """See `Backend`."""
        with self._lock:
            again = [part for part in references.parts if part in self._met]
            self._met.update(references.parts)
        self._build(again, query.threads)
        return super().search(probe, references, query)

    def pairs(
        self, probes: View, references: View, query: PairsQuery
    ) -> Iterator[tuple[int, Candidates]]:
        """See `Backend`."""
        # Of all probes, not of those that are left: a resumed run finds what a whole one does.
        if probes.subjects >= self.build_from:
            self._build(references.parts, query.threads)
        yield from super().pairs(probes, references, query)

    @property
    def nbytes(self) -> int:
        """Bytes of the lists that are kept now."""
        return sum(one.data.nbytes for kept in self._lists.values() for one in kept.values())

    def _build(self, parts: Sequence[Part], threads: int) -> None:
        """Lists of all ranges of some parts, as far as the memory goes: the first ones first."""
        with self._lock:
            left = self.most_bytes - self.nbytes
            tasks: list[SubjectRange] = []
            for part in parts:
                if part in self._lists:
                    continue
                self._lists[part] = {}
                for begin in range(0, part.subjects, self.range_size):
                    end = min(begin + self.range_size, part.subjects)
                    fingers = int(part.first[end] - part.first[begin])
                    if end - begin < self.least_range or fingers > MOST_FINGERS:
                        continue
                    part.check(begin, end)
                    left -= lists.size_of(part, begin, end)
                    if left < 0:
                        break
                    tasks.append((part, begin, end))
            made = run_slices(lambda task: lists.InvertedIndex(*task), tasks, threads)
            for (part, begin, end), one in zip(tasks, made, strict=True):
                self._lists[part][begin, end] = one

    def _ready(self, probes: Part, slots: Slots, references: View) -> PreparedProbes:
        wanted = any(self._lists.get(part) for part in references.parts)
        return PreparedProbes(
            probes, slots, lists.nearest(probes, slots, self.cells) if wanted else None
        )

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
        made = self._lists.get(part, {}).get((begin, end))
        if made is None or ready.near is None:
            return prefilter(ready.probes, ready.slots, part, begin, end, keep=keep,
                        fingers=self.fingers, any_finger=rules.swapped, after=after)  # fmt: skip
        return lists.prefilter(
            ready.probes,
            ready.slots,
            ready.near,
            part,
            made,
            keep=keep,
            fingers=self.fingers,
            any_finger=rules.swapped,
            after=after,
            cells=self.cells,
        )
