"""When will it be done, and how fast must it go? With intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.history import DAY, MOST_COUNT, History, Numbers, Openings
from civid.campaign.forecast.paths import futures
from civid.campaign.forecast.rate import Rate, fit
from civid.errors import FieldError

HORIZON = 730
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected.

    Attributes
    ----------
    as_of, deadline : date
        The last day that is known, and the last that counts.
    collected, quota, remaining : int
        Dossiers; above the quota nothing remains.
    early, middle, late : date or None
        Completion: 10, 50 and 90 % of the futures are done by then; the outer two hold 80 %.
        None: not within two years.
    chance : float
        Share of the futures that are done by the deadline.
    run_rate : float
        Dossiers on an average open day, today.
    required : tuple of float
        Dossiers a day, on each open day to come, to be done by the deadline: with as few lost
        days as in one future of ten, the middle, and as many as in one of ten. Infinite where no
        day is left.
    open_days : int
        Days until the deadline that are open as far as is known.
    at_deadline : tuple of float
        Dossiers on the evening of the deadline: 10, 50 and 90 %.
    days : tuple of date
        Days to come, for the fan.
    fan : array (3, days)
        Everything collected by each of them: 10, 50 and 90 %.
    """

    as_of: date
    deadline: date
    collected: int
    quota: int
    remaining: int
    early: date | None
    middle: date | None
    late: date | None
    chance: float
    run_rate: float
    required: tuple[float, float, float]
    open_days: int
    at_deadline: tuple[float, float, float]
    days: tuple[date, ...] = field(repr=False)
    fan: Numbers = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; infinite rates become null."""

        def finite(values: Sequence[float]) -> list[float | None]:
            return [round(one, 1) if np.isfinite(one) else None for one in values]

        return {
            "as_of": self.as_of, "deadline": self.deadline, "collected": self.collected,
            "quota": self.quota, "remaining": self.remaining,
            "completion": {"early": self.early, "middle": self.middle, "late": self.late},
            "chance": round(self.chance, 4), "run_rate": round(self.run_rate, 1),
            "required": finite(self.required), "open_days": self.open_days,
            "at_deadline": finite(self.at_deadline),
            "fan": [
                {"day": day, "low": round(low), "middle": round(middle), "high": round(high)}
                for day, low, middle, high in zip(self.days, *self.fan, strict=True)
            ],
        }  # fmt: skip


def forecast(
    history: History,
    quota: int,
    deadline: date,
    openings: Openings | None = None,
    *,
    capacity: float = np.inf,
    assumptions: Assumptions | None = None,
    as_of: date | None = None,
    paths: int = 1000,
    seed: int = 1,
) -> Forecast:
    """Project completion and the required daily rate (dự báo hoàn thành, tốc độ cần đạt).

    The run rate by weekday and shift goes on from today's level. Single days are drawn in blocks
    from those that were (bootstrap); the level wanders as it did; days that are known to be closed
    bring nothing, and unannounced suspensions come as often as they did.

    Parameters
    ----------
    history : History
        Counts so far.
    quota : int
        What is to be collected, at least 1.
    deadline : date
        Last day.
    openings : Openings, optional
        Which days are worked, suspensions so far and announced ones. Default: every day.
    capacity : float
        Most dossiers of a day: machines times what a line can do (`civid.campaign.line`).
    assumptions : Assumptions, optional
        Where the history is too short to tell.
    as_of : date, optional
        The day whose evening it is, if later than the last count: days without a count were lost.
    paths, seed : int
        How many futures, and which.

    Raises
    ------
    FieldError
        A quota below 1, a capacity that is not positive, a deadline over ten years away.

    Examples
    --------
    >>> steady = History.of({date(2021, 3, day): 1000 for day in range(1, 31)})
    >>> found = forecast(steady, 60_000, date(2021, 6, 30))
    >>> date(2021, 4, 26) <= found.middle <= date(2021, 5, 6), round(found.run_rate, -2)
    (True, 1000.0)
    """
    today = as_of or history.last
    if not 1 <= quota <= MOST_COUNT:
        raise FieldError("quota", f"not 1 to {MOST_COUNT:,}")
    if not capacity > 0:
        raise FieldError("capacity", "not above 0")
    if not 50 <= paths <= 100_000:
        raise FieldError("paths", "not 50 to 100,000")
    if abs((deadline - today).days) > 3650:
        raise FieldError("deadline", "over ten years away")
    if today < history.last:
        raise FieldError("as of", "there are counts of later days")
    works = openings or Openings()
    told = assumptions or Assumptions()
    rate = fit(history, works, told)
    span = max(HORIZON, (deadline - today).days)
    is_open = works.mask(today + DAY, span)
    profile = rate.profile(today + DAY, is_open)
    rng = np.random.default_rng(seed)
    made = futures(rate, profile, np.full(span, capacity), paths, rng, told)
    return summarise(history.total, quota, today, deadline, is_open, made, rate)


def summarise(
    collected: int,
    quota: int,
    today: date,
    deadline: date,
    is_open: np.ndarray[Any, np.dtype[np.bool_]],
    made: Numbers,
    rate: Rate,
) -> Forecast:
    """What futures, (paths, days) from tomorrow on, say about completion."""
    remaining = max(quota - collected, 0)
    total = collected + np.cumsum(made, axis=1)
    left = (deadline - today).days
    done = total > quota - 0.5  # sums of fractions may miss a whole number
    first = np.where(done.any(axis=1), np.argmax(done, axis=1), total.shape[1])
    dates: list[date | None] = []
    for level in LEVELS:
        number = int(np.quantile(first, level, method="inverted_cdf"))
        dates.append(None if number >= total.shape[1] else today + DAY * (number + 1))
    if not remaining:
        dates = [today] * 3
    worked = (made[:, : max(left, 0)] > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        need = np.where(worked > 0, remaining / worked, np.inf if remaining else 0.0)
    at_end = total[:, left - 1] if left > 0 else np.full(len(total), float(collected))
    shown = _shown(dates[2], today, left, total.shape[1])
    return Forecast(
        today,
        deadline,
        collected,
        quota,
        remaining,
        dates[0],
        dates[1],
        dates[2],
        float(np.mean(at_end >= quota)), rate.per_day, _three(need),
        int(is_open[: max(left, 0)].sum()), _three(at_end),
        tuple(today + DAY * (number + 1) for number in range(shown)),
        np.quantile(total[:, :shown], LEVELS, axis=0),
    )  # fmt: skip


def _three(values: Numbers) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, LEVELS, method="inverted_cdf")
    return float(low), float(middle), float(high)


def _shown(late: date | None, today: date, left: int, most: int) -> int:
    """As many days as the fan needs: to the later of deadline and late completion."""
    until = most if late is None else (late - today).days + 7
    return min(max(left, until, 1), most)
