"""Thừa Thiên Huế, spring 2021: 732,000 cards before 1 July, done on 8 June with over ten days lost.

What the source says (S4): the quota; 35 % of the daily quota at first, 210 % at the height; more
than ten days paused for Covid-19; done 23 days early; 95 team-days above 700 dossiers a machine.
What it does not say: the first day (1 March, as the whole country), which days were lost (here 5
to 15 May), and how the rate rose (here in a straight line). 732,000 in the 122 days to 30 June are
6,000 a day exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from civid.campaign.forecast.forecast import Forecast, forecast
from civid.campaign.forecast.history import DAY, History, Openings
from civid.campaign.forecast.waypoints import told_little

QUOTA = 732_000
START, DEADLINE = date(2021, 3, 1), date(2021, 6, 30)
DONE = date(2021, 6, 8)
PAUSE = (date(2021, 5, 5), date(2021, 5, 15))
DAILY_QUOTA = QUOTA // ((DEADLINE - START).days + 1)
LOW, HIGH = 0.35, 2.10
PER_MACHINE = 700


@dataclass(frozen=True, slots=True)
class Needed:
    """What had to change after the first week.

    Attributes
    ----------
    remaining, open_days : int
        Dossiers, and days to work until 8 June.
    per_day : float
        Dossiers a day.
    share : float
        The same against the daily quota; 1 is 100 %.
    times : float
        The same against the first week.
    machine_days : tuple of float
        Machines at 700 dossiers a day: in the first week, on average afterwards, at the height.
    """

    remaining: int
    open_days: int
    per_day: float
    share: float
    times: float
    machine_days: tuple[float, float, float]


def first_week() -> History:
    """Seven days at 35 % of the daily quota.

    >>> first_week().total
    14700
    """
    return History.of({START + DAY * number: round(LOW * DAILY_QUOTA) for number in range(7)})


def a_week_in(paths: int = 2000, seed: int = 1) -> Forecast:
    """What the forecast said on the evening of 7 March.

    >>> found = a_week_in(paths=300)
    >>> found.chance < 0.01, found.middle > date(2021, 9, 1)
    (True, True)
    """
    return forecast(
        first_week(), QUOTA, DEADLINE, assumptions=told_little(), paths=paths, seed=seed
    )


def what_had_to_change() -> Needed:
    """From the first week to 8 June, with eleven days lost.

    >>> needed = what_had_to_change()
    >>> needed.remaining, needed.open_days, round(needed.per_day), round(needed.share, 2)
    (717300, 82, 8748, 1.46)
    """
    week = first_week()
    works = Openings(suspensions=(PAUSE,))
    open_days = int(works.mask(week.last + DAY, (DONE - week.last).days).sum())
    remaining = QUOTA - week.total
    per_day = remaining / open_days
    low = LOW * DAILY_QUOTA
    return Needed(
        remaining,
        open_days,
        per_day,
        per_day / DAILY_QUOTA,
        per_day / low,
        (low / PER_MACHINE, per_day / PER_MACHINE, HIGH * DAILY_QUOTA / PER_MACHINE),
    )


def reconstructed() -> History:
    """One course that agrees with all that is known: a straight rise from 35 to 210 %, then level.

    How long the rise takes follows from the day on which it was done. One of many such courses.

    >>> made = reconstructed()
    >>> made.last, made.total >= QUOTA, made.until(date(2021, 6, 7)).total < QUOTA
    (datetime.date(2021, 6, 8), True, True)
    """
    week = first_week()
    days = [week.last + DAY * number for number in range(1, (DONE - week.last).days + 1)]
    is_open = Openings(suspensions=(PAUSE,)).mask(days[0], len(days))
    worked = int(is_open.sum())
    # Sum of a rise over L days and of the rest at the height = what is wanted.
    wanted = (QUOTA - week.total) / DAILY_QUOTA
    rise = (worked * HIGH - wanted) / (HIGH - (LOW + HIGH) / 2)
    middles = np.minimum((np.arange(worked) + 0.5) / rise, 1.0)
    counts = {START + DAY * number: round(LOW * DAILY_QUOTA) for number in range(7)}
    counts |= dict.fromkeys(days, 0)
    open_days = [day for day, works in zip(days, is_open, strict=True) if works]
    for day, share in zip(open_days, LOW + (HIGH - LOW) * middles, strict=True):
        counts[day] = int(np.ceil(share * DAILY_QUOTA))
    # What rounding up brings too early goes off the last day but one.
    surplus = sum(counts.values()) - QUOTA
    counts[open_days[-2]] -= max(surplus - 50, 0)
    return History.of(counts)


def week_by_week(paths: int = 500, seed: int = 1) -> list[Forecast]:
    """What the forecast says every Sunday along `reconstructed`.

    >>> week_by_week(paths=100)[-1].middle
    datetime.date(2021, 6, 8)
    """
    course = reconstructed()
    made = []
    today = START + DAY * 6
    while today < DONE:
        known = (PAUSE,) if PAUSE[0] <= today else ()
        made.append(
            forecast(
                course.until(today),
                QUOTA,
                DEADLINE,
                Openings(suspensions=known),
                paths=paths,
                seed=seed,
            )
        )
        today += DAY * 7
    return made
