"""The head of a picture file: size and resolution, without decoding a pixel."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import CividError, FormatError, ImageError
from civid.formats.image_files import guards, netpbm, picture, wsq


@dataclass(frozen=True, slots=True)
class PictureHead:
    """What a file says of its picture.

    Parameters
    ----------
    kind : str
        "PNG", "JPEG", ...
    width, height : int
        In px, as stored: an Exif orientation is not looked at.
    resolution : (float, float) or None
        Across and down in pixels per inch as stated, unchecked.
    """

    kind: str
    width: int
    height: int
    resolution: tuple[float, float] | None


def head(data: bytes) -> PictureHead:
    """Read it.

    Raises
    ------
    ImageError
        Not a picture, larger than 64 MiB, or damaged in its head.

    Examples
    --------
    >>> head(b"P5 2 3 255 " + bytes(6))
    PictureHead(kind='PGM', width=2, height=3, resolution=None)
    """
    kind = guards.kind(data)
    if kind is None:
        raise ImageError("not an image of a known kind")
    if len(data) > picture.MAX_FILE_BYTES:
        raise ImageError(f"the file is larger than {picture.MAX_FILE_BYTES >> 20} MiB")
    try:
        if kind == "WSQ":
            read = wsq.parse(data)
            ppi = None if read.ppi is None else (float(read.ppi), float(read.ppi))
            return PictureHead(kind, read.width, read.height, ppi)
        if kind == "PGM":
            size = netpbm.parse(data)
            return PictureHead(kind, size.width, size.height, None)
        return _by_pillow(kind, data)
    except FormatError as error:
        raise ImageError(f"the WSQ image is damaged or cut short: {error}") from None
    except CividError:
        raise
    except Exception as error:  # Pillow raises a dozen types for damaged files
        raise ImageError(f"the {kind} image is damaged or cut short") from error


def _by_pillow(kind: str, data: bytes) -> PictureHead:
    guards.check(kind, data)
    with picture._quiet_pillow():
        image = picture._open(kind, data)
        return PictureHead(kind, *image.size, picture._resolution(kind, image))
