"""The table `common`: what this register and another one both had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from civid.register.session import Work
from civid.register.store.tables import common

PERSON, ACT, PRINTS = "person", "act", "prints"
NOTHING = b""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last state of a record that two registers had in common.

    Attributes
    ----------
    kind : str
    id : bytes
    seq : int
        Of an act: its number in the unit's register.
    taken : int
        Of a person: the version up to which the unit's acts are known. Of an act: its number here,
        0 = it was withheld.
    digest : bytes
        Of prints and other rows: what they held.
    """

    kind: str
    id: bytes
    seq: int = 0
    taken: int = 0
    digest: bytes = NOTHING


def read(
    connection: Connection, register: bytes, kinds: Iterable[str], ids: Sequence[bytes]
) -> dict[tuple[str, bytes, int], Mark]:
    """Marks about some records."""
    rows = connection.execute(
        select(common).where(
            common.c.register == register, common.c.kind.in_(list(kinds)), common.c.id.in_(ids)
        )
    )
    return {
        (row.kind, bytes(row.id), row.seq): Mark(
            row.kind, bytes(row.id), row.seq, row.taken, bytes(row.digest)
        )
        for row in rows
    }


def write(work: Work, register: bytes, marks: Sequence[Mark]) -> None:
    """Put marks in the place of those about the same records."""
    if not marks:
        return
    last = {(one.kind, one.id, one.seq): one for one in marks}
    for kind in {one.kind for one in marks}:
        ids = sorted({one.id for one in marks if one.kind == kind})
        if kind != ACT:  # an act is taken over once
            work.connection.execute(
                delete(common).where(
                    common.c.register == register, common.c.kind == kind, common.c.id.in_(ids)
                )
            )
    work.connection.execute(
        insert(common),
        [
            {"register": register, "kind": one.kind, "id": one.id, "seq": one.seq,
             "taken": one.taken, "digest": one.digest}
            for one in last.values()
        ],
    )  # fmt: skip
