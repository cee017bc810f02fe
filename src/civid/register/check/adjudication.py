"""Unions and cases: what was merged, who is in an open case, what was ruled and done."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, select

from civid.errors import RegisterDamagedError
from civid.register.adjudication.rows import CLOSED, TABLE, TAKEN, UNDONE, WAITING
from civid.register.cases.case import ADJUDICATION, CaseState
from civid.register.check.report import Findings, What
from civid.register.ids import from_text, to_text
from civid.register.population import records
from civid.register.population.apart import ordered
from civid.register.population.sealed import unsealed
from civid.register.session import Session
from civid.register.store.adjudication_tables import (
    adjudication_events,
    adjudications,
    open_pairs,
    rulings,
    suspects,
    unions,
)
from civid.register.store.tables import cases, persons
from civid.register.vault import Vault


def look(session: Session, found: Findings) -> None:
    """Look at every union and every case, in one state of the register."""
    with session.database.reading() as connection:
        _unions(connection, found)
        _cases(connection, session.vault, found)


def _unions(connection: Connection, found: Findings) -> None:
    """An entry is merged if, and only if, one union that has not ended says so."""
    said = {
        bytes(row.merged): bytes(row.kept)
        for row in connection.execute(select(unions).where(unions.c.ended.is_(None)))
    }
    found.counts["unions"] += len(said)
    for row in connection.execute(
        select(persons.c.id, persons.c.state, persons.c.merged_into).where(
            persons.c.merged_into.is_not(None) | (persons.c.state == records.MERGED)
        )
    ):
        person = bytes(row.id)
        kept = said.pop(person, None)
        if row.state == records.ERASED:
            continue
        into = None if row.merged_into is None else bytes(row.merged_into)
        if kept is None or kept != into or row.state != records.MERGED:
            found.add(What.UNION, to_text(person))
    for person in said:
        found.add(What.UNION, to_text(person))


def _cases(connection: Connection, vault: Vault, found: Findings) -> None:
    people: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for row in connection.execute(select(suspects)):
        people[bytes(row.adjudication)].add(bytes(row.person))
    pairs: defaultdict[bytes, set[tuple[bytes, bytes]]] = defaultdict(set)
    for row in connection.execute(select(open_pairs)):
        pairs[bytes(row.adjudication)].add((bytes(row.low), bytes(row.high)))
    ruled: Counter[bytes] = Counter()
    for one in connection.execute(select(rulings.c.adjudication)).scalars():
        ruled[bytes(one)] += 1
    told: defaultdict[bytes, set[str]] = defaultdict(set)
    for row in connection.execute(
        select(adjudication_events.c.adjudication, adjudication_events.c.what)
    ):
        told[bytes(row.adjudication)].add(row.what)
    held = {
        bytes(row.id): (row.state, row.owner)
        for row in connection.execute(select(cases.c.id, cases.c.state, cases.c.owner))
    }
    known = set()
    for row in connection.execute(select(adjudications)).all():
        case = bytes(row.id)
        known.add(case)
        try:
            body = unsealed(vault, TABLE, case, row)
        except RegisterDamagedError:
            continue  # said where every sealed record is opened
        if not {"seed", "register_cases"} <= body.keys():
            found.add(What.CASE, to_text(case), detail="what it holds")
            continue
        wrong = [
            *_columns(row, ruled[case], told[case]),
            *_pairs(row, body, people[case], pairs[case]),
            *_waiting(row, body, held),
        ]
        for detail in wrong:
            found.add(What.CASE, to_text(case), detail=detail)
    for case in {*people, *pairs, *ruled, *told} - known:
        found.add(What.CASE, to_text(case), detail="there is no such case")


def _columns(row: Any, ruled: int, told: set[str]) -> list[str]:
    wrong = []
    if row.rulings != ruled:
        wrong.append("number of rulings")
    if (row.state == TAKEN) != bool(row.officer) or (row.state == TAKEN) != bool(row.ticket):
        wrong.append("whose it is")
    decided = row.state in (CLOSED, UNDONE)
    if decided != bool(row.outcome) or decided != (row.closed is not None):
        wrong.append("outcome")
    if decided and ruled < 2:
        wrong.append("decided by fewer than two")
    if row.state not in (WAITING, TAKEN, CLOSED, UNDONE):
        wrong.append("state")
    if decided != ("closed" in told) or (row.state == UNDONE) != ("undone" in told):
        wrong.append("history")
    return wrong


def _pairs(
    row: Any, body: dict[str, Any], people: set[bytes], pairs: set[tuple[bytes, bytes]]
) -> list[str]:
    """An open case holds its pairs, those of a closed one are free; a known case holds none."""
    subject = bytes(row.subject)
    expected = {ordered(subject, one) for one in people}
    if row.state in (CLOSED, UNDONE) or body["seed"] is not None:
        return ["pairs that should be free"] if pairs else []
    return [] if pairs <= expected else ["pairs"]


def _waiting(
    row: Any, body: dict[str, Any], held: dict[bytes, tuple[str, str]]
) -> list[str]:  # fmt: skip
    """The register's own cases are held while it is open, and closed with it."""
    wrong = []
    for one in body["register_cases"]:
        state, owner = held.get(from_text(one), ("", ""))
        if not state:  # erased with its person
            continue
        if row.state in (CLOSED, UNDONE):
            if state != CaseState.CLOSED.value:
                wrong.append("the register still waits")
        elif state != CaseState.TAKEN.value or owner != ADJUDICATION:
            wrong.append("the register does not wait")
    return wrong
