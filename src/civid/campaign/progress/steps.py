"""Times of steps at the counter (thời gian thao tác): how long a case takes, and which are slow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from civid.campaign.words import Language, say
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One step of a dossier at a counter. ``key`` tells dossiers apart and does not show."""

    key: str
    name: str
    begins: datetime
    ends: datetime
    station: str = ""

    def __post_init__(self) -> None:
        if self.ends < self.begins:
            raise CampaignError("a step that ends before it begins", code="step-time")

    def __repr__(self) -> str:
        return f"<Step {self.name}>"


def case_times(steps: Iterable[Step]) -> dict[str, timedelta]:
    """From the first beginning to the last end, by dossier."""
    begins, ends = dict[str, datetime](), dict[str, datetime]()
    for one in steps:
        begins[one.key] = min(begins.get(one.key, one.begins), one.begins)
        ends[one.key] = max(ends.get(one.key, one.ends), one.ends)
    return {key: ends[key] - begins[key] for key in begins}


def about_minutes(steps: Iterable[Step], language: Language | str = Language.VI) -> str:
    """The median of a case in whole minutes, in words."""
    times = case_times(steps)
    if not times:
        raise CampaignError("no steps", code="nothing")
    minutes = median(time.total_seconds() for time in times.values()) / 60
    return say("about-minutes", language, minutes=round(minutes))


def outliers(steps: Iterable[Step], times: float = 3.0) -> tuple[str, ...]:
    """Keys of dossiers that took more than so many times the median, the longest first."""
    took = case_times(steps)
    if not took:
        return ()
    usual = median(time.total_seconds() for time in took.values())
    slow = [key for key, time in took.items() if time.total_seconds() > times * usual]
    return tuple(sorted(slow, key=lambda key: (-took[key], key)))
