"""Prints as they are carried from one register to another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from civid.register.identity.gallery_link import digest, pack, unpack
from civid.register.identity.prints import ENROL, promise_enrol, settle, subject_of
from civid.register.merge import common
from civid.register.merge.common import Mark
from civid.register.session import Session, Work
from civid.register.store.tables import intents, prints

#: A search for somebody who is not here turns up another person as rarely as that.
MAX_FPIR = 0.01
_MOST_HITS = 3


@dataclass(frozen=True, slots=True, repr=False)
class Prints:
    """Somebody's prints in a unit's register.

    Attributes
    ----------
    packed : bytes
    digest : bytes
        What tells whether both registers hold the same.
    hits : tuple of (str, float)
        Subjects of this register's gallery that have the same prints, with the score.
    """

    packed: bytes
    digest: bytes
    hits: tuple[tuple[str, float], ...] = ()

    def __repr__(self) -> str:
        return "<Prints>"


def give_prints(made: Session, own: bytes, fingers: Mapping[bytes, bytes]) -> int:
    """Enrol prints in a register that is being packed; how many people's."""
    if not fingers:
        return 0

    def write(connection: Connection) -> None:
        work = Work(connection, made, made.clock())
        for person, packed in fingers.items():
            promise_enrol(work, person, packed)
        marks = [
            Mark(common.PRINTS, person, digest=digest(packed))
            for person, packed in fingers.items()
        ]  # fmt: skip
        common.write(work, own, marks)

    made.database.write(write)
    settle_together(made)
    return len(fingers)


def digests(connection: Connection, people: Sequence[bytes]) -> dict[bytes, bytes]:
    """What tells which prints people have."""
    rows = connection.execute(
        select(prints.c.person, prints.c.digest).where(prints.c.person.in_(people))
    )
    return {bytes(row.person): bytes(row.digest) for row in rows}


def carried(unit: Work, here: Session, person: bytes, held: bytes) -> Prints | None:
    """Somebody's prints out of a unit's gallery, and who has the same ones here (1:N)."""
    subject = subject_of(unit, person)
    if subject is None or subject not in unit.session.link.gallery:
        return None
    fingers = unit.session.link.gallery.get(subject)
    gallery = here.link.gallery
    hits = gallery.search(fingers, _MOST_HITS, max_fpir=MAX_FPIR) if len(gallery) else []
    return Prints(pack(fingers), held, tuple((one.subject_id, one.score) for one in hits))


def settle_together(session: Session) -> None:
    """Keep many promises to the gallery in one go: one by one, each waits for the disk twice.

    What cannot be done so, because a subject is promised two things, `settle` does one by one.
    """
    with session.database.reading() as connection:
        rows = connection.execute(select(intents).order_by(intents.c.id)).all()
    people = {bytes(row.person) for row in rows}
    if len(people) == len(rows) and all(row.kind == ENROL for row in rows):
        bodies = [
            json.loads(session.vault.open(row.key, row.sealed, "intents", bytes(row.id)))
            for row in rows
        ]
        gallery = session.link.gallery
        gallery.refresh()
        gallery.enroll_many(
            [(one["subject"], unpack(bytes.fromhex(one["fingers"]))) for one in bodies],
            replace=True,
        )
        done = [row.id for row in rows]
        session.database.write(
            lambda connection: connection.execute(delete(intents).where(intents.c.id.in_(done)))
        )
    settle(session)
