"""The days of a campaign (lịch chiến dịch): weekends and holidays, worked or not; suspensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from civid.campaign.organisation.tree import UnitTree
from civid.errors import CampaignError
from civid.people.working_days import Calendar

_DAY = timedelta(days=1)
_MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Suspension:
    """A pause (tạm dừng), such as for an epidemic: first and last day, and whom it stops.

    An empty ``unit`` stops everybody; a code stops that unit and all below it.
    """

    first: date
    last: date
    reason: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last - self.first <= _DAY * _MOST_DAYS:
            raise CampaignError("a pause that ends before it starts", code="suspension")

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class CampaignDays:
    """From when to when, and which days are worked.

    Attributes
    ----------
    first, deadline : date
        First day, and the last one on which the quota can be met.
    weekends, holidays : bool
        Whether weekends and public holidays are worked: campaigns do ("cả ngày nghỉ và buổi tối").
    calendar : Calendar
        Working days where they are not.
    suspensions : tuple of Suspension
        Pauses.

    >>> days = CampaignDays(date(2021, 3, 1), date(2021, 6, 30))
    >>> days.count, days.is_worked(date(2021, 3, 6))
    (122, True)
    """

    first: date
    deadline: date
    weekends: bool = True
    holidays: bool = True
    calendar: Calendar = field(default_factory=Calendar)
    suspensions: tuple[Suspension, ...] = ()

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.deadline - self.first <= _DAY * _MOST_DAYS:
            raise CampaignError("it ends before it starts, or lasts ten years", code="days")

    @property
    def count(self) -> int:
        """How many days there are, worked or not."""
        return (self.deadline - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + _DAY * number for number in range(self.count))

    def is_suspended(self, day: date, unit: str = "", tree: UnitTree | None = None) -> bool:
        """Whether a unit pauses on a day; without one, whether everybody does."""
        above = {unit}
        if unit and tree is not None:
            above |= {one.code for one in tree.path(unit)}
        return any(
            pause.first <= day <= pause.last and (not pause.unit or pause.unit in above)
            for pause in self.suspensions
        )

    def is_worked(self, day: date, unit: str = "", tree: UnitTree | None = None) -> bool:
        """Whether a unit works on a day.

        Raises
        ------
        UnavailableError
            Holidays are not worked, and the package ``holidays`` is not installed.
        """
        if self.is_suspended(day, unit, tree):
            return False
        weekend = day.weekday() >= 5
        if weekend and not self.weekends:
            return day in self.calendar.opened
        if self.holidays:
            return day not in self.calendar.closed
        # A holiday is a day that would be worked, were it not one.
        return self.calendar.is_working(day) or (weekend and day not in self.calendar.closed)

    def worked(self, first: date, last: date, unit: str = "", tree: UnitTree | None = None) -> int:
        """How many days are worked from one to another, both included."""
        if last - first > _DAY * _MOST_DAYS:
            raise CampaignError("over ten years", code="days")
        days = (first + _DAY * number for number in range((last - first).days + 1))
        return sum(self.is_worked(day, unit, tree) for day in days)
