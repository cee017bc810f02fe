"""Extended data of ISO/IEC 19794-4:2011 (clause 8.5): what may follow an image.

Blocks of 16-bit code and length, which counts its own four bytes: 1 segmentation, 2 annotation,
3..0xFF comments, from 0x100 data of a vendor.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.minutiae.common import ExtendedBlock, check_range

SEGMENTATION, ANNOTATION, COMMENT, VENDOR = 1, 2, 3, 0x100
#: More blocks than any writer has use for; the rest is kept as one piece.
MAX_BLOCKS = 64
#: Four fingers with 255 corners each, as long as a segmentation is taken apart.
MAX_SEGMENTATION_BYTES = 4 + 10 + 4 * (4 + 255 * 4)

_SEGMENTATION = struct.Struct(">HHBHHB")
_POINT = struct.Struct(">HH")


class Segment(NamedTuple):
    """One finger in an image of several.

    ``quality`` 0..100, 254 = not given, 255 = failed; ``points`` a polygon of (x, y) in px, two of
    them the upper left and lower right corner; ``orientation`` in steps of 360/256 degrees.
    """

    position: int
    quality: int
    points: tuple[tuple[int, int], ...]
    orientation: int


class Segmentation(NamedTuple):
    """Where the fingers of an image lie, and whose algorithms say so."""

    vendor: int
    algorithm: int
    quality: int
    quality_vendor: int
    quality_algorithm: int
    segments: tuple[Segment, ...]


class Annotation(NamedTuple):
    """Why a finger is not there: ``reason`` 1 amputated or bandaged, 2 unusable image."""

    position: int
    reason: int


class Annotations(NamedTuple):
    """All annotations of one block."""

    items: tuple[Annotation, ...]


class Comment(NamedTuple):
    """Bytes of a text whose encoding the standard leaves open; codes 3..0xFF."""

    data: bytes
    code: int = COMMENT

    def __repr__(self) -> str:
        return f"Comment({len(self.data)} bytes, code={self.code})"


#: `ExtendedBlock` is what a vendor wrote, or a block that is not of its standard form.
Block = Segmentation | Annotations | Comment | ExtendedBlock


def read_blocks(reader: Reader, section: str) -> tuple[tuple[Block, ...], bytes]:
    """The blocks up to the end of a representation, and bytes that are no blocks."""
    blocks: list[Block] = []
    faulty, seen = False, set[type[Block]]()
    while reader.left:
        start, end = reader.pos, reader.end
        size = int.from_bytes(reader.data[start + 2 : start + 4], "big") if reader.left >= 4 else 0
        if size < 4 or size > reader.left or len(blocks) >= MAX_BLOCKS:
            text = f"{reader.left} bytes are no blocks, or too many"
            reader.complain("extended data", text, start)
            return tuple(blocks), reader.take(reader.left, "extended data")
        reader.section(section, f"block {len(blocks)}")
        code = reader.u16("extended data block code")
        reader.u16("extended data block length")
        reader.end = start + size
        block = _read_block(reader, code, seen)
        seen.add(type(block))
        if isinstance(block, ExtendedBlock) and code < VENDOR and not faulty:
            faulty = True  # said once in a representation
            text = f"block {code} is not of its form, or a second"
            reader.complain("extended data", text, start + 4)
        blocks.append(block)
        reader.pos, reader.end = reader.end, end
    return tuple(blocks), b""


def _read_block(reader: Reader, code: int, seen: set[type[Block]]) -> Block:
    data = reader.data[reader.pos : reader.end]
    block: Block | None = None
    try:
        if code == SEGMENTATION and Segmentation not in seen and _is_short(data):
            block = _read_segmentation(reader)
        elif code == ANNOTATION and Annotations not in seen:
            block = _read_annotations(reader)
        elif COMMENT <= code < VENDOR:
            block = Comment(reader.take(reader.left, "comment"), code)
        else:
            block = ExtendedBlock(code, reader.take(reader.left, "vendor data"))
    except FormatError:
        block = None
    return ExtendedBlock(code, data) if block is None or reader.left else block


def _is_short(data: bytes) -> bool:
    return 4 + len(data) <= MAX_SEGMENTATION_BYTES


def _read_segmentation(reader: Reader) -> Segmentation:
    vendor, algorithm = reader.u16("segmentation vendor"), reader.u16("segmentation algorithm")
    quality = reader.u8("segmentation quality")
    quality_vendor = reader.u16("quality algorithm vendor")
    quality_algorithm = reader.u16("quality algorithm")
    segments = []
    for _ in range(reader.u8("number of segments")):
        position, score = reader.u8("finger position"), reader.u8("finger quality")
        corners = reader.take(reader.u8("number of points") * _POINT.size, "points")
        points: Any = tuple(_POINT.iter_unpack(corners))
        segments.append(Segment(position, score, points, reader.u8("orientation")))
    parts = vendor, algorithm, quality, quality_vendor, quality_algorithm
    return Segmentation(*parts, tuple(segments))


def _read_annotations(reader: Reader) -> Annotations:
    items = [
        Annotation(reader.u8("finger position"), reader.u8("annotation code"))
        for _ in range(reader.u8("number of annotations"))
    ]
    return Annotations(tuple(items))


def validate_blocks(
    blocks: Sequence[Block], positions: Sequence[int], view: int
) -> Iterator[Finding]:
    """The first fault of extended data; of this field, since blocks have no fixed places."""
    if len(blocks) > MAX_BLOCKS:
        text = f"{len(blocks)} blocks; at most {MAX_BLOCKS} are read"
        yield Finding("extended data", text, view=view)
    for index, block in enumerate(blocks):
        if isinstance(block, Segmentation | Annotations) and any(
            isinstance(other, type(block)) for other in blocks[:index]
        ):
            text = f"block {index} is a second {type(block).__name__.lower()}"
            yield Finding("extended data", text, view=view)
            return
        finding = next(_validate_block(block, positions, view), None)
        if finding:
            text = f"block {index}, {finding.field}: {finding.message}"
            yield replace(finding, field="extended data", message=text)
            return


def _validate_block(block: Block, positions: Sequence[int], view: int) -> Iterator[Finding]:
    if isinstance(block, Segmentation):
        yield from _validate_segmentation(block, positions, view)
        return
    if isinstance(block, Annotations):
        yield from check_range("number of annotations", len(block.items), 0, 0xFF, view)
        for item in block.items:
            yield from _validate_position(item.position, positions, view)
            yield from check_range("annotation code", item.reason, 1, 2, view)
        return
    if isinstance(block, Comment):
        yield from check_range("code", block.code, COMMENT, 0xFF, view)
    else:
        yield from check_range("code", block.type, VENDOR, 0xFFFF, view)
    yield from check_range("length", 4 + len(block.data), 4, 0xFFFF, view)


def _validate_position(position: int, positions: Sequence[int], view: int) -> Iterator[Finding]:
    if position not in positions:
        yield Finding("finger position", f"{position} does not exist", view=view)


def _validate_segmentation(
    block: Segmentation, positions: Sequence[int], view: int
) -> Iterator[Finding]:
    for value in (block.vendor, block.algorithm, block.quality_vendor, block.quality_algorithm):
        yield from check_range("segmentation algorithm", value, 0, 0xFFFF, view)
    if block.quality < 254:
        yield from check_range("segmentation quality", block.quality, 0, 100, view)
    yield from check_range("segmentation quality", block.quality, 0, 0xFF, view)
    yield from check_range("number of segments", len(block.segments), 1, 0xFF, view)
    for segment in block.segments:
        yield from _validate_position(segment.position, positions, view)
        if segment.quality < 254:
            yield from check_range("finger quality", segment.quality, 0, 100, view)
        yield from check_range("finger quality", segment.quality, 0, 0xFF, view)
        yield from check_range("number of points", len(segment.points), 2, 0xFF, view)
        values = [value for point in segment.points for value in point]
        yield from check_range("points", min(values, default=0), 0, 0xFFFF, view)
        yield from check_range("points", max(values, default=0), 0, 0xFFFF, view)
        yield from check_range("orientation", segment.orientation, 0, 0xFF, view)
    size = sum(4 + _POINT.size * len(segment.points) for segment in block.segments)
    yield from check_range("length", 14 + size, 14, MAX_SEGMENTATION_BYTES, view)


def build_block(block: Block) -> bytes:
    """One block with its head."""
    if isinstance(block, Segmentation):
        code = SEGMENTATION
        data = _SEGMENTATION.pack(*block[:5], len(block.segments)) + b"".join(
            bytes((one.position, one.quality, len(one.points)))
            + b"".join(_POINT.pack(*point) for point in one.points)
            + bytes((one.orientation,))
            for one in block.segments
        )
    elif isinstance(block, Annotations):
        code = ANNOTATION
        data = bytes((len(block.items), *(part for item in block.items for part in item)))
    elif isinstance(block, Comment):
        code, data = block.code, block.data
    else:
        code, data = block.type, block.data
    return struct.pack(">HH", code, 4 + len(data)) + data
