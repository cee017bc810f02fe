"""Version 1 of a gallery's database, as civid wrote it before there were segments: read only.

One row a finger, id = sequence * 16 + position, with a BLAKE2b-128 of the row; one state row.
`upgrade` turns it into the present form (`civid.search.store.layout`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b

from civid.errors import GalleryDamagedError
from civid.search.store import layout
from civid.search.store.base import Subject
from civid.search.store.layout import State

_STRIDE = 16

SCHEMA = (
    "CREATE TABLE state (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, "
    "subjects INTEGER NOT NULL, fingers INTEGER NOT NULL, next INTEGER NOT NULL, "
    "digest BLOB NOT NULL, seal BLOB NOT NULL)",
    "CREATE TABLE fingers (id INTEGER PRIMARY KEY, subject BLOB NOT NULL, "
    "template BLOB NOT NULL, digest BLOB NOT NULL)",
)
_READ_ROWS = (
    "SELECT id, subject, template, digest FROM fingers WHERE id BETWEEN ? AND ? ORDER BY id"
)


def state(row: tuple[object, ...]) -> State | None:
    """The state row; None = damaged. Any change may have been a removal."""
    _, *numbers, digest, seal = row
    if all(type(number) is int for number in numbers) and type(digest) is bytes:
        text = b"civid gallery state 1 %d %d %d %d %d"
        total = int.from_bytes(digest, "little")
        if seal == blake2b(text % (*numbers, total), digest_size=16).digest():
            generation, subjects, fingers, following = (int(str(number)) for number in numbers)
            return State(generation, subjects, fingers, following, generation, 0, total)
    return None


def rows(connection: sqlite3.Connection, start: int, end: int) -> Iterator[tuple[Subject, int]]:
    """Subjects with sequence numbers start .. end - 1, and the sums of their digests."""
    wanted = (start * _STRIDE, min(end * _STRIDE, 1 << 63) - 1)
    sequence, name, total = 0, b"", 0
    fingers: list[tuple[int, bytes]] = []
    before = 0
    for row, subject, template, digest in connection.execute(_READ_ROWS, wanted):
        _check_row(row, subject, template, digest)
        owner, position = divmod(row, _STRIDE)
        if row <= before or (owner == sequence and subject != name):
            raise GalleryDamagedError("stored subjects are missing or changed")
        before = row
        if owner != sequence:
            if fingers:
                yield Subject(sequence, name.decode(), tuple(fingers)), total
            sequence, name, total, fingers = owner, subject, 0, []
        fingers.append((position, template))
        total += int.from_bytes(digest, "little")
    if fingers:
        yield Subject(sequence, name.decode(), tuple(fingers)), total


def _check_row(row: object, subject: object, template: object, digest: object) -> None:
    if (
        type(row) is not int
        or type(subject) is not bytes
        or type(template) is not bytes
        or digest
        != blake2b(b"%d %d %b%b" % (row, len(subject), subject, template), digest_size=16).digest()
    ):
        raise GalleryDamagedError("a stored finger is damaged")


def upgrade(connection: sqlite3.Connection, old: State) -> State:
    """Inside a transaction: check everything and write it anew; -> the new state."""
    for statement in layout.SCHEMA[1:]:
        connection.execute(statement)
    subjects = fingers = checked = digest = 0
    for subject, total in rows(connection, 0, 1 << 59):
        subjects += 1
        fingers += len(subject.fingers)
        checked += total
        row = layout.tail_row(*subject, None)
        digest += int.from_bytes(row[2], "little")
        connection.execute(layout.ADD_TAIL, row)
    found = subjects, fingers, checked % layout.MODULUS
    if found != (old.subjects, old.fingers, old.digest):
        raise GalleryDamagedError("stored subjects are missing or changed")
    connection.execute("DROP TABLE fingers")
    connection.execute("DROP TABLE state")
    connection.execute(layout.SCHEMA[0])
    generation = old.generation + 1
    return old._replace(
        generation=generation,
        shrunk=generation,
        encrypted=0,
        digest=digest % layout.MODULUS,
    )
