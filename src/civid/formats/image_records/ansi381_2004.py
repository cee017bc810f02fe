"""ANSI/INCITS 381-2004 finger image record (clause 7).

ISO/IEC 19794-4:2005 with the maker of the record and what the device is certified for.

>>> view = View(bytes(300 * 400), position=2, width=300, height=400)
>>> record = Record((view,), compression=0, product_owner=0x1234)
>>> parse(build(record), strict=True) == record
True
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.image_records import common, iso19794_4_2005
from civid.formats.image_records.fixed_record import (
    VERSION,
    FixedRecord,
    View,
    build_shared,
    check_kinds,
    read_shared,
    validate_shared,
)
from civid.formats.minutiae.common import check_range

NAME = "ANSI/INCITS 381-2004"
MAGIC = common.MAGIC + VERSION
#: Image acquisition levels (table 1); 750 ppi came with the ISO standard.
LEVELS = (10, 20, 30, 31, 40, 41)
HEADER_BYTES = 36

_OWN = struct.Struct(">3H")


@dataclass(frozen=True, slots=True)
class Record(FixedRecord):
    """A whole record: all of `civid.formats.image_records.fixed_record.FixedRecord`, and

    Parameters
    ----------
    product_owner, product_type : int
        CBEFF identifiers of who wrote the record; the owner, registered with IBIA, is never 0.
    compliance : int
        4 bits; 8 = the device is certified (annex F of the FBI's transmission standard). The
        other 12 bits of the field are `capture_device`.
    """

    product_owner: int = 0
    product_type: int = 0
    compliance: int = 0


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises."""
    try:
        view = memoryview(data).cast("B")
    except TypeError:
        return False
    return bytes(view[:8]) == MAGIC and iso19794_4_2005.is_ansi(view)


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record; see `iso19794_4_2005.parse` for what strict means.

    Raises
    ------
    FormatError
        With the field and its byte offset; names what the bytes are if they are another record.
    """
    reader = Reader(data, strict=strict, name=NAME, limit=common.MAX_RECORD_BYTES)
    header = reader.section()
    common.read_magic(reader, VERSION)
    if not iso19794_4_2005.is_ansi(reader.data):
        reader.complain("version", "this looks like ISO/IEC 19794-4:2005", 4)
    common.check_length(reader, reader.number(6, "length of record"))
    owner, product = reader.u16("CBEFF product owner"), reader.u16("CBEFF product type")
    device = reader.u16("capture device ID")
    shared, places = read_shared(reader, header)
    record = Record(*shared, device & 0xFFF, owner, product, device >> 12)
    findings = [*validate(record), *check_kinds(record)]
    common.note_all(reader, findings, header, places)
    return replace(record, warnings=tuple(reader.warnings))


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good.

    What the image data are is looked at by `parse` and `decode`: they are written as they come.
    """
    common.check_type(record, Record)
    return [
        *check_range("CBEFF product owner", record.product_owner, 1, 0xFFFF),
        *check_range("CBEFF product type", record.product_type, 0, 0xFFFF),
        *check_range("capture device ID", record.capture_device, 0, 0xFFF),
        *check_range("capture device ID", record.compliance, 0, 15),
        *validate_shared(record, LEVELS),
    ]


@typed
def build(record: Record) -> bytes:
    """Write a record; always strictly after the standard.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise common.named(NAME, finding).error()
    device = record.compliance << 12 | record.capture_device
    body = _OWN.pack(record.product_owner, record.product_type, device) + build_shared(record)
    return MAGIC + (14 + len(body)).to_bytes(6, "big") + body


__all__ = ["Finding", "Record", "View", "build", "parse", "sniff", "validate"]
