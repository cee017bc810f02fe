"""ISO/IEC 19794-4:2005 finger image records, as they stand in DG3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from civid.cards.chip._fields import pack
from civid.errors import FormatError
from civid.position import Position

if TYPE_CHECKING:
    from civid.formats._reader import Reader

_MAGIC = b"FIR\x00010\x00"
_HEADER, _VIEW = 32, 14
_MOST = 20
RAW, PACKED, WSQ, JPEG, JPEG2000, PNG = range(6)


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
    from civid.formats._reader import Reader  # on use: a card needs no record formats

    reader = Reader(data, name="19794-4")
    reader.expect(_MAGIC, "header")
    length = reader.number(6, "length")
    if length != len(data):
        raise FormatError(
            f"{length} bytes are announced, {len(data)} are there", offset=8, field="19794-4 length"
        )
    device, level = reader.number(2, "device"), reader.number(2, "acquisition level")
    count, scale = reader.number(1, "number of images"), reader.number(1, "scale units")
    if not 1 <= count <= _MOST:
        raise FormatError(f"not 1 to {_MOST} images", offset=18, field="19794-4 images")
    if scale not in (1, 2):
        raise FormatError("should be 1 or 2", offset=19, field="19794-4 scale units")
    scan, _, image, _ = (reader.number(2, "resolution") for _ in range(4))
    depth, compression = reader.number(1, "depth"), reader.number(1, "compression")
    if compression > PNG:
        raise FormatError("is unknown", offset=29, field="19794-4 compression")
    reader.take(2, "reserved")
    views = tuple(_view(reader) for _ in range(count))
    if reader.pos != len(data):
        raise FormatError("bytes follow the last image", offset=reader.pos, field="19794-4 length")
    to_ppi = 1.0 if scale == 1 else 2.54
    return FingerImageRecord(
        views, compression, round(image * to_ppi), round(scan * to_ppi), depth, device, level
    )


def build(record: FingerImageRecord) -> bytes:
    """Write a finger image record."""
    if not 1 <= len(record.views) <= _MOST:
        raise FormatError(f"not 1 to {_MOST} images", field="19794-4 images")
    body = b"".join(map(_block, record.views))
    ppi, scan = record.resolution_ppi, record.scan_resolution_ppi
    return b"".join(
        [
            _MAGIC,
            pack(6, _HEADER + len(body), "19794-4 length"),
            pack(2, record.device, "device"),
            pack(2, record.level, "acquisition level"),
            bytes([len(record.views), 1]),
            *(pack(2, value, "resolution") for value in (scan, scan, ppi, ppi)),
            pack(1, record.depth, "depth"),
            pack(1, record.compression, "compression"),
            bytes(2),
            body,
        ]
    )


def _view(reader: Reader) -> FingerView:
    start = reader.pos
    length = reader.number(4, "block length")
    if length < _VIEW:
        raise FormatError("its length is too small", offset=start, field="19794-4 block length")
    position = reader.number(1, "position")
    if position > Position.LEFT_LITTLE:
        raise FormatError("is no single finger", offset=start + 4, field="19794-4 position")
    views, view = reader.number(1, "views"), reader.number(1, "view number")
    quality, impression = reader.number(1, "quality"), reader.number(1, "impression")
    width, height = reader.number(2, "width"), reader.number(2, "height")
    reader.take(1, "reserved")
    image = reader.take(length - _VIEW, "image")
    return FingerView(image, Position(position), width, height, quality, impression, view, views)


def _block(one: FingerView) -> bytes:
    return b"".join(
        [
            pack(4, _VIEW + len(one.image), "19794-4 block length"),
            bytes([one.position]),
            pack(1, one.views, "views"),
            pack(1, one.view, "view number"),
            pack(1, one.quality, "quality"),
            pack(1, one.impression, "impression"),
            pack(2, one.width, "width"),
            pack(2, one.height, "height"),
            bytes(1),
            one.image,
        ]
    )
