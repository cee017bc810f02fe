"""Rows of grants: every version of each, and which one is in force. No rights are checked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError, NotInRegisterError
from civid.register.population.sealed import unsealed_at
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.sharing_tables import grants
from civid.register.units import in_scope

PROPOSED, ACTIVE, ENDED = "proposed", "active", "ended"

_IN_FORCE = Prepared(
    select(grants)
    .where(grants.c.partner == bindparam("partner"), grants.c.state == bindparam("state"))
    .order_by(grants.c.purpose)
)


@dataclass(frozen=True, slots=True, repr=False)
class GrantRow:
    """One version of a grant.

    Attributes
    ----------
    id : bytes
    version : int
    unit : str
        Unit that granted it.
    state : str
        ``proposed``, ``active`` or ``ended``.
    made, confirmed, ended : int or None
        Microseconds since 1970, UTC.
    made_by, confirmed_by, ended_by, ended_reason : str
    body : mapping
        What is granted, as plain values.
    """

    id: bytes
    version: int
    unit: str
    state: str
    made: int
    made_by: str
    confirmed: int | None
    confirmed_by: str
    ended: int | None
    ended_by: str
    ended_reason: str
    body: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<GrantRow {self.state}, version {self.version}>"


def add(work: Work, grant: bytes, unit: str, state: str, body: dict[str, Any]) -> GrantRow:
    """A new version; the first one of a new grant.

    Raises
    ------
    AlreadyInRegisterError
        Another grant for this partner and purpose is in force.
    ChangedMeanwhileError
        Somebody else made a version at the same time.
    """
    last = work.connection.execute(
        select(func.max(grants.c.version)).where(grants.c.id == grant)
    ).scalar_one()
    version = 1 + int(last or 0)
    if state == ACTIVE:
        _end(work, grant, "replaced")
        _refuse_second(work, grant, body)
    key, sealed = work.vault.seal(_bytes(body), "grants", grant, version)
    values = {
        "id": grant, "version": version, "partner": body["partner"], "purpose": body["purpose"],
        "unit": unit, "state": state, "made": work.now, "made_by": work.actor.name,
        "key": key, "sealed": sealed,
    }  # fmt: skip
    try:
        work.connection.execute(insert(grants).values(values))
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else changed this grant first") from None
    return load(work, grant, version)


def confirm(work: Work, row: GrantRow) -> GrantRow:
    """Let a version come into force in the place of the one before."""
    _end(work, row.id, "replaced")
    _refuse_second(work, row.id, row.body)
    done = work.connection.execute(
        update(grants)
        .where(grants.c.id == row.id, grants.c.version == row.version, grants.c.state == PROPOSED)
        .values(state=ACTIVE, confirmed=work.now, confirmed_by=work.actor.name)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this grant first")
    return load(work, row.id, row.version)


def end(work: Work, grant: bytes, reason: str) -> int:
    """End every version that is in force or waits; how many."""
    return _end(work, grant, reason, PROPOSED, ACTIVE)


def _end(work: Work, grant: bytes, reason: str, *states: str) -> int:
    return work.connection.execute(
        update(grants)
        .where(grants.c.id == grant, grants.c.state.in_(states or (ACTIVE,)))
        .values(
            state=ENDED, ended=work.now, ended_by=work.actor.name, ended_reason=reason
        )
    ).rowcount  # fmt: skip


def _refuse_second(work: Work, grant: bytes, body: Mapping[str, Any]) -> None:
    other = in_force(work, body["partner"], body["purpose"])
    if other is not None and other.id != grant:
        raise AlreadyInRegisterError(
            "this partner has a grant for this purpose already: change that one, or revoke it first"
        )


def in_force(work: Work, partner: str, purpose: str) -> GrantRow | None:
    """The version in force for a partner and a purpose; None = there is none."""
    return next(
        (one for one in all_in_force(work, partner) if one.body["purpose"] == purpose), None
    )


def all_in_force(work: Work, partner: str) -> list[GrantRow]:
    """The versions in force for a partner, by purpose."""
    return [
        _row(work, row) for row in _IN_FORCE(work.connection, partner=partner, state=ACTIVE).all()
    ]


def needs_two(work: Work, partner: str, purpose: str) -> bool:
    """Whether what two officers agreed to last says that no change is made by one alone.

    Of every grant for this partner and purpose: to revoke one and make another is a change as well,
    and so is a change of what waits.
    """
    query = (
        select(grants)
        .where(
            grants.c.partner == partner, grants.c.purpose == purpose,
            grants.c.confirmed.is_not(None),
        )
        .order_by(grants.c.confirmed.desc(), grants.c.id.desc(), grants.c.version.desc())
        .limit(1)
    )  # fmt: skip
    row = work.connection.execute(query).one_or_none()
    return row is not None and bool(_row(work, row).body["two_person"])


def load(work: Work, grant: bytes, version: int | None = None) -> GrantRow:
    """A version; the latest, unless one is asked for.

    Raises
    ------
    NotInRegisterError
        No such grant, or no such version.
    """
    query = select(grants).where(grants.c.id == grant).order_by(grants.c.version.desc()).limit(1)
    if version is not None:
        query = query.where(grants.c.version == version)
    row = work.connection.execute(query).one_or_none()
    if row is None:
        raise NotInRegisterError("no such grant in this register")
    return _row(work, row)


def listed(
    work: Work, *, partner: str | None, ended: bool, after: bytes | None, limit: int
) -> list[GrantRow]:
    """The latest version of each grant in the actor's scope, oldest first."""
    latest = (
        select(grants.c.id, func.max(grants.c.version).label("version"))
        .group_by(grants.c.id)
        .subquery()
    )
    query = (
        select(grants)
        .join(latest, (latest.c.id == grants.c.id) & (latest.c.version == grants.c.version))
        .where(in_scope(grants.c.unit, work.actor))
        .order_by(grants.c.id)
        .limit(limit)
    )
    if partner is not None:
        query = query.where(grants.c.partner == partner)
    if not ended:
        query = query.where(grants.c.state != ENDED)
    if after is not None:
        query = query.where(grants.c.id > after)
    return [_row(work, one) for one in work.connection.execute(query)]


def versions(work: Work, grant: bytes) -> list[GrantRow]:
    """Every version, oldest first."""
    query = select(grants).where(grants.c.id == grant).order_by(grants.c.version)
    return [_row(work, one) for one in work.connection.execute(query)]


def _row(work: Work, row: Row[Any]) -> GrantRow:
    body = unsealed_at(work.vault, "grants", bytes(row.id), row.version, row)
    return GrantRow(
        bytes(row.id), row.version, row.unit, row.state, row.made, row.made_by, row.confirmed,
        row.confirmed_by, row.ended, row.ended_by, row.ended_reason, body,
    )  # fmt: skip


def _bytes(body: dict[str, Any]) -> bytes:
    import json

    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
