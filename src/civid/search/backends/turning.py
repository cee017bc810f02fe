"""Probes as they look turned round, for a first look that trusts directions.

Of a code only the eight bits of direction change; the second word, the centres that a minutia asks
and the fine stage's vote do not know which way is up. So a turned probe costs its looks, and
nothing to make (``docs/explain/search.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import ffi
from civid._native.buffers import aligned
from civid.search.arrays.parts import Array, Part, Slots
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates

#: A direction of a code is one of so many, as a Johnson code of half as many bits.
DIRECTIONS = 16
_BITS, _SHIFT, _BYTE = np.uint64(7), np.uint64(56), np.uint64(255)


def steps_of(turn: int, turns: int) -> int:
    """Sixteenths of a turn of look `turn` (0: upright) where there are `turns`, evenly around.

    >>> [steps_of(k, 4) for k in range(4)], [steps_of(k, 3) for k in range(3)]
    ([0, 4, 8, 12], [0, 5, 11])
    """
    return (2 * DIRECTIONS * turn + turns) // (2 * turns)


def turned_codes(codes: npt.NDArray[np.uint64], steps: int) -> npt.NDArray[np.uint64]:
    """First words of codes with directions so many sixteenths of a turn on.

    A Johnson code counts by a shift that brings in its last bit, inverted.
    """
    direction = codes >> _SHIFT
    for _ in range(steps % DIRECTIONS):
        direction = (direction << np.uint64(1) & _BYTE) | (direction >> _BITS ^ np.uint64(1))
    plain: npt.NDArray[np.uint64] = codes & ~(_BYTE << _SHIFT)
    return plain | direction << _SHIFT


def turned(part: Part, slots: Slots, steps: int) -> Part:
    """Some subjects of a part alone, numbered from 0, with their codes turned."""
    words = int(part.pointer.block_size) // 8
    block = _read(part.pointer.block, words, np.uint64)
    codes, details = (
        _read(one, words - part.fingers, np.uint64)
        for one in (part.pointer.codes, part.pointer.details)
    )
    spans = [(int(part.first[slot]), int(part.first[slot + 1])) for slot in slots.tolist()]
    fingers = np.concatenate([np.arange(*one) for one in spans] or [np.empty(0, int)]).astype(int)
    starts, ends = (part.offsets[fingers + k].astype(np.int64) // 8 for k in (0, 1))
    packed = [block[a:b] for a, b in zip(starts, ends, strict=True)]
    scanned = [slice(a - f, b - f - 1) for a, b, f in zip(starts, ends, fingers, strict=True)]
    own = aligned(8 * sum(map(len, packed)), np.uint8)
    own.view(np.uint64)[:] = _joined(packed)
    return Part(
        own,
        np.concatenate([[0], np.cumsum(8 * (ends - starts))]).astype(np.uint64),
        turned_codes(_joined([codes[one] for one in scanned]), steps),
        _joined([details[one] for one in scanned]),
        np.ascontiguousarray(part.positions[fingers]),
        np.concatenate([[0], np.cumsum([b - a for a, b in spans])]).astype(np.int64),
        np.ones(len(slots), np.uint8),
        (),
    )


def united(looks: Sequence[Candidates], keep: int, slot: int) -> Candidates:
    """What several looks at one range kept for a probe: of each reference its best value, and of
    these the best `keep`, by ascending reference."""
    every = np.concatenate([np.empty(0, CANDIDATE_DTYPE), *looks])
    every["probe"] = slot
    every = every[np.lexsort((-every["score"], every["reference"]))]
    every = every[np.diff(every["reference"], prepend=-1) != 0]
    best = np.lexsort((every["reference"], -every["score"]))[:keep]
    found: Candidates = every[np.sort(best)]
    return found


def _read(pointer: Any, items: int, kind: type[np.uint64]) -> Array:
    read: Array = np.frombuffer(ffi.buffer(ffi.cast("uint8_t *", pointer), 8 * items), kind)
    return read


def _joined(some: Sequence[Array]) -> npt.NDArray[np.uint64]:
    return np.concatenate([*some, np.empty(0, np.uint64)])
