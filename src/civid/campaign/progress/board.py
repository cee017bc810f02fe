"""The board (bảng tiến độ): every count of a campaign by day, stage and unit, with all its sums.

Counts lie in one array, a day after the other, units depth first (`UnitTree`): the sums over all
subtrees of one day are one running sum, so that a new day costs milliseconds and leaves the others
alone. What was told earlier is never lost: a correction is a later report of the same unit, day and
stage, the latest counts, and the log keeps all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from civid.campaign.numerals import MOST_COUNT
from civid.campaign.organisation.quotas import Quotas
from civid.campaign.organisation.tree import Counts, UnitTree
from civid.campaign.progress.reports import Report, Reports
from civid.campaign.progress.stage import STAGES, Stage
from civid.campaign.rate import Rate
from civid.errors import CampaignError

_NEVER = np.iinfo(np.int32).min
_MOST_CELLS = 200_000_000


class Kind(StrEnum):
    """What a count says."""

    DAILY = "daily"  #: trong ngày
    TOTAL = "total"  #: lũy kế, from the first day on


@dataclass(frozen=True, slots=True)
class Added:
    """What became of reports: how many there were, and how many of them corrected or were late.

    ``outdated`` ones came after a later correction of the same count, and stand in the log only.
    """

    reports: int
    corrections: int
    late: int
    outdated: int


class Board:
    """Counts of a campaign. Not safe for threads while reports are added.

    Parameters
    ----------
    tree : UnitTree
        The units.
    first : date
        First day.
    days : int
        How many there are.
    stages : tuple of Stage
        What is counted.
    kind : Kind
        Whether reports say what was done on the day, or since the beginning.

    Attributes
    ----------
    own : (D, S, U) int64
        What each unit itself did on each day.
    rolled : (D, S, U) int64
        The same summed over each unit and all below it.

    Examples
    --------
    >>> from civid.campaign.organisation.unit import CampaignUnit, Level
    >>> tree = UnitTree([CampaignUnit("84", "Trà Vinh", Level.PROVINCE),
    ...                  CampaignUnit("842", "Càng Long", Level.DISTRICT, "84")])
    >>> board = Board(tree, date(2021, 3, 1), 122)
    >>> told = Report("842", date(2021, 3, 1), Stage.COLLECTED, 70)
    >>> board.add([told, Report("842", date(2021, 3, 1), Stage.COLLECTED, 75, date(2021, 3, 4))])
    Added(reports=2, corrections=1, late=1, outdated=0)
    >>> board.total("84", Stage.COLLECTED)
    75
    """

    def __init__(
        self,
        tree: UnitTree,
        first: date,
        days: int,
        stages: tuple[Stage, ...] = STAGES,
        kind: Kind | str = Kind.DAILY,
    ):
        if days < 1 or len(stages) < 1 or days * len(stages) * len(tree) > _MOST_CELLS:
            raise CampaignError("no days, no stages, or too many of them", code="board")
        if len(set(stages)) != len(stages):
            raise CampaignError("a stage is there twice", code="board")
        self.tree, self.first, self.days, self.stages = tree, first, days, stages
        self.kind = Kind(kind)
        shape = days, len(stages), len(tree)
        self.own: Counts = np.zeros(shape, np.int64)
        self.rolled: Counts = np.zeros(shape, np.int64)
        self._told: Counts = self.own if self.kind is Kind.DAILY else np.zeros(shape, np.int64)
        self._received = np.full(shape, _NEVER, np.int32)
        self._log = list[Reports]()

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=self.days - 1)

    def day_index(self, day: date) -> int:
        """Which day of the campaign it is; `CampaignError` (``outside``) when it is none."""
        place = (day - self.first).days
        if not 0 <= place < self.days:
            raise CampaignError("a day outside the campaign", code="outside")
        return place

    def stage_index(self, stage: Stage) -> int:
        """Where a stage stands; `CampaignError` (``no-such-stage``) when it is not counted."""
        try:
            return self.stages.index(stage)
        except ValueError:
            raise CampaignError("a stage that is not counted", code="no-such-stage") from None

    def add(self, reports: Reports | Iterable[Report]) -> Added:
        """Take reports in, in any order; of the same unit, day and stage the latest told counts.

        Sums of the days that they touch are computed anew, O(units x stages) each.

        Raises
        ------
        CampaignError
            Nothing was taken in: a day outside the campaign, a unit or stage that is not there, or
            a count below zero without a reason (``negative``), one beyond 10⁹ (``count-range``).
        """
        if not isinstance(reports, Reports):
            reports = Reports.of(reports, self.tree, self.first, self.stages)
        self._check(reports)
        if not len(reports):
            return Added(0, 0, 0, 0)
        keys = (reports.days * len(self.stages) + reports.stages) * len(self.tree) + reports.units
        order = np.arange(len(reports))
        if (np.diff(reports.received) < 0).any():
            order = np.argsort(reports.received, kind="stable")
        sorted_keys, told = keys[order], reports.received[order]
        flat = self._received.reshape(-1)
        known = flat[sorted_keys]
        current = told >= known
        last = np.full(flat.shape, -1, np.int32) if len(order) > flat.size // 8 else None
        chosen = _last_of_each(sorted_keys, current, last)
        self._told.reshape(-1)[sorted_keys[chosen]] = reports.counts[order][chosen]
        flat[sorted_keys[chosen]] = told[chosen]
        self._log.append(reports)
        self._sum_up(np.unique(reports.days))
        fresh = int((known[chosen] == _NEVER).sum())
        outdated = int((~current).sum())
        return Added(
            len(reports),
            len(reports) - fresh - outdated,
            int((reports.received > reports.days).sum()),
            outdated,
        )

    def _check(self, reports: Reports) -> None:
        for column, end, code in (
            (reports.days, self.days, "outside"),
            (reports.stages, len(self.stages), "no-such-stage"),
            (reports.units, len(self.tree), "no-such-unit"),
        ):
            wrong = (column < 0) | (column >= end)
            if wrong.any():
                message = "a day, stage or unit that the campaign does not have"
                raise CampaignError(message, code=code)
        if ((reports.counts > MOST_COUNT) | (reports.counts < -MOST_COUNT)).any():
            raise CampaignError("a count of over 10⁹", code="count-range")
        for place in np.flatnonzero(reports.counts < 0)[: len(reports.reasons) + 1]:
            if int(place) not in reports.reasons:
                unit = self.tree.units[int(reports.units[place])].code
                raise CampaignError("a count below zero", code="negative", unit=unit)

    def _sum_up(self, days: NDArray[np.int64]) -> None:
        if self.kind is Kind.TOTAL:
            self.own = _increments(self._told, self._received != _NEVER)
            days = np.arange(self.days)
        for day in days:  # a day fits into the cache, all of them together do not
            self.rolled[day] = self.tree.rolled(self.own[day])

    def totals(self, day: date | None = None, since: date | None = None) -> Counts:
        """(S, U) int64: what was done by the end of a day, of every stage and unit."""
        end = self.days if day is None else self.day_index(day) + 1
        begin = 0 if since is None else self.day_index(since)
        return np.asarray(self.rolled[begin:end].sum(axis=0))

    def total(self, unit: str, stage: Stage, day: date | None = None) -> int:
        """What was done by the end of a day, in a unit and all below it."""
        end = self.days if day is None else self.day_index(day) + 1
        place = self.tree.index(unit)
        return int(self.rolled[:end, self.stage_index(stage), place].sum())

    def series(self, unit: str, stage: Stage, *, running: bool = True) -> Counts:
        """(D,) int64: by day, summed up from the first day on or each for itself."""
        daily = self.rolled[:, self.stage_index(stage), self.tree.index(unit)]
        return np.asarray(np.cumsum(daily) if running else daily.copy())

    def rate(self, unit: str, stage: Stage, quotas: Quotas, day: date | None = None) -> Rate:
        """Done of the quota; `CampaignError` (``no-quota``) where there is none."""
        quota = quotas.of(unit)
        if quota is None:
            raise CampaignError("no quota", code="no-quota", unit=unit)
        return Rate(self.total(unit, stage, day), quota)

    def reported(self, day: date, stage: Stage) -> NDArray[np.bool_]:
        """(U,) bool: which units themselves have said anything for a day."""
        place = self.day_index(day), self.stage_index(stage)
        return np.asarray(self._received[place] != _NEVER)

    def history(self, unit: str, day: date, stage: Stage) -> tuple[Report, ...]:
        """Everything that was told for one count, in the order in which it came."""
        want = self.tree.index(unit), self.day_index(day), self.stage_index(stage)
        found = []
        for part in self._log:
            mask = (part.units == want[0]) & (part.days == want[1]) & (part.stages == want[2])
            for place in np.flatnonzero(mask):
                received = self.first + timedelta(days=int(part.received[place]))
                count, why = int(part.counts[place]), part.reasons.get(int(place), "")
                found.append(Report(unit, day, stage, count, received, why))
        return tuple(sorted(found, key=lambda one: one.received or day))

    def known_on(self, day: date) -> Board:
        """The board as it was known at the end of a day, without what was told later."""
        before = Board(self.tree, self.first, self.days, self.stages, self.kind)
        end = (day - self.first).days
        for part in self._log:
            before.add(part.kept(part.received <= end))
        return before

    def late(self) -> Counts:
        """(U,) int64: how many reports of each unit came after the day that they are about."""
        counted = np.zeros(len(self.tree), np.int64)
        for part in self._log:
            mask = part.received > part.days
            counted += np.bincount(part.units[mask], minlength=len(self.tree))
        return counted


def _last_of_each(
    keys: NDArray[np.int64], current: NDArray[np.bool_], room: NDArray[np.int32] | None
) -> NDArray[np.int64]:
    """Places of the last report of each key, of those that are current."""
    places = np.flatnonzero(current)
    if room is None:
        _, backwards = np.unique(keys[places][::-1], return_index=True)
        return np.asarray(places[len(places) - 1 - backwards], np.int64)
    room[keys[places]] = places  # of equal keys NumPy keeps the last
    return np.asarray(places[room[keys[places]] == places], np.int64)


def _increments(told: Counts, reported: NDArray[np.bool_]) -> Counts:
    """What was done on each day, out of running totals; a day without a report adds nothing."""
    days = np.arange(len(told))[:, None, None]
    latest = np.maximum.accumulate(np.where(reported, days, -1), axis=0)
    running = np.take_along_axis(told, np.maximum(latest, 0), axis=0)
    running[latest < 0] = 0
    return np.asarray(np.diff(running, axis=0, prepend=0))
