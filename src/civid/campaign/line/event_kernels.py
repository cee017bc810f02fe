"""The same for officers who serve several steps: from one event to the next.

Whenever somebody arrives or is done, idle officers look for work, the step nearest to the exit
first: who is almost through leaves the room. Who stands at the step already takes it, else the
first idle officer who may, after walking there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel
from civid.campaign.line.departure_kernels import ended, opened, out_of, within
from civid.campaign.line.draw_kernels import OFFLINE, SERVERS


@kernel
def machine_for(step: int, time: float, steps: Any, free: Any, downs: Any, counts: Any) -> Any:
    """A machine that can begin now (else -1), and the next time at which one that is idle can."""
    later = np.inf
    for machine in range(int(steps[step, SERVERS])):
        if free[step, machine] <= time:
            ready = out_of(time, downs[step, machine], counts[step, machine])
            if ready <= time:
                return machine, time
            later = min(later, ready)
    return -1, later


@kernel
def officer_for(step: int, can: Any, idle: Any, where: Any) -> int:
    """An idle officer who may serve the step, best one who stands there; else -1."""
    found = -1
    for officer in range(len(can)):
        if idle[officer] and can[officer, step]:
            if where[officer] == step:
                return officer
            if found < 0:
                found = officer
    return found


@kernel
def depart_shared(
    arrive: Any,
    count: int,
    work: Any,
    steps: Any,
    can: Any,
    walk: float,
    sessions: Any,
    downs: Any,
    counts: Any,
    out: Any,
    outs: int,
    start: Any,
    leave: Any,
    longest: Any,
    load: Any,
) -> None:
    """Fill in when each citizen begins and leaves each step; what officers did, in seconds.

    ``can`` is (officers, steps); an officer's load holds the walks.
    """
    last, officers = len(steps) - 1, len(can)
    queue = np.empty((len(steps), count), np.int64)
    head = np.zeros(len(steps), np.int64)
    tail = np.zeros(len(steps), np.int64)
    free = np.zeros((len(steps), downs.shape[1]))
    idle = np.ones(officers, np.bool_)
    until = np.full(officers, np.inf)
    where = np.full(officers, -1, np.int64)
    serves = np.zeros(officers, np.int64)
    load[:] = 0.0
    longest[:] = 0
    coming, gone, wake = 0, 0, np.inf
    while gone < count:
        now = wake
        if coming < count:
            now = min(now, arrive[coming])
        for officer in range(officers):
            now = min(now, until[officer])
        wake = np.inf
        while coming < count and arrive[coming] <= now:
            queue[0, tail[0]] = coming
            tail[0] += 1
            coming += 1
        for officer in range(officers):
            if until[officer] <= now:
                citizen, step = serves[officer], where[officer]
                idle[officer], until[officer] = True, np.inf
                if step == last:
                    gone += 1
                else:
                    queue[step + 1, tail[step + 1]] = citizen
                    tail[step + 1] += 1
        ready = opened(now, sessions)
        if ready > now:
            wake = ready
        for step in range(last, -1, -1):
            offline = steps[step, OFFLINE]
            while ready <= now and head[step] < tail[step]:
                if outs > 0 and offline == 0.0 and within(now, out, outs):
                    wake = min(wake, out_of(now, out, outs))
                    break
                officer = officer_for(step, can, idle, where)
                if officer < 0:
                    break
                machine, later = machine_for(step, now, steps, free, downs, counts)
                if machine < 0:
                    wake = min(wake, later)
                    break
                citizen = queue[step, head[step]]
                head[step] += 1
                begin = now
                if where[officer] != step and where[officer] >= 0:
                    begin += walk
                needs = work[step, citizen]
                if outs > 0 and offline != 1.0 and offline > 0.0 and within(begin, out, outs):
                    needs *= offline
                end = ended(begin, needs, downs[step, machine], counts[step, machine])
                free[step, machine] = end
                idle[officer], until[officer] = False, end
                where[officer], serves[officer] = step, citizen
                start[step, citizen], leave[step, citizen] = begin, end
                load[officer] += end - now
            longest[step] = max(longest[step], tail[step] - head[step])
