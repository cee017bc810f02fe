"""A whole campaign, team by team and day by day: every citizen of every line is simulated."""

from __future__ import annotations

from typing import Any

import numpy as np

from civid._jit import kernel
from civid.campaign.line.draw_kernels import CITIZENS, SLOWER, below
from civid.campaign.line.run_kernels import CAME, FINISHED, run_days


@kernel
def run_units(
    key: Any, first: int, quotas: Any, teams: Any, is_open: Any, day: Any, steps: Any,
    sessions: Any, can: Any, walk: float, room: int, slow: float, tempo: float, served: Any,
) -> None:  # fmt: skip
    """Fill in ``served``, (units, days): units invite evenly until their quota is met.

    Every team invites ``day[CITIZENS]`` or its share of what remains; a team that learns takes
    ``1 + slow * exp(-days / tempo)`` times as long. ``is_open`` is (units, days).
    """
    measured, at_steps = np.empty((1, 7)), np.empty((1, len(steps), 3))
    loads = np.empty((1, max(len(can), 1)))
    today = day.copy()
    for unit in range(len(quotas)):
        own, left, worked = below(key, first + unit), quotas[unit], 0
        for date in range(is_open.shape[1]):
            served[unit, date] = 0
            if left <= 0 or not is_open[unit, date] or teams[unit] == 0:
                continue
            today[SLOWER] = day[SLOWER] * (1.0 + slow * np.exp(-worked / tempo))
            worked += 1
            for team in range(teams[unit]):
                invited = min(day[CITIZENS], np.ceil(left / (teams[unit] - team)))
                if invited <= 0:
                    break
                today[CITIZENS] = invited
                run_days(
                    below(own, team), date, 1, today, steps, sessions, can, walk, room,
                    measured, at_steps, loads,
                )  # fmt: skip
                done = min(int(measured[0, FINISHED]), int(measured[0, CAME]), left)
                served[unit, date] += done
                left -= done
