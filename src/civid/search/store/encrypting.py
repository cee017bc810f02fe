"""From any gallery to one of version 3: all of it encrypted, and proved with a key.

Everybody is written into one new segment under keys of this gallery's own; one transaction then
puts it into the place of all that was there. Killed before it, nothing has happened.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from civid.errors import GalleryDamagedError, GalleryKeyError
from civid.search.arrays.packing import INDEX_VERSION, arrays_of
from civid.search.segments.bound_keys import GALLERY_ID, BoundKeys
from civid.search.segments.keys import KeyProvider
from civid.search.segments.segment import Segment
from civid.search.store import compaction, layout
from civid.search.store.contents import Contents, Tail
from civid.search.store.files import folder as folders
from civid.search.store.files.held import HeldFolder
from civid.search.store.layout import Entry, Proof, State
from civid.search.store.notes import Noted, NoteReader, digest_of, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from civid.search.store.base import Subject

NOT_ENCRYPTED = (
    "the gallery is not encrypted, or not all of it, and was opened with keys: if it is"
    " yours, encrypt it (encrypt=True; civid gallery encrypt)"
)
_EMPTY = ("DELETE FROM tail", "DELETE FROM segments", "DELETE FROM dead")
_REDIGEST = "UPDATE tail SET digest = ? WHERE sequence = ?"


def refuse_plain(contents: Contents, tail: Tail) -> None:
    """Who comes with keys expects what is encrypted; anybody can write what is not.

    Raises
    ------
    GalleryKeyError
        Something of the gallery is not encrypted.
    """
    if tail.plain_rows or any(not segment.encrypted for segment in contents.segments.values()):
        raise GalleryKeyError(NOT_ENCRYPTED)


def new_proof(provider: KeyProvider) -> Proof:
    """Keys and digests of a gallery that gets its id now."""
    keys = BoundKeys(provider, os.urandom(GALLERY_ID))
    return Proof(keys, keys.current())


def write_all(
    folder: HeldFolder,
    contents: Contents,
    tail: Iterator[list[Subject]],
    total: int,
    number: int,
    keys: KeyProvider | None,
) -> Segment | None:
    """One segment of everybody; None when there is nobody."""
    unfinished = folders.unfinished_name(number)
    try:
        written = compaction.write(
            unfinished,
            contents.parts(),
            tail,
            arrays_of,
            number=number,
            index_version=INDEX_VERSION,
            keys=keys,
            on_progress=lambda done, total: None,
            total=total,
            folder=folder.descriptor,
        )
        return None if written is None else folders.publish(folder, unfinished, keys, written)
    finally:
        folder.unlink(unfinished)


#: Reads the metadata of subjects as they are, and how many there are.
Notes = tuple[NoteReader, Noted | None]


def switch(
    connection: sqlite3.Connection,
    state: State,
    proof: Proof,
    segment: Segment | None,
    notes: Notes,
) -> State:
    """Inside a transaction: the new segment instead of everything; -> the new state."""
    found = (0, 0) if segment is None else (segment.subjects, segment.enrolled_fingers)
    if found != (state.subjects, state.fingers):
        raise GalleryDamagedError("stored subjects are missing or changed")
    for statement in (*_EMPTY, *layout.PROOF_SCHEMA):
        connection.execute(statement)
    connection.execute(layout.WRITE_PROOF, proof.row())
    digest = digest_of(rewrite(*notes, proof, proof.keys), proof)
    if segment is not None:
        entry = Entry(segment.number, 1, state.next - 1, *found, segment.root)
        connection.execute(layout.ADD_SEGMENT, entry)
        digest += entry.digest(proof)
    generation = state.generation + 1
    made = state._replace(
        generation=generation, shrunk=generation, encrypted=1, digest=digest % layout.MODULUS
    )
    connection.execute(layout.WRITE_STATE, made.row(proof))
    return made


def renew(
    connection: sqlite3.Connection,
    contents: Contents,
    state: State,
    tail: Tail,
    proof: Proof,
    notes: Notes,
) -> State:
    """Inside a transaction: all digests under another key; -> the new state."""
    digest = Contents(contents.entries, contents.segments, contents.dead, proof).totals()[2]
    rows = connection.execute(layout.READ_TAIL, (0, layout.MAX_SEQUENCE, -1)).fetchall()
    for sequence, fingers, before, subject in rows:
        if before != layout.tail_digest(sequence, fingers, subject, tail.proof):
            raise GalleryDamagedError("a stored subject is damaged")
        made = layout.tail_digest(sequence, fingers, subject, proof)
        connection.execute(_REDIGEST, (made, sequence))
        digest += int.from_bytes(made, "little")
    digest += digest_of(rewrite(*notes, proof, proof.keys), proof)
    connection.execute(layout.WRITE_PROOF, proof.row())
    generation = state.generation + 1
    changed = state._replace(
        generation=generation, shrunk=generation, digest=digest % layout.MODULUS
    )
    connection.execute(layout.WRITE_STATE, changed.row(proof))
    return changed
