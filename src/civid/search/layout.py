"""How a gallery lies in its database: two tables, and what seals them.

One row a finger, with a BLAKE2b-128 of the whole row. One state row with the number of rows and
the sum of all digests modulo 2^128, changed in the same transaction: a row that is lost, doubled
or changed shows when everything has been read, and everything is read on opening. There is no
index besides the row number, so nothing else can disagree with the rows.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

APPLICATION_ID = 0x63697669  # "civi"
#: Rows of a subject: id = sequence * 16 + position.
STRIDE = 16
#: No field is longer than a template of 255 minutiae; a damaged length cannot ask for more.
MAX_FIELD = 1 << 16
DIGEST = 16
MODULUS = 1 << (8 * DIGEST)
#: Sequence numbers leave room in the 63 bits of a row number.
MAX_SEQUENCE = 1 << 56

SCHEMA = (
    "CREATE TABLE state (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, "
    "subjects INTEGER NOT NULL, fingers INTEGER NOT NULL, next INTEGER NOT NULL, "
    "digest BLOB NOT NULL, seal BLOB NOT NULL)",
    "CREATE TABLE fingers (id INTEGER PRIMARY KEY, subject BLOB NOT NULL, "
    "template BLOB NOT NULL, digest BLOB NOT NULL)",
)
WRITE_STATE = "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?, ?)"
READ_ROWS = "SELECT id, subject, template, digest FROM fingers WHERE id BETWEEN ? AND ? ORDER BY id"
DELETE_ROWS = "DELETE FROM fingers WHERE id BETWEEN ? AND ?"
ADD_ROW = "INSERT INTO fingers VALUES (?, ?, ?, ?)"


class State(NamedTuple):
    """The state row; `next` is the sequence number of the next enrolment."""

    generation: int = 0
    subjects: int = 0
    fingers: int = 0
    next: int = 1
    digest: int = 0

    def seal(self) -> bytes:
        """BLAKE2b-128 of all the fields."""
        return _blake(b"civid gallery state 1 %d %d %d %d %d" % self)

    def row(self) -> tuple[int, int, int, int, bytes, bytes]:
        """As it is stored."""
        return (*self[:4], self.digest.to_bytes(DIGEST, "little"), self.seal())


def row_digest(row: int, subject: bytes, template: bytes) -> bytes:
    """BLAKE2b-128 of a finger's row."""
    return _blake(b"%d %d %b%b" % (row, len(subject), subject, template))


def rows_of(sequence: int) -> tuple[int, int]:
    """First and last row number of a subject."""
    return sequence * STRIDE, sequence * STRIDE + STRIDE - 1


def _blake(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST).digest()
