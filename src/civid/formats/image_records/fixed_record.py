"""The finger image record that ISO/IEC 19794-4:2005 and ANSI/INCITS 381-2004 share.

One header for all images: they have the same resolution, depth and compression.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.image_records import common
from civid.formats.image_records.common import Announced, Payload
from civid.formats.minutiae.common import check_range

VERSION = b"010\0"
#: Compression codes, by their number.
COMPRESSIONS = (
    Payload.RAW,
    Payload.PACKED,
    Payload.WSQ,
    Payload.JPEG,
    Payload.JPEG2000,
    Payload.PNG,
)
#: Live plain and rolled, non-live plain and rolled, latent, swipe, live contactless.
IMPRESSIONS = (0, 1, 2, 3, 7, 8, 9)
#: Quality that was not given.
UNDEFINED = 254
MAX_VIEWS = 255

_SHARED = struct.Struct(">HBB4HBBH")
_VIEW = struct.Struct(">I5BHHB")


@dataclass(frozen=True, slots=True)
class View:
    """One image of a finger, of several fingers or of a palm.

    Parameters
    ----------
    image : bytes
        The image data, untouched.
    position : int
        0 unknown, 1..5 right thumb to little finger, 6..10 left, 13 right four, 14 left four,
        15 both thumbs, 20..36 palms.
    width, height : int
        In px.
    number, count : int
        Which view of this finger, counted from 1, and how many there are.
    quality : int
        0 worst .. 100 best, 254 = undefined.
    impression : int
        0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled, 7 latent, 8 swipe,
        9 live contactless.
    """

    image: bytes = field(repr=False)
    position: int
    width: int
    height: int
    number: int = 1
    count: int = 1
    quality: int = UNDEFINED
    impression: int = 0


class Shared(NamedTuple):
    """The fields of `FixedRecord` but the device, in their order."""

    views: tuple[View, ...]
    compression: int
    image_resolution: tuple[int, int]
    scan_resolution: tuple[int, int]
    scale_units: int
    depth: int
    level: int


@dataclass(frozen=True, slots=True)
class FixedRecord:
    """A whole record.

    Parameters
    ----------
    views : tuple of View
    compression : int
        0 raw, 1 packed, 2 WSQ, 3 JPEG, 4 JPEG 2000, 5 PNG.
    image_resolution, scan_resolution : (int, int)
        Across and down, of the images and of the device.
    scale_units : int
        1 those are in pixels per inch, 2 per centimetre.
    depth : int
        Bits a pixel, 1..16.
    level : int
        Image acquisition level: 10 (125 ppi), 20 (250), 30, 31 (500), 35 (750), 40, 41 (1000).
    capture_device : int
        Given by the vendor; 0 = not reported.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    views: tuple[View, ...] = ()
    compression: int = 2
    image_resolution: tuple[int, int] = (500, 500)
    scan_resolution: tuple[int, int] = (500, 500)
    scale_units: int = common.PPI
    depth: int = 8
    level: int = 30
    capture_device: int = 0
    warnings: tuple[Finding, ...] = field(default=(), compare=False, kw_only=True)

    def shared(self) -> Shared:
        """What the record has in common with one of the other standard."""
        return Shared(
            self.views,
            self.compression,
            self.image_resolution,
            self.scan_resolution,
            self.scale_units,
            self.depth,
            self.level,
        )

    def announced(self, index: int) -> Announced:
        """What the record says about one of its images."""
        view = self.views[index]
        known = 0 <= self.compression < len(COMPRESSIONS)
        payload = COMPRESSIONS[self.compression] if known else None
        ppi = common.to_ppi(self.image_resolution, self.scale_units)
        return Announced(payload, view.width, view.height, self.depth, ppi)


def read_shared(reader: Reader, header: dict[str, int]) -> tuple[Shared, list[Mapping[str, int]]]:
    """The rest of the header and the views, and where the fields of the views were read."""
    level = reader.u16("image acquisition level")
    count = reader.u8("number of images")
    scale_units = reader.u8("scale units")
    scan = reader.u16("x scan resolution"), reader.u16("y scan resolution")
    image = reader.u16("x image resolution"), reader.u16("y image resolution")
    depth, compression = reader.u8("pixel depth"), reader.u8("compression algorithm")
    if reader.u16("reserved bytes"):
        reader.complain("reserved bytes", "should be 0", header["reserved bytes"])
    views: list[View] = []
    places: list[Mapping[str, int]] = []
    for index in range(count):
        places.append(reader.section(f"view {index}"))
        views.append(_read_view(reader, f"view {index}"))
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last image")
    return Shared(tuple(views), compression, image, scan, scale_units, depth, level), places


def _read_view(reader: Reader, section: str) -> View:
    start = reader.pos
    length = reader.u32("block length")
    if length < _VIEW.size:
        text = f"{length} is less than its own head"
        raise FormatError(text, offset=start, field=f"{reader.name} block length")
    position, count, number = (
        reader.u8("finger position"),
        reader.u8("count of views"),
        reader.u8("view number"),
    )
    quality, impression = reader.u8("image quality"), reader.u8("impression type")
    width, height = reader.u16("horizontal line length"), reader.u16("vertical line length")
    if reader.u8("reserved byte"):
        reader.complain("reserved byte", "should be 0", reader.pos - 1)
    image = common.take_image(reader, length - _VIEW.size, section, "block length")
    return View(image, position, width, height, number, count, quality, impression)


def check_kinds(record: FixedRecord) -> Iterator[Finding]:
    """Findings about image data that are of another kind than announced."""
    for index, view in enumerate(record.views):
        yield from common.check_kind(view.image, record.announced(index), index)


def validate_shared(record: FixedRecord, levels: tuple[int, ...]) -> Iterator[Finding]:
    """Everything in which the shared parts depart from the standards."""
    if record.level not in levels:
        yield Finding("image acquisition level", f"{record.level} does not exist")
    yield from check_range("number of images", len(record.views), 1, MAX_VIEWS)
    yield from common.check_scale(
        record.scale_units, record.scan_resolution, record.image_resolution, record.depth
    )
    if not 0 <= record.compression < len(COMPRESSIONS):
        yield Finding("compression algorithm", f"{record.compression} does not exist")
    for index, view in enumerate(record.views):
        if view.position not in common.POSITIONS:
            yield Finding("finger position", f"{view.position} does not exist", view=index)
        yield from check_range("count of views", view.count, 1, 0xFF, index)
        yield from check_range("view number", view.number, 1, max(view.count, 1), index)
        if view.quality != UNDEFINED:
            yield from check_range("image quality", view.quality, 0, 100, index)
        if view.impression not in IMPRESSIONS:
            yield Finding("impression type", f"{view.impression} does not exist", view=index)
        yield from common.check_size(view.width, view.height, index)
        yield from common.check_image(view.image, record.announced(index), index)


def build_shared(record: FixedRecord) -> bytes:
    """The rest of the header and the views."""
    head = _SHARED.pack(
        record.level,
        len(record.views),
        record.scale_units,
        *record.scan_resolution,
        *record.image_resolution,
        record.depth,
        record.compression,
        0,
    )
    return head + b"".join(map(_build_view, record.views))


def _build_view(view: View) -> bytes:
    return (
        _VIEW.pack(
            _VIEW.size + len(view.image),
            view.position,
            view.count,
            view.number,
            view.quality,
            view.impression,
            view.width,
            view.height,
            0,
        )
        + view.image
    )


def walks(data: bytes | memoryview, header: int) -> bool:
    """Do the blocks add up to the length, as far as there are bytes, with a header of this size?"""
    if len(data) < header:
        return False
    count, scale_units = data[header - 14], data[header - 13]
    if not count or scale_units not in (common.PPI, common.PER_CM):
        return False
    at, total = header, int.from_bytes(data[8:14], "big")
    for _ in range(count):
        if at + 4 > len(data):
            return at < total
        length = int.from_bytes(data[at : at + 4], "big")
        if length < _VIEW.size:
            return False
        at += length
    return at in (total, len(data)) or at > len(data)
