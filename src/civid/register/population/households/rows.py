"""Reading and writing the rows of households, inside a transaction; no rights are checked here.

A row of `members` is one relation of one person to the head, from a day to a day: who leaves, or
becomes another relation, closes it; nothing is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace as changed
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import AlreadyInRegisterError, ChangedMeanwhileError, NotInRegisterError
from civid.people.dates import PartialDate
from civid.people.household import Household, Member, Problem, check, twice_permanent
from civid.people.sex import Sex
from civid.register.ids import from_text, to_text
from civid.register.population import records
from civid.register.population.households.record import HouseholdRecord
from civid.register.population.lookup import NumberKind
from civid.register.population.sealed import sealed, unsealed
from civid.register.session import Work
from civid.register.store.tables import households, members, persons

_TABLE = "households"


def load(work: Work, household: bytes, *, day: date | None = None) -> HouseholdRecord:
    """One household; `NotInRegisterError` when there is none."""
    row = work.connection.execute(
        select(households).where(households.c.id == household)
    ).one_or_none()
    if row is None:
        raise NotInRegisterError("no such household in this register")
    body = unsealed(work.vault, _TABLE, household, row)
    rows = work.connection.execute(
        select(members).where(members.c.household == household)
        .order_by(members.c.since, members.c.person, members.c.seq)
    ).all()  # fmt: skip
    known = _people(work, {bytes(one.person) for one in rows})
    now = tuple(_member(one, known) for one in rows if one.until is None)
    former = tuple(
        (_member(one, known), date.fromisoformat(one.until), one.reason)
        for one in rows
        if one.until is not None
    )
    found = Household(
        body["code"], now, body["unit_code"], body["unit_list"], body["address"], former
    )
    warnings = (*check(found, day=day), *_twice(work, household, found))
    return HouseholdRecord(to_text(household), row.unit, row.version, found, warnings)


def _member(row: Any, known: dict[bytes, dict[str, Any]]) -> Member:
    return Member(
        to_text(row.person), row.relation, date.fromisoformat(row.since),
        **known.get(bytes(row.person), {}),
    )  # fmt: skip


def _people(work: Work, people: set[bytes]) -> dict[bytes, dict[str, Any]]:
    """What the checks need of each person."""
    found: dict[bytes, dict[str, Any]] = {}
    links: dict[str, set[bytes]] = {}
    for record in records.load_many(work.connection, work.vault, sorted(people)):
        citizen = record.citizen
        sex, birth = citizen.value("sex"), citizen.value("birth")
        found[record.id] = {
            "sex": sex if isinstance(sex, Sex) else Sex.UNKNOWN,
            "birth": birth if isinstance(birth, PartialDate) else None,
        }
        for link in ("father", "mother", "spouse"):
            number = citizen.value(f"{link}_number")
            if isinstance(number, str):
                held = links.setdefault(number, set())
                if not held:
                    held.update(
                        records.holders(work.connection, work.vault, NumberKind.PERSONAL, number)
                    )
                if len(held) == 1:
                    found[record.id][link] = to_text(next(iter(held)))
    return found


def _twice(work: Work, household: bytes, found: Household) -> tuple[Problem, ...]:
    people = [from_text(one.reference) for one in found.members]
    if not people:
        return ()
    rows = work.connection.execute(
        select(members.c.household, members.c.person, members.c.relation, members.c.since).where(
            members.c.person.in_(people), members.c.until.is_(None),
            members.c.household != household,
        )
    ).all()  # fmt: skip
    others: dict[bytes, dict[bytes, Member]] = {}
    for row in rows:
        others.setdefault(bytes(row.household), {})[bytes(row.person)] = _member(row, {})
    elsewhere = [Household(to_text(one), tuple(who.values())) for one, who in others.items()]
    return twice_permanent([found, *elsewhere]) if elsewhere else ()


def add(work: Work, household: bytes, unit: str, made: Household) -> None:
    """A new household with its members; `AlreadyInRegisterError` when its code is in use."""
    body = {
        "code": made.code, "unit_code": made.unit_code, "unit_list": made.unit_list,
        "address": made.address,
    }  # fmt: skip
    values = {
        "id": household, "unit": unit, "version": 1,
        "code": work.vault.token("household", made.code),
    }  # fmt: skip
    try:
        work.connection.execute(
            insert(households).values({**values, **sealed(work, _TABLE, household, body)})
        )
    except IntegrityError:
        raise AlreadyInRegisterError("this residence file number is in use") from None
    _come(work, household, made.members)


def replace(
    work: Work, held: HouseholdRecord, after: Household, day: date, reason: str
) -> HouseholdRecord:
    """Write what differs: rows closed, rows added, one version more."""
    household = from_text(held.reference)
    done = work.connection.execute(
        update(households)
        .where(households.c.id == household, households.c.version == held.version)
        .values(version=held.version + 1)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this household first; read it again")
    before = {one.reference: one for one in held.household.members}
    now = {one.reference: one for one in after.members}
    left = [
        one for one in before.values()
        if one.reference not in now or now[one.reference].relation != one.relation
    ]  # fmt: skip
    for one in left:
        work.connection.execute(
            update(members)
            .where(
                members.c.household == household, members.c.person == from_text(one.reference),
                members.c.until.is_(None),
            )
            .values(until=day.isoformat(), reason=reason)
        )  # fmt: skip
    moved = {one.reference for one in left}
    come = [one for one in now.values() if one.reference not in before or one.reference in moved]
    _come(work, household, [changed(one, since=day) for one in come])
    return load(work, household)


def _come(work: Work, household: bytes, come: Sequence[Member]) -> None:
    if not come:
        return
    rows = work.connection.execute(
        select(members.c.person, func.max(members.c.seq))
        .where(members.c.household == household)
        .group_by(members.c.person)
    )
    last = {bytes(person): seq for person, seq in rows}
    values = [
        {"household": household, "person": person, "seq": last.get(person, 0) + 1,
         "since": one.since.isoformat(), "relation": one.relation, "until": None, "reason": ""}
        for one in come
        for person in (from_text(one.reference),)
    ]  # fmt: skip
    work.connection.execute(insert(members), values)


def of_person(work: Work, person: bytes, *, former: bool = False) -> list[bytes]:
    """Households that somebody is in, or also was in."""
    query = select(members.c.household).where(members.c.person == person).distinct()
    if not former:
        query = query.where(members.c.until.is_(None))
    return [bytes(one) for one in work.connection.execute(query).scalars()]


def known(work: Work, people: Iterable[str]) -> list[bytes]:
    """The ids of people who are all in the register; `NotInRegisterError` otherwise."""
    ids = [from_text(one) for one in people]
    found = work.connection.execute(select(persons.c.id).where(persons.c.id.in_(ids))).all()
    if len(found) != len(set(ids)):
        raise NotInRegisterError("somebody of this household is not in this register")
    return ids
