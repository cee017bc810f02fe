"""Counts out of dossiers (từ hồ sơ): what a register knows becomes counts by unit and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import BY_STEP, Stage


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """One thing that happened to a dossier; ``step`` is a transition such as ``approve``.

    ``key`` tells dossiers apart: a step that is taken again, after a correction or a misprint,
    counts once, on the day on which it was taken first.
    """

    key: str
    unit: str
    step: str
    day: date


def counted(events: Iterable[DossierEvent]) -> tuple[Report, ...]:
    """One report for each unit, day and stage; steps that are not counted are passed over.

    >>> day = date(2021, 3, 1)
    >>> taken = [DossierEvent(key, "067", "enrol", day) for key in ("a", "b", "a")]
    >>> counted(taken)[0].count
    2
    """
    first = dict[tuple[str, Stage], tuple[date, str]]()
    for one in events:
        stage = BY_STEP.get(one.step)
        if stage is not None:
            key = one.key, stage
            first[key] = min(first.get(key, (one.day, one.unit)), (one.day, one.unit))
    found = Counter((unit, day, stage) for (_, stage), (day, unit) in first.items())
    return tuple(
        Report(unit, day, stage, count)
        for (unit, day, stage), count in sorted(found.items(), key=lambda one: one[0])
    )
