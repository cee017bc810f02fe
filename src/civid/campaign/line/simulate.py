"""Simulate days of a line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from civid.campaign.line.day import Day
from civid.campaign.line.matrices import key_of, matrices
from civid.campaign.line.outcome import Estimate, Outcome, StepOutcome
from civid.campaign.line.steps import Line
from civid.errors import FieldError

MOST_DAYS = 1_000_000
_AT_ONCE = 500


def simulate(
    line: Line,
    day: Day,
    days: int = 200,
    seed: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Simulate a day of a line many times (mô phỏng dây chuyền).

    Parameters
    ----------
    line, day : Line, Day
        What is simulated. Two lines under one seed see the same citizens.
    days : int
        How often; 10,000 days of 700 citizens take some seconds.
    seed : int
        Same seed, same result.
    on_progress : callable, optional
        Told how many days are done, and of how many.

    Returns
    -------
    Outcome
        Means over the days with 95 % intervals.

    Raises
    ------
    FieldError
        Fewer than 1 or more than a million days.

    Examples
    --------
    >>> from civid.campaign.line import Arrivals, preset
    >>> line = preset("7-nguoi-6-buoc")
    >>> found = simulate(line, Day(560, hours=((7, 21),)), days=20)
    >>> found.bottleneck, found.finished.mean > 500
    ('prints', True)
    """
    from civid.campaign.line.run_kernels import run_days

    if not 1 <= days <= MOST_DAYS:
        raise FieldError("days", f"not 1 to {MOST_DAYS:,}")
    given = matrices(line, day)
    measured = np.empty((days, 7))
    at_steps = np.empty((days, len(line.steps), 3))
    loads = np.zeros((days, max(len(line.shared), 1)))
    key = key_of(seed)
    for first in range(0, days, _AT_ONCE):
        now = slice(first, min(first + _AT_ONCE, days))
        run_days(
            key, first, now.stop - first, given.day, given.steps, given.sessions, given.can,
            line.walk, given.room, measured[now], at_steps[now], loads[now],
        )  # fmt: skip
        if on_progress is not None:
            on_progress(now.stop, days)
    return _outcome(line, day, measured, at_steps, loads)


def _outcome(
    line: Line,
    day: Day,
    measured: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    at_steps: np.ndarray[tuple[int, int, int], np.dtype[np.float64]],
    loads: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> Outcome:
    came, finished, time, time_90, last, unsent, _ = measured.T
    close = day.hours[-1][1] * 3600.0
    servers = [
        (step.machines or len(line.shared)) if line.shared else step.servers for step in line.steps
    ]
    busy = at_steps[:, :, 2] / (np.array(servers) * day.open_seconds)
    steps = tuple(
        StepOutcome(
            step.key,
            step.vietnamese,
            Estimate.of(busy[:, number]),
            Estimate.of(at_steps[:, number, 0]),
            Estimate.of(at_steps[:, number, 1]),
        )
        for number, step in enumerate(line.steps)
    )
    officers = tuple(Estimate.of(one / day.open_seconds) for one in loads.T) if line.shared else ()
    return Outcome(
        len(measured),
        Estimate.of(came),
        Estimate.of(finished),
        Estimate.of((time - at_steps[:, :, 0].sum(axis=1)) / 60),
        Estimate.of(time / 60),
        Estimate.of(time_90 / 60),
        Estimate.of(np.maximum(last - close, 0) / 60),
        Estimate.of(unsent),
        steps,
        officers,
        line.steps[int(np.argmax(busy.mean(axis=0)))].key,
    )
