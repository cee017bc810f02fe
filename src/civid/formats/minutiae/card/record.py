"""The record of both card formats, and how it is read, checked and written."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.minutiae.card.tlv import read_objects, write_object
from civid.formats.minutiae.common import MAX_MINUTIAE, ExtendedBlock, Minutia

_TEMPLATE, _SIMPLE, _STANDARDIZED, _MINUTIAE = 0x7F2E, 0x81, 0xA1, 0x90
#: Ridge counts, cores, deltas, cell quality.
_FEATURES = (0x91, 0x92, 0x93, 0x94)


class Wrapping(StrEnum):
    """What is around the minutiae.

    ``NONE`` nothing; ``SIMPLE`` a biometric data template with object 81: ``7F2E {81}``;
    ``STANDARDIZED`` ``7F2E {A1 {90 ..}}``, ``DIRECT`` ``7F2E {90 ..}``: with room for objects 91 to
    94.
    """

    NONE = "none"
    SIMPLE = "simple"
    STANDARDIZED = "standardized"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Record:
    """Minutiae of one print, for a card.

    Parameters
    ----------
    minutiae : tuple of Minutia
        At most 255. Quality is 0: there is none. Normal: x, y in 0.01 mm, 14 bits, and angle in
        steps of 360/256 degrees. Compact: x, y in 0.1 mm, 8 bits, and angle in steps of 360/64.
    wrapping : Wrapping
    blocks : tuple of ExtendedBlock
        Objects 0x91 ridge counts, 0x92 cores, 0x93 deltas, 0x94 cell quality; not interpreted.
    warnings : tuple of Finding
        What a tolerant ``parse`` found and went on from.
    """

    minutiae: tuple[Minutia, ...] = field(default=(), repr=False)
    wrapping: Wrapping = Wrapping.NONE
    blocks: tuple[ExtendedBlock, ...] = ()
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        return f"Record({len(self.minutiae)} minutiae, wrapping={self.wrapping.value!r})"


class Size(NamedTuple):
    """What one of the two formats is: bytes a minutia, largest coordinate, steps of a turn, the
    unit in px/cm."""

    bytes: int
    largest: int
    angles: int
    per_cm: int


NORMAL = Size(5, 0x3FFF, 256, 1000)
COMPACT = Size(3, 0xFF, 64, 100)

_NORMAL_ROW = struct.Struct(">HHB")


def sniff_record(data: object, size: Size) -> bool:
    """A biometric data template whose minutiae can be of this size and not of the other's."""
    try:
        content = bytes(memoryview(data)[: 1 << 16])  # type: ignore[arg-type]
        if not _wrapped(content):
            return False
        minutiae = _unwrapped(Reader(content))[0]
    except (TypeError, FormatError):
        return False
    other = COMPACT if size is NORMAL else NORMAL
    return bool(minutiae) and len(minutiae) % size.bytes == 0 != len(minutiae) % other.bytes


def parse_record(data: bytes | bytearray | memoryview, size: Size, *, strict: bool) -> Record:
    reader = Reader(data, strict=strict)
    outer = Reader(reader.data)
    trace, outer.trace = outer.trace, None
    if _wrapped(outer.data):
        content, start, wrapping, blocks, unknown = _unwrapped(outer)
        if unknown:
            reader.complain("tag", f"{unknown} objects of an unknown kind are left out", 0)
    else:
        content, start, wrapping, blocks = outer.data, 0, Wrapping.NONE, ()
    rest = len(content) % size.bytes
    if rest:
        text = f"{rest} bytes after the last whole minutia"
        reader.complain("minutiae", text, start + len(content) - rest)
    count = len(content) // size.bytes
    if count > MAX_MINUTIAE:
        raise FormatError(
            f"{count}; at most {MAX_MINUTIAE}", offset=start, field="number of minutiae"
        )
    minutiae = tuple([_row(content, size, index) for index in range(count)])
    if trace is not None:
        for index, one in enumerate(minutiae):
            path, at = (f"minutia {index}",), start + index * size.bytes
            wide = 1 if size is COMPACT else 2
            trace.add(path, "minutia type", at + (2 if wide == 1 else 0), wide, one.kind)
            trace.add(path, "x coordinate", at, wide, one.x)
            trace.add(path, "y coordinate", at + wide, wide, one.y)
            trace.add(path, "minutia angle", at + 2 * wide, 1, one.angle)
    record = Record(minutiae, wrapping, blocks)
    for finding in validate_record(record, size):
        at = start + size.bytes * (finding.minutia or 0)
        reader.note(Finding(finding.field, finding.message, at, minutia=finding.minutia))
    return Record(minutiae, wrapping, blocks, tuple(reader.warnings))


def _wrapped(content: bytes) -> bool:
    """Does a biometric data template begin here, and not a minutia at x 7F, y 2E?"""
    if content[:2] != _TEMPLATE.to_bytes(2, "big") or len(content) < 4:
        return False
    place = 3 if content[2] < 0x80 else 3 + (content[2] & 0x7F)
    return content[place : place + 1] in (b"\x81", b"\xa1", b"\x90")


def _row(content: bytes, size: Size, index: int) -> Minutia:
    at = index * size.bytes
    if size is COMPACT:
        x, y, packed = content[at : at + 3]
        return Minutia(packed >> 6, x, y, packed & 0x3F)
    first, second, angle = _NORMAL_ROW.unpack_from(content, at)
    return Minutia(first >> 14, first & 0x3FFF, second & 0x3FFF, angle)


def _unwrapped(
    reader: Reader,
) -> tuple[bytes, int, Wrapping, tuple[ExtendedBlock, ...], int]:
    """Minutiae, where they begin, what is around them, other objects, and how many are unknown."""
    (_, base, inside), *more = read_objects(reader)
    objects = read_objects(Reader(inside))
    wrapping = Wrapping.DIRECT
    for tag, place, value in objects:
        if tag == _SIMPLE:
            return value, base + place, Wrapping.SIMPLE, (), len(objects) - 1 + len(more)
        if tag == _STANDARDIZED:
            wrapping, more = Wrapping.STANDARDIZED, more + [one for one in objects if one[0] != tag]
            base, objects = base + place, read_objects(Reader(value))
            break
    minutiae = next((one for one in objects if one[0] == _MINUTIAE), None)
    if minutiae is None:
        raise FormatError("there are no minutiae in it", offset=base, field="object 90")
    blocks = tuple(ExtendedBlock(tag, value) for tag, _, value in objects if tag in _FEATURES)
    unknown = len(objects) - 1 - len(blocks) + len(more)
    return minutiae[2], base + minutiae[1], wrapping, blocks, unknown


def validate_record(record: Record, size: Size) -> list[Finding]:
    findings = []
    if len(record.minutiae) > MAX_MINUTIAE:
        text = f"{len(record.minutiae)}; at most {MAX_MINUTIAE} fit"
        findings.append(Finding("number of minutiae", text))
    checks = (
        ("minutia type", 0, 2),
        ("x coordinate", 1, size.largest),
        ("y coordinate", 2, size.largest),
        ("minutia angle", 3, size.angles - 1),
        ("minutia quality", 4, 0),
    )
    for name, column, high in checks:
        wrong = [index for index, one in enumerate(record.minutiae) if not 0 <= one[column] <= high]
        if wrong:
            text = f"{len(wrong)} outside 0..{high}, the first is minutia {wrong[0]}"
            findings.append(Finding(name, text, minutia=wrong[0]))
    if record.blocks and record.wrapping in (Wrapping.NONE, Wrapping.SIMPLE):
        findings.append(Finding("object 91", "there is no room for other objects"))
    if any(block.type not in _FEATURES for block in record.blocks):
        findings.append(Finding("tag", "only 0x91..0x94 stand beside minutiae"))
    return findings


def build_record(record: Record, size: Size) -> bytes:
    for finding in validate_record(record, size):
        raise finding.error()
    content = _rows(record.minutiae, size)
    if record.wrapping is Wrapping.NONE:
        if _wrapped(content):  # one in millions: read back, it would be something else
            raise FormatError("these minutiae look like a template: wrap them", field="minutiae")
        return content
    if record.wrapping is Wrapping.SIMPLE:
        return write_object(_TEMPLATE, write_object(_SIMPLE, content))
    inside = write_object(_MINUTIAE, content)
    inside += b"".join(write_object(block.type, block.data) for block in record.blocks)
    if record.wrapping is Wrapping.STANDARDIZED:
        inside = write_object(_STANDARDIZED, inside)
    return write_object(_TEMPLATE, inside)


def _rows(minutiae: Sequence[Minutia], size: Size) -> bytes:
    if size is COMPACT:
        return b"".join([bytes((one.x, one.y, one.kind << 6 | one.angle)) for one in minutiae])
    return b"".join([_NORMAL_ROW.pack(m.kind << 14 | m.x, m.y, m.angle) for m in minutiae])
