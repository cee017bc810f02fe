"""Subjects on their way into a segment, until there are enough of them for a block of lists."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from civid._native.buffers import aligned
from civid.search.arrays.inverted_lists import build
from civid.search.arrays.parts import Array, Part


class Searched(Protocol):
    """What lists need to know of some subjects; see `civid.search.segments.writer.Batch`."""

    @property
    def finger_counts(self) -> Any: ...

    @property
    def positions(self) -> Any: ...

    @property
    def sizes(self) -> Any: ...

    @property
    def block(self) -> Any: ...

    @property
    def codes(self) -> Any: ...

    @property
    def details(self) -> Any: ...


class WaitingForLists:
    """Copies of batches, in order: a slice would keep its segment mapped."""

    def __init__(self) -> None:
        self._batches: list[dict[str, Array]] = []
        self._subjects = 0

    def __len__(self) -> int:
        return self._subjects

    def add(self, batch: Searched) -> None:
        """Add subjects."""
        names = ("finger_counts", "positions", "sizes", "block", "codes", "details")
        self._batches.append({name: np.array(getattr(batch, name)) for name in names})
        self._subjects += len(batch.finger_counts)

    def build(self, subjects: int) -> Array:
        """The bytes of the lists of the first so many, which do not wait any longer."""
        joined = {
            name: np.concatenate([one[name] for one in self._batches]) for name in self._batches[0]
        }
        first = np.concatenate([[0], np.cumsum(joined["finger_counts"])]).astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(joined["sizes"])]).astype(np.uint64)
        block = aligned(len(joined["block"]), np.uint8)
        block[:] = joined["block"]
        part = Part(
            block,
            offsets,
            joined["codes"],
            joined["details"],
            joined["positions"],
            first,
            np.ones(len(first) - 1, np.uint8),
            (),
        )
        fingers = int(first[subjects])
        start, words = int(offsets[fingers]), int(offsets[fingers]) // 8 - fingers
        rest = {
            "finger_counts": joined["finger_counts"][subjects:],
            "positions": joined["positions"][fingers:],
            "sizes": joined["sizes"][fingers:],
            "block": joined["block"][start:],
            "codes": joined["codes"][words:],
            "details": joined["details"][words:],
        }
        self._subjects -= subjects
        self._batches = [rest] if self._subjects else []
        return build(part, 0, subjects)
