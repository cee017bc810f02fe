"""A segment of the store as a part of a view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from civid.fingerprint.scores.extractors import is_measured
from civid.search.arrays import encoding
from civid.search.arrays.inverted_lists import InvertedLists, opened
from civid.search.arrays.packing import INDEX_VERSION, Arrays, arrays_of
from civid.search.arrays.parts import Array, Part
from civid.search.segments.segment import Segment


class SegmentIds(Sequence[str]):
    """The ids of a segment, read when asked for."""

    def __init__(self, segment: Segment):
        self.segment = segment

    def __len__(self) -> int:
        return self.segment.subjects

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self.segment.id(one) for one in range(*row.indices(len(self)))]
        return self.segment.id(row)


class SegmentPart(Part):
    """Maps nothing itself: the arrays are the segment's. Of another version of the index they are
    made anew from the templates, which takes long, until a compaction writes the segment anew."""

    __slots__ = ("_records", "_segment")

    def __init__(self, segment: Segment, alive: Array, base: int, threads: int):
        current = segment.index_version == INDEX_VERSION
        arrays = _arrays(segment) if current else _made_anew(segment, threads)
        self._records, self._segment = segment, segment if current else None
        lists: tuple[InvertedLists, ...] = ()
        if current:
            lists = opened(segment.lists, segment.subjects)
        super().__init__(
            *arrays, segment.positions, segment.first, alive, SegmentIds(segment), base, lists
        )

    def check(self, begin: int, end: int) -> None:
        """See `Part.check`; each chunk of the file is looked at once.

        Raises
        ------
        GalleryDamagedError
            A check failed.
        """
        if self._segment is None or begin >= end:
            return
        low, high, start, stop = self._place(begin, end)
        self._segment.check("codes", start // 8 - low, stop // 8 - high)
        self._segment.check("details", start // 8 - low, stop // 8 - high)
        self._segment.check("block", start, stop)

    def check_lists(self, begin: int, end: int) -> None:
        """See `Part.check_lists`; raises as `check` does."""
        if self._segment is None or begin >= end:
            return
        at = 0
        for one in self.lists:
            if one.begin < end and begin < one.end:
                self._segment.check("lists", at, at + len(one.data))
            at += len(one.data)
        _, _, start, stop = self._place(begin, end)
        self._segment.check("block", start, stop)

    def unmeasured(self, place: int) -> frozenset[int]:
        """See `Part.unmeasured`: the subject's record says it; raises as `check` does."""
        return frozenset(
            position
            for position, data in self._records.fingers_of(place)
            if not is_measured(encoding.extractor(data))
        )

    def _place(self, begin: int, end: int) -> tuple[int, int, int, int]:
        low, high = int(self.first[begin]), int(self.first[end])
        return low, high, int(self.offsets[low]), int(self.offsets[high])


def _arrays(segment: Segment) -> Arrays:
    return Arrays(segment.block, segment.offsets, segment.codes, segment.details)


def _made_anew(segment: Segment, threads: int) -> Arrays:
    templates = [
        data
        for row in range(segment.subjects)
        for _, data in segment.fingers_of(row)
        if encoding.count(data)
    ]
    return arrays_of(templates, threads)
