"""Prints as they are carried from one register to another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select

from civid.errors import RegisterDamagedError
from civid.position import Position
from civid.register.identity.gallery_link import digest, unpack
from civid.register.identity.prints import ENROL, open_intents, promise_enrol, settle
from civid.register.merge import common
from civid.register.merge.common import Mark
from civid.register.session import Session, Work
from civid.register.store.tables import intents, prints
from civid.search import Gallery
from civid.search.fingers import Fingers

#: A search for somebody who is not here turns up another person as rarely as that.
MAX_FPIR = 0.01
_MOST_HITS = 3
_TELLING = frozenset({
    Position.RIGHT_THUMB, Position.RIGHT_INDEX, Position.LEFT_THUMB, Position.LEFT_INDEX,
})  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Prints:
    """Somebody's prints in a unit's register.

    Attributes
    ----------
    fingers : mapping
        Position -> template.
    digest : bytes
        What tells whether both registers hold the same.
    hits : tuple of (str, float)
        Subjects of this register's gallery that have the same prints, with the score.
    """

    fingers: Fingers
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


def carried(unit: Work, people: Mapping[bytes, bytes]) -> dict[bytes, Prints]:
    """Prints out of a unit's gallery, by person; `people` says what the unit's register names.

    Raises
    ------
    RegisterDamagedError
        The gallery lacks some of them.
    """
    rows = unit.connection.execute(
        select(prints.c.person, prints.c.key, prints.c.sealed).where(
            prints.c.person.in_(list(people))
        )
    )
    gallery = unit.session.link.gallery
    found = {}
    for row in rows:
        person = bytes(row.person)
        subject = unit.vault.open(row.key, row.sealed, "prints", person).decode()
        if subject not in gallery:
            raise RegisterDamagedError("the unit's gallery lacks prints that its register names")
        found[person] = Prints(gallery.get(subject), people[person])
    return found


def searched(here: Session, found: Mapping[bytes, Prints]) -> dict[bytes, Prints]:
    """The same prints, with whoever has the same ones here (1:N)."""
    gallery = here.link.gallery
    if not len(gallery) or not found:
        return dict(found)
    # All at once, and only the fingers that tell most: a day of 700 dossiers against itself and a
    # register of a million is seconds. The cascade loses next to nothing (docs/explain/search.md).
    probes = Gallery(backend="cascade")
    probes.enroll_many([(one.hex(), _telling(prints.fingers)) for one, prints in found.items()])
    hits: dict[bytes, list[tuple[str, float]]] = {}
    for one in probes.duplicates(gallery, max_fpir=MAX_FPIR):
        hits.setdefault(bytes.fromhex(one.subject), []).append((one.other, one.score))
    return {
        person: replace(prints, hits=tuple(hits.get(person, ())[:_MOST_HITS]))
        for person, prints in found.items()
    }


def _telling(fingers: Fingers) -> Fingers:
    """Thumbs and index fingers, where there are any of them."""
    if not isinstance(fingers, Mapping):
        return fingers
    return {at: one for at, one in fingers.items() if at in _TELLING} or fingers


def settle_together(session: Session) -> None:
    """Keep many promises to the gallery in one go: one by one, each waits for the disk twice.

    What cannot be done so, because a subject is promised two things, `settle` does one by one.
    """
    if not open_intents(session):
        return
    with session.link.changing() as gallery:
        rows = open_intents(session)
        people = {bytes(row.person) for row in rows}
        if len(people) == len(rows) and all(row.kind == ENROL for row in rows):
            bodies = [
                json.loads(session.vault.open(row.key, row.sealed, "intents", bytes(row.id)))
                for row in rows
            ]
            gallery.enroll_many(
                [(one["subject"], unpack(bytes.fromhex(one["fingers"]))) for one in bodies],
                replace=True,
            )
            done = [row.id for row in rows]
            session.database.write(
                lambda connection: connection.execute(delete(intents).where(intents.c.id.in_(done)))
            )
    settle(session)
