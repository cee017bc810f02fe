"""ISO/IEC 19794-2:2011 finger minutiae record.

Its "representations" are called views here, as in all other modules; each carries its size,
resolution, time and device.

>>> view = View(position=2, width=300, height=400, minutiae=(Minutia(1, x=9, y=8, angle=64),))
>>> parse(build(Record(views=(view,)))).views[0].minutiae
(Minutia(kind=1, x=9, y=8, angle=64, quality=0),)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from operator import contains

from civid.errors import FormatError
from civid.formats._capture_2011 import (
    Certification,
    Quality,
    build_capture,
    is_time,
    read_capture,
    validate_capture,
)
from civid.formats._fixed import Fixed
from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
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
from civid.formats.minutiae.extended.items import ISO_2011 as EDITION

KEY = "iso19794-2:2011"
NAME = "ISO/IEC 19794-2:2011"
MAGIC = b"FMR\0" + b"030\0"
MAX_VIEWS = 176
#: Steps in a full turn.
ANGLES = 256
IMPRESSIONS = (*range(10), 24, 28, 29)
#: One finger, right four, left four, two thumbs, groups of two and three.
POSITIONS = (*range(11), 13, 14, 15, *range(40, 51))

_HEADER = struct.Struct(">8sIHB")
_BODY = struct.Struct(">BBHHBHHBB")
_HEADER_FIELDS = Fixed(
    ("length of record", 4),
    ("number of finger representations", 2),
    ("device certification block flag", 1),
)
_FIELDS = Fixed(
    ("finger position", 1),
    ("representation number", 1),
    ("x resolution", 2),
    ("y resolution", 2),
    ("impression type", 1),
    ("image width", 2),
    ("image height", 2),
    ("minutia field length", 1),
    ("number of minutiae", 1),
)
#: Numbers of a view, and what they may be, in the order in which they are looked at.
_NAMES = (
    "representation number",
    "image width",
    "image height",
    "x resolution",
    "y resolution",
    "minutia field length",
    "minutia field length",
)
_LIMITS = (
    range(16),
    range(1, 0x10000),
    range(1, 0x10000),
    range(99, 0x10000),
    range(99, 0x10000),
    range(5, 7),
    range(2),
)
#: Length, time, device, no quality, body, no minutiae, no extended data.
_LEAST = 4 + 9 + 5 + 1 + _BODY.size + 2


@dataclass(frozen=True, slots=True)
class View:
    """One print of one finger: a representation.

    Parameters
    ----------
    position : int
        0 unknown, 1..5 right thumb to little finger, 6..10 left; groups of fingers above.
    width, height : int
        Size of the image in px.
    number : int
        Counts the prints of one finger from 0.
    impression : int
        0 live plain, 1 live rolled, 2, 3 the same not live, 4..7 latent, 8 swipe, 9 vertical
        roll, 24 contactless, 28 other, 29 unknown.
    x_per_cm, y_per_cm : int
        Resolution in px/cm; 197 is written for 500 dpi.
    qualities : tuple of Quality
    minutiae : tuple of Minutia
        At most 255; angles in steps of 360/256 degrees.
    minutia_size : int
        6, or 5 without the quality of minutiae.
    ridge_ending : int
        Where an ending lies: 0 at the bifurcation of the valley skeleton, 1 at the end of the
        ridge skeleton.
    captured : tuple of int or None
        Year, month, day, hour, minute, second, millisecond in UTC; None = unknown.
    technology, device_vendor, device_type : int
        0 = unknown.
    certifications : tuple of Certification
    blocks : tuple of ExtendedBlock
        Extended data; `civid.formats.minutiae.extended.typed` says what it means.
    """

    position: int
    width: int
    height: int
    number: int = 0
    impression: int = 0
    x_per_cm: int = 197
    y_per_cm: int = 197
    qualities: tuple[Quality, ...] = ()
    minutiae: tuple[Minutia, ...] = field(default=(), repr=False)
    minutia_size: int = 6
    ridge_ending: int = 0
    captured: tuple[int, ...] | None = None
    technology: int = 0
    device_vendor: int = 0
    device_type: int = 0
    certifications: tuple[Certification, ...] = ()
    blocks: tuple[ExtendedBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record.

    Parameters
    ----------
    views : tuple of View
    certified : int
        1 when the views say how the device is certified, else 0.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    views: tuple[View, ...] = ()
    certified: int = 0
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises.

    ANSI/INCITS 378-2009 has the same first eight bytes: here the lengths of the representations
    have to add up to the whole, as far as there are bytes.
    """
    try:
        view = memoryview(data).cast("B")
        head = bytes(view[: _HEADER.size])
    except TypeError:
        return False
    if len(head) < _HEADER.size or head[:8] != MAGIC:
        return False
    _, total, count, certified = _HEADER.unpack(head)
    if certified > 1 or not 1 <= count <= MAX_VIEWS:
        return False
    at = _HEADER.size
    for _ in range(count):
        if at + 4 > len(view):
            return at <= int(total)
        length = int.from_bytes(view[at : at + 4], "big")
        if length < _LEAST:
            return False
        at += length
    return bool(at in (total, len(view)))


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record; see `civid.formats.minutiae.iso19794_2_2005.parse` for what strict means.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    reader = Reader(data, strict=strict)
    header = reader.section("header")
    read_magic(reader, MAGIC[4:])
    length, count, certified = _HEADER_FIELDS.read(reader)
    check_length(reader, length)
    if count > MAX_VIEWS:
        raise FormatError(
            f"{count}; at most {MAX_VIEWS}", offset=12, field="number of finger representations"
        )
    views, places = [], []
    for index in range(count):
        places.append(reader.section(f"view {index}"))
        views.append(_parse_view(reader, certified=certified == 1))
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last representation")
    record = Record(tuple(views), certified)
    for finding in validate(record):
        size = record.views[finding.view].minutia_size if finding.view is not None else 6
        reader.note(locate(finding, header, places, size=size))
    return replace(record, warnings=tuple(reader.warnings)) if reader.warnings else record


def _parse_view(reader: Reader, *, certified: bool) -> View:
    start, end = reader.pos, reader.end
    length = reader.u32("representation length")
    if length > end - start:
        text = f"{length}, the record has only {end - start} more bytes"
        reader.complain("representation length", text, start)
    reader.end = min(end, start + max(length, 4))
    capture = read_capture(reader, certified=certified)
    (position, number, x_per_cm, y_per_cm, impression, width, height, packed, count) = _FIELDS.read(
        reader
    )
    size = packed >> 4
    if size not in (5, 6):
        place = reader.places["minutia field length"]
        raise FormatError(f"{size}; should be 5 or 6", offset=place, field="minutia field length")
    minutiae = read_minutiae(reader, count, size=size)
    blocks, _ = read_blocks(reader, EDITION, (width, height))
    if reader.left:
        reader.complain("representation length", f"{reader.left} bytes are left over", start)
    reader.pos, reader.end = reader.end, end
    captured, technology, vendor, device, qualities, certifications = capture
    return View(
        position, width, height, number, impression, x_per_cm, y_per_cm, qualities, minutiae,
        size, packed & 15, captured, technology, vendor, device, certifications, blocks,
    )  # fmt: skip


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    findings = [
        *check_range("number of finger representations", len(record.views), 1, MAX_VIEWS),
        *check_range("device certification block flag", record.certified, 0, 1),
    ]
    for finding in check_numbering([(view.position, view.number) for view in record.views]):
        findings.append(replace(finding, field="representation number"))  # noqa: PERF401
    for index, view in enumerate(record.views):
        findings += _validate_view(view, index)
        if view.certifications and not record.certified:
            findings.append(Finding("certification block", "the flag says none", view=index))
    return findings


def _validate_view(view: View, index: int) -> Iterator[Finding]:
    if view.position not in POSITIONS:
        yield Finding("finger position", f"{view.position} does not exist", view=index)
    if view.impression not in IMPRESSIONS:
        yield Finding("impression type", f"{view.impression} does not exist", view=index)
    values = (
        view.number,
        view.width,
        view.height,
        view.x_per_cm,
        view.y_per_cm,
        view.minutia_size,
        view.ridge_ending,
    )
    good = all(map(contains, _LIMITS, values))  # nearly always: so they are looked at together
    if not good:
        for name, value, limit in zip(_NAMES[:5], values, _LIMITS, strict=False):
            yield from check_range(name, value, limit[0], limit[-1], index)
    yield from validate_capture(view, index)
    if not good:
        for name, value, limit in zip(_NAMES[5:], values[5:], _LIMITS[5:], strict=True):
            yield from check_range(name, value, limit[0], limit[-1], index)
    yield from check_minutiae(view.minutiae, view.width, view.height, index, angles=ANGLES)
    if view.minutia_size == 5 and any(minutia.quality for minutia in view.minutiae):
        yield Finding("minutia field length", "5 bytes have no room for a quality", view=index)
    yield from check_blocks(view.blocks, index)


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
    body = b"".join(_build_view(view, record.certified) for view in record.views)
    size = _HEADER.size + len(body)
    return _HEADER.pack(MAGIC, size, len(record.views), record.certified) + body


def _build_view(view: View, certified: int) -> bytes:
    parts = [
        build_capture(view, certified),
        _BODY.pack(
            view.position,
            view.number,
            view.x_per_cm,
            view.y_per_cm,
            view.impression,
            view.width,
            view.height,
            view.minutia_size << 4 | view.ridge_ending,
            len(view.minutiae),
        ),
        write_minutiae(view.minutiae, size=view.minutia_size),
        write_blocks(view.blocks),
    ]
    content = b"".join(parts)
    return (4 + len(content)).to_bytes(4, "big") + content


__all__ = [
    "Certification",
    "ExtendedBlock",
    "Finding",
    "Minutia",
    "Quality",
    "Record",
    "View",
    "build",
    "is_time",
    "parse",
    "sniff",
    "validate",
]
