"""ISO/IEC 19794-2:2005 finger minutiae record (clause 7).

>>> view = View(position=2, minutiae=(Minutia(kind=1, x=9, y=8, angle=64),))
>>> parse(build(Record(width=300, height=400, views=(view,)))).views[0].minutiae
(Minutia(kind=1, x=9, y=8, angle=64, quality=0),)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from civid.formats import _minutiae as common
from civid.formats._minutiae import ExtendedBlock, Minutia
from civid.formats._reader import Finding, Reader

NAME = "ISO/IEC 19794-2:2005"
MAGIC = b"FMR\0 20\0"
MAX_VIEWS = 176
#: Live plain, live rolled, non-live plain, non-live rolled, swipe (table 4).
IMPRESSIONS = (0, 1, 2, 3, 8)
#: Steps in a full turn.
ANGLES = 256

_HEADER = struct.Struct(">8sI5H2B")
_HEADER_OFFSETS = {
    "length of record": 8,
    "capture device ID": 12,
    "image width": 14,
    "image height": 16,
    "x resolution": 18,
    "y resolution": 20,
    "number of finger views": 22,
    "reserved byte": 23,
}
_VIEW_OFFSETS = {
    "finger position": 0,
    "view number": 1,
    "impression type": 1,
    "finger quality": 2,
    "number of minutiae": 3,
    "minutiae": 4,
}


@dataclass(frozen=True, slots=True)
class View:
    """One print of one finger.

    Parameters
    ----------
    position : int
        0 unknown, 1..5 right thumb to little finger, 6..10 left.
    number : int
        Counts the prints of one finger from 0; at most 15.
    impression : int
        0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled, 8 swipe.
    quality : int
        0 worst .. 100 best; many writers leave 0.
    minutiae : tuple of Minutia
        At most 255; angles in steps of 360/256 degrees.
    blocks : tuple of ExtendedBlock
        Extended data, not interpreted.
    blocks_count_head : bool
        The length in a block counts its own four bytes (the standard can be read both ways).
    """

    position: int = 0
    number: int = 0
    impression: int = 0
    quality: int = 0
    minutiae: tuple[Minutia, ...] = field(default=(), repr=False)
    blocks: tuple[ExtendedBlock, ...] = ()
    blocks_count_head: bool = True


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
    reader.expect(MAGIC, "format identifier and version")
    length = reader.u32("length of record")
    if length != reader.end:
        reader.complain("length of record", f"{length}, but there are {reader.end} bytes", 8)
    device = reader.u16("capture device ID")
    width, height = reader.u16("image width"), reader.u16("image height")
    x_per_cm, y_per_cm = reader.u16("x resolution"), reader.u16("y resolution")
    count = reader.u8("number of finger views")
    if reader.u8("reserved byte"):
        reader.complain("reserved byte", "should be 0", 23)
    views, starts = [], []
    for _ in range(count):
        starts.append(reader.pos)
        views.append(_parse_view(reader))
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last view")
    sizes = (width, height, x_per_cm, y_per_cm)
    record = Record(*sizes, tuple(views), device & 0xFFF, device >> 12)
    for finding in validate(record):
        placed = common.locate(finding, _HEADER_OFFSETS, starts, _VIEW_OFFSETS)
        reader.complain(placed.field, placed.message, placed.offset)
    return replace(record, warnings=tuple(reader.warnings))


def _parse_view(reader: Reader) -> View:
    position = reader.u8("finger position")
    packed = reader.u8("view number")
    quality = reader.u8("finger quality")
    count = reader.u8("number of minutiae")
    start = reader.pos
    minutiae, reserved = common.read_minutiae(reader, count)
    if reserved is not None:
        reader.complain("reserved bits", f"not 0 in minutia {reserved}", start + 6 * reserved + 2)
    blocks, counts_head = common.read_blocks(reader, both_readings=True)
    return View(position, packed >> 4, packed & 15, quality, minutiae, blocks, counts_head)


def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    findings = [
        *common.check_range("image width", record.width, 1, 0xFFFF),
        *common.check_range("image height", record.height, 1, 0xFFFF),
        *common.check_range("x resolution", record.x_per_cm, 99, 0xFFFF),
        *common.check_range("y resolution", record.y_per_cm, 99, 0xFFFF),
        *common.check_range("capture device ID", record.capture_device, 0, 0xFFF),
        *common.check_range("capture device ID", record.certification, 0, 15),
        *common.check_range("number of finger views", len(record.views), 1, MAX_VIEWS),
        *common.check_numbering([(view.position, view.number) for view in record.views]),
    ]
    for index, view in enumerate(record.views):
        findings += common.check_range("finger position", view.position, 0, 10, index)
        findings += common.check_range("view number", view.number, 0, 15, index)
        findings += common.check_range("finger quality", view.quality, 0, 100, index)
        if view.impression not in IMPRESSIONS:
            text = f"{view.impression} is none of {', '.join(map(str, IMPRESSIONS))}"
            findings.append(Finding("impression type", text, view=index))
        findings += common.check_minutiae(view.minutiae, record.width, record.height, index)
        findings += common.check_blocks(view.blocks, index)
    return findings


def build(record: Record) -> bytes:
    """Write a record; always strictly after the standard.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise finding.error()
    body = b"".join(_build_view(view) for view in record.views)
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


def _build_view(view: View) -> bytes:
    blocks = common.join_blocks(view.blocks, counts_head=view.blocks_count_head)
    packed = view.number << 4 | view.impression
    head = bytes((view.position, packed, view.quality, len(view.minutiae)))
    minutiae = common.write_minutiae(view.minutiae)
    return head + minutiae + len(blocks).to_bytes(2, "big") + blocks


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
