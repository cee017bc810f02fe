"""Futures of a campaign: thousands of them, drawn from what its past allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.history import Numbers
from civid.campaign.forecast.rate import Rate

_FASTEST = 2.5  # no level rises or falls by more than e to this: 12 times


@dataclass(frozen=True, slots=True)
class Common:
    """What units of one campaign share: suspensions, and part of how their levels wander.

    Attributes
    ----------
    seed : int
        The same for all units.
    share : float
        Of the wandering (its variance) that all units do together.
    """

    seed: int
    share: float = 0.5


def rates(
    rate: Rate,
    days: int,
    paths: int,
    rng: np.random.Generator,
    told: Assumptions,
    common: Common | None = None,
) -> Numbers:
    """Dossiers of an average open day, (paths, open days to come), with all that is uncertain.

    The level today and the size of its wandering are drawn for every path: a short history knows
    neither. Single days are drawn in blocks from the residuals of the history.
    """
    at = np.arange(1, days + 1)
    if told.damping < 1:
        trend = rate.trend * told.damping * (1 - told.damping**at) / (1 - told.damping)
    else:
        trend = rate.trend * at
    weight = np.maximum(rate.drift_weeks, 2.0)
    drift = rate.drift * np.sqrt(weight / rng.chisquare(weight, paths))
    drift = np.minimum(drift, 3 * rate.drift)
    steps = rng.standard_normal((paths, days))
    if common is not None:
        # Drawn day by day, so that a unit with fewer days has the same first ones.
        together = np.random.default_rng([common.seed, 1]).standard_normal((days, paths)).T
        steps = np.sqrt(1 - common.share) * steps + np.sqrt(common.share) * together
    wander = np.cumsum(steps, axis=1) * drift[:, None]
    start = rng.standard_normal(paths) * rate.level_error
    moved = np.clip(start[:, None] + wander + trend, -_FASTEST, _FASTEST)
    logs = rate.level + moved + _single(rate, days, paths, rng, told)
    return np.asarray(np.exp(np.minimum(logs, 25.0)))


def _single(
    rate: Rate, days: int, paths: int, rng: np.random.Generator, told: Assumptions
) -> Numbers:
    pool = rate.residuals - rate.residuals.mean() if len(rate.residuals) else rate.residuals
    size = float(np.std(pool)) if len(pool) >= 2 * told.block else 0.0
    if size < 1e-6:  # too few days, or days that were spread evenly between way-points
        return np.asarray(rng.standard_normal((paths, days)) * rate.noise)
    pool = pool * (rate.noise / size)
    blocks = -(-days // told.block)
    begin = rng.integers(0, len(pool) - told.block + 1, (paths, blocks))
    places = begin[:, :, None] + np.arange(told.block)
    return np.asarray(pool[places].reshape(paths, -1)[:, :days])


def pauses(
    rate: Rate, days: int, paths: int, rng: np.random.Generator, told: Assumptions
) -> NDArray[np.bool_]:
    """Which days to come are lost to suspensions that nobody has announced, (paths, days)."""
    lost = np.zeros((paths, days), bool)
    if told.pause_every <= 0:
        return lost
    # One suspension in `pause_every` days stands behind what the history says.
    chance = rng.gamma(1.0 + len(rate.pauses), 1.0 / (told.pause_every + rate.open_days), paths)
    lengths = np.array(told.pause_days + rate.pauses)
    left = np.zeros(paths, np.int64)
    for day in range(days):
        begins = (left == 0) & (rng.random(paths) < chance)
        left[begins] = rng.choice(lengths, int(begins.sum()))
        lost[:, day] = left > 0
        left = np.maximum(left - 1, 0)
    return lost


def futures(
    rate: Rate,
    profile: Numbers,
    capacity: Numbers,
    paths: int,
    rng: np.random.Generator,
    told: Assumptions,
    common: Common | None = None,
) -> Numbers:
    """Dossiers of each day to come, (paths, days).

    ``profile`` says what each day is worth (0: closed), ``capacity`` what cannot be exceeded
    (infinity: nothing is known).
    """
    is_open = profile > 0
    worked = int(is_open.sum())
    made = np.zeros((paths, len(profile)))
    if worked:
        made[:, is_open] = rates(rate, worked, paths, rng, told, common) * profile[is_open]
    if common is not None:
        rng = np.random.default_rng([common.seed, 2])
    made[pauses(rate, len(profile), paths, rng, told)] = 0.0
    return np.asarray(np.minimum(made, capacity))
