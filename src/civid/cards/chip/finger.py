"""ISO/IEC 19794-4:2005 finger image records, as they stand in DG3: one finger an image.

The bytes are read and written by `civid.formats.image_records.iso19794_4_2005`; here is what a
chip holds of it, and what it must not hold: groups of fingers, palms, lengths that lie.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from civid.errors import FormatError
from civid.position import Position

if TYPE_CHECKING:
    from civid.formats.image_records import iso19794_4_2005 as fir

#: Images, and bytes before each.
_MOST, _VIEW = 20, 14
RAW, PACKED, WSQ, JPEG, JPEG2000, PNG = range(6)
#: What else departs from the standard is borne: writers leave qualities, levels and counts as
#: they please.
_FATAL = (
    "length of record",
    "number of images",
    "scale units",
    "compression algorithm",
    "block length",
)


@dataclass(frozen=True, slots=True)
class FingerView:
    """One finger image (ảnh vân tay), compressed as it was.

    Attributes
    ----------
    image : bytes
        The image data, untouched.
    position : Position
        Which finger.
    width, height : int
        In pixels.
    quality, impression, view, views : int
        As in the standard; impression 0 is live-scan plain.
    """

    image: bytes = field(repr=False)
    position: Position
    width: int
    height: int
    quality: int = 254
    impression: int = 0
    view: int = 1
    views: int = 1


@dataclass(frozen=True, slots=True)
class FingerImageRecord:
    """A finger image record.

    Attributes
    ----------
    views : tuple of FingerView
        The images.
    compression : int
        0 raw, 1 packed, 2 WSQ, 3 JPEG, 4 JPEG 2000, 5 PNG.
    resolution_ppi : int
        Of the images, in pixels per inch. Records in pixels per centimetre are converted and
        written back in inches.
    """

    views: tuple[FingerView, ...]
    compression: int = WSQ
    resolution_ppi: int = 500
    scan_resolution_ppi: int = 500
    depth: int = 8
    device: int = 0
    level: int = 31


def parse(data: bytes) -> FingerImageRecord:
    """Read a finger image record.

    Raises
    ------
    FormatError
        Not such a record, or a length that lies.
    """
    # on use: a card needs no record formats
    from civid.formats.image_records import iso19794_4_2005 as fir

    record = fir.parse(data)
    for finding in record.warnings:
        if finding.field.removeprefix(f"{fir.NAME} ") in _FATAL:
            raise finding.error()
    if len(record.views) > _MOST:
        raise FormatError(f"not 1 to {_MOST} images", offset=18, field=f"{fir.NAME} images")
    at = fir.HEADER_BYTES
    for one in record.views:
        if one.position > Position.LEFT_LITTLE:
            field = f"{fir.NAME} finger position"
            raise FormatError("is no single finger", offset=at + 4, field=field)
        at += _VIEW + len(one.image)
    to_ppi = 1.0 if record.scale_units == 1 else 2.54
    return FingerImageRecord(
        tuple(map(_view, record.views)),
        record.compression,
        round(record.image_resolution[0] * to_ppi),
        round(record.scan_resolution[0] * to_ppi),
        record.depth,
        record.capture_device,
        record.level,
    )


def build(record: FingerImageRecord) -> bytes:
    """Write a finger image record.

    Raises
    ------
    FormatError
        What the standard has no room for.
    """
    from civid.formats.image_records import iso19794_4_2005 as fir

    if not 1 <= len(record.views) <= _MOST:
        raise FormatError(f"not 1 to {_MOST} images", field=f"{fir.NAME} images")
    views = tuple(
        fir.View(
            one.image,
            int(one.position),
            one.width,
            one.height,
            one.view,
            one.views,
            one.quality,
            one.impression,
        )
        for one in record.views
    )
    ppi, scan = record.resolution_ppi, record.scan_resolution_ppi
    return fir.build(
        fir.Record(
            views,
            record.compression,
            (ppi, ppi),
            (scan, scan),
            depth=record.depth,
            level=record.level,
            capture_device=record.device,
        )
    )


def _view(one: fir.View) -> FingerView:
    return FingerView(
        one.image,
        Position(one.position),
        one.width,
        one.height,
        one.quality,
        one.impression,
        one.number,
        one.count,
    )
