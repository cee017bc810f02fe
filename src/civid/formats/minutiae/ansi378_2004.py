"""ANSI/INCITS 378-2004 finger minutiae record.

The same views as ISO/IEC 19794-2:2005 with angles in steps of two degrees, and a header that
names the product and has two forms of the length.

>>> view = View(position=2, minutiae=(Minutia(kind=1, x=9, y=8, angle=45),))
>>> parse(build(Record(width=300, height=400, views=(view,)))).views[0].minutiae
(Minutia(kind=1, x=9, y=8, angle=45, quality=0),)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from civid.formats._fixed import Fixed
from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.minutiae import iso19794_2_2005
from civid.formats.minutiae.common import (
    ExtendedBlock,
    Minutia,
    check_length,
    check_range,
    locate,
    read_magic,
)
from civid.formats.minutiae.extended.items import ANSI_2004 as EDITION
from civid.formats.minutiae.finger_view import View, build_view, parse_views, validate_views

KEY = "ansi378-2004"
NAME = "ANSI/INCITS 378-2004"
MAGIC = b"FMR\0 20\0"
#: Steps of two degrees in a full turn.
ANGLES = 180
#: Also met; printed in the worked example of the standard.
_MISPRINT = b"020\0"
_SHORT_HEADER, _LONG_HEADER = 26, 30
_FIELDS = Fixed(
    ("CBEFF product owner", 2),
    ("CBEFF product type", 2),
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
    product_owner, product_type : int
        CBEFF identifiers of who wrote the record.
    capture_device : int
        12 bits given by the vendor; 0 = not reported.
    compliance : int
        4 bits; 8 = the equipment is certified (annex F).
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    width: int
    height: int
    x_per_cm: int = 197
    y_per_cm: int = 197
    views: tuple[View, ...] = ()
    product_owner: int = 0
    product_type: int = 0
    capture_device: int = 0
    compliance: int = 0
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises."""
    try:
        head = bytes(memoryview(data)[:10])
    except TypeError:
        return False
    if len(head) < 10 or head[:4] != MAGIC[:4]:
        return False
    if head[4:8] == _MISPRINT:
        return True
    return head[:8] == MAGIC and not iso19794_2_2005.sniff(data)


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record; see `civid.formats.minutiae.iso19794_2_2005.parse` for what strict means.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    reader = Reader(data, strict=strict)
    header = reader.section("header")
    if read_magic(reader, MAGIC[4:], _MISPRINT) == _MISPRINT:
        reader.complain("version", f"{_MISPRINT!r} should be {MAGIC[4:]!r}", 4)
    check_length(reader, reader.u16("length of record") or reader.u32("length of record"))
    owner, product, device, width, height, x_per_cm, y_per_cm, count, reserved = _FIELDS.read(
        reader
    )
    if reserved:
        reader.complain("reserved byte", "should be 0", header["reserved byte"])
    size = (width, height)
    views, places = parse_views(reader, count, EDITION, size, both_readings=False)
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last view")
    sizes = (width, height, x_per_cm, y_per_cm)
    record = Record(*sizes, views, owner, product, device & 0xFFF, device >> 12)
    for finding in validate(record):
        reader.note(locate(finding, header, places))
    return replace(record, warnings=tuple(reader.warnings)) if reader.warnings else record


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    findings = [
        *check_range("image width", record.width, 1, 0xFFFF),
        *check_range("image height", record.height, 1, 0xFFFF),
        *check_range("x resolution", record.x_per_cm, 1, 0xFFFF),
        *check_range("y resolution", record.y_per_cm, 1, 0xFFFF),
        *check_range("CBEFF product owner", record.product_owner, 0, 0xFFFF),
        *check_range("CBEFF product type", record.product_type, 0, 0xFFFF),
        *check_range("capture device ID", record.capture_device, 0, 0xFFF),
        *check_range("capture device ID", record.compliance, 0, 15),
        *check_range("number of finger views", len(record.views), 1, 0xFF),
        *validate_views(record.views, record.width, record.height, angles=ANGLES),
    ]
    if any(view.blocks and not view.blocks_count_head for view in record.views):
        findings.append(Finding("extended data", "block lengths have to count their head"))
    return findings


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
    if _SHORT_HEADER + len(body) <= 0xFFFF:
        length = struct.pack(">H", _SHORT_HEADER + len(body))
    else:
        length = struct.pack(">HI", 0, _LONG_HEADER + len(body))
    rest = struct.pack(
        ">7H2B",
        record.product_owner,
        record.product_type,
        record.compliance << 12 | record.capture_device,
        record.width,
        record.height,
        record.x_per_cm,
        record.y_per_cm,
        len(record.views),
        0,
    )
    return MAGIC + length + rest + body


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
