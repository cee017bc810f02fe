"""The finger view that ISO/IEC 19794-2:2005 and ANSI/INCITS 378-2004 share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from civid.formats._fixed import Fixed
from civid.formats._reader import Finding, Reader
from civid.formats.minutiae import common
from civid.formats.minutiae.common import ExtendedBlock, Minutia
from civid.formats.minutiae.extended.items import Edition

#: Live plain, live rolled, non-live plain, non-live rolled, swipe.
IMPRESSIONS = (0, 1, 2, 3, 8)

_FIELDS = Fixed(
    ("finger position", 1),
    ("view number", 1),
    ("finger quality", 1),
    ("number of minutiae", 1),
)


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
        Extended data; `civid.formats.minutiae.extended.typed` says what it means.
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


def parse_views(
    reader: Reader, count: int, edition: Edition, size: tuple[int, int], *, both_readings: bool
) -> tuple[tuple[View, ...], list[dict[str, int]]]:
    """So many views, and where the fields of each were read."""
    views, places = [], []
    for index in range(count):
        places.append(reader.section(f"view {index}"))
        views.append(_parse_view(reader, edition, size, both_readings=both_readings))
    return tuple(views), places


def _parse_view(
    reader: Reader, edition: Edition, size: tuple[int, int], *, both_readings: bool
) -> View:
    position, packed, quality, count = _FIELDS.read(reader)
    reader.places["impression type"] = reader.places["view number"]
    minutiae = common.read_minutiae(reader, count)
    blocks, counts_head = common.read_blocks(reader, edition, size, both_readings=both_readings)
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
