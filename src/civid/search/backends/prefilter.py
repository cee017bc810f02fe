"""The prefilter: a look at every reference's codes, and the few that are worth a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid._native import address, check, ffi, lib
from civid._native.buffers import aligned
from civid.fingerprint.template import Template
from civid.search.arrays import encoding
from civid.search.arrays.index import Index
from civid.search.arrays.parts import Array, Part, Slots
from civid.search.arrays.prepared import check_gallery
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates
from civid.search.backends.rules import Rules

MAX_PROBES: int = lib.CIVID_PREFILTER_MAX_PROBES
MAX_RANGE: int = lib.CIVID_PREFILTER_MAX_RANGE


class PreparedProbes(NamedTuple):
    """Probes, and what the prefilter needs to know of them."""

    probes: Part
    slots: Slots
    asked: dict[int, npt.NDArray[np.uint16]]  # by slot: see `inverted_index.asked`


class Look(NamedTuple):
    """One question's first look: with which fingers of the probe (bit i = position i), how."""

    positions: int
    rules: Rules
    ready: list[PreparedProbes]  # in every direction in which they are looked for


def workspace(probes: int, references: int) -> Array:
    """Scratch for `prefilter`."""
    size = ffi.new("uint64_t *")
    check(lib.civid_prefilter_scratch_size(probes, references, size))
    return aligned(int(size[0]), np.uint8)


class TopKBuffer:
    """Room for the best `keep` candidates of each of some probes, which C fills."""

    def __init__(self, probes: int, keep: int):
        self._keep = keep
        self._candidates = np.empty(probes * keep, CANDIDATE_DTYPE)
        self._counts = np.zeros(probes, np.int64)

    def arguments(self) -> tuple[int, Any, Any]:
        """``keep, candidates, counts``: the last arguments of ``civid_prefilter``."""
        return (
            self._keep,
            address(self._candidates, "civid_candidate_t[]", writable=True),
            address(self._counts, "int64_t[]", writable=True),
        )

    def rows(self) -> list[Candidates]:
        """What was found, one array a probe."""
        return [
            self._candidates[p * self._keep : p * self._keep + count]
            for p, count in enumerate(self._counts.tolist())
        ]


def prefilter(
    probes: Part,
    slots: Slots,
    references: Part,
    begin: int,
    end: int,
    *,
    keep: int,
    fingers: int,
    any_finger: bool = False,
    after: Slots | None = None,
) -> list[Candidates]:
    """The `keep` subjects of references begin:end that look most like each probe.

    One array a probe, by ascending reference; its scores are standard deviations above an
    impostor's mean.

    Raises
    ------
    GalleryDamagedError
        A packed template that was looked at is damaged, as far as its header tells.
    """
    memory = workspace(len(slots), end - begin)
    kept = TopKBuffer(len(slots), keep)
    check_gallery(
        lib.civid_prefilter(
            probes.pointer,
            address(np.ascontiguousarray(slots, np.int64), "int64_t[]"),
            len(slots),
            references.pointer,
            begin,
            end,
            ffi.NULL if after is None else address(np.ascontiguousarray(after), "int64_t[]"),
            fingers,
            lib.CIVID_PREFILTER_ANY_FINGER if any_finger else 0,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            *kept.arguments(),
        )
    )
    return kept.rows()


def measure(
    templates: Sequence[Template],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """What both looks measure between every two templates, (n, n) each, row = probe.

    For training and for pictures; a template without minutiae counts as alike to nobody.
    """
    index = Index()
    index.append(
        [""] * len(templates), [[(0, encoding.encode(template))] for template in templates]
    )
    index.publish()
    part = index.part()
    full = np.flatnonzero([len(template) for template in templates])
    first, second = (np.zeros((len(templates),) * 2, np.int32) for _ in range(2))
    values = ffi.new("int32_t[2]")
    for i, a in enumerate(full.tolist()):
        for j, b in enumerate(full.tolist()):
            check(lib.civid_prefilter_measure(part.pointer, i, part.pointer, j, values, values + 1))
            first[a, b], second[a, b] = values[0], values[1]
    return first, second
