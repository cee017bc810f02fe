"""Shifts (ca làm việc): office hours, evenings, nights, weekends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from civid.errors import CampaignError

EVERY_DAY = frozenset(range(7))
_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift by the clock; one that ends before it begins ends on the next day.

    Attributes
    ----------
    name : str
        Such as ``sáng``, ``chiều``, ``tối``.
    begins, ends : time
        By the clock.
    weekdays : frozenset of int
        On which days it begins, Monday being 0.
    break_minutes : int
        Pauses within it.

    >>> Shift("tối", time(18), time(22)).hours, Shift("đêm", time(22), time(2)).hours
    (4.0, 4.0)
    """

    name: str
    begins: time
    ends: time
    weekdays: frozenset[int] = EVERY_DAY
    break_minutes: int = 0

    def __post_init__(self) -> None:
        if not self.weekdays <= EVERY_DAY or not self.weekdays:
            raise CampaignError("weekdays are 0 to 6", code="shift-days")
        if not 0 <= self.break_minutes < self._span:
            raise CampaignError("breaks as long as the shift", code="shift-break")

    @property
    def _span(self) -> int:
        begins, ends = _minute(self.begins), _minute(self.ends)
        return (ends - begins) % _MINUTES or _MINUTES

    @property
    def hours(self) -> float:
        """How long it works, without its breaks."""
        return (self._span - self.break_minutes) / 60

    @property
    def is_night(self) -> bool:
        """Whether any of it lies between 22 and 6 o'clock (Labour Code 2019 Art 106)."""
        begins = _minute(self.begins)
        night = {*range(22 * 60, _MINUTES), *range(6 * 60)}
        return any((begins + minute) % _MINUTES in night for minute in range(self._span))

    def runs_on(self, day: date) -> bool:
        """Whether it begins on this day."""
        return day.weekday() in self.weekdays

    def overlaps(self, other: Shift) -> bool:
        """Whether nobody could work both on one day."""
        if not self.weekdays & other.weekdays:
            return False
        first, second = _minute(self.begins), _minute(other.begins)
        return (second - first) % _MINUTES < self._span or (first - second) % _MINUTES < other._span


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
