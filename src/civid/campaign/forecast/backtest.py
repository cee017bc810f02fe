"""Back-tests by rolling origin: a forecast made then, held against what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.forecast import forecast
from civid.campaign.forecast.history import DAY, History, Openings
from civid.campaign.forecast.rivals import Interval
from civid.campaign.forecast.simulated import START, Campaign

Method = Callable[[Campaign, History, Openings], Interval]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One forecast against the truth; days late are positive.

    Attributes
    ----------
    hit : bool
        Whether completion fell into the 80 % interval, first and last day included.
    below, above : bool
        It was earlier, or later.
    error : float
        Days by which completion was later than the middle of the forecast.
    width : float
        Days from early to late.
    """

    hit: bool
    below: bool
    above: bool
    error: float
    width: float


def judge(found: Interval, completed: date) -> Verdict:
    """Hold an interval against the day on which it was done.

    >>> day = date(2021, 6, 8)
    >>> judge((date(2021, 6, 1), date(2021, 6, 6), None), day).error
    2.0
    """
    low, middle, high = ((one or date(2024, 3, 1)).toordinal() for one in found)
    truth = completed.toordinal()
    return Verdict(
        low <= truth <= high, truth < low, truth > high, float(truth - middle), float(high - low)
    )


def origins(campaign: Campaign, shares: Iterable[float]) -> list[date]:
    """The days on which these shares of the quota had been collected."""
    total = np.cumsum(campaign.history.counts.sum(axis=1))
    return [
        campaign.history.first + DAY * int(np.searchsorted(total, share * campaign.quota))
        for share in shares
    ]


def own(paths: int = 500, assumptions: Assumptions | None = None, ceiling: bool = True) -> Method:
    """civid's forecast as a method of back-tests."""

    def method(campaign: Campaign, history: History, openings: Openings) -> Interval:
        found = forecast(
            history, campaign.quota, START, openings,
            capacity=campaign.capacity if ceiling else np.inf,
            assumptions=assumptions, paths=paths,
        )  # fmt: skip
        return found.early, found.middle, found.late

    return method


def backtest(campaign: Campaign, today: date, method: Method) -> Verdict:
    """What a method would have said on a day, against what came."""
    found = method(campaign, campaign.history.until(today), campaign.openings(today))
    return judge(found, campaign.completed)
