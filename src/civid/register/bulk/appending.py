"""One more act for each of many people, a statement a table; what is rare goes one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, delete, update

from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError
from civid.register.population import claims, records
from civid.register.population.claims import Said
from civid.register.population.lookup import lookup_of
from civid.register.population.number_states import concerned
from civid.register.population.records import Record
from civid.register.session import Work
from civid.register.store.failures import TryAgain
from civid.register.store.fill import fill
from civid.register.store.prepared import Prepared
from civid.register.store.tables import acts, names, persons

_HEAD = Prepared(
    update(persons)
    .where(persons.c.id == bindparam("who"), persons.c.version == bindparam("before"))
    .values(version=bindparam("after"), changed=bindparam("now"), unit=bindparam("at"))
)
_FORGET = Prepared(
    delete(names).where(
        names.c.token == bindparam("sound"), names.c.birth_year == bindparam("year"),
        names.c.person == bindparam("who"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Addition:
    """What is to be said of somebody who was read in this transaction."""

    record: Record
    said: Said
    unit: str | None


def append_many(
    work: Work, additions: Sequence[Addition], *, kind: str, source: str
) -> list[Record]:
    """Write acts; the people afterwards, in the order given.

    Everybody is named once. As `records.append` in everything else.

    Raises
    ------
    TryAgain
        Somebody else was first with one of them.
    """
    made: list[Record | None] = []
    heads, said, gone = [], [], []
    come: list[tuple[bytes, int, bytes]] = []
    for one in additions:
        after = _simple(one)
        made.append(after)
        if after is None:
            continue
        record = one.record
        key, sealed = work.vault.seal(claims.encode(one.said), "acts", record.id, after.version)
        heads.append({"who": record.id, "before": record.version, "after": after.version,
                      "now": work.now, "at": after.unit})  # fmt: skip
        said.append((record.id, after.version, work.now, kind, work.actor.name, work.actor.unit,
                     source, key, sealed))  # fmt: skip
        old = lookup_of(record.citizen).name_rows(work.vault, record.id)
        new = lookup_of(after.citizen).name_rows(work.vault, record.id)
        gone += [{"sound": sound, "year": year, "who": who} for sound, year, who in old - new]
        come += new - old
    if _HEAD.many(work.connection, heads) != len(heads):
        raise TryAgain
    columns = ("person", "seq", "at", "kind", "actor", "unit", "source", "key", "sealed")
    fill(work.connection, acts, columns, sorted(said))
    _FORGET.many(work.connection, gone)
    fill(work.connection, names, ("token", "birth_year", "person"), sorted(come))
    return [
        _one(work, one, kind, source) if after is None else after
        for one, after in zip(additions, made, strict=True)
    ]


def _simple(one: Addition) -> Record | None:
    """The person afterwards; None where numbers change, or more than this person does."""
    record = one.record
    if record.state != records.ACTIVE or record.is_joined or concerned(one.said):
        return None
    after = replace(
        record, version=record.version + 1, unit=record.unit if one.unit is None else one.unit,
        acts=(*record.acts, (record.version + 1, one.said)),
    )  # fmt: skip
    if lookup_of(after.citizen).numbers != lookup_of(record.citizen).numbers:
        return None
    return after


def _one(work: Work, one: Addition, kind: str, source: str) -> Record:
    try:
        return records.append(work, one.record, one.said, kind=kind, source=source, unit=one.unit)
    except (AlreadyInRegisterError, ChangedMeanwhileError):  # since we looked
        raise TryAgain from None
