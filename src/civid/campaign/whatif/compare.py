"""Compare scenarios on the same futures, so that only what was changed makes a difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.forecast import LEVELS
from civid.campaign.forecast.history import DAY, Numbers
from civid.campaign.forecast.paths import Common, futures
from civid.campaign.forecast.rate import Rate, fit
from civid.campaign.whatif.scenario import Scenario
from civid.campaign.whatif.unit import Unit
from civid.errors import FieldError

_SPAN = 365


@dataclass(frozen=True, slots=True)
class Projection:
    """What is to be expected of a unit, or of all, under a scenario.

    Attributes
    ----------
    key : str
        The unit; "" for all of them.
    early, middle, late : date or None
        Completion: 10, 50 and 90 % of the futures. None: not within a year.
    chance : float
        Share of the futures that are done by the deadline.
    at_deadline : tuple of float
        Dossiers on the evening of the deadline: 10, 50 and 90 %.
    """

    key: str
    early: date | None
    middle: date | None
    late: date | None
    chance: float
    at_deadline: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario beside the others.

    Attributes
    ----------
    name : str
    whole : Projection
        All units together, against the sum of their quotas: what one has too much makes up for
        what another lacks, as in the reports of 2021.
    every : Projection
        When the last unit has reached its own quota.
    units : tuple of Projection
        In the order given.
    days_won : float or None
        Median over the futures of the days by which the whole is done earlier than under the first
        scenario; negative is later. None: not done within a year in most futures.
    """

    name: str
    whole: Projection
    every: Projection
    units: tuple[Projection, ...] = field(repr=False)
    days_won: float | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def compare(
    units: Sequence[Unit],
    scenarios: Sequence[Scenario],
    deadline: date,
    *,
    assumptions: Assumptions | None = None,
    in_common: float = 0.5,
    paths: int = 300,
    seed: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Compared, ...]:
    """Project units under scenarios (so sánh kịch bản); the first one is the measure.

    A unit's rate follows its machines: a machine that arrives brings what the unit's own bring (or,
    where it has none, the source's), up to what a machine can do. Every scenario sees the same good
    and bad days. Unforeseen suspensions meet all units alike, and ``in_common`` is the share of the
    wandering of their rates that they have in common.

    Raises
    ------
    FieldError
        No unit or scenario, a unit twice, histories that end on different days, a scenario that
        names a strange unit or moves more machines than there are.

    Examples
    --------
    >>> from civid.campaign.forecast import History
    >>> from civid.campaign.whatif import Move
    >>> days = [date(2021, 3, day) for day in range(1, 22)]
    >>> slow = Unit("A", 30_000, History.of(dict.fromkeys(days, 200)), 1)
    >>> fast = Unit("B", 30_000, History.of(dict.fromkeys(days, 800)), 4)
    >>> move = Move(2, "B", "A", date(2021, 3, 25))
    >>> asis, moved = compare(
    ...     [slow, fast], [Scenario("as it is"), Scenario("move", (move,))], date(2021, 6, 30)
    ... )
    >>> moved.every.middle < asis.every.middle
    True
    """
    today = _check(units, scenarios)
    told = assumptions or Assumptions()
    span = max(_SPAN, (deadline - today).days)
    left = (deadline - today).days
    fitted = [fit(unit.history, unit.openings, told) for unit in units]
    common = Common(seed, in_common)
    found: list[Compared] = []
    first_done: NDArray[np.int64] | None = None
    for number, scenario in enumerate(scenarios):
        last = np.full(paths, -1, np.int64)
        together = np.zeros((paths, span))
        projections = []
        worth = _machines(units, fitted, scenario, today, span)
        for place, (unit, rate) in enumerate(zip(units, fitted, strict=True)):
            made = _made(
                unit, rate, scenario, worth[place], today, paths, [seed, place], told, common
            )
            total = unit.history.total + np.cumsum(made, axis=1)
            at = _reached(total, unit.quota, unit.history.total)
            at_end = total[:, left - 1] if left > 0 else np.full(paths, unit.history.total)
            projections.append(_projection(unit.key, at, at_end, today, left, span))
            last = np.maximum(last, at)
            together += total
            if on_progress is not None:
                on_progress(number * len(units) + place + 1, len(units) * len(scenarios))
        quota, collected = (
            sum(one) for one in zip(*((u.quota, u.history.total) for u in units), strict=True)
        )
        reached = _reached(together, quota, collected)
        at_end = together[:, left - 1] if left > 0 else np.full(paths, float(collected))
        first_done = reached if first_done is None else first_done
        both = (reached < span) & (first_done < span)
        won = float(np.median((first_done - reached)[both])) if both.mean() > 0.5 else None
        whole = _projection("", reached, at_end, today, left, span)
        every = _projection("", last, at_end, today, left, span)
        found.append(Compared(scenario.name, whole, every, tuple(projections), won))
    return tuple(found)


def _reached(total: Numbers, quota: int, collected: int) -> NDArray[np.int64]:
    """In each future the place of the day on which a quota is reached; -1: it is already."""
    if collected >= quota:
        return np.full(len(total), -1, np.int64)
    done = total > quota - 0.5  # sums of fractions may miss a whole number
    at = np.where(done.any(axis=1), np.argmax(done, axis=1), total.shape[1])
    return np.asarray(at, np.int64)


def _check(units: Sequence[Unit], scenarios: Sequence[Scenario]) -> date:
    if not units or not scenarios:
        raise FieldError("units" if not units else "scenarios", "there is none")
    keys = {unit.key for unit in units}
    if len(keys) < len(units):
        raise FieldError("units", "one comes twice")
    days = {unit.history.last for unit in units}
    if len(days) > 1:
        raise FieldError("history", "the units are not known until the same day")
    for one in scenarios:
        named = {key for move in one.moves for key in (move.source, move.target)}
        named |= {key for closing in one.closings for key in closing.units}
        named |= {key for shift in one.shifts for key in shift.units}
        if not named <= keys:
            raise FieldError("scenario", f"{one.name}: names a unit that is not among these")
    return days.pop()


def _machines(
    units: Sequence[Unit], fitted: Sequence[Rate], scenario: Scenario, today: date, span: int
) -> Numbers:
    """(units, days, 2): what a unit's rate is multiplied with, and how many machines it has."""
    place = {unit.key: number for number, unit in enumerate(units)}
    machines = np.repeat(np.array([[float(unit.machines)] for unit in units]), span, axis=1)
    own = np.array([rate.per_day for rate in fitted])
    each = own / np.array([max(unit.machines, 1) for unit in units])
    each[[unit.machines == 0 for unit in units]] = 0.0
    brings = np.repeat(own[:, None], span, axis=1)
    for move in scenario.moves:
        source, target = place[move.source], place[move.target]
        day = max((move.on - today).days - 1, 0)
        if day >= span:
            continue
        if (machines[source, day:] < move.machines).any():
            raise FieldError("machines", f"{scenario.name}: more are moved than there are")
        machines[source, day:] -= move.machines
        machines[target, day:] += move.machines
        brings[source, day:] -= move.machines * each[source]
        brings[target, day:] += move.machines * (each[target] or each[source])
    factor = np.divide(brings, own[:, None], out=np.zeros_like(brings), where=own[:, None] > 0)
    return np.stack([np.maximum(factor, 0.0), machines], axis=2)


def _made(
    unit: Unit,
    rate: Rate,
    scenario: Scenario,
    worth: Numbers,
    today: date,
    paths: int,
    seed: list[int],
    told: Assumptions,
    common: Common,
) -> Numbers:
    span = len(worth)
    is_open = unit.openings.mask(today + DAY, span)
    profile = rate.profile(today + DAY, is_open) * worth[:, 0]
    capacity = np.where(worth[:, 1] > 0, worth[:, 1] * unit.per_machine, 0.0)
    for shift in scenario.shifts:
        if not shift.units or unit.key in shift.units:
            days = _days(shift.first, shift.last, today, span)
            profile[days] *= 1 + shift.share
            capacity[days] *= 1 + shift.share
    lost = np.ones(span)
    for closing in scenario.closings:
        if not closing.units or unit.key in closing.units:
            lost[_days(closing.first, closing.last, today, span)] = 0.0
    # Closed days are drawn like others and struck out: the other days stay what they were.
    made = futures(rate, profile, capacity, paths, np.random.default_rng(seed), told, common)
    return np.asarray(made * lost)


def _days(first: date, last: date, today: date, span: int) -> slice:
    begin = min(max((first - today).days - 1, 0), span)
    return slice(begin, min(max((last - today).days, begin), span))


def _projection(
    key: str, at: NDArray[np.int64], at_end: Numbers, today: date, left: int, span: int
) -> Projection:
    dates = [
        None if number >= span else today + DAY * (int(number) + 1)
        for number in np.quantile(at, LEVELS, method="inverted_cdf")
    ]
    low, middle, high = np.quantile(at_end, LEVELS, method="inverted_cdf")
    return Projection(
        key,
        dates[0],
        dates[1],
        dates[2],
        float(np.mean(at < left)),
        (float(low), float(middle), float(high)),
    )
