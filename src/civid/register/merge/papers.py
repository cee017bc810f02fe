"""Everything but people and prints: a head and the rows that belong to it, carried as a whole.

Households with members, forms, slips, dossiers with events and captures, cards with events, cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, and_, insert, select, update

from civid.register.enrolment.captures import place
from civid.register.session import Work
from civid.register.store import identity_tables, tables
from civid.register.vault import Purpose, Vault

Row = dict[str, Any]
#: In a row: what is sealed in it, opened.
BODY = "*"
_SEALED = ("key", "sealed")


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a paper.

    Attributes
    ----------
    table : Table
    link : str
        Column that names the paper.
    owner, place, purpose
        What its rows are sealed for, as `Vault.seal` has it.
    tokens : tuple
        Columns that only this register can make: what they are made of.
    fixed : bool
        What is sealed never changes once it is written, and is large: it is read only for rows
        that the other register does not have.
    """

    table: Table
    link: str = "id"
    owner: Callable[[Row], bytes] = lambda row: bytes(row["id"])
    place: Callable[[Row], int] = lambda row: 0
    purpose: Purpose = Purpose.FIELDS
    tokens: tuple[tuple[str, Callable[[Vault, Row], bytes]], ...] = ()
    fixed: bool = False

    def key(self, row: Row) -> tuple[Any, ...]:
        """What tells its rows apart."""
        return tuple(row[column.name] for column in self.table.primary_key.columns)


def _household_code(vault: Vault, row: Row) -> bytes:
    return vault.token("household", json.loads(row[BODY])["code"])


#: Kind -> its parts, the head first; in the order in which they are taken over.
PAPERS: dict[str, tuple[Part, ...]] = {
    "household": (
        Part(tables.households, tokens=(("code", _household_code),)),
        Part(tables.members, "household"),
    ),
    "form": (Part(tables.forms),),
    "slip": (Part(tables.slips),),
    "dossier": (
        Part(identity_tables.dossiers),
        Part(identity_tables.dossier_events, "dossier"),
        Part(
            identity_tables.captures, "dossier", lambda row: bytes(row["dossier"]),
            lambda row: place(row["frame"], row["attempt"]), Purpose.PRINTS, fixed=True,
        ),
    ),
    "card": (Part(identity_tables.cards), Part(identity_tables.card_events, "card")),
    "case": (Part(tables.cases),),
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A paper with all its rows, opened."""

    kind: str
    id: bytes
    rows: tuple[tuple[Row, ...], ...]

    @property
    def head(self) -> Row:
        """The row that names it."""
        return self.rows[0][0]

    @property
    def digest(self) -> bytes:
        """What tells whether two registers hold the same."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).digest()

    @property
    def text(self) -> str:
        """All of it, as JSON; bytes in hexadecimal."""
        return json.dumps(self.rows, sort_keys=True, default=lambda value: bytes(value).hex())

    @property
    def people(self) -> set[bytes]:
        """Whom it is about."""
        rows = [row for part in self.rows for row in part]
        return {bytes(row["person"]) for row in rows if row.get("person") is not None}

    def unit(self, otherwise: str) -> str:
        """Unit in whose hands it is."""
        return str(self.head.get("unit") or self.head.get("asks") or otherwise)

    def __repr__(self) -> str:
        return f"<Paper {self.kind}>"


def ids(connection: Connection, kind: str) -> list[bytes]:
    """Every paper of a kind, oldest first."""
    head = PAPERS[kind][0].table
    return [
        bytes(one) for one in connection.execute(select(head.c.id).order_by(head.c.id)).scalars()
    ]


def read(
    connection: Connection, vault: Vault, kind: str, wanted: Sequence[bytes]
) -> dict[bytes, Paper]:
    """Papers by id; those that are not there are left out."""
    found: dict[bytes, list[list[Row]]] = {}
    for at, part in enumerate(PAPERS[kind]):
        link = part.table.c[part.link]
        columns = [one for one in part.table.c if not part.fixed or one.name not in _SEALED]
        order = list(part.table.primary_key.columns)
        rows = connection.execute(select(*columns).where(link.in_(wanted)).order_by(*order))
        for row in rows:
            paper = bytes(row._mapping[part.link])
            if not at:
                found[paper] = [[] for _ in PAPERS[kind]]
            if paper in found:
                found[paper][at].append(_opened(vault, part, dict(row._mapping)))
    return {
        one: Paper(kind, one, tuple(tuple(part) for part in found[one]))
        for one in wanted
        if one in found
    }


def _opened(vault: Vault, part: Part, row: Row) -> Row:
    for name, _ in part.tokens:
        del row[name]
    if "sealed" in row:
        key, sealed = row.pop("key"), row.pop("sealed")
        data = vault.open(key, sealed, part.table.name, part.owner(row), part.place(row))
        row[BODY] = data.decode("latin-1")  # bytes of any kind, one character each
    return row


def add(work: Work, new: Sequence[Paper], there: Work) -> None:
    """Write papers of one kind that are not here yet.

    Parameters
    ----------
    there : Work
        The register that they come from.
    """
    if not new:
        return
    for at, part in enumerate(PAPERS[new[0].kind]):
        _insert(work, there, part, [dict(row) for paper in new for row in paper.rows[at]])


def change(work: Work, paper: Paper, there: Work) -> None:
    """Write a paper that is here already: its rows are changed and added, none is removed."""
    for part, rows in zip(PAPERS[paper.kind], paper.rows, strict=True):
        _insert(work, there, part, [dict(row) for row in rows if not _changed(work, part, row)])


def _insert(work: Work, there: Work, part: Part, rows: list[Row]) -> None:
    if not rows:
        return
    if part.fixed:
        wanted = {part.key(row) for row in rows}
        links = sorted({bytes(row[part.link]) for row in rows})
        found = there.connection.execute(
            select(part.table).where(part.table.c[part.link].in_(links))
        )
        whole = (dict(row._mapping) for row in found)
        rows = [_opened(there.vault, part, row) for row in whole if part.key(row) in wanted]
    work.connection.execute(insert(part.table), [_closed(work.vault, part, row) for row in rows])


def _closed(vault: Vault, part: Part, row: Row) -> Row:
    for name, made in part.tokens:
        row[name] = made(vault, row)
    if BODY in row:
        data = row.pop(BODY).encode("latin-1")
        row["key"], row["sealed"] = vault.seal(
            data, part.table.name, part.owner(row), part.place(row), part.purpose
        )
    return row


def _changed(work: Work, part: Part, row: Row) -> bool:
    """Change a row, if it is here."""
    table = part.table
    key = [column.name for column in table.primary_key.columns]
    values = {
        name: value
        for name, value in _closed(work.vault, part, dict(row)).items()
        if name not in key
    }
    done = work.connection.execute(
        update(table).where(and_(*(table.c[name] == row[name] for name in key))).values(values)
    )
    return done.rowcount == 1
