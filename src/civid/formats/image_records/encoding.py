"""Pixels -> a finger image record of any edition."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError, ImageError, ResolutionError
from civid.formats.image_files import picture
from civid.formats.image_records import (
    ansi381_2004,
    common,
    fixed_record,
    iso19794_4_2005,
    iso19794_4_2011,
    representation,
)
from civid.formats.image_records.common import Payload
from civid.formats.image_records.editions import Record, edition
from civid.formats.minutiae.iso19794_2_2011 import Quality

#: Acquisition level and the least ppi that it asks for (table 1); those of certified devices,
#: 31 and 41, are never claimed.
_LEVELS = ((40, 990), (35, 742), (30, 490), (20, 247), (10, 123))
_ANSI_LEVELS = tuple(one for one in _LEVELS if one[0] in ansi381_2004.LEVELS)


def encode(
    pixels: npt.NDArray[np.uint8],
    ppi: float,
    *,
    position: int = 0,
    edition_name: str = iso19794_4_2011.NAME,
    payload: Payload | str = Payload.WSQ,
    impression: int = 0,
    quality: int | None = None,
    product: tuple[int, int] = (0, 0),
) -> Record:
    """A record of one image, ready for `build` of its edition.

    Parameters
    ----------
    pixels : (H, W) uint8
        Grey, 0 black.
    ppi : float
        Resolution in pixels per inch, both ways.
    position : int
        Finger position code of the edition; 0 = unknown.
    edition_name : str
        "ISO/IEC 19794-4:2011", "ISO/IEC 19794-4:2005" or "ANSI/INCITS 381-2004".
    payload : Payload or str
        "raw", "PNG", "JPEG 2000 lossless" or "WSQ", which loses a little.
    impression : int
        Impression code of the edition; 0 = live-scan plain.
    quality : int or None
        0 worst .. 100 best; None = not given.
    product : (int, int)
        CBEFF owner and type of the program that writes; only ANSI/INCITS 381-2004 has room for
        it, and needs an owner.

    Raises
    ------
    ImageError
        Not (H, W) uint8, or too large.
    ResolutionError
        Not a resolution that the edition has room for.
    FormatError
        No such edition or payload, or a code that the edition does not know.

    >>> record = encode(np.full((30, 20), 255, np.uint8), 500, position=2, payload="PNG")
    >>> iso19794_4_2011.parse(iso19794_4_2011.build(record)).views[0].position
    2
    """
    module = edition(edition_name)
    _check(pixels, ppi)
    kind = _payload(payload)
    image = encode_image(pixels, ppi, kind)
    resolution = (round(ppi), round(ppi))
    height, width = pixels.shape
    record: Record
    if module is iso19794_4_2011:
        view = representation.View(
            image=image,
            position=position,
            width=width,
            height=height,
            impression=impression,
            compression=representation.COMPRESSIONS.index(kind),
            image_resolution=resolution,
            scan_resolution=resolution,
            qualities=() if quality is None else (Quality(quality),),
        )
        record = iso19794_4_2011.Record((view,))
    else:
        stored = Payload.JPEG2000 if kind is Payload.JPEG2000_LOSSLESS else kind
        views = (
            fixed_record.View(
                image=image,
                position=position,
                width=width,
                height=height,
                quality=fixed_record.UNDEFINED if quality is None else quality,
                impression=impression,
            ),
        )
        shared: dict[str, Any] = {
            "compression": fixed_record.COMPRESSIONS.index(stored),
            "image_resolution": resolution,
            "scan_resolution": resolution,
            "level": level(min(resolution), ansi=module is ansi381_2004),
        }
        if module is ansi381_2004:
            owner, product_type = product
            record = ansi381_2004.Record(
                views, **shared, product_owner=owner, product_type=product_type
            )
        else:
            record = iso19794_4_2005.Record(views, **shared)
    for finding in module.validate(record):
        raise common.named(module.NAME, finding).error()
    return record


def level(ppi: float, *, ansi: bool) -> int:
    """The acquisition level that a resolution reaches without any claim of certification.

    Raises
    ------
    ResolutionError
        None is reached.

    >>> level(500, ansi=False), level(800, ansi=False), level(800, ansi=True)
    (30, 35, 30)
    """
    for code, least in _ANSI_LEVELS if ansi else _LEVELS:
        if ppi >= least:
            return code
    raise ResolutionError(f"{ppi:.0f} ppi; the least acquisition level has 125 ppi")


def encode_image(pixels: npt.NDArray[np.uint8], ppi: float, payload: Payload) -> bytes:
    """Image data of one kind; see `encode`."""
    if payload is Payload.RAW:
        return np.ascontiguousarray(pixels).tobytes()
    if payload is Payload.WSQ:
        from civid.formats.image_files import wsq  # on use, with its C part

        return wsq.encode(pixels, ppi=round(ppi))
    from PIL import Image

    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if payload is Payload.PNG:
        image.save(buffer, "PNG", dpi=(ppi, ppi))
    else:
        image.save(buffer, "JPEG2000", irreversible=False)
    return buffer.getvalue()


def _payload(payload: Payload | str) -> Payload:
    wanted = (Payload.RAW, Payload.PNG, Payload.JPEG2000_LOSSLESS, Payload.WSQ)
    if payload not in wanted:
        raise FormatError(f"should be one of {', '.join(wanted)}", field="payload")
    return Payload(payload)


def _check(pixels: npt.NDArray[np.uint8], ppi: float) -> None:
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.ndim != 2:
        raise ImageError("pixels are an array (H, W) of uint8")
    height, width = pixels.shape
    picture.check_size(width, height)
    try:
        fits = 1 <= round(ppi) <= 0xFFFF
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        raise ResolutionError("a resolution is a number of pixels per inch, 1 to 65535")
