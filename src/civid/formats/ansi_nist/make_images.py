"""Image records made from pixels, and those of fingers that are missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError, ImageError
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import TaggedRecord, plain
from civid.formats.ansi_nist.type14.image import TYPES, RidgeImage, make_ridge_image
from civid.formats.ansi_nist.type14.lists import AMPUTATED, UNABLE, Segment

_BITS = 8


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
    """
    if record_type not in TYPES:
        raise FormatError("should be 13, 14 or 15", field="record type")
    array = np.asarray(pixels)
    if array.dtype != np.uint8 or array.ndim != 2 or not array.size:
        raise ImageError("an image is an array (H, W) of uint8")
    height, width = array.shape
    for text, number in ((source, 4), (comment, 20)):
        plain(text, record_type, number)
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
    code: str = UNABLE,
    impression: int = 0,
) -> TaggedRecord:
    """A Type-14 record without an image: a finger that is bandaged or amputated ("UP").

    Until 2007 an amputated finger had "XX", which since then says that a part of it is printed.

    Raises
    ------
    FormatError
        Another code, or a text with a separator.

    Examples
    --------
    >>> record = missing_record(idc=1, position=2, source="A", day=date(2026, 1, 2))
    >>> record.subfields(18)
    ((b'2', b'UP'),)
    """
    if code not in (AMPUTATED, UNABLE):
        raise FormatError("should be XX or UP", field=field_name(14, 18))
    plain(source, 14, 4)
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
    """
    from civid.formats.image_records.common import Payload
    from civid.formats.image_records.encoding import encode_image

    payloads = {
        "NONE": Payload.RAW,
        "WSQ20": Payload.WSQ,
        "PNG": Payload.PNG,
        "JP2L": Payload.JPEG2000_LOSSLESS,
    }
    if compression not in payloads:
        raise FormatError(f"written are {', '.join(payloads)}", field=field_name(14, 11))
    return encode_image(pixels, dpi, payloads[compression])
