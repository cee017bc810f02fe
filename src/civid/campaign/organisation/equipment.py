"""Machines (máy thu nhận, cơ số máy): kits by unit, breakdowns, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from civid.campaign.organisation.tree import UnitTree
from civid.campaign.organisation.unit import Level
from civid.campaign.rate import Rate
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit for enrolment: one station's machine, at a unit from one day to another."""

    code: str
    unit: str
    since: date | None = None
    until: date | None = None

    def is_there(self, day: date) -> bool:
        """Whether the unit has it on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A kit that does not work (hỏng): first and last day; without a last one it still does not."""

    kit: str
    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise CampaignError("mended before it broke", code="breakdown")


def working_kits(
    kits: Iterable[Kit], breakdowns: Iterable[Breakdown], day: date
) -> tuple[Kit, ...]:
    """The kits that are there on a day and work.

    >>> kits = [Kit("K1", "067"), Kit("K2", "067")]
    >>> broken = [Breakdown("K2", date(2021, 5, 1), date(2021, 5, 3))]
    >>> [kit.code for kit in working_kits(kits, broken, date(2021, 5, 2))]
    ['K1']
    """
    broken = {
        one.kit for one in breakdowns if one.first <= day and (one.last is None or day <= one.last)
    }
    return tuple(kit for kit in kits if kit.is_there(day) and kit.code not in broken)


def coverage(
    tree: UnitTree,
    kits: Iterable[Kit],
    level: Level,
    day: date,
    *,
    under: str | None = None,
    breakdowns: Iterable[Breakdown] = (),
) -> tuple[Rate, tuple[str, ...]]:
    """Which share of the units of a level has a working kit, itself or below it; and who has none.

    Returns
    -------
    rate, without : Rate, tuple of str
        The share, and the codes of the units that have none.
    """
    have = set[str]()
    for kit in working_kits(kits, breakdowns, day):
        have |= {unit.code for unit in tree.path(kit.unit)}
    units = tree.at(level, under)
    without = tuple(unit.code for unit in units if unit.code not in have)
    return Rate(len(units) - len(without), len(units)), without
