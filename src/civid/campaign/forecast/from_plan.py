"""A plan and its progress as a forecast takes them: history, open days, machines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from civid.campaign.forecast.history import History, Openings
from civid.campaign.organisation import Plan
from civid.campaign.progress.board import Board
from civid.campaign.progress.stage import Stage
from civid.errors import CampaignError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """The days that a plan works at a unit, without its suspensions; see `openings_of`."""

    plan: Plan
    unit: str

    def is_working(self, day: date) -> bool:
        """Whether the unit would work, were it not suspended."""
        days = self.plan.days
        if days.is_suspended(day, self.unit, self.plan.tree):
            return True
        return days.is_worked(day, self.unit, self.plan.tree)


def openings_of(plan: Plan, unit: str, until: date | None = None) -> Openings:
    """Which days a unit works.

    Parameters
    ----------
    until : date, optional
        Leave out suspensions that begin later: what was known on that evening.
    """
    above = {one.code for one in plan.tree.path(unit)}
    pauses = tuple(
        (pause.first, pause.last)
        for pause in plan.days.suspensions
        if (not pause.unit or pause.unit in above) and (until is None or pause.first <= until)
    )
    return Openings(PlannedDays(plan, unit), pauses)


def history_of(board: Board, unit: str, until: date, stage: Stage = Stage.COLLECTED) -> History:
    """What a unit and those below it did, day by day, from the first day of the board.

    Raises
    ------
    CampaignError
        Nothing was done by then (``no-counts``); a day below zero, after corrections
        (``below-zero``): correct the counts first.
    """
    if until < board.first:
        raise CampaignError("nothing was done by then", code="no-counts", unit=unit)
    counts = board.series(unit, stage, running=False)[: (until - board.first).days + 1]
    if not counts.any():
        raise CampaignError("nothing was done by then", code="no-counts", unit=unit)
    if (counts < 0).any():
        raise CampaignError("a day has a count below zero", code="below-zero", unit=unit)
    return History.of(
        {board.first + _DAY * number: int(count) for number, count in enumerate(counts)}
    )


def capacity_of(plan: Plan, unit: str, day: date) -> float:
    """The most that the machines of a unit and those below it do on a day; infinite without teams.

    The best of the seven days from ``day`` on, so that a shift that runs on some weekdays counts.
    Pauses, holidays and the deadline take no machines away: it is what they do when they work.
    """
    week = replace(plan.days, first=day, deadline=day + 6 * _DAY, holidays=True, suspensions=())
    plan = replace(plan, days=week)
    inside = [one.code for one in plan.tree.units if _is_below(plan, one.code, unit)]
    places = [plan.tree.index(code) for code in inside]
    if not any(team.unit in set(inside) and team.kits and team.shifts for team in plan.teams):
        return float(np.inf)
    days = [day + _DAY * number for number in range(7)]
    best = max(float(plan.capacity(one)[places].sum()) for one in days)
    return best or float(np.inf)


def machines_of(plan: Plan, unit: str, day: date) -> int:
    """How many kits a unit and those below it have on a day."""
    return sum(kit.is_there(day) and _is_below(plan, kit.unit, unit) for kit in plan.kits)


def _is_below(plan: Plan, code: str, unit: str) -> bool:
    return any(one.code == unit for one in plan.tree.path(code))
