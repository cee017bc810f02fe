"""Reports (báo cáo số liệu) as columns: unit, day, stage, count, and when the report came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from civid.campaign.numerals import MOST_COUNT
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.progress.stage import STAGES, Stage
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True)
class Report:
    """One count: so many, at a unit, on a day; ``received`` is the day on which it was told."""

    unit: str
    day: date
    stage: Stage
    count: int
    received: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reports:
    """Many reports, a column each, in the order in which they were written.

    Attributes
    ----------
    units, days, stages : (n,) int64
        Index into the tree, days since the first day of the campaign, index into the stages.
    counts : (n,) int64
        How many.
    received : (n,) int64
        When it was told, days since the first day; later than the day: a late report.
    reasons : mapping
        Place in the columns -> why this corrects an earlier one, where somebody said so.
    """

    units: NDArray[np.int64]
    days: NDArray[np.int64]
    stages: NDArray[np.int64]
    counts: NDArray[np.int64]
    received: NDArray[np.int64]
    reasons: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shapes = {column.shape for column in self.columns}
        if len(shapes) != 1 or self.units.ndim != 1:
            raise CampaignError("columns of one length are needed", code="shape")

    @property
    def columns(self) -> tuple[NDArray[np.int64], ...]:
        """All of them, in the order of the attributes."""
        return self.units, self.days, self.stages, self.counts, self.received

    def __len__(self) -> int:
        return len(self.units)

    def kept(self, mask: NDArray[np.bool_]) -> Reports:
        """Those that a mask keeps."""
        places = np.flatnonzero(mask)
        new = {int(old): place for place, old in enumerate(places)}
        reasons = {new[old]: why for old, why in self.reasons.items() if old in new}
        units, days, stages, counts, received = (column[places] for column in self.columns)
        return Reports(units, days, stages, counts, received, reasons)

    @classmethod
    def of(
        cls,
        reports: Iterable[Report],
        tree: UnitTree,
        first: date,
        stages: tuple[Stage, ...] = STAGES,
    ) -> Reports:
        """Columns out of single reports.

        Raises
        ------
        CampaignError
            A unit or a stage that the campaign does not have; a count beyond 10⁹
            (``count-range``).
        """
        order = {stage: place for place, stage in enumerate(stages)}
        rows, reasons = list[tuple[int, int, int, int, int]](), dict[int, str]()
        for place, one in enumerate(reports):
            if one.stage not in order:
                raise CampaignError("a stage that is not counted", code="no-such-stage")
            if abs(one.count) > MOST_COUNT:
                raise CampaignError("a count of over 10⁹", code="count-range", unit=one.unit)
            day = (one.day - first).days
            told = day if one.received is None else (one.received - first).days
            rows.append((tree.index(one.unit), day, order[one.stage], one.count, told))
            if one.reason:
                reasons[place] = one.reason
        table = np.array(rows, np.int64).reshape(-1, 5)
        units, days, of_stages, counts, received = (np.ascontiguousarray(one) for one in table.T)
        return cls(units, days, of_stages, counts, received, reasons)
