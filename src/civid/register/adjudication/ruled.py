"""Rulings as rows: what each officer said of a case, sealed; inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from civid.errors import ChangedMeanwhileError
from civid.register.population.sealed import unsealed_at
from civid.register.session import Work
from civid.register.store.adjudication_tables import rulings

_TABLE = "rulings"


@dataclass(frozen=True, slots=True, repr=False)
class Ruled:
    """What one officer said.

    Attributes
    ----------
    case : bytes
    seq : int
        From 1.
    at, began : int
        Microseconds since 1970, UTC: said, and when the case was given to the officer.
    officer, station : str
    body : dict
        ``ruling``, ``reason``, ``people`` (references), ``until``, ``note``.
    """

    case: bytes
    seq: int
    at: int
    began: int
    officer: str
    station: str
    body: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Ruled {self.seq}>"


def add(work: Work, case: bytes, seq: int, began: int, body: dict[str, Any]) -> None:
    """One more ruling; `ChangedMeanwhileError` if somebody else's came first."""
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    key, found = work.vault.seal(data, _TABLE, case, seq)
    try:
        work.connection.execute(
            insert(rulings).values(
                adjudication=case, seq=seq, at=work.now, began=began, officer=work.actor.name,
                station=work.actor.station, key=key, sealed=found,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("a ruling about this case came first") from None


def remove(work: Work, case: bytes, seq: int) -> None:
    """Take one out that counts no longer; whoever does so keeps it elsewhere."""
    work.connection.execute(
        delete(rulings).where(rulings.c.adjudication == case, rulings.c.seq == seq)
    )


def last_of(work: Work, officer: str) -> bytes | None:
    """The case about which an officer ruled last."""
    found = work.connection.execute(
        select(rulings.c.adjudication)
        .where(rulings.c.officer == officer)
        .order_by(rulings.c.at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if found is None else bytes(found)


def of(work: Work, cases: Sequence[bytes]) -> list[Ruled]:
    """Rulings about some cases, in order."""
    rows = work.connection.execute(
        select(rulings)
        .where(rulings.c.adjudication.in_(list(cases)))
        .order_by(rulings.c.adjudication, rulings.c.seq)
    )
    return [_of_row(work, row) for row in rows.all()]


def between(work: Work, since: int, until: int) -> list[Ruled]:
    """Rulings said in a time, in its order."""
    rows = work.connection.execute(
        select(rulings)
        .where(rulings.c.at >= since, rulings.c.at < until)
        .order_by(rulings.c.at, rulings.c.adjudication, rulings.c.seq)
    )
    return [_of_row(work, row) for row in rows.all()]


def officers(work: Work, case: bytes) -> set[str]:
    """Who has ruled."""
    rows = work.connection.execute(
        select(rulings.c.officer).where(rulings.c.adjudication == case)
    ).scalars()
    return set(rows)


def _of_row(work: Work, row: Any) -> Ruled:
    case = bytes(row.adjudication)
    return Ruled(
        case, row.seq, row.at, row.began, row.officer, row.station,
        unsealed_at(work.vault, _TABLE, case, row.seq, row),
    )  # fmt: skip
