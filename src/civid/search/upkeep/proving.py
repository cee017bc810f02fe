"""Prove a copy: the database against its own digests, row by row, and its segments against it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from civid.errors import GalleryDamagedError, GalleryKeyError
from civid.search.segments import format as form
from civid.search.segments.keys import KeyProvider
from civid.search.store import layout
from civid.search.store.contents import (
    Contents,
    Tail,
    read_head,
    read_manifest,
    read_tombstones,
    read_version,
)
from civid.search.store.encrypting import NOT_ENCRYPTED
from civid.search.store.files import connection as connections
from civid.search.store.layout import Entry
from civid.search.store.notes import NoteReader, digest_of
from civid.search.store.sqlite_errors import translating


class Proved(NamedTuple):
    """What a database was found to hold."""

    version: int
    generation: int
    subjects: int
    fingers: int
    encrypted: bool
    #: The id of an encrypted gallery, in hexadecimal; empty for others.
    gallery: str
    entries: tuple[Entry, ...]
    #: Were all rows checked? Those of an encrypted gallery cannot be without its keys.
    proved: bool
    #: What segments are sealed with.
    keys: KeyProvider | None


def prove_database(path: Path, keys: KeyProvider | None) -> Proved:
    """Check a copy of a database that nobody has open; a row at a time.

    Raises
    ------
    GalleryDamagedError
        It is not what the gallery wrote.
    GalleryKeyError
        The keys are others, or there are keys and people who are not encrypted.
    """
    with translating(), closing(connections.open_copy(path)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
            raise GalleryDamagedError("the gallery's database is damaged")
        version, _ = read_version(connection)
        rows = connection.execute(layout.READ_STATE).fetchall()
        if len(rows) != 1 or not all(type(number) is int for number in rows[0][1:4]):
            raise GalleryDamagedError("the gallery's state is damaged")
        _, generation, subjects, fingers, *_ = rows[0]
        encrypted = version > 1 and bool(rows[0][6])
        gallery = ""
        if version > 2:
            gallery = bytes(connection.execute("SELECT gallery FROM proof").fetchone()[0]).hex()
        entries = () if version == 1 else read_manifest(connection)
        told = Proved(
            version, generation, subjects, fingers, encrypted, gallery, entries, False, None
        )
        if encrypted and keys is None:
            return told
        # One without anybody may be about to be encrypted, by whoever is making it.
        if keys is not None and not encrypted and (subjects or entries):
            raise GalleryKeyError(NOT_ENCRYPTED)
        return told._replace(proved=True, keys=_prove_rows(connection, entries, keys))


def _prove_rows(
    connection: sqlite3.Connection, entries: tuple[Entry, ...], keys: KeyProvider | None
) -> KeyProvider | None:
    """Do all rows together make what the state says? -> the keys of its segments."""
    head = read_head(connection, keys)
    dead = {} if head.version == 1 else read_tombstones(connection)
    contents = Contents(entries, {}, dead, head.proof)
    subjects, fingers, digest = contents.totals()
    for subject, total in Tail.of(head).rows(connection, 0, layout.MAX_SEQUENCE):
        if not contents.boundary < subject.sequence < head.state.next:
            raise GalleryDamagedError("stored subjects are missing or changed")
        subjects, fingers = subjects + 1, fingers + len(subject.fingers)
        digest += total
    digest += digest_of(head.noted, head.proof)
    found = (subjects, fingers, digest % layout.MODULUS)
    if found != (head.state.subjects, head.state.fingers, head.state.digest):
        raise GalleryDamagedError("stored subjects are missing or changed")
    if head.noted is not None:
        NoteReader(connection, head.proof, head.keys).check(head.noted)
    return head.keys


def fits(entry: Entry, header: form.Header, *, encrypted: bool) -> None:
    """`GalleryDamagedError` when a segment is not the one of the manifest's row."""
    counts = header.number, header.subjects, header.enrolled
    if counts != (entry.number, entry.subjects, entry.fingers):
        raise GalleryDamagedError("a segment is not the one that the gallery wrote")
    if encrypted and not header.encrypted:
        raise GalleryDamagedError("a segment is not encrypted, as the rest of the gallery is")
