"""ANSI/INCITS 378-2009 finger minutiae record, and its amendment 1.

Size and resolution belong to a view here; angles are in steps of two degrees.

>>> view = View(position=2, width=300, height=400, minutiae=(Minutia(1, x=9, y=8, angle=45),))
>>> parse(build(Record(views=(view,)))).views[0].minutiae
(Minutia(kind=1, x=9, y=8, angle=45, quality=0),)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from civid.formats._fixed import Fixed
from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.minutiae import iso19794_2_2011
from civid.formats.minutiae.common import (
    ExtendedBlock,
    Minutia,
    check_blocks,
    check_length,
    check_minutiae,
    check_numbering,
    check_range,
    locate,
    read_blocks,
    read_magic,
    read_minutiae,
    write_blocks,
    write_minutiae,
)
from civid.formats.minutiae.extended.items import ANSI_2009 as EDITION

KEY = "ansi378-2009"
NAME = "ANSI/INCITS 378-2009"
#: 30 is the standard, 35 amendment 1.
VERSIONS = {30: b"030\0", 35: b"035\0"}
#: Steps of two degrees in a full turn.
ANGLES = 180
#: View qualities beyond 0..100.
QUALITY_UNDEFINED, QUALITY_FAILED = 254, 255

_HEADER = struct.Struct(">8sIHHBHBB")
_VIEW = struct.Struct(">4B6HB")
_FIELDS = Fixed(
    ("CBEFF product owner", 2),
    ("CBEFF product type", 2),
    ("capture equipment certification", 1),
    ("capture device ID", 2),
    ("number of finger views", 1),
    ("reserved byte", 1),
)
_VIEW_FIELDS = Fixed(
    ("finger position", 1),
    ("view number", 1),
    ("impression type", 1),
    ("finger quality", 1),
    ("quality vendor", 2),
    ("quality algorithm", 2),
    ("image width", 2),
    ("image height", 2),
    ("x resolution", 2),
    ("y resolution", 2),
    ("number of minutiae", 1),
)


@dataclass(frozen=True, slots=True)
class View:
    """One print of one finger.

    Parameters
    ----------
    position : int
        0 unknown, 1..5 right thumb to little finger, 6..10 left.
    width, height : int
        Size of the image in px.
    number : int
        Counts the prints of one finger from 0.
    impression : int
        As in the standard; not checked.
    quality : int
        0 worst .. 100 best, 254 undefined, 255 failed.
    quality_vendor, quality_algorithm : int
        Whose quality that is.
    x_per_cm, y_per_cm : int
        Resolution in px/cm; 197 is written for 500 dpi.
    minutiae : tuple of Minutia
        At most 255.
    blocks : tuple of ExtendedBlock
        Extended data; `civid.formats.minutiae.extended.typed` says what it means.
    """

    position: int
    width: int
    height: int
    number: int = 0
    impression: int = 0
    quality: int = QUALITY_UNDEFINED
    quality_vendor: int = 0
    quality_algorithm: int = 0
    x_per_cm: int = 197
    y_per_cm: int = 197
    minutiae: tuple[Minutia, ...] = field(default=(), repr=False)
    blocks: tuple[ExtendedBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record.

    Parameters
    ----------
    views : tuple of View
    version : int
        30, or 35 for amendment 1.
    product_owner, product_type : int
        CBEFF identifiers of who wrote the record.
    certification : int
        8 bits; 0x80 = the equipment is certified.
    capture_device : int
        0 = not reported.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    views: tuple[View, ...] = ()
    version: int = 30
    product_owner: int = 0
    product_type: int = 0
    certification: int = 0
    capture_device: int = 0
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises.

    ISO/IEC 19794-2:2011 has the same first eight bytes; its representation lengths tell.
    """
    try:
        head = bytes(memoryview(data)[:21])
    except TypeError:
        return False
    if len(head) < 12 or head[:4] != b"FMR\0" or head[4:8] not in VERSIONS.values():
        return False
    return head[4:8] == VERSIONS[35] or not iso19794_2_2011.sniff(data)


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record; see `civid.formats.minutiae.iso19794_2_2005.parse` for what strict means.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    reader = Reader(data, strict=strict)
    header = reader.section("header")
    version = int(read_magic(reader, *VERSIONS.values())[:3])
    check_length(reader, reader.u32("length of record"))
    owner, product, certification, device, count, reserved = _FIELDS.read(reader)
    if reserved:
        reader.complain("reserved byte", "should be 0", header["reserved byte"])
    views, places = [], []
    for index in range(count):
        places.append(reader.section(f"view {index}"))
        views.append(_parse_view(reader))
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last view")
    record = Record(tuple(views), version, owner, product, certification, device)
    for finding in validate(record):
        reader.note(locate(finding, header, places))
    return replace(record, warnings=tuple(reader.warnings)) if reader.warnings else record


def _parse_view(reader: Reader) -> View:
    *head, count = _VIEW_FIELDS.read(reader)
    position, number, impression, quality, vendor, algorithm = head[:6]
    width, height, x_per_cm, y_per_cm = head[6:]
    minutiae = read_minutiae(reader, count)
    blocks, _ = read_blocks(reader, EDITION, (width, height))
    return View(
        position,
        width,
        height,
        number,
        impression,
        quality,
        vendor,
        algorithm,
        x_per_cm,
        y_per_cm,
        minutiae,
        blocks,
    )


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    findings = [
        *check_range("CBEFF product owner", record.product_owner, 0, 0xFFFF),
        *check_range("CBEFF product type", record.product_type, 0, 0xFFFF),
        *check_range("capture equipment certification", record.certification, 0, 0xFF),
        *check_range("capture device ID", record.capture_device, 0, 0xFFFF),
        *check_range("number of finger views", len(record.views), 1, 0xFF),
        *check_numbering([(view.position, view.number) for view in record.views]),
    ]
    if record.version not in VERSIONS:
        findings.append(Finding("version", f"{record.version} is neither 30 nor 35"))
    for index, view in enumerate(record.views):
        findings += check_range("finger position", view.position, 0, 10, index)
        findings += check_range("view number", view.number, 0, 0xFF, index)
        findings += check_range("impression type", view.impression, 0, 0xFF, index)
        if view.quality not in (QUALITY_UNDEFINED, QUALITY_FAILED):
            findings += check_range("finger quality", view.quality, 0, 100, index)
        findings += check_range("quality vendor", view.quality_vendor, 0, 0xFFFF, index)
        findings += check_range("quality algorithm", view.quality_algorithm, 0, 0xFFFF, index)
        findings += check_range("image width", view.width, 1, 0xFFFF, index)
        findings += check_range("image height", view.height, 1, 0xFFFF, index)
        findings += check_range("x resolution", view.x_per_cm, 1, 0xFFFF, index)
        findings += check_range("y resolution", view.y_per_cm, 1, 0xFFFF, index)
        findings += check_minutiae(view.minutiae, view.width, view.height, index, angles=ANGLES)
        findings += check_blocks(view.blocks, index)
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
    body = b"".join(_build_view(view) for view in record.views)
    header = _HEADER.pack(
        b"FMR\0" + VERSIONS[record.version],
        _HEADER.size + len(body),
        record.product_owner,
        record.product_type,
        record.certification,
        record.capture_device,
        len(record.views),
        0,
    )
    return header + body


def _build_view(view: View) -> bytes:
    head = _VIEW.pack(
        view.position,
        view.number,
        view.impression,
        view.quality,
        view.quality_vendor,
        view.quality_algorithm,
        view.width,
        view.height,
        view.x_per_cm,
        view.y_per_cm,
        len(view.minutiae),
    )
    return head + write_minutiae(view.minutiae) + write_blocks(view.blocks)


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
