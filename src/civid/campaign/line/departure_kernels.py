"""When everybody leaves every step, by recursion: no clock, no list of events.

At a step with servers side by side, whoever comes next goes to the server that can begin first:
``leave = max(arrive, free) + work`` (Lindley 1952; for several servers Kiefer and Wolfowitz 1955).
Breaks delay a beginning; a breakdown interrupts, and work goes on where it stopped. The next step
sees citizens in the order in which they leave this one. Exact for queues without limit that are
served in order of arrival; shared officers need `event_kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel
from civid.campaign.line.draw_kernels import OFFLINE, SERVERS


@kernel
def opened(time: float, sessions: Any) -> float:
    """The first time from `time` on at which somebody may be called up; after closing, any."""
    for number in range(len(sessions)):
        if time < sessions[number, 0]:
            return float(sessions[number, 0])
        if time < sessions[number, 1]:
            return time
    return time


@kernel
def out_of(time: float, downs: Any, count: int) -> float:
    """The first time from `time` on that lies in none of the first `count` intervals."""
    for number in range(count):
        if time < downs[number, 0]:
            return time
        if time < downs[number, 1]:
            return float(downs[number, 1])
    return time


@kernel
def within(time: float, downs: Any, count: int) -> bool:
    """Whether a time lies in one of the first `count` intervals."""
    for number in range(count):
        if time < downs[number, 0]:
            return False
        if time < downs[number, 1]:
            return True
    return False


@kernel
def begun(time: float, sessions: Any, downs: Any, count: int, out: Any, outs: int) -> float:
    """The first time from `time` on at which door, machine and network allow to begin."""
    while True:
        later = out_of(out_of(opened(time, sessions), downs, count), out, outs)
        if later == time:
            return time
        time = later


@kernel
def ended(start: float, work: float, downs: Any, count: int) -> float:
    """When work from `start` on is done, on a machine that is down now and then, even at once."""
    end = start + work
    for number in range(count):
        if downs[number, 1] <= start:
            continue
        if downs[number, 0] >= end:
            break
        end += downs[number, 1] - max(downs[number, 0], start)
    return end


@kernel
def depart(
    arrive: Any,
    count: int,
    work: Any,
    steps: Any,
    sessions: Any,
    downs: Any,
    counts: Any,
    out: Any,
    outs: int,
    who: Any,
    at: Any,
    start: Any,
    leave: Any,
    longest: Any,
) -> None:
    """Fill in when each citizen begins and leaves each step, (steps, citizens); the longest queues.

    ``downs`` is (steps, servers, number, 2) and ``counts`` says how many hold; ``out`` are network
    outages. ``who`` and ``at`` are scratch of the length of ``arrive``.
    """
    free = np.empty(downs.shape[1])
    begin = np.empty(count)
    for citizen in range(count):
        who[citizen] = citizen
        at[citizen] = arrive[citizen]
    for step in range(len(steps)):
        servers, offline = int(steps[step, SERVERS]), steps[step, OFFLINE]
        waits = outs if offline == 0.0 else 0
        free[:servers] = 0.0
        called, longest[step] = 0, 0
        for place in range(count):
            best, first = 0, np.inf
            for server in range(servers):
                time = max(free[server], at[place])
                if time < first:
                    time = begun(
                        time, sessions, downs[step, server], counts[step, server], out, waits
                    )
                    if time < first:
                        best, first = server, time
            begin[place] = first  # ascending: in order of arrival
            while called < place and begin[called] <= at[place]:
                called += 1
            citizen = who[place]
            needs = work[step, citizen]
            if outs > 0 and offline != 1.0 and offline > 0.0 and within(first, out, outs):
                needs *= offline
            end = ended(first, needs, downs[step, best], counts[step, best])
            free[best] = end
            if first > at[place]:
                longest[step] = max(longest[step], place - called + 1)
            start[step, citizen] = first
            leave[step, citizen] = end
            at[place] = end
        # Who overtakes goes before in the next step; the order is almost right already.
        for place in range(1, count):
            end, citizen, spot = at[place], who[place], place
            while spot > 0 and at[spot - 1] > end:
                at[spot], who[spot] = at[spot - 1], who[spot - 1]
                spot -= 1
            at[spot], who[spot] = end, citizen
