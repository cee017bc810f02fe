"""ISO/IEC 19794-2:2005 finger minutiae record (clause 7).

>>> view = View(position=2, minutiae=(Minutia(kind=1, x=9, y=8, angle=64),))
>>> parse(build(Record(width=300, height=400, views=(view,)))).views[0].minutiae
(Minutia(kind=1, x=9, y=8, angle=64, quality=0),)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from civid.formats._fixed import Fixed
from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.minutiae.common import (
    ExtendedBlock,
    Minutia,
    check_length,
    check_range,
    locate,
    read_magic,
)
from civid.formats.minutiae.extended.items import ISO_2005 as EDITION
from civid.formats.minutiae.finger_view import View, build_view, parse_views, validate_views

KEY = "iso19794-2:2005"
NAME = "ISO/IEC 19794-2:2005"
MAGIC = b"FMR\0 20\0"
MAX_VIEWS = 176
#: Steps in a full turn.
ANGLES = 256

_HEADER = struct.Struct(">8sI5H2B")
_FIELDS = Fixed(
    ("capture device ID", 2),
    ("image width", 2),
    ("image height", 2),
    ("x resolution", 2),
    ("y resolution", 2),
    ("number of finger views", 1),
    ("reserved byte", 1),
)


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record.

    Parameters
    ----------
    width, height : int
        Size of the image in px.
    x_per_cm, y_per_cm : int
        Resolution in px/cm; 197 is written for 500 dpi.
    views : tuple of View
    capture_device : int
        12 bits given by the vendor; 0 = not reported.
    certification : int
        4 bits; 8 = the device is certified (annex F).
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    width: int
    height: int
    x_per_cm: int = 197
    y_per_cm: int = 197
    views: tuple[View, ...] = ()
    capture_device: int = 0
    certification: int = 0
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises.

    ANSI/INCITS 378-2004 has the same first eight bytes; the length that follows, two bytes there
    and four here, tells them apart.
    """
    try:
        head = bytes(memoryview(data)[:14])
        size = memoryview(data).nbytes
    except TypeError:
        return False
    if len(head) < 12 or head[:8] != MAGIC:
        return False
    short, next_short = struct.unpack_from(">HH", head, 8)
    if short:
        return bool(short < 26)  # ANSI records have at least 26 bytes; this is the high half
    if next_short >= 24 or len(head) < 14:
        return True
    ansi_length = int.from_bytes(head[10:14], "big")
    return ansi_length != size and ansi_length < 0x10000


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record.

    Parameters
    ----------
    data : bytes-like
    strict : bool
        Any departure from the standard is an error. Otherwise only what makes minutiae unreadable
        is; the rest is collected in `Record.warnings`, with the values as they stand.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    reader = Reader(data, strict=strict)
    header = reader.section("header")
    read_magic(reader, MAGIC[4:])
    check_length(reader, reader.u32("length of record"))
    device, width, height, x_per_cm, y_per_cm, count, reserved = _FIELDS.read(reader)
    if reserved:
        reader.complain("reserved byte", "should be 0", header["reserved byte"])
    size = (width, height)
    views, places = parse_views(reader, count, EDITION, size, both_readings=True)
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last view")
    sizes = (width, height, x_per_cm, y_per_cm)
    record = Record(*sizes, views, device & 0xFFF, device >> 12)
    for finding in validate(record):
        reader.note(locate(finding, header, places))
    return replace(record, warnings=tuple(reader.warnings)) if reader.warnings else record


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    return [
        *check_range("image width", record.width, 1, 0xFFFF),
        *check_range("image height", record.height, 1, 0xFFFF),
        *check_range("x resolution", record.x_per_cm, 99, 0xFFFF),
        *check_range("y resolution", record.y_per_cm, 99, 0xFFFF),
        *check_range("capture device ID", record.capture_device, 0, 0xFFF),
        *check_range("capture device ID", record.certification, 0, 15),
        *check_range("number of finger views", len(record.views), 1, MAX_VIEWS),
        *validate_views(record.views, record.width, record.height, angles=ANGLES),
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
        raise finding.error()
    body = b"".join(build_view(view) for view in record.views)
    return (
        _HEADER.pack(
            MAGIC,
            _HEADER.size + len(body),
            record.certification << 12 | record.capture_device,
            record.width,
            record.height,
            record.x_per_cm,
            record.y_per_cm,
            len(record.views),
            0,
        )
        + body
    )


__all__ = [
    "ExtendedBlock",
    "Finding",
    "Minutia",
    "Record",
    "View",
    "build",
    "parse",
    "sniff",
    "validate",
]
