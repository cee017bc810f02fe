"""Binary records: Types 3 to 8. Type 4 and its siblings hold one image after an 18-byte head.

ANSI/NIST-ITL 1-2007 clauses 10 to 14 (1-2011 clause 8.4). Types 5 to 8 are kept as they are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from civid.errors import FormatError
from civid.formats.ansi_nist.names import field_name

#: Impression, six positions, scanning resolution, width, height, compression.
_HEAD = struct.Struct(">B6sBHHB")
#: Length and image designation, which every binary record begins with.
HEAD_BYTES = 5
#: What unused positions hold.
_UNUSED = 255
#: Those that hold a grey image.
IMAGE_TYPES = frozenset((3, 4))


@dataclass(frozen=True, slots=True)
class BinaryRecord:
    """A binary record.

    Parameters
    ----------
    type : int
        3 to 8; only the Type-1 record says which.
    idc : int
        Image designation, 0..255.
    body : bytes
        What follows length and image designation.
    """

    type: int
    idc: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FixedImage:
    """What a Type-4 record says, or a Type-3 record at half its resolution.

    Parameters
    ----------
    impression : int
        0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled, 4..7 latent, 8 swipe.
    positions : tuple of int
        One to six possible positions; the first is the likeliest.
    width, height : int
        In px.
    data : bytes
        The image as compressed.
    compression : int
        0 none, 1 WSQ, 2 JPEG, 3 lossless JPEG, 4 and 5 JPEG 2000, 6 PNG.
    native : bool
        Scanned at the resolution of the Type-1 record, not at the least of 19.69 px/mm.
    """

    impression: int
    positions: tuple[int, ...]
    width: int
    height: int
    data: bytes = field(repr=False)
    compression: int = 0
    native: bool = True


def read_fixed_image(record: BinaryRecord) -> FixedImage:
    """Take the body of a Type-3 or Type-4 record apart.

    Raises
    ------
    FormatError
        It is another type, or too short.
    """
    if record.type not in IMAGE_TYPES:
        raise FormatError(f"Type {record.type} holds no grey image", field="record type")
    if len(record.body) < _HEAD.size:
        raise FormatError("too short for an image", field=field_name(record.type, 1))
    impression, positions, native, width, height, compression = _HEAD.unpack_from(record.body)
    return FixedImage(
        impression,
        tuple(one for one in positions if one != _UNUSED),
        width,
        height,
        record.body[_HEAD.size :],
        compression,
        bool(native),
    )


def make_fixed_image(image: FixedImage, idc: int, record_type: int = 4) -> BinaryRecord:
    """A Type-4 (or Type-3) record.

    Raises
    ------
    FormatError
        A number does not fit.

    Examples
    --------
    >>> record = make_fixed_image(FixedImage(1, (2,), 2, 1, bytes(2)), idc=1)
    >>> read_fixed_image(record).positions
    (2,)
    """
    if not 1 <= len(image.positions) <= 6:
        raise FormatError("one to six positions", field=field_name(record_type, 4))
    try:
        positions = bytes(image.positions).ljust(6, bytes([_UNUSED]))
        head = _HEAD.pack(
            image.impression, positions, image.native, image.width, image.height, image.compression
        )
        bytes([idc])
    except (struct.error, ValueError, TypeError):
        raise FormatError("a number does not fit", field=f"Type-{record_type} record") from None
    return BinaryRecord(record_type, idc, head + image.data)


def build_binary(record: BinaryRecord) -> bytes:
    """The bytes of a record, its length counted."""
    return struct.pack(">IB", HEAD_BYTES + len(record.body), record.idc) + record.body
