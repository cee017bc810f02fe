"""One day, citizen by citizen: what was drawn, and when everybody began and left every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civid.campaign.line.day import Day
from civid.campaign.line.matrices import Numbers, key_of, matrices
from civid.campaign.line.steps import Line


@dataclass(frozen=True, slots=True)
class Trace:
    """One day; times are seconds of the clock, citizens in the order in which they come.

    Attributes
    ----------
    arrive : array (citizens,)
    work, start, leave : array (steps, citizens)
        Seconds of work that were drawn; when each begins and leaves each step.
    downs : tuple of tuple of array (number, 2)
        For each step and each of its servers, when it is out of order.
    outages : array (number, 2)
        When the network is out.
    longest : array (steps,) int
        Longest queue before each step.
    """

    arrive: Numbers
    work: Numbers
    start: Numbers
    leave: Numbers
    downs: tuple[tuple[Numbers, ...], ...]
    outages: Numbers
    longest: NDArray[np.int64]


def trace(line: Line, day: Day, seed: int = 1, number: int = 0) -> Trace:
    """Day ``number`` of those that `simulate` sees under a seed.

    >>> from civid.campaign.line import preset
    >>> one = trace(preset("7-nguoi-6-buoc"), Day(3, late=0))
    >>> one.start.shape, bool((one.leave > one.start).all())
    ((6, 3), True)
    """
    from civid.campaign.line import draw_kernels, run_kernels
    from civid.campaign.line.departure_kernels import depart
    from civid.campaign.line.event_kernels import depart_shared

    given = matrices(line, day)
    size, width = len(line.steps), max(1, int(given.steps[:, draw_kernels.SERVERS].max()))
    arrive, work = np.empty(given.room), np.empty((size, given.room))
    downs = np.empty((size, width, draw_kernels.MOST_DOWN, 2))
    counts = np.zeros((size, width), np.int64)
    out = np.empty((draw_kernels.MOST_DOWN, 2))
    count, outs = run_kernels.draw_day(
        np.uint64(draw_kernels.below(key_of(seed), number)), given.day, given.steps, given.sessions,
        arrive, work, downs, counts, out,
    )  # fmt: skip
    start, leave = np.empty((size, given.room)), np.empty((size, given.room))
    longest = np.zeros(size, np.int64)
    if line.shared:
        depart_shared(
            arrive, count, work, given.steps, given.can, line.walk, given.sessions, downs, counts,
            out, outs, start, leave, longest, np.zeros(len(line.shared)),
        )  # fmt: skip
    else:
        depart(
            arrive, count, work, given.steps, given.sessions, downs, counts, out, outs,
            np.empty(given.room, np.int64), np.empty(given.room), start, leave, longest,
        )  # fmt: skip
    servers = given.steps[:, draw_kernels.SERVERS].astype(int)
    return Trace(
        arrive[:count],
        work[:, :count],
        start[:, :count],
        leave[:, :count],
        tuple(
            tuple(downs[step, server, : counts[step, server]] for server in range(servers[step]))
            for step in range(size)
        ),
        out[:outs],
        longest,
    )
