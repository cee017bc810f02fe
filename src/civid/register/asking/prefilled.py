"""How many fields people were not asked again, by month, unit, procedure and form; about nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.register.session import Work
from civid.register.store.asking_tables import prefill_counts
from civid.register.units import below, in_scope


@dataclass(frozen=True, slots=True)
class PrefillCount:
    """What was saved in one month, unit and procedure, with one form.

    Attributes
    ----------
    month : str
        ``YYYY-MM``.
    unit, procedure, form : str
    people : int
        Forms that were filled.
    filled, confirmed, asked : int
        Boxes that were given, shown to be confirmed, and asked.
    """

    month: str
    unit: str
    procedure: str
    form: str
    people: int
    filled: int
    confirmed: int
    asked: int

    @property
    def not_asked_again(self) -> int:
        """Boxes that nobody had to write."""
        return self.filled + self.confirmed

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "not_asked_again": self.not_asked_again
        }


def add(work: Work, one: PrefillCount) -> None:
    """Add to the sums of a month."""
    t, key = prefill_counts.c, ("month", "unit", "procedure", "form")
    sums = {name: getattr(one, name) for name in ("people", "filled", "confirmed", "asked")}
    adding = (
        update(prefill_counts)
        .where(*(t[name] == getattr(one, name) for name in key))
        .values({name: t[name] + count for name, count in sums.items()})
    )
    if work.connection.execute(adding).rowcount:
        return
    values = {name: getattr(one, name) for name in key} | sums
    try:
        with work.connection.begin_nested():
            work.connection.execute(insert(prefill_counts).values(**values))
    except IntegrityError:  # another transaction was first
        work.connection.execute(adding)


def listed(work: Work, unit: str, first: str, last: str, limit: int) -> list[PrefillCount]:
    """Sums of months, of a unit and those below it in the actor's scope."""
    t = prefill_counts.c
    rows = work.connection.execute(
        select(
            t.month, t.unit, t.procedure, t.form, func.sum(t.people), func.sum(t.filled),
            func.sum(t.confirmed), func.sum(t.asked),
        )
        .where(below(t.unit, unit), in_scope(t.unit, work.actor), t.month >= first, t.month <= last)
        .group_by(t.month, t.unit, t.procedure, t.form)
        .order_by(t.month, t.unit, t.procedure, t.form)
        .limit(limit)
    )  # fmt: skip
    return [PrefillCount(*row[:4], *map(int, row[4:])) for row in rows]
