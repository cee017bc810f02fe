"""Transactions made from pixels and minutiae: Type 1 and Type 2 around what is sent."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError, ImageError, UnavailableError
from civid.formats.ansi_nist._walk import Record
from civid.formats.ansi_nist.binary import BinaryRecord
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import FS, GS, RS, US, Field, TaggedRecord, join
from civid.formats.ansi_nist.transaction import Transaction
from civid.formats.ansi_nist.type14 import (
    AMPUTATED,
    TYPES,
    UNABLE,
    RidgeImage,
    Segment,
    make_ridge_image,
)

#: 2015, the edition that the newest readers expect.
_VERSION = "0502"
_UTF8 = ("003", "UTF-8", "NA")
_SEPARATORS = (FS, GS, RS, US)
_BITS = 8


def build_transaction(
    kind: str,
    day: date,
    *,
    origin: str,
    destination: str,
    control_number: str,
    records: Iterable[Record] = (),
    texts: Mapping[int, str] | None = None,
    priority: int | None = None,
    domain: str = "",
    resolution: float = 19.69,
    version: str = _VERSION,
) -> Transaction:
    """A transaction with its Type-1 record, one Type-2 record, and the records given.

    Parameters
    ----------
    kind : str
        Type of transaction (TOT), which the receiver defines: "CAR", "LFFS", "AMN" ...
    day : date
        The day on which it is sent (DAT).
    origin, destination : str
        Agency identifiers (ORI, DAI).
    control_number : str
        Transaction control number (TCN), by which an answer refers to it.
    records : iterable of records
        Type 4, 9, 13, 14, 15 ...; see `image_record` and
        `civid.formats.ansi_nist.minutiae.make_type9`.
    texts : mapping of int to str, optional
        Fields of the Type-2 record from .003 on, whose meaning the receiver defines.
    priority : int, optional
        1 (most urgent) .. 9.
    domain : str
        Who defines the Type-2 record and the kinds of transactions (DOM), as "NORAM".
    resolution : float
        px/mm of images of fixed resolution (Types 3 to 7); not written where there are none.
    version : str
        "0400" (2007), "0500" (2011), "0501" (2013), "0502" (2015).

    Raises
    ------
    FormatError
        A text holds a separator.

    Examples
    --------
    >>> made = build_transaction("CAR", date(2026, 1, 2), origin="VN001", destination="VN000",
    ...                          control_number="1", texts={3: "none"})
    >>> made.head.transaction, made.head.content
    ('CAR', ((2, 0),))
    """
    kept = tuple(records)
    second = TaggedRecord(
        2,
        (
            Field(2, b"00"),
            *(Field(number, _plain(text, 2, number)) for number, text in (texts or {}).items()),
        ),
    )
    following: tuple[Record, ...] = (second, *kept)
    fixed = any(isinstance(one, BinaryRecord) and one.type in range(3, 8) for one in kept)
    per_mm = f"{resolution if fixed else 0:05.2f}"
    written = (kind, origin, destination, control_number, domain, *(texts or {}).values())
    content = [(1, len(following)), *((one.type, f"{one.idc or 0:02d}") for one in following)]
    values: list[tuple[int, object]] = [
        (2, version),
        (3, join(content)),
        (4, kind),
        (5, f"{day:%Y%m%d}"),
        (6, priority),
        (7, destination),
        (8, origin),
        (9, control_number),
        (11, per_mm),
        (12, per_mm),
        (13, join([(_plain(domain, 1, 13), b"")]) if domain else None),
        (15, None if all(one.isascii() for one in written) else join([_UTF8])),
    ]
    first = TaggedRecord(
        1,
        tuple(
            Field(number, value if isinstance(value, bytes) else _plain(str(value), 1, number))
            for number, value in values
            if value is not None
        ),
    )
    return Transaction((first, *following))


def image_record(
    pixels: npt.NDArray[Any],
    *,
    idc: int,
    position: int,
    dpi: float,
    source: str,
    day: date,
    record_type: int = 14,
    impression: int = 0,
    compression: str = "NONE",
    segments: tuple[Segment, ...] = (),
    comment: str = "",
) -> TaggedRecord:
    """A Type-13, -14 or -15 record of an image.

    Parameters
    ----------
    pixels : (H, W) uint8
        0 black.
    idc : int
        Image designation, 1..99, another for each image.
    position : int
        FGP: 1..10, 13 right slap, 14 left slap, 15 thumbs, 21 right palm ...
    dpi : float
        Rounded to whole px/inch.
    source : str
        Agency that took the print (SRC).
    day : date
        On which it was taken.
    record_type : int
        14 finger, 15 palm, 13 latent.
    impression : int
        0 live plain, 1 live rolled, 10 live palm, 4..7 latent ...
    compression : str
        "NONE", "PNG", "JP2L" (both without loss) or "WSQ20".
    segments : tuple of Segment
        Where the fingers of a slap lie.
    comment : str

    Raises
    ------
    ImageError
        The pixels are no image.
    FormatError
        A compression that is not written, or a text with a separator.
    UnavailableError
        This build cannot write WSQ.
    """
    if record_type not in TYPES:
        raise FormatError("should be 13, 14 or 15", field="record type")
    array = np.asarray(pixels)
    if array.dtype != np.uint8 or array.ndim != 2 or not array.size:
        raise ImageError("an image is an array (H, W) of uint8")
    height, width = array.shape
    for text, number in ((source, 4), (comment, 20)):
        _plain(text, record_type, number)
    image = RidgeImage(
        type=record_type,
        impression=impression,
        positions=(position,),
        width=width,
        height=height,
        scale_units=1,
        across=round(dpi),
        down=round(dpi),
        compression=compression,
        bits=_BITS,
        source=source,
        date=f"{day:%Y%m%d}",
        data=compress(array, compression, dpi),
        segments=segments,
        comment=comment,
    )
    return make_ridge_image(image, idc)


def missing_record(
    *,
    idc: int,
    position: int,
    source: str,
    day: date,
    code: str = AMPUTATED,
    impression: int = 0,
) -> TaggedRecord:
    """A Type-14 record without an image: a finger that is amputated ("XX") or bandaged ("UP").

    Raises
    ------
    FormatError
        Another code, or a text with a separator.

    Examples
    --------
    >>> record = missing_record(idc=1, position=2, source="A", day=date(2026, 1, 2), code="UP")
    >>> record.subfields(18)
    ((b'2', b'UP'),)
    """
    if code not in (AMPUTATED, UNABLE):
        raise FormatError("should be XX or UP", field=field_name(14, 18))
    _plain(source, 14, 4)
    image = RidgeImage(
        type=14,
        impression=impression,
        positions=(position,),
        width=None,
        height=None,
        scale_units=None,
        across=None,
        down=None,
        compression="",
        bits=None,
        source=source,
        date=f"{day:%Y%m%d}",
        missing=((position, code),),
    )
    return make_ridge_image(image, idc)


def compress(pixels: npt.NDArray[np.uint8], compression: str, dpi: float) -> bytes:
    """The bytes of an image in one of the compressions that are written.

    Raises
    ------
    FormatError
        Another compression.
    UnavailableError
        This build cannot write WSQ.
    """
    if compression == "NONE":
        return pixels.tobytes()
    if compression == "WSQ20":
        return _wsq(pixels, dpi)
    if compression not in ("PNG", "JP2L"):
        raise FormatError("written are NONE, WSQ20, PNG, JP2L", field=field_name(14, 11))
    from PIL import Image

    file = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if compression == "PNG":
        image.save(file, "PNG", dpi=(dpi, dpi))
    else:
        image.save(file, "JPEG2000", irreversible=False)
    return file.getvalue()


def _wsq(pixels: npt.NDArray[np.uint8], dpi: float) -> bytes:
    from civid.formats.image_files import wsq

    encode = getattr(wsq, "encode", None)
    if encode is None:
        raise UnavailableError("this build cannot write WSQ; take PNG or JP2L")
    return bytes(encode(pixels, ppi=round(dpi)))


def _plain(text: str, record_type: int, number: int) -> bytes:
    value = text.encode()
    if any(one in value for one in _SEPARATORS):
        raise FormatError("a text cannot hold a separator", field=field_name(record_type, number))
    return value
