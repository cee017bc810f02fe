"""The file of a segment: version 1 or 2, little-endian, every section from a multiple of 64.

====== ===== =====================================================================
offset bytes field of the header
====== ===== =====================================================================
0      8     ``cividseg``
8      4     version: 2 where there are ``lists``, 1 where not
12     4     1 = encrypted, 0 = not
16     8     size of the file
24     8     number of the segment in its gallery
32     8     version of the index: what ``block``, ``codes`` and ``details`` mean
             (2 = 1, and a template says that another extractor made it
             than ``civid-classical/1``)
40     8     subjects
48     8     fingers that are searched
56     8     fingers enrolled
64     8     offset of the table of checks, the last thing in the file
72     32    BLAKE2b-256 of that table
104    1     length of the name of the key
105    64    name of the key, UTF-8, filled up with zeros
169    32    salt (`civid.search.segments.keys`)
201    16    proof: made with the key from the header before and behind this field
256    16 n  offset and length in bytes of each section, in the order of `SECTIONS`
4064   32    BLAKE2b-256 of the header before; at this place in every version to come
====== ===== =====================================================================

A section is filled up with zeros to a multiple of 64, and checked (encrypted) in chunks of 64 KiB.
The table of checks has, by section and chunk, a CRC-32 (4 bytes), in an encrypted segment the tag
of AES-256-GCM (16 bytes). So there is no byte in the file that no check covers. A CRC-32 finds
every single flipped bit and every burst of up to 32 bits, and misses other damage of a chunk once
in four thousand million times.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import NamedTuple

from civid.errors import GalleryDamagedError, GalleryFormatError
from civid.search.segments.keys import MAX_KEY_ID, SALT, TAG

MAGIC = b"cividseg"
VERSIONS = (1, 2)
HEADER = 4096
CHUNK = 1 << 16
ALIGNMENT = 64
DIGEST = 32

#: Name -> type of the elements. The last six are large, and checked when they are used.
SECTIONS = {
    "sequences": "<i8",  # by subject, ascending
    "first": "<i8",  # by subject and one more: its first searched finger
    "positions": "u1",  # by searched finger
    "offsets": "<u8",  # by searched finger and one more, into block
    "enrolled": "u1",  # by subject: fingers in its record
    "id_offsets": "<u8",  # by subject and one more, into ids
    "id_hashes": "<u8",  # ascending BLAKE2b-64 of the ids
    "id_order": "<u4",  # the subjects of these hashes
    "record_offsets": "<u8",  # by subject and one more, into records
    "block": "u1",  # packed templates
    "codes": "<u8",  # a word a minutia, as many as block has room for (`civid.search.arrays.parts`)
    "details": "<u8",  # the same
    "ids": "u1",  # UTF-8
    "records": "u1",  # civid.search.segments.records: all fingers of each subject
    "lists": "u1",  # version 2: civid.search.arrays.inverted_lists, block behind block
}
NAMES = tuple(SECTIONS)
LARGE = ("block", "codes", "details", "ids", "records", "lists")
#: Those that a search by lists does not read: where they are encrypted, they wait for who does.
SELDOM = ("codes", "details")

_FIXED = struct.Struct(f"<8sIIQQQQQQQ32sB{MAX_KEY_ID}s{SALT}s")
_PROOF = 201
_TABLE = 256
_PLACE = struct.Struct("<QQ")


class Header(NamedTuple):
    """What stands in the header; `places` are (offset, length) by the order of `SECTIONS`."""

    size: int
    number: int
    index_version: int
    subjects: int
    fingers: int
    enrolled: int
    checks: int
    checks_digest: bytes
    key_id: str
    salt: bytes
    proof: bytes
    places: tuple[tuple[int, int], ...]

    @property
    def version(self) -> int:
        """Of the format: an older civid reads what has no lists."""
        return VERSIONS[self.places[NAMES.index("lists")][1] > 0]

    @property
    def encrypted(self) -> bool:
        """Is the segment encrypted?"""
        return bool(self.key_id)

    @property
    def check_size(self) -> int:
        """Bytes of a chunk's check."""
        return TAG if self.encrypted else 4

    def proved(self) -> bytes:
        """What the proof is about."""
        return self._replace(proof=bytes(TAG)).pack()

    def pack(self) -> bytes:
        """The header's bytes."""
        name = self.key_id.encode()
        data = bytearray(HEADER)
        data[:_PROOF] = _FIXED.pack(
            MAGIC, self.version, int(self.encrypted), *self[:7], self.checks_digest, len(name),
            name, self.salt,
        )  # fmt: skip
        data[_PROOF : _PROOF + TAG] = self.proof
        for i, place in enumerate(self.places[: _sections(self.version)]):
            _PLACE.pack_into(data, _TABLE + i * _PLACE.size, *place)
        data[-DIGEST:] = root(data)
        return bytes(data)


def _sections(version: int) -> int:
    """How many sections a header of this version names: the first of `SECTIONS`."""
    return len(SECTIONS) - (version == 1)


def root(data: bytes | bytearray) -> bytes:
    """BLAKE2b-256 of a header, by way of the table of checks one of the whole file."""
    return blake2b(data[: HEADER - DIGEST], digest_size=DIGEST).digest()


def parse(data: bytes, size: int) -> Header:
    """The header of a file of this size, from its first 4096 bytes.

    Raises
    ------
    GalleryFormatError
        The file is no segment, or one of a newer version.
    GalleryDamagedError
        The header fails its check, or the file has another length.
    """
    if not data.startswith(MAGIC):
        raise GalleryFormatError("the file is not a segment of a gallery")
    if len(data) < HEADER:
        raise GalleryDamagedError(f"a segment is damaged: header cut short at byte {len(data)}")
    if root(data) != data[-DIGEST:]:
        raise GalleryDamagedError("a segment is damaged: header, at byte 0")
    fields = _FIXED.unpack_from(data)
    version, flags, length = fields[1], fields[2], fields[11]
    if version not in VERSIONS or flags not in (0, 1):
        raise GalleryFormatError(
            f"a segment has format version {version}; this civid reads version 1 to {VERSIONS[-1]}"
        )
    name = fields[12][:length].decode(errors="replace") if flags else ""
    there = data[_TABLE : _TABLE + _PLACE.size * _sections(version)]
    places = tuple(_PLACE.iter_unpack(there))
    if version == 1:
        places += ((HEADER, 0),)  # no lists
    header = Header._make((*fields[3:11], name, fields[13], data[_PROOF : _PROOF + TAG], places))
    if header.size != size:
        raise GalleryDamagedError(
            f"a segment is damaged: the file has {size} bytes, its header says {header.size}"
        )
    if header.version != version or not _fits(header):
        raise GalleryDamagedError("a segment is damaged: header, sections that do not fit")
    return header


def _fits(header: Header) -> bool:
    """Do the sections lie in the file, as many bytes as their elements need?"""
    subjects, fingers = header.subjects, header.fingers
    counts = {
        "sequences": subjects,
        "first": subjects + 1,
        "positions": fingers,
        "offsets": fingers + 1,
        "enrolled": subjects,
        "id_offsets": subjects + 1,
        "id_hashes": subjects,
        "id_order": subjects,
        "record_offsets": subjects + 1,
    }
    for (name, kind), (offset, length) in zip(SECTIONS.items(), header.places, strict=True):
        width = int(kind[-1])
        if offset % ALIGNMENT or offset < HEADER or offset + padded(length) > header.checks:
            return False
        if length % width or counts.get(name, length // width) * width != length:
            return False
    total = sum(chunks(length) for _, length in header.places)
    return header.checks + total * header.check_size == header.size


def padded(length: int) -> int:
    """A section's length with its filling."""
    return -(-length // ALIGNMENT) * ALIGNMENT


def chunks(length: int) -> int:
    """How many chunks a section of this length has."""
    return -(-padded(length) // CHUNK)


def chunk_name(number: int, section: int) -> bytes:
    """What a chunk's encryption is bound to, beside its place: segment and section."""
    return struct.pack("<8sQI", MAGIC, number, section)


def chunk_number(section: int, chunk: int) -> int:
    """A chunk's number, unique in its segment."""
    return section << 64 | chunk
