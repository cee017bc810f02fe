"""What a gallery's database says: its state, its segments, its tombstones, its tail."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from civid.errors import GalleryDamagedError, GalleryKeyError
from civid.search.arrays.encoding import EncodedFingers
from civid.search.segments.bound_keys import GALLERY_ID, BoundKeys
from civid.search.segments.keys import KeyProvider, RowOpener
from civid.search.segments.records import unpack_subject
from civid.search.segments.segment import Segment
from civid.search.store import layout, layout_v1, notes
from civid.search.store.base import StoredSegment, Subject
from civid.search.store.files.folder import segment_name
from civid.search.store.files.held import HeldFolder
from civid.search.store.layout import UNKEYED, Entry, Proof, State
from civid.search.store.notes import Noted


class Contents:
    """Segments and tombstones. Changed only with the mutex of its store held."""

    def __init__(
        self,
        entries: tuple[Entry, ...],
        segments: dict[int, Segment],
        dead: dict[int, int],
        proof: Proof = UNKEYED,
    ):
        self.entries, self.segments, self.proof = entries, segments, proof
        #: Sequence number -> fingers.
        self.dead = dead
        self._parts: tuple[StoredSegment, ...] | None = None

    def parts(self) -> tuple[StoredSegment, ...]:
        """For `Store.segments`."""
        if self._parts is None:
            dead = np.fromiter(self.dead, np.int64, len(self.dead))
            dead.sort()
            self._parts = tuple(
                StoredSegment(
                    self.segments[entry.number],
                    dead[
                        np.searchsorted(dead, entry.first) : np.searchsorted(dead, entry.last + 1)
                    ],
                )
                for entry in self.entries
            )
        return self._parts

    def apply_tombstones(self, dead: dict[int, int]) -> None:
        """Add tombstones."""
        if dead:
            self.dead.update(dead)
            self._parts = None

    @property
    def boundary(self) -> int:
        """The last sequence number that segments cover; the tail's are greater."""
        return self.entries[-1].last if self.entries else 0

    def find(self, sequence: int) -> tuple[Segment, int] | None:
        """Segment and row of a subject; None = not in a segment, or removed."""
        if sequence in self.dead:
            return None
        at = bisect_left(self.entries, sequence, key=lambda entry: entry.last)
        if at == len(self.entries):
            return None
        segment = self.segments[self.entries[at].number]
        row = segment.row_of(sequence)
        return (segment, row) if row >= 0 else None

    def get(self, sequence: int) -> EncodedFingers | None:
        """The fingers of a subject in a segment."""
        found = self.find(sequence)
        return None if found is None else found[0].fingers_of(found[1])

    def totals(self) -> tuple[int, int, int]:
        """Living subjects and fingers of all segments, and the sum of digests."""
        subjects = sum(entry.subjects for entry in self.entries) - len(self.dead)
        fingers = sum(entry.fingers for entry in self.entries) - sum(self.dead.values())
        digest = sum(entry.digest(self.proof) for entry in self.entries)
        digest += sum(layout.dead_digest(*item, self.proof) for item in self.dead.items())
        return subjects, fingers, digest


NOTHING = Contents((), {}, {})


class Head(NamedTuple):
    """What has to be known before any other row is read."""

    version: int
    state: State
    proof: Proof
    #: What rows and segments are sealed with.
    keys: KeyProvider | None
    #: None = no metadata were ever written.
    noted: Noted | None = None


_PROVED = (*layout.SCHEMA, *layout.PROOF_SCHEMA)
#: Version, and whether there are tables of metadata.
_VERSIONS = {
    tuple(sorted(layout_v1.SCHEMA)): (1, False),
    tuple(sorted(layout.SCHEMA)): (2, False),
    tuple(sorted(_PROVED)): (3, False),
    tuple(sorted((*layout.SCHEMA, *notes.SCHEMA))): (2, True),
    tuple(sorted((*_PROVED, *notes.SCHEMA))): (3, True),
}


def read_version(connection: sqlite3.Connection) -> tuple[int, bool]:
    """Version of the format, and whether there are tables of metadata.

    Raises
    ------
    GalleryDamagedError
        There are other tables than a gallery's.
    """
    schema = sorted(sql for (sql,) in connection.execute(layout.READ_SCHEMA))
    version, has_notes = _VERSIONS.get(tuple(schema), (0, False))
    identity = connection.execute("PRAGMA application_id").fetchone()
    if not version or identity != (layout.APPLICATION_ID,):
        raise GalleryDamagedError("the gallery's database does not have a gallery's tables")
    return version, has_notes


def read_head(connection: sqlite3.Connection, keys: KeyProvider | None) -> Head:
    """Version, state, and what proves them.

    Raises
    ------
    GalleryKeyError
        The gallery is encrypted, and the key is missing or another one.
    """
    version, has_notes = read_version(connection)
    proof = UNKEYED if version < 3 else _proof(connection, keys)
    rows = connection.execute(layout.READ_STATE).fetchall()
    if len(rows) == 1:
        state = layout_v1.state(rows[0]) if version == 1 else _state(rows[0], proof)
        if state is not None and 0 < state.next < layout.MAX_SEQUENCE:
            if state.encrypted and keys is None:
                raise GalleryKeyError(_NO_KEYS)
            noted = notes.read_noted(connection) if has_notes else None
            return Head(version, state, proof, keys if proof.keys is None else proof.keys, noted)
    raise GalleryDamagedError("the gallery's state is damaged")


_NO_KEYS = "the gallery is encrypted, and was opened without keys"


def _proof(connection: sqlite3.Connection, keys: KeyProvider | None) -> Proof:
    if keys is None:
        raise GalleryKeyError(_NO_KEYS)
    rows = connection.execute(layout.READ_PROOF).fetchall()
    if len(rows) == 1:
        _, gallery, name, mark = rows[0]
        if type(gallery) is bytes and len(gallery) == GALLERY_ID and type(name) is str:
            proof = Proof(BoundKeys(keys, gallery), name)
            if mark != proof.mark():
                raise GalleryKeyError("the gallery was encrypted with another key")
            return proof
    raise GalleryDamagedError("the gallery's proof is damaged")


def _state(row: tuple[object, ...], proof: Proof) -> State | None:
    _, *numbers, digest, seal = row
    if all(type(number) is int for number in numbers) and type(digest) is bytes:
        state = State._make((*numbers, int.from_bytes(digest, "little")))
        if seal == state.seal(proof):
            return state
    return None


def read_manifest(connection: sqlite3.Connection) -> tuple[Entry, ...]:
    """Which segments there are; their files are not looked at."""
    entries = tuple(Entry(*row) for row in connection.execute(layout.READ_SEGMENTS))
    before = 0
    for entry in entries:
        good = all(type(number) is int for number in entry[:5]) and type(entry.root) is bytes
        if not good or not before < entry.first <= entry.last or entry.number < 1:
            raise GalleryDamagedError("the gallery's manifest is damaged")
        before = entry.last
    return entries


def read_tombstones(connection: sqlite3.Connection) -> dict[int, int]:
    """Sequence numbers of removed subjects of segments, and their fingers."""
    dead = dict(connection.execute(layout.READ_DEAD).fetchall())
    if not all(type(number) is int for item in dead.items() for number in item):
        raise GalleryDamagedError("the gallery's tombstones are damaged")
    return dead


def read_contents(
    connection: sqlite3.Connection, folder: HeldFolder, head: Head, known: Contents
) -> Contents:
    """The manifest and the tombstones; opens the segments that are not known.

    A file that is known but was removed or replaced is opened anew, too.

    Raises
    ------
    FileNotFoundError
        A file of the manifest is gone: another process has compacted the gallery, or it is lost.
    """
    entries, dead = read_manifest(connection), read_tombstones(connection)
    segments = {}
    for entry in entries:
        old = known.segments.get(entry.number)
        name = segment_name(entry.number)
        if old is None or old.root != entry.root or folder.identity(name) != old.identity:
            try:
                old = Segment.open(name, head.keys, root=entry.root, folder=folder.descriptor)
            except GalleryDamagedError as error:
                raise GalleryDamagedError(f"{name}: {error}") from None
        segments[entry.number] = old
        if head.proof.keyed and not old.encrypted:
            raise GalleryDamagedError(f"{name}: not encrypted, as the rest of the gallery is")
        if (old.subjects, old.enrolled_fingers) != (entry.subjects, entry.fingers) or (
            old.subjects and not entry.first <= old.sequences[0] <= old.sequences[-1] <= entry.last
        ):
            raise GalleryDamagedError("a segment is not the one that the gallery wrote")
    contents = Contents(entries, segments, dead, head.proof)
    found = 0
    for segment, gone in contents.parts():
        found += (
            len(np.intersect1d(segment.sequences, gone, assume_unique=True)) if len(gone) else 0
        )
    if found != len(dead):
        raise GalleryDamagedError("the gallery's tombstones are damaged")
    return contents


class Tail:
    """Reads rows of the tail, of either version, and checks each."""

    def __init__(self, version: int, keys: KeyProvider | None, proof: Proof = UNKEYED):
        self.version, self.keys, self.proof = version, keys, proof
        self._opener = RowOpener(keys)
        #: How many rows were met that are not encrypted.
        self.plain_rows = 0

    @classmethod
    def of(cls, head: Head) -> Tail:
        """That of a gallery whose head was read."""
        return cls(head.version, head.keys, head.proof)

    def rows(
        self, connection: sqlite3.Connection, start: int, end: int, limit: int = -1
    ) -> Iterator[tuple[Subject, int]]:
        """Subjects with sequence numbers start .. end - 1, and (the sums of) their digests."""
        if self.version == 1:
            for one in layout_v1.rows(connection, start, end):
                self.plain_rows += 1
                yield one
            return
        before = 0
        for row in connection.execute(layout.READ_TAIL, (start, end - 1, limit)):
            subject = self._subject(row)
            if subject.sequence <= before:
                raise GalleryDamagedError("stored subjects are missing or changed")
            before = subject.sequence
            yield subject, int.from_bytes(row[2], "little")

    def _subject(self, row: tuple[int, int, bytes, bytes]) -> Subject:
        sequence, fingers, digest, data = row
        if (
            type(sequence) is not int
            or type(fingers) is not int
            or type(data) is not bytes
            or digest != layout.tail_digest(sequence, fingers, data, self.proof)
        ):
            raise GalleryDamagedError("a stored subject is damaged")
        if data[:1] != layout.PLAIN:
            plain = self._opener.open(sequence, data)
        elif self.proof.keyed:
            raise GalleryDamagedError("a stored subject is not encrypted, as all others are")
        else:
            self.plain_rows += 1
            plain = data[1:]
        subject = Subject(sequence, *unpack_subject(plain))
        if len(subject.fingers) != fingers:
            raise GalleryDamagedError("a stored subject is damaged")
        return subject
