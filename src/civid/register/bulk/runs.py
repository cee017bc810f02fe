"""Runs (đợt nhập): how far each came, so that one that was killed is seen and can go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from civid.register.bulk.outcome import Tally
from civid.register.ids import new_id, to_text
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.tables import runs

SYNCHRONISE = "synchronise"

_SAVE = Prepared(
    update(runs)
    .where(runs.c.id == bindparam("which"))
    .values(position=bindparam("at"), counts=bindparam("tally"), ended=bindparam("end"))
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the register remembers it.

    Attributes
    ----------
    reference : str
        Of the run.
    source : str
        The other system.
    position : int
        Rows that are done.
    counts : dict
        ``new``, ``changed``, ``same``, and ``reasons`` of refusals by code.
    started, ended : int or None
        Microseconds since 1970, UTC; not ended: it was killed, or is under way.
    """

    reference: str
    source: str
    position: int
    counts: dict[str, Any]
    started: int
    ended: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def begin(work: Work, source: str) -> Run:
    """A new run."""
    made = new_id()
    counts = Tally().counts()
    work.connection.execute(
        insert(runs).values(
            id=made, kind=SYNCHRONISE, source=source, position=0, counts=json.dumps(counts),
            started=work.now,
        )
    )  # fmt: skip
    return Run(to_text(made), source, 0, counts, work.now, None)


def save(
    work: Work, run: str, position: int, counts: dict[str, Any], *, ended: bool = False
) -> None:
    """Write down how far a run came, in the transaction that brought it there."""
    _SAVE(
        work.connection, which=bytes.fromhex(run), at=position, tally=json.dumps(counts),
        end=work.now if ended else None,
    )  # fmt: skip


def latest(work: Work, source: str) -> Run | None:
    """The last run of a system; None when there was none."""
    row = work.connection.execute(
        select(runs)
        .where(runs.c.kind == SYNCHRONISE, runs.c.source == source)
        .order_by(runs.c.started.desc(), runs.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _run(row)


def listed(work: Work, limit: int) -> tuple[Run, ...]:
    """The last runs, newest first."""
    rows = work.connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).all()
    return tuple(map(_run, rows))


def _run(row: Any) -> Run:
    return Run(
        to_text(row.id), row.source, row.position, json.loads(row.counts), row.started, row.ended
    )
