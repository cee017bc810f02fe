"""Periods compared (so sánh kỳ), the quota of a day (chỉ tiêu ngày), and days above a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from civid.campaign.organisation.days import CampaignDays
from civid.campaign.progress.board import Board
from civid.campaign.progress.stage import Stage
from civid.campaign.rate import Rate
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True)
class Period:
    """So many from one day to another, both included."""

    first: date
    last: date
    done: int

    @property
    def days(self) -> int:
        """How many days, worked or not."""
        return (self.last - self.first).days + 1

    @property
    def per_day(self) -> Decimal:
        """On average, two decimals."""
        return (Decimal(self.done) / self.days).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods beside each other; ``factor`` and ``factor_per_day`` are None after nothing."""

    before: Period
    after: Period

    @property
    def factor(self) -> Decimal | None:
        """How many times as many as before ("gấp 10 lần"), one decimal."""
        return _ratio(self.after.done, self.before.done)

    @property
    def factor_per_day(self) -> Decimal | None:
        """The same by the day, for periods that are not equally long."""
        return _ratio(self.after.done * self.before.days, self.before.done * self.after.days)


def period(board: Board, unit: str, stage: Stage, first: date, last: date) -> Period:
    """What a unit did from one day to another; `CampaignError` when it ends before it begins."""
    if last < first:
        raise CampaignError("ends before it begins", code="period")
    before = board.total(unit, stage, first - timedelta(days=1)) if first > board.first else 0
    return Period(first, last, board.total(unit, stage, last) - before)


def compare(
    board: Board, unit: str, stage: Stage, before: tuple[date, date], after: tuple[date, date]
) -> Comparison:
    """Two periods of a board beside each other."""
    return Comparison(period(board, unit, stage, *before), period(board, unit, stage, *after))


def daily_rates(
    board: Board, unit: str, stage: Stage, quota: int, days: CampaignDays
) -> tuple[tuple[date, Rate], ...]:
    """What was done on each day of the quota of a day: the quota spread evenly over all days.

    The day's quota is rounded up, so that who meets it daily meets the whole.
    """
    a_day = -(-quota // days.count)
    series = board.series(unit, stage, running=False)
    return tuple(
        (board.first + timedelta(days=place), Rate(max(0, int(count)), a_day))
        for place, count in enumerate(series)
    )


@dataclass(frozen=True, slots=True)
class TeamDay:
    """What a team took in on a day, and with how many machines."""

    team: str
    day: date
    kits: int
    dossiers: int


def above(days: Iterable[TeamDay], per_kit: int) -> tuple[TeamDay, ...]:
    """Days of teams with more than so many dossiers a machine ("vượt 700 hồ sơ/máy/ngày").

    >>> day = date(2021, 5, 1)
    >>> len(above([TeamDay("T1", day, 2, 1401), TeamDay("T2", day, 1, 700)], 700))
    1
    """
    found = []
    for one in days:
        if one.kits < 1:
            raise CampaignError("a team without machines took dossiers in", code="no-kits")
        if one.dossiers > per_kit * one.kits:
            found.append(one)
    return tuple(found)


def _ratio(count: int, of: int) -> Decimal | None:
    if not of:
        return None
    return (Decimal(count) / Decimal(of)).quantize(Decimal("0.1"), ROUND_HALF_UP)
