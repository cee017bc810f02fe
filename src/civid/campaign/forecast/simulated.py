"""Simulated campaigns, to hold forecasts against: made otherwise than forecasts are.

Teams start and stop, learn, have good and bad weeks, rest on some weekdays, run into the ceiling of
their machines, and are suspended: nothing here knows of levels that wander or of blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from civid.campaign.forecast.history import DAY, History, Openings

START = date(2021, 3, 1)
_MOST = 900


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign from its first day to its last.

    Attributes
    ----------
    quota : int
    history : History
        All of it, to the day on which the quota was reached.
    suspensions : tuple of (date, date)
        First and last day; each is announced on its first.
    weekdays_off : frozenset of int
    capacity : float
        What its machines can do in a day.
    """

    quota: int
    history: History
    suspensions: tuple[tuple[date, date], ...]
    weekdays_off: frozenset[int]
    capacity: float

    @property
    def completed(self) -> date:
        """The day on which the quota was reached."""
        return self.history.last

    def openings(self, today: date) -> Openings:
        """What is known on the evening of a day: suspensions that have begun."""
        known = tuple(pause for pause in self.suspensions if pause[0] <= today)
        return Openings(suspensions=known, weekdays_off=self.weekdays_off)


def simulated(seed: int) -> Campaign:
    """One campaign; the same for the same seed.

    >>> one = simulated(3)
    >>> one.history.total >= one.quota, one.history.first
    (True, datetime.date(2021, 3, 1))
    """
    rng = np.random.default_rng([20210301, seed])
    quota = int(np.exp(rng.uniform(np.log(2e4), np.log(1e6))))
    planned = quota / rng.uniform(60, 150)
    weekdays = rng.normal(1, 0.06, 7)
    weekdays[5], weekdays[6] = rng.uniform(0.6, 1.15), rng.uniform(0.3, 1.0)
    off = frozenset({6}) if rng.random() < 0.35 else frozenset()
    slow, tempo = rng.uniform(0.2, 0.65), rng.uniform(3, 12)
    memory, noise = rng.uniform(0, 0.7), rng.uniform(0.05, 0.3)
    capacity = planned * rng.uniform(1.25, 2.2)
    teams, shock = 1.0, 0.0
    pauses = _pauses(rng)
    counts: dict[date, int] = {}
    total, worked, day = 0, 0, START
    while total < quota and len(counts) < _MOST:
        if rng.random() < 1 / 30:  # teams come and go
            teams = min(max(teams * np.exp(rng.normal(0, 0.18)), 0.4), 2.5)
        shock = memory * shock + np.sqrt(1 - memory**2) * rng.normal(0, noise)
        closed = day.weekday() in off or any(first <= day <= last for first, last in pauses)
        count = 0
        if not closed:
            learnt = 1 - slow * np.exp(-worked / tempo)
            mean = planned * teams * learnt * weekdays[day.weekday()]
            count = int(min(mean * np.exp(shock - 0.5 * noise**2), capacity))
            worked += 1
        counts[day] = count
        total += count
        day += DAY
    return Campaign(quota, History.of(counts), pauses, off, float(capacity))


def _pauses(rng: np.random.Generator) -> tuple[tuple[date, date], ...]:
    every = rng.uniform(50, 150)
    found: list[tuple[date, date]] = []
    at = START + timedelta(days=3)
    while True:
        at += timedelta(days=int(rng.exponential(every)) + 1)
        if (at - START).days > _MOST:
            return tuple(found)
        last = at + timedelta(days=int(rng.integers(3, 16)) - 1)
        found.append((at, last))
        at = last
