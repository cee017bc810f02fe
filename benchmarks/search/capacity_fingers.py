"""Numbers of fingers that no record has: foretold from two and ten, measured in the same run."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from capacity_galleries import FINGERS, TEN, folder_of, make, strangers

from civid import cpu
from civid.position import Position
from civid.search import Gallery
from civid.search.capacity.costs.fingers import known
from civid.search.capacity.costs.timing import cpu_of_search, time_sweep

#: Different people; copies of them fill the galleries.
DISTINCT = 2_000
PROBES, ROUNDS = 12, 3


def positions(number: int) -> tuple[Position, ...]:
    return FINGERS[:number] if number <= len(FINGERS) else TEN[:number]


def between(work: Path, subjects: int, numbers: list[int]) -> list[dict[str, Any]]:
    """Processor seconds of a search, and of a probe of a sweep, with so many fingers.

    All numbers take turns, so that other work on the machine makes all of them dearer; the least of
    three rounds, of which the median over the probes.
    """
    outer = (len(FINGERS), len(TEN))
    taken = sorted({*outer, *numbers})
    for one in taken:
        make(work, [subjects], DISTINCT, positions(one))
    load = os.getloadavg()[0]
    probes = {one: strangers(64, positions(one)) for one in taken}
    with ExitStack() as stack:
        galleries = {
            one: stack.enter_context(
                Gallery.open(folder_of(work, subjects, positions(one)), read_only=True)
            )
            for one in taken
        }
        for one in taken:
            cpu_of_search(galleries[one], probes[one][0])
        spent = np.array([
            [[cpu_of_search(galleries[one], probes[one][k]) for one in taken]
             for k in range(PROBES)]
            for _ in range(ROUNDS)
        ])  # fmt: skip
        swept = np.array([
            [time_sweep(galleries[one], probes[one]).cpu_s_a_probe for one in taken]
            for _ in range(ROUNDS)
        ])  # fmt: skip
    found = {"search": np.median(spent.min(0), axis=0), "sweep": swept.min(0)}
    rows = []
    for what, seconds in found.items():
        real = dict(zip(taken, seconds.tolist(), strict=True))
        for number in taken:
            foretold = known([(one, subjects, real[one]) for one in outer], number).likely(subjects)
            rows.append({
                "what": what, "fingers": number, "subjects": subjects, "measured_s": real[number],
                "foretold_s": foretold if number >= outer[0] else None, "isa": cpu.active(),
                "load": load,
            })  # fmt: skip
    return rows
