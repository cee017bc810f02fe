"""Ageing (hồ sơ tồn): how long dossiers lie in each stage; late cards (trả thẻ chậm), causes.

Dossiers come as plain records with the attributes of `Pending`; those of a register have them. When
a card is due follows from the law of the day of filing (`civid.cards.deadlines`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from civid.cards.deadlines import due as due_on
from civid.cards.regimes import Area, Procedure
from civid.people.working_days import Calendar

#: Upper ends of the classes of age, in days: half a week, a week, two weeks.
CLASSES = (3, 7, 15)
ENDED = frozenset({"delivered", "refused"})


class Pending(Protocol):
    """What is asked of a dossier: where it is, since when, by when its card is due, and a cause."""

    @property
    def unit(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def filed(self) -> date: ...
    @property
    def due(self) -> date | None: ...
    @property
    def cause(self) -> str: ...


@dataclass(frozen=True, slots=True, repr=False)
class DossierLine:
    """A dossier as a list has it. ``due`` None: as the law says. ``reference`` does not show."""

    reference: str
    unit: str
    stage: str
    since: date
    filed: date
    due: date | None = None
    cause: str = ""
    procedure: Procedure = Procedure.FIRST
    area: Area = Area.CITY

    def __repr__(self) -> str:
        return f"<DossierLine {self.unit} {self.stage}>"


@dataclass(frozen=True, slots=True)
class StageAge:
    """Dossiers that lie in a stage: how many, the oldest in days, and counts by class of age."""

    stage: str
    count: int
    oldest_days: int
    by_age: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"stage": self.stage, "count": self.count, "oldest_days": self.oldest_days,
                "by_age": list(self.by_age)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overdue:
    """Cards that are late on a day.

    Attributes
    ----------
    count, pending : int
        How many are late, of how many that have not ended.
    by_cause, by_unit, by_stage : dict
        How many, the most first. They add up to ``count``.
    longest : int
        The longest delay in working days.
    """

    count: int
    pending: int
    by_cause: dict[str, int]
    by_unit: dict[str, int]
    by_stage: dict[str, int]
    longest: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def ageing(dossiers: Iterable[Pending], day: date) -> tuple[StageAge, ...]:
    """How long dossiers have been lying where they are; those that have ended do not count.

    >>> lying = [DossierLine("1", "067", "approved", date(2021, 6, 1), date(2021, 5, 20))]
    >>> ageing(lying, date(2021, 6, 10))
    (StageAge(stage='approved', count=1, oldest_days=9, by_age=(0, 0, 1, 0)),)
    """
    ages = dict[str, list[int]]()
    for one in dossiers:
        if one.stage not in ENDED:
            ages.setdefault(one.stage, []).append(max(0, (day - one.since).days))
    found = []
    for stage, days in sorted(ages.items()):
        classes = Counter(sum(age > end for end in CLASSES) for age in days)
        counts = tuple(classes[place] for place in range(len(CLASSES) + 1))
        found.append(StageAge(stage, len(days), max(days), counts))
    return tuple(found)


def overdue(dossiers: Iterable[Pending], day: date, *, calendar: Calendar | None = None) -> Overdue:
    """Which cards are late on a day, by cause, unit and stage.

    Parameters
    ----------
    calendar : Calendar, optional
        Working days, with pauses; the public holidays of Vietnam (needs ``civid[cards]``).
    """
    used = calendar or Calendar()
    causes, units, stages = Counter[str](), Counter[str](), Counter[str]()
    pending = longest = 0
    for one in dossiers:
        if one.stage in ENDED:
            continue
        pending += 1
        due = (
            one.due
            or due_on(
                one.filed,
                getattr(one, "procedure", Procedure.FIRST),
                getattr(one, "area", Area.CITY),
                calendar=used,
            ).on
        )
        if day > due:
            causes[one.cause or "other"] += 1
            units[one.unit] += 1
            stages[one.stage] += 1
            longest = max(longest, used.between(due, day))
    by_cause, by_unit, by_stage = map(_most_first, (causes, units, stages))
    return Overdue(causes.total(), pending, by_cause, by_unit, by_stage, longest)


def _most_first(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
