"""What chance decides in a day, drawn once, before anything is served: keyed by citizen and step.

SplitMix64 as a function of a counter (Steele, Lea, Flood 2014): the draw of a citizen at a step is
the same whoever serves there, so two staffings are compared on the same day, not on two.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civid._jit import kernel

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)

#: Columns of the matrix of steps.
SECONDS, SPREAD, LAW, ELDERLY, AGAIN, ATTEMPTS, FAILS, REPAIR, OFFLINE, SERVERS = range(10)
#: Columns of the vector of a day.
CITIZENS, ARRIVALS, BATCH, LATE, NO_SHOW, OLD, OUTAGES, OUTAGE, UPLOAD, SLOWER = range(10)
#: Breakdowns of a machine, or outages, that a day holds at most.
MOST_DOWN = 64


@kernel
def mixed(bits: Any) -> Any:
    """A uint64 of which every bit depends on every bit of `bits`."""
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return bits ^ (bits >> _S31)


@kernel
def below(key: Any, number: int) -> Any:
    """The key of stream `number` under `key`."""
    return mixed(mixed(key + _STEP) ^ ((np.uint64(number) + np.uint64(1)) * _STEP))


@kernel
def uniform(key: Any, number: int) -> Any:
    """Above 0, below 1: draw `number` of the stream `key`."""
    bits = mixed(key + (np.uint64(number) + np.uint64(1)) * _STEP)
    return (float(bits >> _S11) + 0.5) * 1.1102230246251565e-16


@kernel
def normal(key: Any, number: int) -> Any:
    """Standard normal (Box and Muller); takes the draws `number` and `number` + 1."""
    radius = math.sqrt(-2.0 * math.log(uniform(key, number)))
    return radius * math.cos(2.0 * math.pi * uniform(key, number + 1))


@kernel
def clock(worked: float, sessions: Any) -> Any:
    """The time of day at which the door has been open for `worked` seconds."""
    left = worked
    for number in range(len(sessions)):
        length = sessions[number, 1] - sessions[number, 0]
        if left <= length or number == len(sessions) - 1:
            return sessions[number, 0] + left
        left -= length
    return left


@kernel
def draw_arrivals(key: Any, day: Any, sessions: Any, arrive: Any) -> int:
    """Fill in the times of arrival, ascending; gives how many come, at most what `arrive` holds."""
    total = 0.0
    for number in range(len(sessions)):
        total += sessions[number, 1] - sessions[number, 0]
    expected, pattern, size = day[CITIZENS], int(day[ARRIVALS]), int(day[BATCH])
    gaps, shows = below(key, 0), below(key, 1)
    invited = int(expected)
    count, worked, number = 0, 0.0, 0
    while count < len(arrive):
        if pattern == 1:
            if expected <= 0:
                break
            worked -= math.log(uniform(gaps, number)) * total / expected
            if worked >= total:
                break
            when = clock(worked, sessions)
        else:
            if number >= invited:
                break
            if pattern == 0:
                when = clock((number + 0.5) * total / expected, sessions)
                when += day[LATE] * 60.0 * normal(gaps, 2 * number)
                when = max(when, sessions[0, 0] - 1800.0)
            elif pattern == 2:
                groups = (invited + size - 1) // size
                when = clock((number // size) * total / groups, sessions)
            else:
                when = sessions[0, 0]
        if uniform(shows, number) >= day[NO_SHOW]:
            place = count
            while place > 0 and arrive[place - 1] > when:
                arrive[place] = arrive[place - 1]
                place -= 1
            arrive[place] = when
            count += 1
        number += 1
    return count


@kernel
def draw_work(key: Any, day: Any, steps: Any, count: int, work: Any) -> None:
    """Fill in seconds of work, (steps, citizens), repetitions and slowness included."""
    old = below(key, 2)
    for step in range(len(steps)):
        times = below(key, 10 + step)
        mean, law = steps[step, SECONDS] * day[SLOWER], int(steps[step, LAW])
        variance = math.log(1.0 + steps[step, SPREAD] ** 2)
        sigma, most = math.sqrt(variance), int(steps[step, ATTEMPTS])
        again, slow = steps[step, AGAIN], steps[step, ELDERLY]
        for citizen in range(count):
            first = citizen * (2 + most) if law == 2 or again > 0 else citizen
            if law == 0:
                time = mean
            elif law == 1:
                time = -mean * math.log(uniform(times, first))
            else:
                time = mean * math.exp(sigma * normal(times, first) - 0.5 * variance)
            if again > 0:
                done = 1
                while done < most and uniform(times, first + 1 + done) < again:
                    done += 1
                time *= done
            if day[OLD] > 0 and slow != 1.0 and uniform(old, citizen) < day[OLD]:
                time *= slow
            work[step, citizen] = time


@kernel
def draw_downs(key: Any, stream: int, up: float, down: float, until: float, downs: Any) -> int:
    """Fill in times out of order, (number, from and to), at random; gives how many."""
    if up <= 0:
        return 0
    own = below(key, 1000 + stream)
    now, count = 0.0, 0
    while count < len(downs):
        now -= up * math.log(uniform(own, 2 * count))
        if now >= until:
            break
        downs[count, 0] = now
        now -= down * math.log(uniform(own, 2 * count + 1))
        downs[count, 1] = now
        count += 1
    return count
