"""Which tables hold sealed records, and what each record is sealed for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select, tuple_

from civid.register.store import (
    adjudication_tables,
    asking_tables,
    audit_tables,
    identity_tables,
    sharing_tables,
    tables,
    watch_tables,
)
from civid.register.vault import Purpose, Vault


@dataclass(frozen=True, slots=True)
class Sealed:
    """How the column ``sealed`` of a table is sealed.

    Attributes
    ----------
    table : Table
    owner : callable
        Of a row: whose record it is, as `Vault.seal` was told.
    place : callable
        Of a row: its place among the owner's.
    purpose : Purpose
        Of the key.
    """

    table: Table
    owner: Callable[[Row[Any]], bytes]
    place: Callable[[Row[Any]], int] = lambda row: 0
    purpose: Purpose = Purpose.FIELDS

    def open(self, vault: Vault, row: Row[Any]) -> bytes:
        """What a row holds; `RegisterDamagedError` when it was not sealed for this place."""
        return vault.open(row.key, row.sealed, self.table.name, self.owner(row), self.place(row))

    def seal(self, vault: Vault, row: Row[Any], data: bytes) -> dict[str, Any]:
        """The columns of a row for other contents, under the key of now."""
        key, sealed = vault.seal(
            data, self.table.name, self.owner(row), self.place(row), self.purpose
        )
        return {"key": key, "sealed": sealed}


def _id(row: Row[Any]) -> bytes:
    return bytes(row.id)


def _person(row: Row[Any]) -> bytes:
    return bytes(row.person)


def _consent(row: Row[Any]) -> bytes:
    return bytes(row.grant) + bytes(row.person)


def _capture(row: Row[Any]) -> int:
    from civid.register.enrolment.captures import place

    return place(row.frame, row.attempt)


SEALED = (
    Sealed(tables.acts, _person, lambda row: int(row.seq)),
    Sealed(tables.numbers, lambda row: bytes(row.token)),
    Sealed(tables.households, _id),
    Sealed(tables.forms, _id),
    Sealed(tables.slips, _id),
    Sealed(identity_tables.dossiers, _id),
    Sealed(identity_tables.captures, lambda row: bytes(row.dossier), _capture, Purpose.PRINTS),
    Sealed(identity_tables.cards, _id),
    Sealed(tables.cases, _id),
    Sealed(adjudication_tables.adjudications, _id),
    Sealed(
        adjudication_tables.rulings, lambda row: bytes(row.adjudication), lambda row: int(row.seq)
    ),
    Sealed(watch_tables.watched, _id, purpose=Purpose.PRINTS),
    Sealed(sharing_tables.grants, _id, lambda row: int(row.version)),
    Sealed(sharing_tables.questions, lambda row: bytes(row.request)),
    Sealed(sharing_tables.guesses, lambda row: bytes(row.token)),
    Sealed(sharing_tables.partner_keys, lambda row: row.partner.encode(), lambda row: row.version),
    Sealed(asking_tables.unit_requests, _id),
    Sealed(asking_tables.consent_terms, _consent, lambda row: int(row.seq)),
    Sealed(tables.holds, _id),
    Sealed(audit_tables.unit_logs, lambda row: bytes(row.register)),
    Sealed(tables.prints, _person, purpose=Purpose.MAPPING),
    Sealed(tables.intents, _id, purpose=Purpose.PRINTS),
)


def page(
    connection: Connection, table: Table, after: tuple[Any, ...] | None, size: int, *where: Any,
    lock: bool = False,
) -> list[Row[Any]]:  # fmt: skip
    """Rows in the order of the primary key, from the one behind `after` on.

    With `lock`, nobody else changes them before this transaction ends.
    """
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(size)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after) if len(key) > 1 else key[0] > after[0])
    query = query.where(*where)
    return list(connection.execute(query.with_for_update() if lock else query).all())


def place_of(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    """Of a row: where `page` goes on."""
    return tuple(getattr(row, column.name) for column in table.primary_key.columns)


def pages(
    connect: Callable[[], Any], table: Table, size: int = 500
) -> Iterator[tuple[Connection, list[Row[Any]]]]:
    """A whole table, each page in a transaction of its own: none is held for long."""
    after: tuple[Any, ...] | None = None
    while True:
        with connect() as connection:
            rows = page(connection, table, after, size)
            if rows:
                yield connection, rows
        if len(rows) < size:
            return
        after = place_of(table, rows[-1])
