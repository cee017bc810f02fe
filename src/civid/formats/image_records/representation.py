"""One representation of ISO/IEC 19794-4:2011: an image with its resolution, time and device."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from civid.formats._capture_2011 import (
    Certification,
    Quality,
    build_capture,
    read_capture,
    validate_capture,
)
from civid.formats._reader import Finding, Reader
from civid.formats.image_records import common
from civid.formats.image_records.common import Announced, Payload
from civid.formats.image_records.extended import (
    Block,
    build_block,
    read_blocks,
    validate_blocks,
)
from civid.formats.minutiae.common import check_range

#: Compression codes, by their number (table 9); 5 is PNG in the edition of 2005.
COMPRESSIONS = (
    Payload.RAW,
    Payload.PACKED,
    Payload.WSQ,
    Payload.JPEG,
    Payload.JPEG2000,
    Payload.JPEG2000_LOSSLESS,
    Payload.PNG,
)
#: Plain and rolled, latent, swipe, vertical roll, palms, contactless, other, unknown (table 10).
IMPRESSIONS = (*range(16), 24, 28, 29)
#: Those of 2005 and groups of two and three fingers (tables 6 to 8).
POSITIONS = (*common.POSITIONS, *range(40, 51))

_BODY = struct.Struct(">3B4H3BHHI")


@dataclass(frozen=True, slots=True)
class View:
    """One image of a finger, of several fingers or of a palm: a representation.

    Parameters
    ----------
    image : bytes
        The image data, untouched.
    position : int
        0 unknown, 1..5 right thumb to little finger, 6..10 left, 13 right four, 14 left four,
        15 both thumbs, 20..36 palms, 40..50 groups of fingers.
    width, height : int
        In px.
    number : int
        Tells the images of one finger apart; 0..15.
    impression : int
        0 live plain, 1 live rolled, 2, 3 the same not live, 4..7 latent, 8 swipe, 9 vertical
        roll, 10..15 palms, 24 contactless, 28 other, 29 unknown.
    compression : int
        0 raw, 1 packed, 2 WSQ, 3 JPEG, 4 JPEG 2000, 5 JPEG 2000 lossless, 6 PNG.
    image_resolution, scan_resolution : (int, int)
        Across and down, of the image and of the device.
    scale_units : int
        1 those are in pixels per inch, 2 per centimetre.
    depth : int
        Bits a pixel, 1..16.
    qualities : tuple of Quality
    captured : tuple of int or None
        Year, month, day, hour, minute, second, millisecond in UTC; None = unknown.
    technology, device_vendor, device_type : int
        0 = unknown.
    certifications : tuple of Certification
    blocks : tuple of Segmentation, Annotations, Comment or ExtendedBlock
        Extended data; what has no known form is kept as an `ExtendedBlock`.
    rest : bytes
        What follows and is no block; the standard has no room for it.
    """

    image: bytes = field(repr=False)
    position: int
    width: int
    height: int
    number: int = 0
    impression: int = 29
    compression: int = 0
    image_resolution: tuple[int, int] = (500, 500)
    scan_resolution: tuple[int, int] = (500, 500)
    scale_units: int = common.PPI
    depth: int = 8
    qualities: tuple[Quality, ...] = ()
    captured: tuple[int, ...] | None = None
    technology: int = 0
    device_vendor: int = 0
    device_type: int = 0
    certifications: tuple[Certification, ...] = ()
    blocks: tuple[Block, ...] = ()
    rest: bytes = field(default=b"", repr=False)

    def announced(self) -> Announced:
        """What is said about the image."""
        known = 0 <= self.compression < len(COMPRESSIONS)
        payload = COMPRESSIONS[self.compression] if known else None
        ppi = common.to_ppi(self.image_resolution, self.scale_units)
        return Announced(payload, self.width, self.height, self.depth, ppi)


def read_view(reader: Reader, section: str, *, certified: bool) -> View:
    start, end, places = reader.pos, reader.end, reader.places
    length = reader.u32("representation length")
    if length > end - start:
        text = f"{length}, the record has only {end - start} more bytes"
        reader.complain("representation length", text, start)
    reader.end = min(end, start + max(length, 4))
    capture = read_capture(reader, certified=certified)
    position, number = reader.u8("finger position"), reader.u8("representation number")
    scale_units = reader.u8("scale units")
    scan = reader.u16("x scan resolution"), reader.u16("y scan resolution")
    resolution = reader.u16("x image resolution"), reader.u16("y image resolution")
    depth, compression = reader.u8("pixel depth"), reader.u8("compression algorithm")
    impression = reader.u8("impression type")
    width, height = reader.u16("horizontal line length"), reader.u16("vertical line length")
    size = reader.u32("image data length")
    image = common.take_image(reader, size, section, "image data length")
    places["extended data"] = reader.pos
    blocks, rest = read_blocks(reader, section)
    reader.pos, reader.end = reader.end, end
    return View(
        image=image,
        position=position,
        width=width,
        height=height,
        number=number,
        impression=impression,
        compression=compression,
        image_resolution=resolution,
        scan_resolution=scan,
        scale_units=scale_units,
        depth=depth,
        blocks=blocks,
        rest=rest,
        captured=capture.captured,
        technology=capture.technology,
        device_vendor=capture.device_vendor,
        device_type=capture.device_type,
        qualities=capture.qualities,
        certifications=capture.certifications,
    )


def validate_view(view: View, index: int) -> Iterator[Finding]:
    if view.position not in POSITIONS:
        yield Finding("finger position", f"{view.position} does not exist", view=index)
    if view.impression not in IMPRESSIONS:
        yield Finding("impression type", f"{view.impression} does not exist", view=index)
    if not 0 <= view.compression < len(COMPRESSIONS):
        yield Finding("compression algorithm", f"{view.compression} does not exist", view=index)
    yield from check_range("representation number", view.number, 0, 15, index)
    yield from common.check_size(view.width, view.height, index)
    yield from common.check_scale(
        view.scale_units, view.scan_resolution, view.image_resolution, view.depth, index
    )
    yield from validate_capture(view, index)
    yield from validate_blocks(view.blocks, POSITIONS, index)
    yield from common.check_image(view.image, view.announced(), index)
    if view.rest:
        yield Finding("extended data", f"{len(view.rest)} bytes are no blocks", view=index)


def build_view(view: View, certified: int) -> bytes:
    parts = [
        build_capture(view, certified),
        _BODY.pack(
            view.position,
            view.number,
            view.scale_units,
            *view.scan_resolution,
            *view.image_resolution,
            view.depth,
            view.compression,
            view.impression,
            view.width,
            view.height,
            len(view.image),
        ),
        view.image,
        *(build_block(block) for block in view.blocks),
    ]
    content = b"".join(parts)
    return (4 + len(content)).to_bytes(4, "big") + content
