"""Forecasts to compare with: what everybody does on the back of an envelope, and a library's."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np

from civid.campaign.forecast.history import DAY, History, Openings
from civid.extras import need

Interval = tuple[date | None, date | None, date | None]


def naive(history: History, quota: int, openings: Openings) -> Interval:
    """Run rate of all open days, normal errors, nothing else uncertain: 10, 50 and 90 %.

    >>> naive(History.of({date(2021, 3, day): 100 for day in range(1, 11)}), 2000, Openings())[1]
    datetime.date(2021, 3, 20)
    """
    totals = history.counts.sum(axis=1)
    worked = totals[openings.mask(history.first, len(totals)) | (totals > 0)]
    mean = float(worked.mean())
    spread = float(worked.std(ddof=1)) if len(worked) > 1 else 0.0
    remaining = max(quota - history.total, 0)
    if mean <= 0:
        return (None, None, None)
    days = remaining / mean
    error = spread / mean * np.sqrt(days + days**2 / len(worked))
    steps = [max(days + z * error, 0.0) for z in (-1.2816, 0.0, 1.2816)]
    found = [_after(history.last, openings, int(np.ceil(one))) for one in steps]
    return found[0], found[1], found[2]


def library(
    history: History, quota: int, openings: Openings, *, paths: int = 500, seed: int = 1
) -> Interval:
    """The local linear trend (damped) with weekday season of statsmodels, simulated ahead.

    State-space exponential smoothing of log counts on open days; needs ``civid[forecast]``.

    Raises
    ------
    UnavailableError
        statsmodels is not installed.
    """
    exponential = need(
        "statsmodels.tsa.statespace.exponential_smoothing", "this comparison", "forecast"
    )
    totals = history.counts.sum(axis=1)
    is_open = openings.mask(history.first, len(totals)) | (totals > 0)
    logs = np.log(np.maximum(totals[is_open], 0.5))
    span = 730
    ahead = openings.mask(history.last + DAY, span)
    season = 7 - len(openings.weekdays_off)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = exponential.ExponentialSmoothing(
            logs, trend=True, damped_trend=True,
            seasonal=season if len(logs) >= 2 * season + 3 else None,
        )  # fmt: skip
        fitted = model.fit(disp=False, maxiter=50)
        drawn = fitted.simulate(
            int(ahead.sum()), anchor="end", repetitions=paths, rng=np.random.default_rng(seed)
        )
    made = np.zeros((paths, span))
    made[:, ahead] = np.exp(np.minimum(np.asarray(drawn).reshape(int(ahead.sum()), paths).T, 25.0))
    total = history.total + np.cumsum(made, axis=1)
    done = total >= quota
    first = np.where(done.any(axis=1), np.argmax(done, axis=1), span)
    found = [
        None if number >= span else history.last + DAY * (int(number) + 1)
        for number in np.quantile(first, (0.1, 0.5, 0.9), method="inverted_cdf")
    ]
    return found[0], found[1], found[2]


def _after(last: date, openings: Openings, open_days: int) -> date | None:
    day = last
    for _ in range(3650):
        if open_days <= 0:
            return day
        day += DAY
        open_days -= openings.is_open(day)
    return None
