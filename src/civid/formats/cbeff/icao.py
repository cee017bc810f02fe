"""ISO/IEC 7816-11 biometric information templates, as passports hold them (ICAO Doc 9303-10).

A group (7F61) counts its templates (7F60), each a header (A1) and a block (5F2E or 7F2E). Data
groups 2, 3 and 4 of a chip wrap one such group: a face, fingers, irises.

>>> made = Record((Block(b"FIR", FINGER, FINGER_19794_4, subtype=0x0A),), DG3)
>>> parse(build(made)) == made, position(made.blocks[0])
(True, <Position.LEFT_INDEX: 7>)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from civid.errors import FormatError
from civid.formats._fields import trace
from civid.formats._reader import MAX_RECORD_BYTES, Finding
from civid.formats._types import typed
from civid.formats.cbeff.block_kinds import SC37, block_kind
from civid.formats.cbeff.tlv import Tlv, elements
from civid.formats.iso39794.der import element
from civid.position import Position

NAME = "ISO/IEC 7816-11 biometric templates (ICAO)"
KEY = "cbeff-icao"
#: Tags of the data groups of a chip that hold a group of templates.
DG2, DG3, DG4 = 0x75, 0x63, 0x76
#: Biometric types, and formats of ISO/IEC JTC 1/SC 37.
FACE, FINGER, IRIS = 0x02, 0x08, 0x10
FINGER_19794_4, FACE_19794_5, IRIS_19794_6 = 7, 8, 9
#: Documents have one face, two fingers, two irises.
MAX_BLOCKS = 16

_GROUP, _TEMPLATE, _HEADER, _COUNT, _RANDOM = 0x7F61, 0x7F60, 0xA1, 0x02, 0x53
_BLOCKS = (0x5F2E, 0x7F2E)
_NUMBERS = {
    0x80: "patron header version",
    0x81: "biometric type",
    0x82: "biometric subtype",
    0x87: "format owner",
    0x88: "format type",
}
_LIMITS = {"kind": 0xFFFFFF, "format_type": 0xFFFF, "format_owner": 0xFFFF, "version": 0xFFFF}

#: Subtype of a finger: low two bits 1 right, 2 left; the next three the finger (Doc 9303-10).
SUBTYPES: dict[Position, int] = {
    position: (number % 5 + 1) << 2 | (1 if number < 5 else 2)
    for number, position in enumerate(list(Position)[1:])
}
_POSITIONS = {subtype: position for position, subtype in SUBTYPES.items()}


@dataclass(frozen=True, slots=True)
class Block:
    """One biometric data block with its header.

    Attributes
    ----------
    data : bytes
        The block, a record of its own standard.
    kind : int
        Biometric type: 2 face, 8 finger, 16 iris.
    format_type, format_owner : int
        Which standard the block follows; owner 0x0101 is ISO/IEC JTC 1/SC 37.
    subtype : int or None
        Which finger or eye.
    version : int
        Of the header.
    extras : tuple of (int, bytes)
        Other header elements as they stand: creation date, validity, creator.
    tag : int
        0x5F2E, or 0x7F2E for a block that is itself made of elements.
    """

    data: bytes = field(repr=False)
    kind: int
    format_type: int
    format_owner: int = SC37
    subtype: int | None = None
    version: int = 0x0101
    extras: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)
    tag: int = 0x5F2E


@dataclass(frozen=True, slots=True)
class Record:
    """A group of templates.

    Parameters
    ----------
    blocks : tuple of Block
    tag : int or None
        Data group around it (`DG2`, `DG3`, `DG4`); None for a group that stands alone.
    filler : bytes or None
        Random bytes of an empty group, so that its hash tells nothing.
    warnings : tuple of Finding
    """

    blocks: tuple[Block, ...] = ()
    tag: int | None = None
    filler: bytes | None = field(default=None, repr=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a group, alone or in a data group? Never raises."""
    try:
        head = bytes(memoryview(data).cast("B")[:10])
    except TypeError:
        return False
    group = _GROUP.to_bytes(2, "big")
    if head[:1] and head[0] in (DG2, DG3, DG4) and len(head) > 2:
        size = head[1] & 0x7F if head[1] & 0x80 else 0
        return size <= 4 and head[2 + size :].startswith(group)
    return head.startswith(group)


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a group of templates, or a data group of a chip that holds one.

    Parameters
    ----------
    data : bytes-like
        At most 16 MiB.
    strict : bool
        Any departure is an error. Otherwise only what cannot be read is; the rest is collected in
        `Record.warnings`.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    name = "biometric information group"
    try:
        raw = bytes(memoryview(data).cast("B")[: MAX_RECORD_BYTES + 1])
    except TypeError:
        raise FormatError(f"a record is bytes, not {type(data).__name__}", field=name) from None
    if len(raw) > MAX_RECORD_BYTES:
        raise FormatError(f"more than {MAX_RECORD_BYTES} bytes are no record", field=name)
    warnings: list[Finding] = []

    def note(finding: Finding) -> None:
        if strict:
            raise finding.error()
        warnings.append(finding)

    whole = list(elements(raw, name))
    outer = whole[0] if whole else None
    if outer is None or outer.tag not in (DG2, DG3, DG4, _GROUP):
        raise FormatError("does not start with such a group", offset=0, field=name)
    if len(whole) > 1:
        note(Finding(name, "bytes follow its end", whole[1].offset))
    tag = None if outer.tag == _GROUP else outer.tag
    if tag is not None:
        inner = list(elements(outer.value, name, outer.start))
        if not inner or inner[0].tag != _GROUP:
            raise FormatError("tag 7F61 is missing", offset=outer.start, field=name)
        if len(inner) > 1:
            note(Finding(name, "bytes follow its end", inner[1].offset))
        outer = inner[0]
    record = replace(read_group(outer.value, outer.start, name, note), tag=tag)
    for finding in validate(record):
        note(finding)
    return replace(record, warnings=tuple(warnings))


def read_group(value: bytes, start: int, name: str, note: Callable[[Finding], None]) -> Record:
    """The templates of a group.

    Parameters
    ----------
    value : bytes
        What is inside 7F61.
    start : int
        Where it stands in the file.
    name : str
        Field of the errors.
    note : callable
        Takes what departs from the standard and can still be read.
    """
    inside = list(elements(value, name, start))
    if not inside or inside[0].tag != _COUNT:
        raise FormatError(
            "tag 2 is missing", offset=inside[0].offset if inside else None, field=name
        )
    count = inside[0]
    announced = int.from_bytes(count.value[:4], "big")
    templates = [one for one in inside if one.tag == _TEMPLATE]
    if len(count.value) > 4 or announced > MAX_BLOCKS or len(templates) > MAX_BLOCKS:
        raise FormatError(f"more than {MAX_BLOCKS} blocks", offset=count.start, field=name)
    blocks = tuple(_block(one, name, at) for at, one in enumerate(templates, 1))
    if len(blocks) != announced:
        message = f"{announced} blocks are announced, {len(blocks)} are there"
        note(Finding(name, message, count.start))
    fillers = [one.value for one in inside if one.tag == _RANDOM]
    for one in inside[1:]:
        if one.tag not in (_TEMPLATE, _RANDOM):
            note(Finding(name, "has an element that does not belong there", one.offset))
    return Record(blocks, filler=fillers[0] if fillers else None)


def _block(template: Tlv, name: str, number: int) -> Block:
    inside = list(elements(template.value, name, template.start))
    if not inside or inside[0].tag != _HEADER:
        offset = inside[0].offset if inside else None
        raise FormatError("tag A1 is missing", offset=offset, field=name)
    block = next((one for one in inside[1:] if one.tag in _BLOCKS), None)
    if block is None:
        raise FormatError("a template without data", offset=template.offset, field=name)
    numbers, extras = dict[int, int](), list[tuple[int, bytes]]()
    kept = trace()
    section = (f"template {number}",)
    for one in elements(inside[0].value, name, inside[0].start):
        shown: int | bytes = one.value
        if one.tag in _NUMBERS and 1 <= len(one.value) <= 3:
            shown = numbers[one.tag] = int.from_bytes(one.value, "big")
        else:
            extras.append((one.tag, one.value))
        if kept is not None:
            field_name = _NUMBERS.get(one.tag, f"element {one.tag:X}")
            kept.add(section, field_name, one.start, len(one.value), shown)
    if 0x87 not in numbers or 0x88 not in numbers:
        raise FormatError("its header names no format", offset=inside[0].offset, field=name)
    if kept is not None:
        kept.add(section, "biometric data block", block.start, len(block.value), block.value)
    return Block(
        block.value,
        numbers.get(0x81, 0),
        numbers[0x88],
        numbers[0x87],
        numbers.get(0x82),
        numbers.get(0x80, 0x0101),
        tuple(extras),
        block.tag,
    )


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    found = []
    if record.tag not in (None, DG2, DG3, DG4):
        found.append(Finding("data group", "should be that of a face, of fingers or of irises"))
    if len(record.blocks) > MAX_BLOCKS:
        found.append(Finding("number of templates", f"is not from 0 to {MAX_BLOCKS}"))
    for at, block in enumerate(record.blocks):
        for name, limit in _LIMITS.items():
            if not 0 <= getattr(block, name) <= limit:
                found.append(Finding(name.replace("_", " "), f"is not from 0 to {limit}", view=at))
        if block.subtype is not None and not 0 <= block.subtype <= 0xFF:
            found.append(Finding("biometric subtype", "is not from 0 to 255", view=at))
        if block.tag not in _BLOCKS:
            found.append(Finding("biometric data block", "has another tag than 5F2E", view=at))
        if any(not 0 <= tag <= 0xFFFFFF for tag, _ in block.extras):
            found.append(Finding("header", "has a tag of more than three bytes", view=at))
    return found


@typed
def build(record: Record) -> bytes:
    """Write a group, alone or in its data group.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise finding.error()
    made = [element(_TEMPLATE, _header(one), element(one.tag, one.data)) for one in record.blocks]
    if record.filler is not None:
        made.append(element(_RANDOM, record.filler))
    group = element(_GROUP, element(_COUNT, bytes([len(record.blocks)])), *made)
    return group if record.tag is None else element(record.tag, group)


def _header(block: Block) -> bytes:
    parts = [
        element(0x80, block.version.to_bytes(2, "big")),
        element(0x81, block.kind.to_bytes(1 if block.kind < 256 else 3, "big")),
    ]
    if block.subtype is not None:
        parts.append(element(0x82, bytes([block.subtype])))
    parts += [element(tag, value) for tag, value in block.extras]
    parts += [
        element(0x87, block.format_owner.to_bytes(2, "big")),
        element(0x88, block.format_type.to_bytes(2, "big")),
    ]
    return element(_HEADER, *parts)


def position(block: Block) -> Position:
    """Which finger a block is of; UNKNOWN where its header does not say."""
    if block.kind != FINGER or block.subtype is None:
        return Position.UNKNOWN
    return _POSITIONS.get(block.subtype, Position.UNKNOWN)


def members(record: Record) -> tuple[tuple[str, bytes], ...]:
    """Every block inside: what it is, in words, and its bytes."""
    return tuple((block_kind(one.format_owner, one.format_type), one.data) for one in record.blocks)
