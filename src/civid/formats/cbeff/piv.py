"""The patron format of PIV cards: 88 bytes before an ANSI/INCITS record, big-endian.

An ANSI/INCITS 398 patron format whose layout NIST SP 800-76 publishes (table of section 6); with
it, minutiae (INCITS 378), finger images (INCITS 381) and faces (INCITS 385) travel.

>>> made = Record(b"FMR", MINUTIAE, quality=80, signature=b"CMS")
>>> parse(build(made)) == made, members(made)[0][0]
(True, 'finger minutiae, ANSI/INCITS 378')
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.cbeff.block_kinds import M1, block_kind

NAME = "ANSI/INCITS 398 patron format PIV (NIST SP 800-76)"
KEY = "cbeff-piv"
SIZE = 88
VERSION = 3
#: Signed; signed and encrypted.
SIGNED, ENCRYPTED = 0x0D, 0x0F
#: Formats of INCITS M1.
MINUTIAE, FINGER_IMAGE, FACE_IMAGE = 0x0201, 0x0401, 0x0501
FINGER, FACE = 0x000008, 0x000002
#: Upper three bits of the biometric data type.
RAW, INTERMEDIATE, PROCESSED = 0x20, 0x40, 0x80
#: Quality: not supported, not computed, or 0 to 100.
NO_QUALITY, QUALITY_FAILED = -2, -1

_HEADER = struct.Struct(">2BIH2H8s8s8s3sBb18s25s4s")
_BODY = {MINUTIAE: FINGER, FINGER_IMAGE: FINGER, FACE_IMAGE: FACE}
_LEVEL = {MINUTIAE: PROCESSED, FINGER_IMAGE: RAW, FACE_IMAGE: RAW}
_MAX_BLOCK = 16 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One block with its header.

    Parameters
    ----------
    data : bytes
        The block, a record of its own standard.
    format_type : int
        `MINUTIAE`, `FINGER_IMAGE` or `FACE_IMAGE`.
    biometric_type : int or None
        `FINGER` or `FACE`; None takes what the format is of.
    data_type : int or None
        `RAW`, `INTERMEDIATE` or `PROCESSED` with five low bits; None takes what the format is.
    quality : int
        -2 (not supported), -1 (not computed) or 0 to 100.
    signature : bytes
        The signature block that follows, a CMS message.
    created, valid_from, valid_to : bytes
        Eight bytes each: century, year, month, day, hour, minute, second, ``Z``.
    creator : bytes
        18 bytes, zeros at its end.
    fasc_n : bytes
        25 bytes: the number of the card.
    security : int
        `SIGNED` or `ENCRYPTED`.
    format_owner, version : int
    reserved : bytes
        Four zeros.
    warnings : tuple of Finding
    """

    data: bytes = field(repr=False)
    format_type: int
    biometric_type: int | None = None
    data_type: int | None = None
    quality: int = NO_QUALITY
    signature: bytes = field(default=b"", repr=False)
    created: bytes = bytes(8)
    valid_from: bytes = bytes(8)
    valid_to: bytes = bytes(8)
    creator: bytes = field(default=bytes(18), repr=False)
    fasc_n: bytes = field(default=bytes(25), repr=False)
    security: int = SIGNED
    format_owner: int = M1
    version: int = VERSION
    reserved: bytes = field(default=bytes(4), repr=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.biometric_type is None:
            object.__setattr__(self, "biometric_type", _BODY.get(self.format_type, 0))
        if self.data_type is None:
            object.__setattr__(self, "data_type", _LEVEL.get(self.format_type, 0))


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises."""
    try:
        head = bytes(memoryview(data).cast("B")[:12])
    except TypeError:
        return False
    if len(head) < 12 or head[0] != VERSION or head[1] not in (SIGNED, ENCRYPTED):
        return False
    owner, kind = struct.unpack_from(">2H", head, 8)
    return owner == M1 and kind in _BODY


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record.

    Parameters
    ----------
    data : bytes-like
    strict : bool
        Any departure is an error. Otherwise only what cannot be read is; the rest is collected in
        `Record.warnings`.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    reader = Reader(data, strict=strict, limit=_MAX_BLOCK + SIZE + 0xFFFF)
    places = reader.section("patron header")
    version, security = reader.u8("patron header version"), reader.u8("SBH security options")
    size, signed = reader.u32("BDB length"), reader.u16("SB length")
    owner, kind = reader.u16("BDB format owner"), reader.u16("BDB format type")
    created, begins, ends = (
        reader.take(8, one) for one in ("creation date", "valid from", "valid to")
    )
    body, level = reader.number(3, "biometric type"), reader.u8("biometric data type")
    quality = reader.u8("biometric data quality")
    creator, fasc_n = reader.take(18, "creator"), reader.take(25, "FASC-N")
    reserved = reader.take(4, "reserved field")
    reader.section()
    record = Record(
        data=reader.take(size, "biometric data block"),
        format_type=kind,
        biometric_type=body,
        data_type=level,
        quality=quality - 256 if quality > 127 else quality,
        signature=reader.take(signed, "signature block"),
        created=created,
        valid_from=begins,
        valid_to=ends,
        creator=creator,
        fasc_n=fasc_n,
        security=security,
        format_owner=owner,
        version=version,
        reserved=reserved,
    )
    if reader.left:
        reader.complain("SB length", f"{reader.left} bytes follow the signature block")
    for finding in validate(record):
        reader.note(replace(finding, offset=places.get(finding.field)))
    return replace(record, warnings=tuple(reader.warnings))


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from SP 800-76; empty when it is good."""
    found: list[Finding] = []

    def want(good: bool, name: str, message: str) -> None:
        if not good:
            found.append(Finding(name, message))

    want(record.version == VERSION, "patron header version", f"should be {VERSION}")
    want(record.security in (SIGNED, ENCRYPTED), "SBH security options", "should be 13 or 15")
    want(len(record.data) <= _MAX_BLOCK, "BDB length", f"is more than {_MAX_BLOCK}")
    want(len(record.signature) <= 0xFFFF, "SB length", "is more than 65535")
    want(record.format_owner == M1, "BDB format owner", f"should be {M1}")
    want(record.format_type in _BODY, "BDB format type", "is none of minutiae, finger and face")
    for name, value, size in (
        ("creation date", record.created, 8),
        ("valid from", record.valid_from, 8),
        ("valid to", record.valid_to, 8),
        ("creator", record.creator, 18),
        ("FASC-N", record.fasc_n, 25),
    ):
        want(len(value) == size, name, f"should have {size} bytes")
    body, level = _BODY.get(record.format_type), _LEVEL.get(record.format_type)
    want(record.biometric_type == body, "biometric type", "is not what the format is of")
    kind = record.data_type or 0
    want(0 <= kind <= 0xFF and kind & 0xE0 == level, "biometric data type", "is not of the format")
    want(-2 <= record.quality <= 100, "biometric data quality", "is not from -2 to 100")
    want(record.reserved == bytes(4), "reserved field", "should be 0")
    return found


@typed
def build(record: Record) -> bytes:
    """Write a record; always strictly after SP 800-76.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise finding.error()
    header = _HEADER.pack(
        record.version,
        record.security,
        len(record.data),
        len(record.signature),
        record.format_owner,
        record.format_type,
        record.created,
        record.valid_from,
        record.valid_to,
        (record.biometric_type or 0).to_bytes(3, "big"),
        record.data_type or 0,
        record.quality,
        record.creator,
        record.fasc_n,
        record.reserved,
    )
    return header + record.data + record.signature


def members(record: Record) -> tuple[tuple[str, bytes], ...]:
    """The block inside: what it is, in words, and its bytes. None where it is encrypted."""
    if record.security == ENCRYPTED:
        return ()
    return ((block_kind(record.format_owner, record.format_type), record.data),)
