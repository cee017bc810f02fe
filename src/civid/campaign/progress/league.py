"""League tables (bảng xếp hạng): who is ahead, who is over plan, who is to be commended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from civid.campaign.organisation.quotas import Quotas
from civid.campaign.organisation.unit import Level
from civid.campaign.progress.board import Board
from civid.campaign.progress.stage import Stage
from civid.campaign.rate import Rate


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's place; equal rates share one, and those without a quota have none (0)."""

    rank: int
    unit: str
    name: str
    rate: Rate

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {"rank": self.rank, "unit": self.unit, "name": self.name, **self.rate.to_dict()}


def league(
    board: Board,
    quotas: Quotas,
    level: Level,
    stage: Stage,
    *,
    day: date | None = None,
    under: str | None = None,
) -> tuple[Standing, ...]:
    """The units of a level by their rate, the best first; equal ones by what they did, then code.

    Units without a quota, or with one of zero, stand last and have no rank.
    """
    totals = board.totals(day)[board.stage_index(stage)]
    rated = []
    for unit in board.tree.at(level, under):
        done = int(totals[board.tree.index(unit.code)])
        rated.append((unit, Rate(max(0, done), quotas.of(unit.code) or 0)))
    rated.sort(key=lambda one: (-(one[1].share or -1), -one[1].done, one[0].code))
    found, rank = list[Standing](), 0
    for place, (unit, rate) in enumerate(rated, 1):
        if not found or rate.share != found[-1].rate.share:
            rank = place
        found.append(Standing(rank if rate.of else 0, unit.code, unit.name, rate))
    return tuple(found)


def over_plan(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Those that have met their quota (đạt, vượt chỉ tiêu 100 %)."""
    return tuple(one for one in standings if one.rate.is_met)


def commended(amounts: Mapping[str, int], most: int) -> tuple[tuple[int, str], ...]:
    """The first of a ranking of teams or officers, with all who share the last place.

    >>> commended({"a": 5, "b": 7, "c": 5, "d": 1}, 2)
    ((1, 'b'), (2, 'a'), (2, 'c'))
    """
    counts = sorted(amounts.values(), reverse=True)
    if most < 1 or not counts:
        return ()
    least = counts[min(most, len(counts)) - 1]
    order = sorted(amounts, key=lambda key: (-amounts[key], key))
    return tuple((1 + counts.index(amounts[key]), key) for key in order if amounts[key] >= least)
