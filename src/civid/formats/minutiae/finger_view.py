"""The finger view that ISO/IEC 19794-2:2005 and ANSI/INCITS 378-2004 share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from civid.formats._reader import Finding, Reader
from civid.formats.minutiae import common
from civid.formats.minutiae.common import ExtendedBlock, Minutia

#: Live plain, live rolled, non-live plain, non-live rolled, swipe.
IMPRESSIONS = (0, 1, 2, 3, 8)


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
        At most 255.
    blocks : tuple of ExtendedBlock
        Extended data, not interpreted.
    blocks_count_head : bool
        The length in a block counts its own four bytes; ISO/IEC 19794-2:2005 can be read both
        ways, and both are met. Always true in ANSI/INCITS 378.
    """

    position: int = 0
    number: int = 0
    impression: int = 0
    quality: int = 0
    minutiae: tuple[Minutia, ...] = field(default=(), repr=False)
    blocks: tuple[ExtendedBlock, ...] = ()
    blocks_count_head: bool = True


def parse_view(reader: Reader, *, both_readings: bool) -> View:
    position = reader.u8("finger position")
    packed = reader.u8("view number")
    reader.places["impression type"] = reader.places["view number"]
    quality = reader.u8("finger quality")
    minutiae = common.read_minutiae(reader, reader.u8("number of minutiae"))
    blocks, counts_head = common.read_blocks(reader, both_readings=both_readings)
    return View(position, packed >> 4, packed & 15, quality, minutiae, blocks, counts_head)


def build_view(view: View) -> bytes:
    packed = view.number << 4 | view.impression
    head = bytes((view.position, packed, view.quality, len(view.minutiae)))
    minutiae = common.write_minutiae(view.minutiae)
    return head + minutiae + common.write_blocks(view.blocks, counts_head=view.blocks_count_head)


def validate_views(
    views: Sequence[View], width: int, height: int, *, angles: int
) -> Iterator[Finding]:
    yield from common.check_numbering([(view.position, view.number) for view in views])
    for index, view in enumerate(views):
        yield from common.check_range("finger position", view.position, 0, 10, index)
        yield from common.check_range("view number", view.number, 0, 15, index)
        yield from common.check_range("finger quality", view.quality, 0, 100, index)
        if view.impression not in IMPRESSIONS:
            text = f"{view.impression} is none of {', '.join(map(str, IMPRESSIONS))}"
            yield Finding("impression type", text, view=index)
        yield from common.check_minutiae(view.minutiae, width, height, index, angles=angles)
        yield from common.check_blocks(view.blocks, index)
