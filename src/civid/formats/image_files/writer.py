"""Grey pixels -> picture files, with the resolution in them where the format has a place for it."""

from __future__ import annotations

import io
import math
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError, ImageError
from civid.formats.image_files.picture import check_size

#: Pillow's name of each kind that it writes, and how.
_PILLOW: dict[str, tuple[str, dict[str, Any]]] = {
    "png": ("PNG", {}),
    "jpeg": ("JPEG", {}),
    "jp2": ("JPEG2000", {"irreversible": False}),
    "bmp": ("BMP", {}),
    "tiff": ("TIFF", {}),
}
#: What a JPEG has that hardly differs from the print.
_JPEG_QUALITY = 95
#: Of WSQ, in bits a pixel: what the FBI asks for, about 1 : 15.
_BITRATE = 0.75
#: What a format cannot hold, told by whoever converts.
LOSSES = {
    "jpeg": "JPEG changes grey values; PNG keeps them",
    "wsq": "WSQ changes grey values; PNG keeps them",
    "pgm": "PGM has no place for the resolution; give it again when the file is read",
}


def write(
    pixels: npt.NDArray[np.uint8],
    key: str,
    resolution: tuple[float, float] | None = None,
    *,
    quality: int | None = None,
    bitrate: float | None = None,
) -> bytes:
    """One picture file.

    Parameters
    ----------
    pixels : (H, W) uint8
        Grey, 0 black; at most 16 megapixels.
    key : str
        ``"png"``, ``"jp2"`` (lossless), ``"bmp"``, ``"tiff"``, ``"pgm"``; ``"jpeg"`` and ``"wsq"``
        lose something.
    resolution : (float, float), optional
        Across and down in pixels per inch; PGM has no place for it.
    quality : int, optional
        Of JPEG, 1..100; 95 by default.
    bitrate : float, optional
        Of WSQ, in bits a pixel; 0.75 is about 1 : 15.

    Raises
    ------
    ImageError
        Not such pixels, or too many.
    FormatError
        No such kind, or an option that it does not have.

    Examples
    --------
    >>> write(np.zeros((2, 3), np.uint8), "pgm")
    b'P5\\n3 2\\n255\\n\\x00\\x00\\x00\\x00\\x00\\x00'
    """
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.dtype != np.uint8:
        raise ImageError("pixels must be a two-dimensional array of uint8")
    check_size(pixels.shape[1], pixels.shape[0])
    _check_options(key, quality, bitrate)
    grey = np.ascontiguousarray(pixels)
    stated = None if resolution is None else _checked(resolution)
    if key == "pgm":
        return b"P5\n%d %d\n255\n" % (grey.shape[1], grey.shape[0]) + grey.tobytes()
    if key == "wsq":
        return _wsq(grey, stated, bitrate)
    if key not in _PILLOW:
        raise FormatError("is not written", field="format")
    return _by_pillow(grey, key, stated, quality)


def _check_options(key: str, quality: object, bitrate: object) -> None:
    if quality is not None:
        if key != "jpeg":
            raise FormatError("only JPEG has a quality", field="quality")
        if isinstance(quality, bool) or not isinstance(quality, int) or not 1 <= quality <= 100:
            raise FormatError("is a whole number 1..100", field="quality")
    if bitrate is not None and key != "wsq":
        raise FormatError("only WSQ has a bit rate", field="bitrate")


def _checked(resolution: tuple[float, float]) -> tuple[float, float]:
    across, down = (float(value) for value in resolution)
    if not all(math.isfinite(value) and 1 <= value <= 65535 for value in (across, down)):
        raise ImageError("the resolution must be 1..65535 px per inch")
    return across, down


def _by_pillow(
    grey: npt.NDArray[np.uint8],
    key: str,
    resolution: tuple[float, float] | None,
    quality: int | None,
) -> bytes:
    from PIL import Image

    kind, options = _PILLOW[key]
    if key == "jpeg":
        options = {"quality": _JPEG_QUALITY if quality is None else quality}
    if resolution is not None and key != "jp2":
        options = options | {"dpi": resolution}
    file = io.BytesIO()
    try:
        Image.fromarray(grey).save(file, kind, **options)
    except (OSError, ValueError, struct.error) as error:
        raise ImageError(f"cannot be written as {kind}: {grey.shape[1]} x {grey.shape[0]} px, or"
                         " its resolution, do not fit") from error  # fmt: skip
    made = file.getvalue()
    return made if key != "jp2" or resolution is None else _with_resolution(made, *resolution)


def _with_resolution(data: bytes, across: float, down: float) -> bytes:
    """A JP2 file with a capture resolution box (ISO/IEC 15444-1 I.5.3.7), which Pillow leaves out.

    Samples a metre are (dpi x 100) / 254 x 100, or a tenth of the first and ten times the last.
    """
    start = data.index(b"jp2h") - 4
    length = int.from_bytes(data[start : start + 4], "big")
    power = 2 if max(across, down) <= 655 else 3 if max(across, down) <= 6553 else 4
    tens = 10 ** (4 - power)
    values = [number for dpi in (down, across) for number in (round(dpi * tens), 254)]
    capture = struct.pack(">I4s4H2b", 18, b"resc", *values, power, power)
    boxes = struct.pack(">I4s", 8 + len(capture), b"res ") + capture
    end = start + length
    head = (length + len(boxes)).to_bytes(4, "big")
    return data[:start] + head + data[start + 4 : end] + boxes + data[end:]


def _wsq(
    grey: npt.NDArray[np.uint8], resolution: tuple[float, float] | None, bitrate: float | None
) -> bytes:
    from civid.formats.image_files import wsq

    ppi = None if resolution is None else round(resolution[0])
    if resolution is not None and round(resolution[1]) != ppi:
        raise FormatError("WSQ has one for both directions", field="resolution")
    return wsq.encode(grey, ppi=ppi, bitrate=_BITRATE if bitrate is None else bitrate)
