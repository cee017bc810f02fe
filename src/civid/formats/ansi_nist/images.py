"""The images of a transaction, whatever the type of their record, and their pixels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from civid.errors import FormatError, ImageError
from civid.formats.ansi_nist.binary import IMAGE_TYPES, BinaryRecord, FixedImage, read_fixed_image
from civid.formats.ansi_nist.names import COMPRESSIONS, POSITIONS
from civid.formats.ansi_nist.tagged import TaggedRecord
from civid.formats.ansi_nist.transaction import Transaction
from civid.formats.ansi_nist.type1 import read_resolution
from civid.formats.ansi_nist.type14.image import TYPES, read_ridge_image
from civid.formats.ansi_nist.type14.lists import Quality, Segment
from civid.formats.ansi_nist.type14.sampling import nominal, resolution
from civid.formats.image_files.picture import Picture, check_size
from civid.formats.image_files.picture import decode as decode_picture

#: Least resolution of a scanner, px/mm, which is called 500 dpi.
_LEAST = 19.69
_MM_PER_INCH = 25.4
#: IMP of a record that does not say it.
UNKNOWN_IMPRESSION = 29


@dataclass(frozen=True, slots=True)
class Entry:
    """One image record.

    Parameters
    ----------
    record : int
        Which record of the transaction, counted from 0.
    type : int
        3, 4, 13, 14 or 15.
    idc : int or None
        Image designation, which a Type-9 record shares.
    positions : tuple of int
        FGP: 1..10 fingers, 11 to 15 plain thumbs and slaps, 20..38 palms; see
        `civid.formats.ansi_nist.names.POSITIONS`. The likeliest first.
    impression : int or None
        0 live plain, 1 live rolled, 4..7 latent, 10, 11 palm ...
    width, height : int or None
        As stated, px.
    dpi : (float, float) or None
        Across and down; None where none is stated.
    compression : str
        NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L, PNG, or what is written there.
    bits : int or None
        A pixel.
    data : bytes
        As compressed; empty where there is no image.
    missing : tuple of (int, str)
        Fingers that cannot be printed ("UP") or are amputated in part ("XX"; until 2007:
        amputated).
    segments : tuple of Segment
    qualities : tuple of Quality
    """

    record: int
    type: int
    idc: int | None
    positions: tuple[int, ...]
    impression: int | None
    width: int | None
    height: int | None
    dpi: tuple[float, float] | None
    compression: str
    bits: int | None
    data: bytes = field(repr=False)
    missing: tuple[tuple[int, str], ...] = ()
    segments: tuple[Segment, ...] = ()
    qualities: tuple[Quality, ...] = ()

    @property
    def position_name(self) -> str:
        """What the likeliest position is, as "right thumb"."""
        return POSITIONS.get(self.position, f"position {self.position}")

    @property
    def position(self) -> int:
        """The likeliest position; 0 where none is stated."""
        return self.positions[0] if self.positions else 0


def images(transaction: Transaction) -> tuple[Entry, ...]:
    """The grey images of fingers and palms: records of Types 3, 4, 13, 14 and 15.

    Binary images (Types 5 and 6), signatures, faces and the rest are not among them. Lists of a
    record that cannot be read (`parse` warned of them) are left out; a record that is too short
    for an image is an entry without data.

    Examples
    --------
    >>> from civid.formats.ansi_nist import Transaction
    >>> from civid.formats.ansi_nist.binary import FixedImage, make_fixed_image
    >>> record = make_fixed_image(FixedImage(0, (13,), 2, 1, bytes([0, 255])), idc=1)
    >>> (entry,) = images(Transaction((record,)))
    >>> entry.position_name, decode(entry).pixels
    ('plain right four fingers', array([[  0, 255]], dtype=uint8))
    """
    found = []
    for place, record in enumerate(transaction.records):
        if isinstance(record, BinaryRecord) and record.type in IMAGE_TYPES:
            found.append(_fixed(transaction, place, record))
        elif isinstance(record, TaggedRecord) and record.type in TYPES:
            found.append(_tagged(place, record))
    return tuple(found)


def decode(entry: Entry) -> Picture:
    """The pixels of an image, (H, W) uint8, 0 black, and its resolution.

    The size is that of the compressed image, whatever the record states; the resolution is that
    of the record, and where it has none, that of the compressed image.

    Raises
    ------
    ImageError
        There is no image, it is damaged, or its compression is not supported (JPEGL).
    """
    if not entry.data:
        raise ImageError("the record has no image")
    if entry.compression == "NONE":
        return _raw(entry)
    picture = decode_picture(entry.data)
    return replace(picture, resolution=entry.dpi or picture.resolution)


def _raw(entry: Entry) -> Picture:
    width, height = entry.width or 0, entry.height or 0
    check_size(width, height)
    if entry.bits not in (None, 8):
        raise ImageError(f"pixels of {entry.bits} bits are not supported")
    if len(entry.data) != width * height:
        raise ImageError(f"{width} x {height} pixels are not {len(entry.data)} bytes")
    pixels = np.frombuffer(entry.data, np.uint8).reshape(height, width)
    return Picture("raw", pixels, entry.dpi)


def _fixed(transaction: Transaction, place: int, record: BinaryRecord) -> Entry:
    try:
        image = read_fixed_image(record)
    except FormatError:
        image = FixedImage(UNKNOWN_IMPRESSION, (), 0, 0, b"")
    first = transaction.records[0]
    per_mm: float | None = _LEAST
    if image.native and isinstance(first, TaggedRecord):
        # What is transmitted (NTR); libbiomeval takes the scanner's (NSR), which is the same
        # wherever an image of fixed resolution may be sent as it was scanned.
        per_mm = read_resolution(first.value(12)) or read_resolution(first.value(11))
    if record.type == 3 and per_mm and per_mm > 0.75 * _LEAST:
        per_mm /= 2  # these have half the resolution
    dpi = nominal(per_mm * _MM_PER_INCH) if per_mm else None
    return Entry(
        record=place,
        type=record.type,
        idc=record.idc,
        positions=image.positions,
        impression=image.impression,
        width=image.width or None,
        height=image.height or None,
        dpi=(dpi, dpi) if dpi else None,
        compression=COMPRESSIONS.get(image.compression, str(image.compression)),
        bits=8,
        data=image.data,
    )


def _tagged(place: int, record: TaggedRecord) -> Entry:
    image = read_ridge_image(record, strict=False)
    return Entry(
        record=place,
        type=record.type,
        idc=record.idc,
        positions=image.positions,
        impression=image.impression,
        width=image.width,
        height=image.height,
        dpi=resolution(image.scale_units, image.across, image.down),
        compression=image.compression,
        bits=image.bits,
        data=image.data or b"",
        missing=image.missing,
        segments=image.segments,
        qualities=image.qualities,
    )
