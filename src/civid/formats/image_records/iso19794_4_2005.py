"""ISO/IEC 19794-4:2005 finger image record (clause 7): the images in DG3 of a passport chip.

>>> view = View(bytes(300 * 400), position=2, width=300, height=400)
>>> record = Record((view,), compression=0)
>>> parse(build(record), strict=True) == record
True
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.image_records import common
from civid.formats.image_records.fixed_record import (
    VERSION,
    FixedRecord,
    View,
    build_shared,
    check_kinds,
    read_shared,
    validate_shared,
    walks,
)
from civid.formats.minutiae.common import check_range

NAME = "ISO/IEC 19794-4:2005"
MAGIC = common.MAGIC + VERSION
#: Image acquisition levels (table 1).
LEVELS = (10, 20, 30, 31, 35, 40, 41)
HEADER_BYTES = 32


@dataclass(frozen=True, slots=True)
class Record(FixedRecord):
    """A whole record; see `civid.formats.image_records.fixed_record.FixedRecord`."""

    __doc__ = FixedRecord.__doc__


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises.

    ANSI/INCITS 381-2004 has the same first eight bytes and four more in its header; the levels,
    units and block lengths tell them apart.
    """
    try:
        view = memoryview(data).cast("B")
    except TypeError:
        return False
    return bytes(view[:8]) == MAGIC and not is_ansi(view)


def is_ansi(data: bytes | memoryview) -> bool:
    """Are level, units and lengths where ANSI/INCITS 381-2004 has them, and not where this has?"""
    if len(data) < 36:
        return False
    here = int.from_bytes(data[16:18], "big") in LEVELS and walks(data, HEADER_BYTES)
    there = int.from_bytes(data[20:22], "big") in LEVELS and walks(data, 36)
    return there and not here


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record.

    Parameters
    ----------
    data : bytes-like
    strict : bool
        Any departure from the standard is an error. Otherwise only what makes images unreachable
        is; the rest is collected in `Record.warnings`, with the values as they stand.

    Raises
    ------
    FormatError
        With the field and its byte offset; names what the bytes are if they are another record.
    """
    reader = Reader(data, strict=strict, name=NAME, limit=common.MAX_RECORD_BYTES)
    header = reader.section()
    common.read_magic(reader, VERSION)
    if is_ansi(reader.data):
        reader.complain("version", "this looks like ANSI/INCITS 381-2004", 4)
    common.check_length(reader, reader.number(6, "length of record"))
    device = reader.u16("capture device ID")
    shared, places = read_shared(reader, header)
    record = Record(*shared, device)
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
        *check_range("capture device ID", record.capture_device, 0, 0xFFFF),
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
    body = record.capture_device.to_bytes(2, "big") + build_shared(record)
    return MAGIC + (14 + len(body)).to_bytes(6, "big") + body


__all__ = ["Finding", "Record", "View", "build", "parse", "sniff", "validate"]
