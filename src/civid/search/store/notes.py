"""Metadata of subjects in a gallery's database: three tables, made when the first are written.

``notes``
    one row a subject that has any: its sequence number, a digest of the row, the metadata
    (`civid.search.metadata`)
``tags``
    who has a tag: a row for each 65,536 sequence numbers among which somebody has it; the tag's
    token, the number of the block, a digest of the row, and the tag and a bitmap (deflated)
``noted``
    one row: how many rows the other two have, and the sum of their digests modulo 2^128

Both kinds of row are encrypted as those of the tail are, and a token is a digest with the gallery's
key: beside the counts, what shows is which subjects have metadata, of what length, and how many
blocks have a tag in common. A segment is written anew without them: sequence numbers stay.

A million rows are not read on opening. The digest of ``noted`` is part of the sum in ``state``, so
none of it can be put back to what it was; a row is checked when it is read, and all of them, with
their sum, by `check`.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from civid.errors import GalleryDamagedError
from civid.search import metadata as form
from civid.search.metadata import Metadata
from civid.search.segments.keys import KeyProvider, RowOpener, RowSealer
from civid.search.store.layout import DIGEST, MODULUS, PLAIN, UNKEYED, Proof

SCHEMA = (
    "CREATE TABLE notes (sequence INTEGER PRIMARY KEY, digest BLOB NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE tags (tag BLOB NOT NULL, block INTEGER NOT NULL, digest BLOB NOT NULL, "
    "data BLOB NOT NULL, PRIMARY KEY (tag, block)) WITHOUT ROWID",
    "CREATE TABLE noted (id INTEGER PRIMARY KEY, notes INTEGER NOT NULL, tags INTEGER NOT NULL, "
    "digest BLOB NOT NULL)",
)
_READ_NOTE = "SELECT sequence, digest, data FROM notes WHERE sequence = ?"
_READ_NOTES = "SELECT sequence, digest, data FROM notes ORDER BY sequence"
_WRITE_NOTE = "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)"
_DELETE_NOTE = "DELETE FROM notes WHERE sequence = ?"
_READ_TAG = "SELECT tag, block, digest, data FROM tags WHERE tag = ? ORDER BY block"
_READ_BLOCK = "SELECT tag, block, digest, data FROM tags WHERE tag = ? AND block = ?"
_READ_TAGS = "SELECT tag, block, digest, data FROM tags ORDER BY tag, block"
_WRITE_TAG = "INSERT OR REPLACE INTO tags VALUES (?, ?, ?, ?)"
_DELETE_BLOCK = "DELETE FROM tags WHERE tag = ? AND block = ?"
_DELETE_TAGS = "DELETE FROM tags"
_READ_SEQUENCES = "SELECT sequence FROM notes"
_READ_NOTED = "SELECT notes, tags, digest FROM noted LIMIT 2"
_WRITE_NOTED = "INSERT OR REPLACE INTO noted VALUES (1, ?, ?, ?)"

#: Sequence numbers of a row of ``tags``, and bytes of its bitmap.
_BLOCK = 1 << 16
_BITMAP = _BLOCK // 8
#: Changes of tags that are kept in memory before bitmaps are written.
_GATHERED = 1 << 16
#: What rows are encrypted under: beside the sequence numbers of subjects, which are less.
_OF_NOTE, _OF_TAG = 1 << 60, 2 << 60


class Noted(NamedTuple):
    """The row of ``noted``: rows of notes and of tags, and the sum of their digests."""

    notes: int = 0
    tags: int = 0
    total: int = 0

    def digest(self, proof: Proof) -> int:
        """What it adds to the state's sum."""
        return proof.number(b"civid noted %d %d %d" % self)

    def plus(self, notes: int, tags: int, total: int) -> Noted:
        """With so many more, or less."""
        return Noted(self.notes + notes, self.tags + tags, (self.total + total) % MODULUS)

    def row(self) -> tuple[int, int, bytes]:
        """As it is stored."""
        return self.notes, self.tags, self.total.to_bytes(DIGEST, "little")


def digest_of(noted: Noted | None, proof: Proof) -> int:
    """The same of a gallery that may have no such tables."""
    return 0 if noted is None else noted.digest(proof)


def read_noted(connection: sqlite3.Connection) -> Noted:
    """The row."""
    rows = connection.execute(_READ_NOTED).fetchall()
    if len(rows) == 1:
        notes, tags, total = rows[0]
        if type(notes) is type(tags) is int and type(total) is bytes and len(total) == DIGEST:
            return Noted(notes, tags, int.from_bytes(total, "little"))
    raise _damaged()


class NoteReader:
    """Reads rows, and checks each. The tables must be there.

    Parameters
    ----------
    connection : sqlite3.Connection
    proof : Proof
        What digests are made with.
    keys : KeyProvider, optional
        What rows are sealed with.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        proof: Proof = UNKEYED,
        keys: KeyProvider | None = None,
    ):
        self.connection, self.proof = connection, proof
        self._opener = RowOpener(keys)

    def note(self, sequence: int) -> tuple[Metadata, bytes] | None:
        """Metadata of a subject and the row's digest; None = it has none."""
        row = self.connection.execute(_READ_NOTE, (sequence,)).fetchone()
        return None if row is None else (self._metadata(*row), row[1])

    def notes(self) -> Iterator[tuple[int, Metadata, bytes]]:
        """All: sequence number, metadata, digest of the row."""
        for row in self.connection.execute(_READ_NOTES):
            yield row[0], self._metadata(*row), row[1]

    def token(self, tag: str) -> bytes:
        """The token of a tag."""
        return self.proof.blake(b"civid tag ", tag.encode())

    def tagged(self, tag: str) -> npt.NDArray[np.int64]:
        """Sequence numbers of the subjects with a tag, ascending."""
        found = [np.empty(0, np.int64)]
        for row in self.connection.execute(_READ_TAG, (self.token(tag),)):
            bits = self._bits(tag, *row)
            found.append(np.flatnonzero(np.unpackbits(bits)).astype(np.int64) + row[1] * _BLOCK)
        return np.concatenate(found)

    def block(self, tag: str, block: int) -> tuple[npt.NDArray[np.uint8], bytes] | None:
        """One bitmap, and the digest of its row."""
        row = self.connection.execute(_READ_BLOCK, (self.token(tag), block)).fetchone()
        return None if row is None else (self._bits(tag, *row), row[2])

    def check(self, noted: Noted | None = None) -> None:
        """Read and check everything, against the row of ``noted`` unless another is given.

        Raises
        ------
        GalleryDamagedError
            A row is missing, doubled or changed, or tags and notes disagree.
        """
        found, wanted = Noted(), Bitmaps()
        for sequence, metadata, digest in self.notes():
            found = found.plus(1, 0, int.from_bytes(digest, "little"))
            for tag in metadata.tags:
                wanted.set(tag, sequence)
        by_token = {(self.token(tag), block): (tag, bits) for tag, block, bits in wanted}
        for row in self.connection.execute(_READ_TAGS):
            tag, bits = by_token.get((row[0], row[1]), ("", None))
            if bits is None or (self._bits(tag, *row) != bits).any():
                raise _damaged()
            found = found.plus(0, 1, int.from_bytes(row[2], "little"))
        if found != (noted or read_noted(self.connection)) or found.tags != len(by_token):
            raise _damaged()

    def _metadata(self, sequence: object, digest: object, data: object) -> Metadata:
        if (
            type(sequence) is not int
            or type(data) is not bytes
            or digest != note_digest(sequence, data, self.proof)
        ):
            raise _damaged()
        return form.decode(self._opened(_OF_NOTE | sequence, data))

    def _bits(
        self, wanted: str, token: object, block: object, digest: object, data: object
    ) -> npt.NDArray[np.uint8]:
        if (
            type(block) is not int
            or type(data) is not bytes
            or type(token) is not bytes
            or digest != tag_digest(token, block, data, self.proof)
        ):
            raise _damaged()
        name, _, packed = self._opened(_OF_TAG | block, data).partition(b"\0")
        unpacker = zlib.decompressobj()
        try:
            bits = unpacker.decompress(packed, _BITMAP + 1)
        except zlib.error:
            raise _damaged() from None
        if name != wanted.encode() or len(bits) != _BITMAP or not unpacker.eof:
            raise _damaged()
        return np.frombuffer(bits, np.uint8)

    def _opened(self, number: int, data: bytes) -> bytes:
        if data[:1] != PLAIN:
            return self._opener.open(number, data)
        if self.proof.keyed:
            raise GalleryDamagedError("metadata are not encrypted, as all else is")
        return data[1:]


class Bitmaps:
    """Who has which tag, in memory: 8 KiB for each tag and block."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, int], npt.NDArray[np.uint8]] = {}

    def set(self, tag: str, sequence: int) -> None:
        """Somebody has it."""
        block, place = divmod(sequence, _BLOCK)
        bits = self._bits.get((tag, block))
        if bits is None:
            bits = self._bits[tag, block] = np.zeros(_BITMAP, np.uint8)
        bits[place >> 3] |= 128 >> (place & 7)

    def __iter__(self) -> Iterator[tuple[str, int, npt.NDArray[np.uint8]]]:
        return ((tag, block, bits) for (tag, block), bits in self._bits.items())


class NoteWriter:
    """Changes rows inside of a transaction; `finish` writes what the tags have gathered.

    Parameters
    ----------
    reader : NoteReader
    noted : Noted or None
        What there is; None = no tables yet.
    keys : KeyProvider, optional
        What rows are sealed with.
    """

    def __init__(self, reader: NoteReader, noted: Noted | None, keys: KeyProvider | None = None):
        self._reader, self._connection, self._proof = reader, reader.connection, reader.proof
        self._keys, self._sealer = keys, None if keys is None else RowSealer(keys)
        self.noted = noted
        #: Were older metadata deleted, which must leave the log?
        self.erased = False
        self._tags: dict[tuple[str, int], dict[int, bool]] = {}
        self._gathered = 0

    def get(self, sequence: int) -> Metadata | None:
        """What a subject has now."""
        found = None if self.noted is None else self._reader.note(sequence)
        return None if found is None else found[0]

    def set(self, sequence: int, metadata: Metadata | None) -> None:
        """Write, replace, or (None, or nothing in it) delete those of a subject."""
        before = None if self.noted is None else self._reader.note(sequence)
        had: frozenset[str] = frozenset()
        if before is not None:
            had = before[0].tags
            self._change(-1, 0, before[1])
            self._connection.execute(_DELETE_NOTE, (sequence,))
            self.erased = True
        if metadata:
            self._create()
            self.write(sequence, metadata)
        has = metadata.tags if metadata else frozenset()
        for tag in had ^ has:
            block, place = divmod(sequence, _BLOCK)
            self._tags.setdefault((tag, block), {})[place] = tag in has
            self._gathered += 1
        if self._gathered >= _GATHERED:
            self._write_tags()

    def finish(self) -> Noted | None:
        """Write the bitmaps; -> what there is now."""
        self._write_tags()
        if self.noted is not None:
            self._connection.execute(_WRITE_NOTED, self.noted.row())
        return self.noted

    def _write_tags(self) -> None:
        for (tag, block), changes in sorted(self._tags.items()):
            before = self._reader.block(tag, block)
            bits = np.zeros(_BLOCK, np.uint8) if before is None else np.unpackbits(before[0])
            bits[list(changes)] = list(changes.values())
            if before is not None:
                self._change(0, -1, before[1])
            self.put(tag, block, np.packbits(bits))
        self._tags.clear()
        self._gathered = 0

    def write(self, sequence: int, metadata: Metadata) -> None:
        """A row of notes; one that was there is not counted any more, and tags are left alone."""
        data = self._sealed(_OF_NOTE | sequence, form.encode(metadata))
        digest = note_digest(sequence, data, self._proof)
        self._connection.execute(_WRITE_NOTE, (sequence, digest, data))
        self._change(1, 0, digest)

    def put(self, tag: str, block: int, bits: npt.NDArray[np.uint8]) -> None:
        """A row of tags, or none where nobody has it; one that was there must be uncounted."""
        token = self._reader.token(tag)
        if not bits.any():
            self._connection.execute(_DELETE_BLOCK, (token, block))
            return
        packed = tag.encode() + b"\0" + zlib.compress(bits.tobytes(), 1)
        data = self._sealed(_OF_TAG | block, packed)
        digest = tag_digest(token, block, data, self._proof)
        self._connection.execute(_WRITE_TAG, (token, block, digest, data))
        self._change(0, 1, digest)

    def _create(self) -> None:
        if self.noted is None:
            for statement in SCHEMA:
                self._connection.execute(statement)
            self.noted = Noted()

    def _change(self, notes: int, tags: int, digest: bytes) -> None:
        assert self.noted is not None
        total = int.from_bytes(digest, "little") * (notes + tags)
        self.noted = self.noted.plus(notes, tags, total)

    def _sealed(self, number: int, data: bytes) -> bytes:
        return PLAIN + data if self._sealer is None else self._sealer.seal(number, data)


def rewrite(
    before: NoteReader, noted: Noted | None, proof: Proof, keys: KeyProvider | None
) -> Noted | None:
    """Inside a transaction: all rows under another key or proof; -> what there is now."""
    if noted is None:
        return None
    before.check()
    connection = before.connection
    writer = NoteWriter(NoteReader(connection, proof, keys), Noted(), keys)
    bitmaps = Bitmaps()
    connection.execute(_DELETE_TAGS)
    for (sequence,) in connection.execute(_READ_SEQUENCES).fetchall():
        found = before.note(sequence)
        if found is None:
            raise _damaged()
        writer.write(sequence, found[0])
        for tag in found[0].tags:
            bitmaps.set(tag, sequence)
    for tag, block, bits in bitmaps:
        writer.put(tag, block, bits)
    return writer.finish()


def note_digest(sequence: int, data: bytes, proof: Proof) -> bytes:
    """The digest of a row of notes."""
    return proof.blake(b"civid note %d %d " % (sequence, len(data)), data)


def tag_digest(token: bytes, block: int, data: bytes, proof: Proof) -> bytes:
    """The digest of a row of tags."""
    return proof.blake(b"civid tags %d %d " % (block, len(data)) + token, data)


def _damaged() -> GalleryDamagedError:
    return GalleryDamagedError("metadata of subjects are missing or changed")
