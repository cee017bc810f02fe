"""Reading and writing the rows of dossiers, inside a transaction; no rights are checked here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.cards.lifecycle import DossierState
from civid.cards.regimes import Area, Procedure
from civid.errors import ChangedMeanwhileError, NotInRegisterError
from civid.register.actor import Capability
from civid.register.cases.case import SEARCHED
from civid.register.cases.rows import waiting, waiting_for
from civid.register.identity.dossier import Dossier, DossierEvent
from civid.register.ids import to_text
from civid.register.session import Work
from civid.register.store.identity_tables import dossier_events, dossiers

#: In place of the kind of a case that a search has opened.
DECISION = "decision"
COLUMNS = ("person", "unit", "procedure", "area", "state", "step", "filed", "due", "entered",
           "officer", "station", "began", "cause")  # fmt: skip


@dataclass(frozen=True, repr=False)
class Held:
    """A dossier as stored: its columns, and what is sealed with it."""

    id: bytes
    version: int
    row: dict[str, Any]
    #: law, days, todo, plan, missing, exceptions, receipt, recheck; and notes, which are free text
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> bytes:
        """Whose it is."""
        return bytes(self.row["person"])

    @property
    def unit(self) -> str:
        """Unit that took it in."""
        return str(self.row["unit"])

    @property
    def state(self) -> DossierState:
        """Where it stands."""
        return DossierState(self.row["state"])

    @property
    def filed(self) -> date:
        """Day of filing."""
        return date.fromisoformat(self.row["filed"])

    @property
    def todo(self) -> tuple[str, ...]:
        """Steps at the counter that are left."""
        return tuple(self.body.get("todo", ()))

    def __repr__(self) -> str:
        return f"<Held dossier, version {self.version}>"

    def public(self, work: Work, waits: tuple[str, ...] | None = None) -> Dossier:
        """What the API answers; `waits` where that was looked up for many at once."""
        found = waiting_for(work, self.id, self.person) if waits is None else waits
        row, body = self.row, self.body
        return Dossier(
            to_text(self.id), to_text(self.person), self.unit, Procedure(row["procedure"]),
            Area(row["area"]), self.state, self.todo, date.fromisoformat(row["filed"]),
            date.fromisoformat(row["due"]), body["law"], body["days"], row["entered"],
            row["officer"], row["station"], row["cause"], _shown(work, found),
            tuple(body.get("exceptions", ())),
            {int(one): why["reason"] for one, why in body.get("missing", {}).items()},
            self.version,
        )  # fmt: skip


def _shown(work: Work, found: tuple[str, ...]) -> tuple[str, ...]:
    """What a dossier waits for; that a search found somebody is only for those who may search."""
    if Capability.IDENTIFY in work.actor.capabilities:
        return found
    return tuple(sorted({DECISION if one in SEARCHED else one for one in found}))


def load(work: Work, reference: bytes, version: int | None = None, *, lock: bool = False) -> Held:
    """One dossier, locked against others who write when it is going to be changed.

    Raises
    ------
    NotInRegisterError
        There is none.
    ChangedMeanwhileError
        It has another version than the one that was read.
    """
    query = select(dossiers).where(dossiers.c.id == reference)
    row = work.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotInRegisterError("no such dossier in this register")
    held = held_of(work, row)
    if version is not None and version != held.version:
        raise ChangedMeanwhileError("another station changed this dossier first; read it again")
    return held


def some(work: Work, ids: Select[tuple[bytes]]) -> list[Dossier]:
    """The dossiers that a query of ids finds, oldest first.

    The ids come out of an index and are sorted alone, without the sealed rest.
    """
    query = select(dossiers).where(dossiers.c.id.in_(ids)).order_by(dossiers.c.id)
    found = [held_of(work, row) for row in work.connection.execute(query).all()]
    waits = waiting(work, [(held.id, held.person) for held in found])
    return [held.public(work, waits[held.id]) for held in found]


def held_of(work: Work, row: Row[Any]) -> Held:
    """A row, opened."""
    reference = bytes(row.id)
    body = json.loads(work.vault.open(row.key, row.sealed, "dossiers", reference))
    return Held(reference, row.version, {name: getattr(row, name) for name in COLUMNS}, body)


def add(work: Work, held: Held) -> None:
    """A new dossier."""
    work.connection.execute(insert(dossiers).values(id=held.id, version=1, **_values(work, held)))


def save(work: Work, held: Held, **changed: Any) -> Held:
    """Write a dossier that was read and locked in this transaction; its version rises.

    Parameters
    ----------
    changed
        Columns by name, or parts of the body.
    """
    columns = {name: value for name, value in changed.items() if name in COLUMNS}
    body = {name: value for name, value in changed.items() if name not in COLUMNS}
    if "state" in columns and columns["state"] != held.row["state"]:
        columns["entered"] = work.now
    after = replace(held, version=held.version + 1, row=held.row | columns, body=held.body | body)
    after.row["step"] = after.todo[0] if after.todo else ""
    done = work.connection.execute(
        update(dossiers)
        .where(dossiers.c.id == held.id, dossiers.c.version == held.version)
        .values(version=after.version, **_values(work, after))
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("another station changed this dossier first; read it again")
    return after


def _values(work: Work, held: Held) -> dict[str, Any]:
    data = json.dumps(held.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    key, sealed = work.vault.seal(data, "dossiers", held.id)
    return {**held.row, "key": key, "sealed": sealed}


def event(
    work: Work, held: Held, step: str, *, seconds: int | None = None, role: str = "",
    reason: str = "",
) -> None:  # fmt: skip
    """Write down what happened to a dossier that is locked in this transaction."""
    last = work.connection.execute(
        select(func.max(dossier_events.c.seq)).where(dossier_events.c.dossier == held.id)
    ).scalar_one()
    try:
        work.connection.execute(
            insert(dossier_events).values(
                dossier=held.id, seq=(last or 0) + 1, at=work.now, step=step,
                state=held.row["state"], seconds=seconds, officer=work.actor.name,
                station=work.actor.station, role=str(role), reason=reason,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("another station changed this dossier first") from None


def count(work: Work, reference: bytes, step: str) -> int:
    """How often something happened to a dossier."""
    found = work.connection.execute(
        select(func.count()).where(
            dossier_events.c.dossier == reference, dossier_events.c.step == step
        )
    ).scalar_one()
    return int(found)


def events(work: Work, reference: bytes) -> tuple[DossierEvent, ...]:
    """Everything that happened to a dossier, oldest first."""
    rows = work.connection.execute(
        select(dossier_events)
        .where(dossier_events.c.dossier == reference)
        .order_by(dossier_events.c.seq)
    )
    return tuple(
        DossierEvent(one.at, one.step, one.state, one.seconds, one.officer, one.station, one.role,
                     one.reason)
        for one in rows
    )  # fmt: skip
