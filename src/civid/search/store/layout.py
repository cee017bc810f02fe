"""How a gallery lies in its database: the tail, the manifest, the tombstones, and what seals them.

``tail``
    one row a subject that is in no segment yet: its sequence number, how many fingers, a
    BLAKE2b-128 of the row, the subject (`civid.search.segments.records`; encrypted:
    `civid.search.segments.keys`)
``segments``
    the manifest, one row a segment file: its number, the sequence numbers it covers, how many
    subjects and fingers it holds, its root digest
``dead``
    the tombstones: removed subjects whose segment has not been written anew yet
``state``
    one row: counts of the living, the sum of the digests of all other rows modulo 2^128, a seal.
    It changes in the same transaction: a row that is lost, doubled or changed shows when everything
    has been read, and everything is read on opening
``proof``
    in an encrypted gallery (version 3) only, one row: the gallery's id, and the name of the key
    that all digests and the seal are made with. So nobody without it can change, add, take out or
    exchange anything; see `Proof`
``notes``, ``tags``, ``noted``
    metadata of subjects, once there are any: `civid.search.store.notes`

There is no index besides the row numbers, so nothing else can disagree with the rows.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from civid.search.arrays.encoding import EncodedFingers
from civid.search.segments.bound_keys import BoundKeys
from civid.search.segments.keys import RowSealer
from civid.search.segments.records import pack_subject

APPLICATION_ID = 0x63697669  # "civi"
#: No field is longer than a subject of eleven fingers of 255 minutiae; a damaged length cannot ask
#: for more.
MAX_FIELD = 1 << 16
DIGEST = 16
MODULUS = 1 << (8 * DIGEST)
MAX_SEQUENCE = 1 << 56
#: The first byte of a subject that is not encrypted; `RowSealer` writes a 1.
PLAIN = b"\0"

SCHEMA = (
    "CREATE TABLE state (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, "
    "subjects INTEGER NOT NULL, fingers INTEGER NOT NULL, next INTEGER NOT NULL, "
    "shrunk INTEGER NOT NULL, encrypted INTEGER NOT NULL, digest BLOB NOT NULL, "
    "seal BLOB NOT NULL)",
    "CREATE TABLE tail (sequence INTEGER PRIMARY KEY, fingers INTEGER NOT NULL, "
    "digest BLOB NOT NULL, subject BLOB NOT NULL)",
    "CREATE TABLE segments (number INTEGER PRIMARY KEY, first INTEGER NOT NULL, "
    "last INTEGER NOT NULL, subjects INTEGER NOT NULL, fingers INTEGER NOT NULL, "
    "root BLOB NOT NULL)",
    "CREATE TABLE dead (sequence INTEGER PRIMARY KEY, fingers INTEGER NOT NULL)",
)
#: What an encrypted gallery has besides.
PROOF_SCHEMA = (
    "CREATE TABLE proof (id INTEGER PRIMARY KEY, gallery BLOB NOT NULL, key TEXT NOT NULL, "
    "mark BLOB NOT NULL)",
)
READ_PROOF = "SELECT * FROM proof LIMIT 2"
WRITE_PROOF = "INSERT OR REPLACE INTO proof VALUES (1, ?, ?, ?)"
READ_SCHEMA = "SELECT sql FROM sqlite_schema"
READ_STATE = "SELECT * FROM state LIMIT 2"
WRITE_STATE = "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)"
READ_TAIL = (
    "SELECT sequence, fingers, digest, subject FROM tail WHERE sequence BETWEEN ? AND ? "
    "ORDER BY sequence LIMIT ?"
)
READ_DIGESTS = (
    "SELECT sequence, fingers, digest FROM tail WHERE sequence BETWEEN ? AND ? ORDER BY sequence"
)
READ_TAIL_HEADS = "SELECT substr(subject, 1, 66) FROM tail"
COUNT_TAIL = "SELECT count(*) FROM tail"
ADD_TAIL = "INSERT INTO tail VALUES (?, ?, ?, ?)"
DELETE_TAIL = "DELETE FROM tail WHERE sequence = ?"
DELETE_TAIL_RANGE = "DELETE FROM tail WHERE sequence BETWEEN ? AND ?"
READ_SEGMENTS = "SELECT * FROM segments ORDER BY first"
ADD_SEGMENT = "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?)"
DELETE_SEGMENT = "DELETE FROM segments WHERE number = ?"
READ_DEAD = "SELECT sequence, fingers FROM dead ORDER BY sequence"
ADD_DEAD = "INSERT INTO dead VALUES (?, ?)"
DELETE_DEAD_RANGE = "DELETE FROM dead WHERE sequence BETWEEN ? AND ?"


class Proof:
    """What makes the digests: plain BLAKE2b against accidents, keyed against forgers.

    Parameters
    ----------
    keys : BoundKeys, optional
        Of an encrypted gallery.
    name : str
        Which of them.
    """

    def __init__(self, keys: BoundKeys | None = None, name: str = ""):
        self.keys, self.name = keys, name
        self._key = b"" if keys is None else keys.derived(name, b"proof")

    @property
    def keyed(self) -> bool:
        """Does nobody without the key make such digests?"""
        return bool(self._key)

    @property
    def gallery(self) -> bytes:
        """The id of the gallery; empty without keys."""
        return b"" if self.keys is None else self.keys.gallery

    def blake(self, data: bytes, more: bytes = b"") -> bytes:
        """BLAKE2b-128."""
        digest = blake2b(data, digest_size=DIGEST, key=self._key)
        digest.update(more)
        return digest.digest()

    def number(self, data: bytes) -> int:
        """The same as a number."""
        return int.from_bytes(self.blake(data), "little")

    def row(self) -> tuple[bytes, str, bytes]:
        """As it is stored."""
        return self.gallery, self.name, self.mark()

    def mark(self) -> bytes:
        """What shows that a key is the one."""
        return self.blake(b"civid gallery proof " + self.gallery + self.name.encode())


#: Of galleries that are not encrypted.
UNKEYED = Proof()


class State(NamedTuple):
    """The state row.

    `next` is the sequence number of the next enrolment, `shrunk` the last generation that did more
    than add subjects to the tail, `encrypted` 1 once the gallery has been opened with keys.
    """

    generation: int = 0
    subjects: int = 0
    fingers: int = 0
    next: int = 1
    shrunk: int = 0
    encrypted: int = 0
    digest: int = 0

    def seal(self, proof: Proof = UNKEYED) -> bytes:
        """A digest of all the fields."""
        return proof.blake(b"civid gallery state 2 %d %d %d %d %d %d %d" % self)

    def row(self, proof: Proof = UNKEYED) -> tuple[int | bytes, ...]:
        """As it is stored."""
        return (*self[:-1], self.digest.to_bytes(DIGEST, "little"), self.seal(proof))

    def plus(self, subjects: int, fingers: int, digest: int) -> State:
        """With so many more, or less."""
        return self._replace(
            subjects=self.subjects + subjects,
            fingers=self.fingers + fingers,
            digest=(self.digest + digest) % MODULUS,
        )


class Entry(NamedTuple):
    """A row of the manifest; the ranges first .. last of all segments follow one another."""

    number: int
    first: int
    last: int
    subjects: int
    fingers: int
    root: bytes

    def digest(self, proof: Proof = UNKEYED) -> int:
        """What it adds to the state's sum."""
        return proof.number(b"civid segment %d %d %d %d %d " % self[:5] + self.root)


def tail_row(
    sequence: int,
    subject_id: str,
    fingers: EncodedFingers,
    sealer: RowSealer | None,
    proof: Proof = UNKEYED,
) -> tuple[int, int, bytes, bytes]:
    """A row of the tail."""
    data = PLAIN + pack_subject(subject_id, fingers)
    if sealer is not None:
        data = sealer.seal(sequence, data[1:])
    return sequence, len(fingers), tail_digest(sequence, len(fingers), data, proof), data


def tail_digest(sequence: int, fingers: int, subject: bytes, proof: Proof = UNKEYED) -> bytes:
    """The digest of a row of the tail."""
    return proof.blake(b"%d %d %d " % (sequence, fingers, len(subject)), subject)


def dead_digest(sequence: int, fingers: int, proof: Proof = UNKEYED) -> int:
    """What a tombstone adds to the state's sum."""
    return proof.number(b"civid dead %d %d" % (sequence, fingers))
