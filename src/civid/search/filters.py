"""A search among some: a view of a gallery in which the others are passed over.

The mask is the one by which removed subjects are passed over, so every backend and C honour it, and
a view counts as large as what is left: thresholds, rates and how many are compared follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from civid._native import address, ffi
from civid.errors import SearchError
from civid.search.arrays.parts import Array, Part, View
from civid.search.fingers import barred_character
from civid.search.segments.part import SegmentIds
from civid.search.segments.segment import Segment, id_hashes
from civid.search.subject_directory import SubjectDirectory


class SomeOf(Part):
    """The same arrays with another mask. The whole part lives as long as this one."""

    __slots__ = ("_whole",)

    def __init__(self, whole: Part, alive: Array):
        for name in Part.__slots__:
            if name != "__weakref__" and hasattr(whole, name):
                setattr(self, name, getattr(whole, name))
        self._whole, self.alive = whole, alive
        mask = address(alive, "uint8_t[]")
        self._arrays = (*whole._arrays[:4], mask, *whole._arrays[5:])  # keeps it alive
        self.pointer = ffi.new("civid_part_t *", whole.pointer[0])
        self.pointer.alive = mask

    def check(self, begin: int, end: int) -> None:
        """See `Part.check`."""
        self._whole.check(begin, end)

    def check_lists(self, begin: int, end: int) -> None:
        """See `Part.check_lists`."""
        self._whole.check_lists(begin, end)


class SomeView(View):
    """A view of which only some are looked at. Ranges without anybody are left out."""

    __slots__ = ()

    def pieces(self, part: Part, begin: int, end: int, size: int) -> list[tuple[Part, int, int]]:
        """The living among them in pieces of at most `size`."""
        found = []
        living = part.living(begin, end)
        at = 0
        while at < len(living):
            start = int(living[at])
            after = int(np.searchsorted(living, start + size))
            found.append((part, start, int(living[after - 1]) + 1))
            at = after
        return found


def ids_given(subjects: Iterable[str], what: str) -> Collection[str]:
    """Check what was given for `among` or `without`; ids of nobody do no harm."""
    if isinstance(subjects, (str, bytes)) or not isinstance(subjects, Iterable):
        raise SearchError(f"{what} must be a collection of subject ids")
    found = set(subjects)
    if not all(isinstance(one, str) for one in found):
        raise SearchError(f"{what} must hold subject ids, as they were enrolled")
    return found


class Filter(NamedTuple):
    """Among whom a search is made.

    Attributes
    ----------
    among : collection of str, or None
        Only these.
    without : collection of str
        Not these.
    sequences : array, or None
        Only these, by sequence number, ascending.
    """

    among: Collection[str] | None = None
    without: Collection[str] = ()
    sequences: npt.NDArray[np.int64] | None = None

    def view(self, directory: SubjectDirectory) -> View:
        """What a gallery has now of them. Subjects that are not there are passed over."""
        if self.among is None and not self.without and self.sequences is None:
            return directory.view()
        wanted = {*(self.among or ()), *self.without}
        with directory.lock:
            view = directory.view()
            slots = directory.slots
            tail = {name: slots[name] for name in slots.keys() & wanted}  # goes over the fewer
            tagged = directory.tail_sequences()[: view.parts[-1].subjects]
        masks = [np.ones(part.subjects, np.uint8) for part in view.parts]
        if self.sequences is not None:
            tables = [*(_rows(part).sequences for part in view.parts[:-1]), tagged]
            for table, mask in zip(tables, masks, strict=True):
                mask[:] = np.isin(table, self.sequences, assume_unique=True)
        if self.among is not None:
            for mask, places in zip(masks, _places(view, tail, self.among), strict=True):
                kept = np.zeros_like(mask)
                kept[places] = mask[places]
                mask[:] = kept
        for mask, places in zip(masks, _places(view, tail, self.without), strict=True):
            mask[places] = 0
        return SomeView(
            [SomeOf(part, mask & part.alive) for part, mask in zip(view.parts, masks, strict=True)]
        )


def slot_of(directory: SubjectDirectory, subject: str) -> tuple[View, int | None]:
    """A view, and where somebody stands in it; None = nowhere."""
    known = isinstance(subject, str)
    with directory.lock:
        view = directory.view()
        tail = {subject: directory.slots[subject]} if known and subject in directory.slots else {}
    for part, places in zip(view.parts, _places(view, tail, [subject] * known), strict=True):
        if places:
            return view, part.base + places[0]
    return view, None


def check_slot(view: View, slot: int) -> None:
    """Prove that what a comparison reads of one subject is undamaged."""
    part, place = view.locate(slot)
    part.check(place, place + 1)


def _rows(part: Part) -> Segment:
    ids = part.ids
    assert isinstance(ids, SegmentIds)  # all parts of a view but the last, the tail
    return ids.segment


def _places(view: View, tail: Mapping[str, int], subjects: Collection[str]) -> list[list[int]]:
    """By part: where these subjects stand."""
    found: list[list[int]] = [[] for _ in view.parts]
    elsewhere: list[str] = []
    for name in subjects:
        if name in tail:
            found[-1].append(tail[name])
        elif name.isascii() or barred_character(name) is None:  # else nobody is called so
            elsewhere.append(name)
    if len(view.parts) > 1:
        hashes = id_hashes(elsewhere)
        for part, places in zip(view.parts[:-1], found, strict=False):
            # An id comes again where a subject was replaced within one segment's span.
            rows = _rows(part).rows_of(elsewhere, hashes)
            places += [row for _, row in rows if part.alive[row]]
    return found
