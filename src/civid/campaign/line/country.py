"""A country's campaign by simulated lines: units, teams, days, every citizen of every line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from civid.campaign.line.day import Day
from civid.campaign.line.matrices import key_of, matrices
from civid.campaign.line.steps import Line
from civid.errors import FieldError

_AT_ONCE = 16
_MOST_TEAM_DAYS = 10_000_000


def campaign(
    line: Line,
    day: Day,
    quotas: Sequence[int],
    teams: Sequence[int],
    is_open: NDArray[np.bool_],
    *,
    learning: tuple[float, float] = (0.4, 5.0),
    seed: int = 1,
    threads: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.int64]:
    """What units collect day by day, each with so many teams on lines of one kind.

    Every team invites ``day.citizens`` a day, or its share of what remains of the unit's quota. The
    result does not depend on ``threads``.

    Parameters
    ----------
    quotas, teams : sequence of int, (units,)
    is_open : array (units, days) bool
        Which days are worked; suspensions are closed.
    learning : (float, float)
        See `civid.campaign.line.day.learning`.

    Returns
    -------
    array (units, days) int64
        Dossiers.

    Raises
    ------
    FieldError
        Lengths that do not agree, numbers below zero, over ten million team-days.

    Examples
    --------
    >>> from civid.campaign.line import preset
    >>> made = campaign(preset("7-nguoi-6-buoc"), Day(300), [900], [1], np.ones((1, 5), bool))
    >>> int(made.sum()), made.shape
    (900, (1, 5))
    """
    from civid.campaign.line.country_kernels import run_units

    wanted, have = np.array(quotas, np.int64), np.array(teams, np.int64)
    if is_open.ndim != 2 or not len(wanted) == len(have) == len(is_open):
        raise FieldError("units", "quotas, teams and days are not of equally many")
    if (wanted < 0).any() or (have < 0).any():
        raise FieldError("units", "a quota or number of teams below zero")
    if have.sum() * is_open.shape[1] > _MOST_TEAM_DAYS:
        raise FieldError("units", f"over {_MOST_TEAM_DAYS:,} team-days")
    given = matrices(line, day)
    served = np.zeros(is_open.shape, np.int64)
    key, (slow, tempo) = key_of(seed), learning
    worked = np.ascontiguousarray(is_open)

    def run(first: int) -> int:
        now = slice(first, min(first + _AT_ONCE, len(wanted)))
        run_units(
            key, first, wanted[now], have[now], worked[now], given.day, given.steps,
            given.sessions, given.can, line.walk, given.room, slow, tempo, served[now],
        )  # fmt: skip
        return now.stop

    with ThreadPoolExecutor(threads) as pool:
        for stop in pool.map(run, range(0, len(wanted), _AT_ONCE)):
            if on_progress is not None:
                on_progress(stop, len(wanted))
    return served
