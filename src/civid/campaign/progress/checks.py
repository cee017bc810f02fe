"""A board held against itself and its plan: stages, totals, silent units."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np

from civid.campaign.finding import Finding
from civid.campaign.progress.board import Board
from civid.campaign.progress.stage import STAGES, Stage
from civid.people.findings.model import Severity


def stage_order(board: Board, day: date | None = None) -> tuple[Finding, ...]:
    """Units that have more of a later stage than of the one before it.

    Normal where cards are handed over elsewhere than where they were asked for; told all the same.
    """
    totals, found = board.totals(day), []
    kept = [stage for stage in STAGES if stage in board.stages]
    for before, after in pairwise(kept):
        early, late = totals[board.stage_index(before)], totals[board.stage_index(after)]
        if not early.any():
            continue  # this stage is not reported at all
        for place in np.flatnonzero(late > early):
            values = {"early": before.value, "late": after.value,
                      "before": int(early[place]), "count": int(late[place])}  # fmt: skip
            unit = board.tree.units[int(place)].code
            found.append(Finding("stage-order", Severity.WARNING, unit=unit, values=values))
    return tuple(found)


def below_zero(board: Board) -> tuple[Finding, ...]:
    """Units whose corrections took more away than there was."""
    totals = board.totals()
    return tuple(
        Finding("below-zero", Severity.ERROR, unit=board.tree.units[int(place)].code,
                values={"stage": board.stages[int(stage)].value,
                        "count": int(totals[stage, place])})
        for stage, place in zip(*np.nonzero(totals < 0), strict=True)
    )  # fmt: skip


def silent(board: Board, day: date, stage: Stage) -> tuple[Finding, ...]:
    """Units at the end of the tree that were open on a day and have not reported it."""
    reported = board.reported(day, stage)
    leaves = np.flatnonzero(board.tree.ends == np.arange(1, len(board.tree) + 1))
    units = (board.tree.units[int(place)] for place in leaves if not reported[place])
    return tuple(
        Finding("silent", Severity.INFO, unit=unit.code, day=day)
        for unit in units
        if unit.works_on(day)
    )
