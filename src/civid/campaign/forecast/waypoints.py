"""A history from way-points: totals that somebody reported on a few days, as newspapers do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.history import DAY, History, Openings
from civid.errors import FieldError


def between(start: date, totals: Mapping[date, int], openings: Openings | None = None) -> History:
    """Spread what was collected between way-points evenly over the open days.

    Such a history says how fast it went, and nothing of how days differ: forecast from it with
    `told_little`.

    Parameters
    ----------
    start : date
        The first day, on whose morning nothing had been collected.
    totals : mapping of date to int
        Everything collected by the evening of a day; must not fall.

    Raises
    ------
    FieldError
        No way-point, a total that falls, or dossiers where no day was open.

    Examples
    --------
    >>> made = between(date(2021, 3, 1), {date(2021, 3, 4): 10})
    >>> made.counts[:, 0].tolist()
    [2.0, 3.0, 2.0, 3.0]
    """
    works = openings or Openings()
    if not totals:
        raise FieldError("way-points", "there is none")
    counts: dict[date, int] = {}
    day, before = start, 0
    for until in sorted(totals):
        days = [day + DAY * number for number in range((until - day).days + 1)]
        open_days = [one for one in days if works.is_open(one)]
        more = totals[until] - before
        if more < 0:
            raise FieldError("way-points", f"the total of {until} is lower than the one before")
        if more and not open_days:
            raise FieldError("way-points", f"no day before {until} was open")
        counts |= dict.fromkeys(days, 0)
        steps = np.linspace(0, more, len(open_days) + 1).astype(int)
        counts |= dict(zip(open_days, np.diff(steps).tolist(), strict=True))
        day, before = until + DAY, totals[until]
    return History.of(counts)


def told_little(assumptions: Assumptions | None = None) -> Assumptions:
    """The same assumptions, unmoved by a history that was spread evenly."""
    told = assumptions or Assumptions()
    return replace(told, drift_weight=1e6, noise_weight=1e6)
