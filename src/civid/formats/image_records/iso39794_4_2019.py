"""ISO/IEC 39794-4:2019 finger image record in its tagged binary form (ASN.1, DER).

Tags and codes are those of ISO's module ``ISO-IEC-39794-4-ed-1-v2``. A coded value has two
forms, `Coded`: the code alone, or a block with the nearest code and what a later edition adds.

>>> png = b"\\x89PNG" + bytes.fromhex("0d0a1a0a")  # and so on
>>> image = Representation(Coded(2), Coded(0), Coded(4), png, sampling=SamplingRate(500))
>>> data = build(Record((image,)))
>>> data[:13].hex(" ")
'64 2f a0 07 80 01 03 81 02 07 e3 a1 24'
>>> parse(data).representations[0].position
Coded(code=2, extended=False)
"""

from __future__ import annotations

from dataclasses import replace

from civid.errors import FormatError
from civid.formats._reader import MAX_RECORD_BYTES, Finding, Reader
from civid.formats._types import typed
from civid.formats.iso39794 import ber, der
from civid.formats.iso39794.choices import Coded
from civid.formats.iso39794.common import (
    DateTime,
    ExtendedData,
    Pad,
    PadScore,
    Point,
    Quality,
    RegistryId,
    Version,
)
from civid.formats.iso39794.finger_blocks import (
    Annotation,
    Device,
    Record,
    Representation,
    SamplingRate,
    Segment,
    Segmentation,
)
from civid.formats.iso39794.finger_codes import (
    IMAGE_FORMATS,
    IMPRESSIONS,
    POSITIONS,
    REASONS,
    TECHNOLOGIES,
    UNITS,
)
from civid.formats.iso39794.finger_schema import RECORD

NAME = "ISO/IEC 39794-4:2019"
KEY = "iso39794-4:2019-ber"

#: [APPLICATION 4], and a plain SEQUENCE as some writers leave it.
_TAG, _SEQUENCE = 0x64, 0x30
#: The biometric data block of a chip (ISO/IEC 7816-11), and the tag inside it for ISO/IEC 39794.
_CHIP_BLOCK, _CHIP_FORMAT = 0x7F2E, 0xA1


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises; looks at the first bytes only."""
    try:
        head = bytes(memoryview(data).cast("B")[:16])
    except TypeError:
        return False
    if len(head) < 8 or head[0] != _TAG:
        return False
    size = head[1] & 0x7F if head[1] >= 0x80 else 0
    version = head[2 + size :]
    # versionBlock [0], constructed, and the generation [0] in it.
    return size <= 8 and version[:1] == b"\xa0" and version[2:3] == b"\x80"


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record.

    Parameters
    ----------
    data : bytes-like
        The record as it stands in a file; around it may be the biometric data block of a chip
        (tag 7F2E), and in place of its own tag that of a plain SEQUENCE.
    strict : bool
        Any departure from the standard and from DER is an error. Otherwise only what leaves a
        value unknown is; the rest is collected in `Record.warnings`, with the values as they
        stand.

    Returns
    -------
    Record
        What this edition does not know is kept in ``extensions`` of its block.

    Raises
    ------
    FormatError
        With the field and its byte offset.

    Notes
    -----
    Safe in threads. A record has at most 16 MiB and 50 000 elements, 32 deep.
    """
    reader = Reader(data, strict=strict)
    block = ber.read(reader.data, reader.note)
    if block.after < reader.end:
        reader.complain("record", f"{reader.end - block.after} bytes follow it", block.after)
    block = _inside_of_chip_block(reader, block)
    if block.tag == _SEQUENCE:
        reader.complain("record", "a plain SEQUENCE, should be [APPLICATION 4]", block.offset)
    elif block.tag != _TAG:
        raise FormatError("is no FingerImageDataBlock", offset=block.offset, field="record")
    record: Record = RECORD.read(reader, block, ())
    return replace(record, warnings=tuple(reader.warnings))


def _inside_of_chip_block(reader: Reader, block: ber.Element) -> ber.Element:
    for wrapper in (_CHIP_BLOCK, _CHIP_FORMAT):
        if block.tag == wrapper and block.children:
            reader.complain("record", "stands in the data block of a chip", block.offset)
            block = block.children[0]
    return block


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    return list(RECORD.faults(record, ()))


@typed
def build(record: Record) -> bytes:
    """Write a record in DER; always strictly after the standard.

    Raises
    ------
    FormatError
        The first of what `validate` finds; or the record has more than 16 MiB.
    """
    for finding in RECORD.faults(record, ()):
        raise finding.error()
    data = der.element(_TAG, RECORD.contents(record))
    if len(data) > MAX_RECORD_BYTES:
        raise FormatError(f"more than {MAX_RECORD_BYTES} bytes are no record", field="record")
    return data


__all__ = [
    "IMAGE_FORMATS",
    "IMPRESSIONS",
    "KEY",
    "NAME",
    "POSITIONS",
    "REASONS",
    "TECHNOLOGIES",
    "UNITS",
    "Annotation",
    "Coded",
    "DateTime",
    "Device",
    "ExtendedData",
    "Finding",
    "Pad",
    "PadScore",
    "Point",
    "Quality",
    "Record",
    "RegistryId",
    "Representation",
    "SamplingRate",
    "Segment",
    "Segmentation",
    "Version",
    "build",
    "parse",
    "sniff",
    "validate",
]
