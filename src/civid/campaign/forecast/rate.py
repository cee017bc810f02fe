"""The run rate (tốc độ): its level today, how it varies by weekday and shift, how it wanders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.history import History, Numbers, Openings

_WEEK = 6  # open days that make a mean; a week without its Sunday
_SHRINK = 1.0  # days of an ordinary weekday that stand behind each weekday's factor
_LEAST = 0.5  # a count of zero on an open day, as a logarithm


@dataclass(frozen=True, slots=True)
class Rate:
    """What a history says about the rate.

    Attributes
    ----------
    level : float
        Logarithm of dossiers on an average day, today.
    level_error : float
        Its standard error.
    trend : float
        Change of that logarithm in a day.
    drift, drift_weeks : float
        Standard deviation of its wandering in a day, and how many weeks say so.
    noise : float
        Standard deviation of single days.
    factors : array (7, shifts)
        Of a weekday and shift, against an average day of all shifts.
    residuals : array
        Of single days in their order, as logarithms.
    pauses : tuple of int
        Lengths of suspensions so far.
    open_days : int
        Days worked.
    """

    level: float
    level_error: float
    trend: float
    drift: float
    drift_weeks: float
    noise: float
    factors: Numbers = field(repr=False)
    residuals: Numbers = field(repr=False)
    pauses: tuple[int, ...]
    open_days: int

    @property
    def per_day(self) -> float:
        """Dossiers on an average open day, today."""
        return float(np.exp(self.level + 0.5 * self.noise**2))

    def profile(self, first: date, is_open: NDArray[np.bool_]) -> Numbers:
        """What days are worth against an average one; ``is_open`` is (days,) or (days, shifts).

        >>> import numpy as np
        >>> flat = fit(History.of({date(2021, 3, day): 100 for day in range(1, 15)}), Openings())
        >>> flat.profile(date(2021, 3, 15), np.array([True, False])).round(3).tolist()
        [1.0, 0.0]
        """
        weekdays = (first.weekday() + np.arange(len(is_open))) % 7
        worked = is_open if is_open.ndim == 2 else is_open[:, None]
        return np.asarray((self.factors[weekdays] * worked).sum(axis=1))


def fit(history: History, openings: Openings, assumptions: Assumptions | None = None) -> Rate:
    """Read the rate from a history; what it cannot say is assumed.

    >>> rate = fit(History.of({date(2021, 3, day): 100 for day in range(1, 15)}), Openings())
    >>> round(np.exp(rate.level)), round(rate.trend, 3)
    (100, 0.0)
    """
    told = assumptions or Assumptions()
    counts = history.counts
    totals = counts.sum(axis=1)
    is_open = openings.mask(history.first, len(counts))
    worked = np.flatnonzero((totals > 0) | is_open)
    worked = worked[worked >= np.flatnonzero(totals > 0)[0]] if (totals > 0).any() else worked
    if not len(worked):
        worked = np.arange(len(totals))
    factors = _factors(counts[worked], (history.first.weekday() + worked) % 7)
    expected = factors[(history.first.weekday() + worked) % 7].sum(axis=1)
    logs = np.log(np.maximum(totals[worked], _LEAST) / expected)
    residuals = logs - _smooth(logs)
    # A smooth through few days takes some of their variance with it.
    residuals *= np.sqrt(1 + 1 / max(3.0, min(7.0, len(logs))))
    freedom = max(len(logs) - 3, 0)
    noise2 = float(np.sum(residuals[-60:] ** 2) / max(len(residuals[-60:]), 1))
    noise2 = (freedom * noise2 + told.noise_weight * told.noise**2) / (freedom + told.noise_weight)
    runs = _long_run(residuals)
    drift2, weeks = _drift(logs, noise2 * runs)
    drift2 = (weeks * drift2 + told.drift_weight * told.drift**2) / (weeks + told.drift_weight)
    level, variance = _level(logs, noise2 * runs, drift2)
    lengths = tuple(
        (min(last, history.last) - first).days + 1
        for first, last in openings.suspensions
        if history.first <= first <= history.last
    )
    return Rate(
        level,
        float(np.sqrt(variance)),
        _trend(logs, noise2 * runs, drift2),
        float(np.sqrt(drift2)),
        weeks + told.drift_weight,
        float(np.sqrt(noise2)),
        factors,
        residuals if len(residuals) > 10 else np.empty(0),
        lengths,
        len(worked),
    )


def _factors(counts: Numbers, weekdays: NDArray[np.intp]) -> Numbers:
    """(7, shifts): a weekday's share by the ratio to the days around it, shrunk towards 1."""
    totals = counts.sum(axis=1)
    whole_sum = float(totals.sum())
    shares = counts.sum(axis=0) / whole_sum if whole_sum else np.ones(counts.shape[1])
    shares /= shares.sum()
    around = np.exp(_smooth(np.log(np.maximum(totals, _LEAST))))
    ratios = totals / around
    by_day = np.ones(7)
    for weekday in range(7):
        own = ratios[weekdays == weekday]
        by_day[weekday] = (own.sum() + _SHRINK) / (len(own) + _SHRINK)
    seen = np.unique(weekdays)
    by_day /= by_day[seen].mean()
    table = by_day[:, None] * shares[None, :]
    for shift in range(counts.shape[1]):
        for weekday in seen:
            own = weekdays == weekday
            whole = totals[own].sum()
            if whole > 0:
                own_share = counts[own, shift].sum() / whole
                weight = own.sum() / (own.sum() + _SHRINK)
                mixed = weight * own_share + (1 - weight) * shares[shift]
                table[weekday, shift] = by_day[weekday] * mixed
    return np.asarray(table)


def _smooth(logs: Numbers, half: int = 3) -> Numbers:
    """A mean of the week around each day; a week has each weekday once."""
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    places = np.arange(len(logs))
    low, high = np.maximum(places - half, 0), np.minimum(places + half + 1, len(logs))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _long_run(residuals: Numbers) -> float:
    """How much more the mean of many days varies than if days were independent: 1 to 4."""
    if len(residuals) < 15:
        return 1.5
    square = float(np.mean(residuals**2))
    if square <= 0:
        return 1.0
    near = float(np.mean(residuals[1:] * residuals[:-1])) / square
    # The smooth pulls the correlation of neighbours down by about a seventh.
    near = min(max(near + 1 / 7, 0.0), 0.6)
    return (1 + near) / (1 - near)


def _drift(logs: Numbers, noise2: float) -> tuple[float, float]:
    """Variance of a day's wandering, from the differences of weekly means, and from how many."""
    weeks = len(logs) // _WEEK
    if weeks < 2:
        return 0.0, 0.0
    means = logs[len(logs) - weeks * _WEEK :].reshape(weeks, _WEEK).mean(axis=1)
    square = float(np.mean(np.diff(means) ** 2))
    return max(square - 2 * noise2 / _WEEK, 0.0) * 1.5 / _WEEK, weeks - 1.0


def _level(logs: Numbers, noise2: float, drift2: float) -> tuple[float, float]:
    """The level today and its variance: a Kalman filter of a wandering level."""
    level, variance = float(logs[0]), noise2
    for value in logs[1:]:
        variance += drift2
        gain = variance / (variance + noise2) if variance + noise2 > 0 else 0.0
        level += gain * (float(value) - level)
        variance *= 1 - gain
    return level, variance


def _trend(logs: Numbers, noise2: float, drift2: float, days: int = 18) -> float:
    """A slope of the last days, as far as it stands out from noise and wandering."""
    recent = logs[-days:]
    if len(recent) < 6:
        return 0.0
    at = np.arange(len(recent)) - (len(recent) - 1) / 2
    spread = float(np.sum(at**2))
    slope = float(np.sum(at * recent)) / spread
    error2 = noise2 / spread + 1.2 * drift2 / len(recent)
    if slope**2 <= error2:
        return 0.0
    return slope * (1 - error2 / slope**2)
