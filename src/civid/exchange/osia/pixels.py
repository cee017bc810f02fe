"""A buffer of OSIA's BiometricData -> one image, checked against what is said of it."""

from __future__ import annotations

import base64
import binascii

import numpy as np

from civid.exchange.osia.faults import unusable
from civid.exchange.osia.models import BiometricData
from civid.exchange.osia.vocabulary import COMPRESSIONS, CompressionType
from civid.fingerprint.image import FingerImage, read_image


def buffer(text: str, name: str) -> bytes:
    """The bytes behind base64, with or without padding and line ends.

    Raises
    ------
    Fault
        Not base64, or nothing.

    >>> buffer("UDU=", "image")
    b'P5'
    """
    packed = "".join(text.split())
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise unusable(f"{name} is not base64") from None
    if not data:
        raise unusable(f"{name} is empty")
    return data


def image_of(item: BiometricData, data: bytes, *, position: int | None = None) -> FingerImage:
    """The image in a buffer: bare pixels, a picture, or a record with one image in it.

    Parameters
    ----------
    item : BiometricData
        Its ``resolution`` (dpi) goes before what the file says; ``width``, ``height``, ``bitdepth``
        and ``compression`` have to be true where they are given.
    data : bytes
    position : int, optional
        Which image of a record that holds several, by its finger or slap.

    Raises
    ------
    Fault, ImageError, FormatError
        It cannot be read, or is not what is said of it.
    """
    dpi = None if item.resolution is None else float(item.resolution)
    if _bare(item, data):
        if item.bitdepth not in (None, 8):
            raise unusable(f"bare pixels have a bitdepth of 8, not {item.bitdepth}")
        if dpi is None:
            raise unusable("bare pixels need their resolution")
        pixels = np.frombuffer(data, np.uint8).reshape(item.height or 0, item.width or 0)
        return FingerImage(pixels, dpi)
    _packed_as_said(item, data)
    image = read_image(data, dpi, position=position)
    height, width = image.pixels.shape
    if item.width not in (None, width) or item.height not in (None, height):
        raise unusable(f"the image has {width} x {height} px, which is not what is said of it")
    return image


def _bare(item: BiometricData, data: bytes) -> bool:
    if item.compression is not CompressionType.NONE:
        return False
    return (item.width or 0) * (item.height or 0) == len(data)


def _packed_as_said(item: BiometricData, data: bytes) -> None:
    from civid.formats._door import sniffed

    if item.compression is None:
        return
    found = sniffed(data)
    if item.compression is CompressionType.NONE:
        if found is None:
            raise unusable(
                f"{len(data)} bytes are not the bare pixels of width x height, nor a known file"
            )
    elif (
        found is not None
        and found.kind == "picture"
        and found.key != COMPRESSIONS[item.compression]
    ):
        raise unusable(f"the image is {found.name}, not {item.compression.value}")
