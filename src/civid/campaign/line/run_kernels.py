"""Days of a line, one after the other, and what is measured of each."""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel
from civid.campaign.line.departure_kernels import begun, depart
from civid.campaign.line.draw_kernels import (
    FAILS,
    MOST_DOWN,
    OUTAGE,
    OUTAGES,
    REPAIR,
    SERVERS,
    UPLOAD,
    below,
    draw_arrivals,
    draw_downs,
    draw_work,
)
from civid.campaign.line.event_kernels import depart_shared

#: What is measured of a day.
CAME, FINISHED, TIME, TIME_90, LAST, UNSENT, SENT = range(7)
#: And of a step: mean wait in seconds, longest queue, seconds taken.
WAIT, QUEUE, BUSY = range(3)


@kernel
def draw_day(
    key: Any, day: Any, steps: Any, sessions: Any, arrive: Any, work: Any,
    downs: Any, counts: Any, out: Any,
) -> Any:  # fmt: skip
    """Draw a whole day; gives how many come, and how many outages there are."""
    count = draw_arrivals(key, day, sessions, arrive)
    draw_work(key, day, steps, count, work)
    until = sessions[len(sessions) - 1, 1] + 21600.0
    for step in range(len(steps)):
        for server in range(int(steps[step, SERVERS])):
            counts[step, server] = draw_downs(
                key, 100 * step + server, steps[step, FAILS], steps[step, REPAIR], until,
                downs[step, server],
            )  # fmt: skip
    up = until / day[OUTAGES] if day[OUTAGES] > 0 else 0.0
    outs = draw_downs(key, 9000, up, day[OUTAGE], until, out)
    return count, outs


@kernel
def unsent(ready: Any, seconds: float, sessions: Any, out: Any, outs: int) -> Any:
    """The longest queue of dossiers that wait to be sent, and when the last one is; sorts."""
    if seconds <= 0.0 or len(ready) == 0:
        return 0, 0.0
    ready.sort()
    sent = np.empty(len(ready))
    free, most, gone = 0.0, 0, 0
    whole_day = sessions[:0]
    for place in range(len(ready)):
        free = begun(max(free, ready[place]), whole_day, out, 0, out, outs) + seconds
        sent[place] = free
        while sent[gone] <= ready[place]:
            gone += 1
        most = max(most, place - gone + 1)
    return most, free


@kernel
def run_days(
    key: Any, first: int, days: int, day: Any, steps: Any, sessions: Any, can: Any, walk: float,
    room: int, measured: Any, at_steps: Any, loads: Any,
) -> None:  # fmt: skip
    """Simulate days ``first`` and on, each under a key of its own, and measure them.

    ``measured`` is (days, 7), ``at_steps`` (days, steps, 3), ``loads`` (days, officers); ``room``
    is the most citizens of a day. An empty ``can`` means that every officer has one step.
    """
    width = 1
    for step in range(len(steps)):
        width = max(width, int(steps[step, SERVERS]))
    arrive, at, who = np.empty(room), np.empty(room), np.empty(room, np.int64)
    work = np.empty((len(steps), room))
    start, leave = np.empty((len(steps), room)), np.empty((len(steps), room))
    downs = np.empty((len(steps), width, MOST_DOWN, 2))
    counts = np.zeros((len(steps), width), np.int64)
    out = np.empty((MOST_DOWN, 2))
    longest = np.zeros(len(steps), np.int64)
    for number in range(days):
        own = below(key, first + number)
        count, outs = draw_day(own, day, steps, sessions, arrive, work, downs, counts, out)
        if len(can):
            depart_shared(
                arrive, count, work, steps, can, walk, sessions, downs, counts, out, outs,
                start, leave, longest, loads[number],
            )  # fmt: skip
        else:
            depart(
                arrive, count, work, steps, sessions, downs, counts, out, outs, who, at,
                start, leave, longest,
            )  # fmt: skip
        close, last = sessions[len(sessions) - 1, 1], len(steps) - 1
        measured[number, :] = 0.0
        measured[number, CAME] = count
        at_steps[number, :, :] = 0.0
        for citizen in range(count):
            end = leave[last, citizen]
            measured[number, FINISHED] += end <= close
            measured[number, LAST] = max(measured[number, LAST], end)
            at[citizen] = end - arrive[citizen]
            measured[number, TIME] += at[citizen] / count
            before = arrive[citizen]
            for step in range(len(steps)):
                at_steps[number, step, WAIT] += (start[step, citizen] - before) / count
                before = leave[step, citizen]
                at_steps[number, step, BUSY] += before - start[step, citizen]
        at_steps[number, :, QUEUE] = longest
        if count:
            at[:count].sort()
            measured[number, TIME_90] = at[int(0.9 * (count - 1))]
            at[:count] = leave[last, :count]
            most, sent = unsent(at[:count], day[UPLOAD], sessions, out, outs)
            measured[number, UNSENT], measured[number, SENT] = most, sent
