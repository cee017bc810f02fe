"""One representation of ISO/IEC 19794-4:2011: an image with its resolution, time and device."""

from __future__ import annotations

import struct
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

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
from civid.formats.minutiae.iso19794_2_2011 import Certification, Quality

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

_TIME = struct.Struct(">H5BH")
_DEVICE = struct.Struct(">BHHB")
_QUALITY = struct.Struct(">BHH")
_CERTIFICATION = struct.Struct(">HB")
_BODY = struct.Struct(">3B4H3BHHI")
_WORD = range(0x10000)
_QUALITY_LIMITS = ((*range(101), 255), _WORD, _WORD)
_LIMITS = (_WORD, range(0x100))
_TIME_LIMITS = ((0, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, 60), (0, 999))
_TIME_UNKNOWN = (0xFFFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFFFF)


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
    time = _TIME.unpack(reader.take(_TIME.size, "capture date and time"))
    technology = reader.u8("capture device technology ID")
    vendor, device = reader.u16("capture device vendor ID"), reader.u16("capture device type ID")
    qualities = _read_list(reader, "quality block", _QUALITY)
    certifications = _read_list(reader, "certification block", _CERTIFICATION) if certified else ()
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
        qualities=tuple(Quality(*item) for item in qualities),
        captured=None if time == _TIME_UNKNOWN else time,
        technology=technology,
        device_vendor=vendor,
        device_type=device,
        certifications=tuple(Certification(*item) for item in certifications),
        blocks=blocks,
        rest=rest,
    )


def _read_list(reader: Reader, field: str, item: struct.Struct) -> tuple[tuple[int, ...], ...]:
    count = reader.u8(f"number of {field}s")
    return tuple(item.iter_unpack(reader.take(count * item.size, field)))


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
    yield from check_range("capture device technology ID", view.technology, 0, 20, index)
    yield from check_range("capture device vendor ID", view.device_vendor, 0, 0xFFFF, index)
    yield from check_range("capture device type ID", view.device_type, 0, 0xFFFF, index)
    yield from check_range("number of quality blocks", len(view.qualities), 0, 0xFF, index)
    yield from _validate_list("quality block", view.qualities, _QUALITY_LIMITS, index)
    blocks = len(view.certifications)
    yield from check_range("number of certification blocks", blocks, 0, 0xFF, index)
    yield from _validate_list("certification block", view.certifications, _LIMITS, index)
    if view.captured is not None:
        known = len(view.captured) == len(_TIME_LIMITS) and all(
            low <= value <= high
            for value, (low, high) in zip(view.captured, _TIME_LIMITS, strict=True)
        )
        if not known:
            yield Finding("capture date and time", "there is no such time", view=index)
    yield from validate_blocks(view.blocks, POSITIONS, index)
    yield from common.check_image(view.image, view.announced(), index)
    if view.rest:
        yield Finding("extended data", f"{len(view.rest)} bytes are no blocks", view=index)


def _validate_list(
    field: str, items: Sequence[tuple[int, ...]], limits: Sequence[Container[int]], index: int
) -> Iterator[Finding]:
    """One finding for all blocks of a kind; it names the first that is wrong."""
    fits = [
        [value in limit for value in column]
        for column, limit in zip(zip(*items, strict=True), limits, strict=False)
    ]
    wrong = [number for number, fit in enumerate(zip(*fits, strict=True)) if not all(fit)]
    if wrong:
        text = f"{len(wrong)} out of range, the first is block {wrong[0]}"
        yield Finding(field, text, view=index)


def build_view(view: View, certified: int) -> bytes:
    parts = [
        _TIME.pack(*(view.captured or _TIME_UNKNOWN)),
        _DEVICE.pack(view.technology, view.device_vendor, view.device_type, len(view.qualities)),
        *(_QUALITY.pack(*quality) for quality in view.qualities),
    ]
    if certified:
        parts.append(bytes((len(view.certifications),)))
        parts += [_CERTIFICATION.pack(*item) for item in view.certifications]
    parts += [
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
