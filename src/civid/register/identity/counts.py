"""Counts of what happened to dossiers (thống kê), by unit and day: for progress, naming nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from civid.register.session import Work
from civid.register.store.identity_tables import dossier_events, dossiers
from civid.register.units import below, in_scope, unit_code

_HOUR = 3_600_000_000
#: Days are those of Vietnam, UTC+7 all year.
_ZONE = 7 * _HOUR
_DAY = 24 * _HOUR
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many dossiers of a unit took a step for the first time on a day.

    Attributes
    ----------
    unit : str
        Unit that took the dossiers in, a path such as ``46/474``.
    step : str
        A transition of `civid.cards.lifecycle.dossier_machine`, or ``open``.
    day : date
        In Vietnam.
    count : int
        A step that is taken again, after a correction or a misprint, counts once.
    """

    unit: str
    step: str
    day: date
    count: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"unit": self.unit, "step": self.step, "day": self.day.isoformat(),
                "count": self.count}  # fmt: skip


def counts(work: Work, steps: tuple[str, ...], unit: str | None) -> tuple[StepCount, ...]:
    """Counted by the database, of dossiers in the actor's scope."""
    scope = in_scope(dossiers.c.unit, work.actor)
    if unit is not None:
        scope = scope & below(dossiers.c.unit, unit_code(unit))
    first = (
        select(
            dossiers.c.unit,
            dossier_events.c.step,
            func.min(dossier_events.c.at).label("at"),
        )
        .join(dossiers, dossiers.c.id == dossier_events.c.dossier)
        .where(dossier_events.c.step.in_(steps), scope)
        .group_by(dossier_events.c.dossier, dossiers.c.unit, dossier_events.c.step)
        .subquery()
    )
    day = ((first.c.at + _ZONE) // _DAY).label("day")
    query = (
        select(first.c.unit, first.c.step, day, func.count())
        .group_by(first.c.unit, first.c.step, day)
        .order_by(first.c.unit, day, first.c.step)
    )
    return tuple(
        StepCount(where, step, _EPOCH + timedelta(days=int(number)), int(count))
        for where, step, number, count in work.connection.execute(query)
    )
