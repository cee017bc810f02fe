"""Lines and days as the arrays that kernels take."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from civid.campaign.line.day import HOUR, MOST_CITIZENS, Arrivals, Day
from civid.campaign.line.steps import Line

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matrices:
    """What one call of a kernel is about."""

    steps: Numbers  # (steps, 10)
    day: Numbers  # (10,)
    sessions: Numbers  # (sessions, 2), seconds of the clock
    can: NDArray[np.bool_]  # (officers, steps); no rows: every officer has one step
    room: int


def matrices(line: Line, day: Day) -> Matrices:
    """The arrays of a line and a day."""
    own = len(line.shared)
    rows = [
        (
            step.seconds, step.spread, float(step.law), step.elderly, step.again, step.attempts,
            step.fails_every * HOUR, step.repair * 60.0, step.offline,
            (step.machines or own) if own else step.servers,
        )
        for step in line.steps
    ]  # fmt: skip
    can = np.array(
        [[step.key in officer for step in line.steps] for officer in line.shared], bool
    ).reshape(own, len(line.steps))
    room = day.citizens
    if day.arrivals is Arrivals.RANDOM:
        room = min(room + 10 * sqrt(room) + 20, MOST_CITIZENS)
    return Matrices(
        np.array(rows, float),
        np.array(
            [
                day.citizens, float(day.arrivals), day.batch, day.late, day.no_show, day.elderly,
                day.outages, day.outage * 60.0, day.upload, day.slower,
            ]
        ),
        np.array(day.hours, float) * HOUR,
        can,
        int(room) + 1,
    )  # fmt: skip


def key_of(seed: int) -> np.uint64:
    """The key of all that a seed decides."""
    return np.uint64(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
