"""Prints as they are carried from one register to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from civid.register.identity.gallery_link import digest, pack
from civid.register.identity.prints import promise_enrol, settle, subject_of
from civid.register.merge import common
from civid.register.merge.common import Mark
from civid.register.session import Session, Work
from civid.register.store.tables import prints

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
    settle(made)
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
