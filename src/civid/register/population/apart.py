"""Two people who are not one (hai người khác nhau): remembered until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import ChangedMeanwhileError, FieldError
from civid.register.codes import code
from civid.register.ids import to_text
from civid.register.session import Work
from civid.register.store.adjudication_tables import apart


@dataclass(frozen=True, slots=True)
class Apart:
    """That somebody is somebody else than another one.

    Attributes
    ----------
    one, other : str
        References.
    until : date
        Last day on which it counts.
    at, ended : int, int or None
        Microseconds since 1970, UTC; when it was said, and taken back.
    actor, reason : str
        Who said so, and the code of why.
    """

    one: str
    other: str
    until: date
    at: int
    actor: str
    reason: str
    ended: int | None = None

    def holds(self, today: date) -> bool:
        """Whether it counts on a day."""
        return self.ended is None and today <= self.until

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "until": self.until.isoformat()
        }


def ordered(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """A pair, whichever way round it was said."""
    return (one, other) if one <= other else (other, one)


def keep(
    work: Work, one: bytes, other: bytes, until: date, reason: str,
    adjudication: bytes | None = None,
) -> None:  # fmt: skip
    """Remember that two are not one; what was remembered before gives way."""
    if one == other:
        raise FieldError("other", "the same entry")
    if until < work.session.today():
        raise FieldError("until", "lies in the past")
    low, high = ordered(one, other)
    lift(work, low, high)
    last = work.connection.execute(
        select(func.max(apart.c.seq)).where(apart.c.low == low, apart.c.high == high)
    ).scalar_one()
    try:
        work.connection.execute(
            insert(apart).values(
                low=low, high=high, seq=(last or 0) + 1, at=work.now, until=until.isoformat(),
                actor=work.actor.name, reason=code(reason), ended=None, adjudication=adjudication,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else said so of these two first") from None
    work.about(low, high)


def lift(work: Work, one: bytes, other: bytes) -> bool:
    """Take it back; whether there was anything to take back."""
    low, high = ordered(one, other)
    done = work.connection.execute(
        update(apart)
        .where(apart.c.low == low, apart.c.high == high, apart.c.ended.is_(None))
        .values(ended=work.now)
    )
    work.about(low, high)
    return done.rowcount > 0


def of(work: Work, people: list[bytes]) -> tuple[Apart, ...]:
    """Everything that was ever said so of some entries, oldest first."""
    rows = work.connection.execute(
        select(apart)
        .where(or_(apart.c.low.in_(people), apart.c.high.in_(people)))
        .order_by(apart.c.at, apart.c.low, apart.c.high)
    )
    found = []
    for row in rows:
        mine, theirs = (row.low, row.high) if bytes(row.low) in people else (row.high, row.low)
        found.append(
            Apart(to_text(mine), to_text(theirs), date.fromisoformat(row.until), row.at, row.actor,
                  row.reason, row.ended)
        )  # fmt: skip
    return tuple(found)
