"""The same day by SimPy, event by event: slow, and written without a look at the recursion."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from civid.campaign.line import Day, Line
from civid.campaign.line.trace import Trace

HOUR = 3600.0


class Counter:
    """A counter that is run by a clock; reads arrivals, work, breakdowns and outages of a trace."""

    def __init__(self, line: Line, day: Day, drawn: Trace) -> None:
        self.env = simpy.Environment()
        self.line, self.day, self.drawn = line, day, drawn
        size, count = len(line.steps), len(drawn.arrive)
        self.start, self.leave = np.zeros((size, count)), np.zeros((size, count))
        self.queues: list[list[int]] = [[] for _ in range(size)]
        self.longest = [0] * size
        machines = [len(one) for one in drawn.downs]
        self.free = [[True] * number for number in machines]
        self.idle = [True] * len(line.shared)
        self.where = [-1] * len(line.shared)
        for citizen, time in enumerate(drawn.arrive):
            self.env.process(self.comes(citizen, float(time)))
        for time in sorted(self.moments()):
            self.env.process(self.wakes(time))

    def moments(self) -> set[float]:
        """When something becomes possible without anybody moving."""
        found = {start * HOUR for start, _ in self.day.hours}
        found |= {float(end) for step in self.drawn.downs for one in step for _, end in one}
        return found | {float(end) for _, end in self.drawn.outages}

    def run(self) -> None:
        self.env.run()

    def comes(self, citizen: int, time: float) -> Generator[Any, Any, None]:
        yield self.env.timeout(max(time, 0.0))
        self.queues[0].append(citizen)
        yield self.env.timeout(0)
        self.look()

    def wakes(self, time: float) -> Generator[Any, Any, None]:
        yield self.env.timeout(time)
        yield self.env.timeout(0)
        self.look()

    def is_open(self) -> bool:
        now, hours = self.env.now, self.day.hours
        if now >= hours[-1][1] * HOUR:
            return True
        return any(start * HOUR <= now < end * HOUR for start, end in hours)

    def is_offline(self, time: float) -> bool:
        return any(start <= time < end for start, end in self.drawn.outages)

    def machine(self, step: int) -> int | None:
        now = self.env.now
        for number, free in enumerate(self.free[step]):
            if free and not any(a <= now < b for a, b in self.drawn.downs[step][number]):
                return number
        return None

    def officer(self, step: int) -> int | None:
        able = [
            number
            for number, keys in enumerate(self.line.shared)
            if self.idle[number] and self.line.steps[step].key in keys
        ]
        there = [number for number in able if self.where[number] == step]
        return next(iter(there or able), None)

    def look(self) -> None:
        """Give work to whoever is free, the step nearest to the exit first."""
        for step in reversed(range(len(self.queues))):
            while self.queues[step] and self.is_open():
                if self.line.steps[step].offline == 0 and self.is_offline(self.env.now):
                    break
                machine = self.machine(step)
                officer = self.officer(step) if self.line.shared else 0
                if machine is None or officer is None:
                    break
                citizen = self.queues[step].pop(0)
                self.free[step][machine] = False
                walk = 0.0
                if self.line.shared:
                    self.idle[officer] = False
                    if self.where[officer] not in (-1, step):
                        walk = self.line.walk
                    self.where[officer] = step
                self.env.process(self.serves(step, citizen, machine, officer, walk))
            self.longest[step] = max(self.longest[step], len(self.queues[step]))

    def serves(
        self, step: int, citizen: int, machine: int, officer: int, walk: float
    ) -> Generator[Any, Any, None]:
        if walk:
            yield self.env.timeout(walk)
        self.start[step, citizen] = self.env.now
        left = float(self.drawn.work[step, citizen])
        factor = self.line.steps[step].offline
        if factor not in (0.0, 1.0) and self.is_offline(self.env.now):
            left *= factor
        for begin, end in self.drawn.downs[step][machine]:
            if end <= self.env.now:
                continue
            if begin >= self.env.now + left:
                break
            worked = max(begin - self.env.now, 0.0)
            yield self.env.timeout(worked)
            left -= worked
            yield self.env.timeout(end - self.env.now)
        yield self.env.timeout(left)
        self.leave[step, citizen] = self.env.now
        self.free[step][machine] = True
        if self.line.shared:
            self.idle[officer] = True
        if step + 1 < len(self.queues):
            self.queues[step + 1].append(citizen)
        yield self.env.timeout(0)
        self.look()
