"""How units stand with what they owe (bảng xếp hạng quá hạn): counts, never people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.people.working_days import Calendar


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """What one unit owes and has answered.

    Attributes
    ----------
    unit : str
        Its code.
    running, overdue : int
        Requests it has to answer, and how many of them are late.
    oldest_days : int
        Working days by which the latest one is late.
    answered, late : int
        Answered since the first day that was asked for, and how many of them after their last day.
    """

    unit: str
    running: int
    overdue: int
    oldest_days: int
    answered: int
    late: int

    @property
    def on_time(self) -> float | None:
        """Share of what was answered that came in time; None when nothing was."""
        return None if not self.answered else 1 - self.late / self.answered

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {"on_time": self.on_time}


def standings(counts: Iterable[Any], day: date, calendar: Calendar) -> tuple[UnitStanding, ...]:
    """Sum counts by unit, the worst first.

    Parameters
    ----------
    counts : iterable of (unit, due, running, answered, late)
        As `civid.register.asking.rows.tally` gives them.
    day : date
        As of which day.
    """
    units: dict[str, list[int]] = {}
    for unit, due, running, answered, late in counts:
        sums = units.setdefault(unit, [0, 0, 0, 0, 0])
        last = date.fromisoformat(due)
        sums[0] += running
        if running and last < day:
            sums[1] += running
            sums[2] = max(sums[2], calendar.between(last, day))
        sums[3] += answered
        sums[4] += late
    made = [UnitStanding(unit, *sums) for unit, sums in units.items()]
    return tuple(sorted(made, key=lambda one: (-one.overdue, -one.oldest_days, one.unit)))
