"""What the minutiae records of all standards share: extended data, numbering, checks."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.minutiae.rows import (
    MAX_MINUTIAE,
    Minutia,
    check_minutiae,
    read_minutiae,
    write_minutiae,
)

if TYPE_CHECKING:
    from civid.formats.minutiae.extended.items import Edition

#: Blocks of extended data in a view that are taken apart; writers have three kinds and a few more.
MAX_BLOCKS = 1024


class ExtendedBlock(NamedTuple):
    """One block of extended data, not interpreted.

    ``type`` 1 ridge counts, 2 cores and deltas, 3 zonal quality; a vendor's own has a high byte.
    """

    type: int
    data: bytes

    def __repr__(self) -> str:
        return f"ExtendedBlock(type={self.type:#06x}, {len(self.data)} bytes)"


def split_blocks(area: bytes, *, counts_head: bool) -> tuple[ExtendedBlock, ...] | None:
    """The blocks that fill an extended data area exactly, or None.

    ISO/IEC 19794-2:2005 can be read in two ways, and both are met: the length of a block counts
    its data only, or its head of four bytes too.
    """
    blocks: list[ExtendedBlock] = []
    at = 0
    while at < len(area):
        if at + 4 > len(area) or len(blocks) == MAX_BLOCKS:
            return None
        kind, length = struct.unpack_from(">HH", area, at)
        size = length - 4 if counts_head else length
        if size < 0 or at + 4 + size > len(area):
            return None
        blocks.append(ExtendedBlock(kind, area[at + 4 : at + 4 + size]))
        at += 4 + size
    return tuple(blocks)


def write_blocks(blocks: Sequence[ExtendedBlock], *, counts_head: bool = True) -> bytes:
    """The length of the area, and the blocks."""
    extra = 4 if counts_head else 0
    area = b"".join(
        struct.pack(">HH", block.type, len(block.data) + extra) + block.data for block in blocks
    )
    return len(area).to_bytes(2, "big") + area


def read_blocks(
    reader: Reader,
    edition: Edition,
    size: tuple[int, int],
    *,
    both_readings: bool = False,
) -> tuple[tuple[ExtendedBlock, ...], bool]:
    """Length and blocks at the end of a view; also whether block lengths count the head.

    ``edition`` and the ``size`` of the image are for a trace, which shows what blocks mean.

    What cannot be read is left out with a complaint: nothing after it depends on it but the next
    view, and that is found by the length of the whole area.
    """
    field = "extended data block length"
    if reader.left < 2:
        reader.complain(field, "missing at the end of the record")
        reader.pos = reader.end
        return (), True
    start = reader.pos
    length = reader.u16(field)
    if length > reader.left:
        reader.complain(field, f"{length} bytes, the record has only {reader.left} more", start)
        length = reader.left
    if not length:
        return (), True
    trace, reader.trace = reader.trace, None  # block by block below, and not as a lump
    area = reader.take(length, "extended data")
    reader.trace = trace
    for counts_head in (True, False) if both_readings else (True,):
        blocks = split_blocks(area, counts_head=counts_head)
        if blocks is not None:
            if trace is not None:
                from civid.formats.minutiae.extended.tracing import trace_blocks

                head = 4 if counts_head else 0
                trace_blocks(reader, start + 2, blocks, edition, size, head=head)
            return blocks, counts_head
    if trace is not None:
        trace.add(reader.path, "extended data", start + 2, length, area)
    reader.complain(
        "extended data", "the blocks do not fill their area, or are too many", start + 2
    )
    return (), True


def read_magic(reader: Reader, *versions: bytes) -> bytes:
    """ "FMR" and one of these versions."""
    reader.expect(b"FMR\0", "format identifier")
    start = reader.pos
    version = reader.take(4, "version")
    if version not in versions:
        raise FormatError(f"{version!r} is another edition", offset=start, field="version")
    return version


def check_length(reader: Reader, length: int) -> None:
    """Complain if the header's length, at byte 8 in every edition, is not that of the data."""
    if length != reader.end:
        reader.complain("length of record", f"{length}, but there are {reader.end} bytes", 8)


def check_range(
    field: str, value: int, low: int, high: int, view: int | None = None
) -> tuple[Finding, ...]:
    """A finding if a number is outside its range."""
    if low <= value <= high:
        return ()
    return (Finding(field, f"{value} is outside {low}..{high}", view=view),)


def check_blocks(blocks: Sequence[ExtendedBlock], view: int) -> Iterator[Finding]:
    """Findings about extended data."""
    if not blocks:
        return
    if sum(4 + len(block.data) for block in blocks) > 0xFFFF:
        text = "more than 65535 bytes of extended data"
        yield Finding("extended data block length", text, view=view)
    if len(blocks) > MAX_BLOCKS:
        text = f"{len(blocks)} blocks; at most {MAX_BLOCKS} are read"
        yield Finding("extended data", text, view=view)
    reserved = next((block.type for block in blocks if not _is_type(block.type)), None)
    if reserved is not None:
        yield Finding("extended data area type code", f"{reserved:#x} is reserved", view=view)


def _is_type(code: int) -> bool:
    return 0 < code <= 0xFFFF and bool(code & 0xFF)


def check_numbering(views: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """The views of a finger are counted from 0; `views` holds (position, number) pairs."""
    seen: dict[int, int] = {}
    for index, (position, number) in enumerate(views):
        if number != seen.get(position, 0):
            text = f"{number} should be {seen.get(position, 0)}"
            yield Finding("view number", text, view=index)
        seen[position] = number + 1


#: Where the fields of a minutia stand in it.
_MINUTIA_OFFSETS = {
    "minutia type": 0,
    "x coordinate": 0,
    "y coordinate": 2,
    "minutia angle": 4,
    "minutia quality": 5,
}


def locate(
    finding: Finding,
    header: Mapping[str, int],
    views: Sequence[Mapping[str, int]],
    *,
    size: int = 6,
) -> Finding:
    """The same finding with its byte offset, from where the fields were read."""
    places = header if finding.view is None else views[finding.view]
    if finding.minutia is None:
        offset = places.get(finding.field, min(places.values(), default=0))
    else:
        offset = places["minutiae"] + size * finding.minutia + _MINUTIA_OFFSETS[finding.field]
    return replace(finding, offset=offset)


__all__ = [
    "MAX_BLOCKS",
    "MAX_MINUTIAE",
    "ExtendedBlock",
    "Minutia",
    "check_blocks",
    "check_length",
    "check_minutiae",
    "check_numbering",
    "check_range",
    "locate",
    "read_blocks",
    "read_magic",
    "read_minutiae",
    "split_blocks",
    "write_blocks",
    "write_minutiae",
]
