"""Picture files -> grey pixels and the resolution that the file states. Bounded, and quiet.

PNG, BMP, JPEG, TIFF, JPEG 2000 and GIF through Pillow, PGM and WSQ through the modules beside this.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from civid.errors import CividError, FormatError, ImageError
from civid.formats._detect import detect
from civid.formats.image_files import exif, guards, netpbm, wsq

if TYPE_CHECKING:
    from PIL.Image import Image

#: Ten-print cards at 500 dpi have 15 megapixels; one finger at 1000 dpi has two.
MAX_PIXELS = 16_000_000
#: That of JPEG; one finger at 4000 dpi has 16,384.
MAX_SIDE = 65_500
#: 16 megapixels of 24 bits, with something to spare.
MAX_FILE_BYTES = 64 << 20

#: Tags of TIFF.
_BITS_PER_SAMPLE, _PHOTOMETRIC, _X_RESOLUTION = 258, 262, 282
#: Pillow's (module, class) for each kind; named to pass by its registry of other kinds.
_PLUGINS = {
    "PNG": ("PngImagePlugin", "PngImageFile"),
    "BMP": ("BmpImagePlugin", "BmpImageFile"),
    "JPEG": ("JpegImagePlugin", "JpegImageFile"),
    "TIFF": ("TiffImagePlugin", "TiffImageFile"),
    "JPEG 2000": ("Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "GIF": ("GifImagePlugin", "GifImageFile"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded file.

    Parameters
    ----------
    kind : str
        "PNG", "JPEG", ...
    pixels : (H, W) uint8
        Grey, 0 black.
    resolution : (float, float) or None
        Across and down in pixels per inch as stated in the file, unchecked.
    """

    kind: str
    pixels: npt.NDArray[np.uint8] = field(repr=False)
    resolution: tuple[float, float] | None


def decode(data: bytes) -> Picture:
    """Decode one picture.

    Raises
    ------
    ImageError
        Not a picture, damaged, cut short, too large, or more than one page.
    """
    if not isinstance(data, bytes):
        raise ImageError(f"an image file is bytes, not {type(data).__name__}")
    if not data:
        raise ImageError("the file is empty")
    if len(data) > MAX_FILE_BYTES:
        raise ImageError(f"the file is larger than {MAX_FILE_BYTES >> 20} MiB")
    kind = guards.kind(data)
    if kind is None:
        name = detect(data)
        known = f"{', '.join(_PLUGINS)}, PGM, WSQ"
        if name is None:
            raise ImageError(f"not an image of a known kind ({known})")
        from civid.formats._wrappings import wrapping

        if wrapping(data):
            raise ImageError(
                f"this looks like {name}; unwrap it first"
                " (civid convert, or civid.formats.unwrapped)"
            )
        raise ImageError(f"this looks like {name}, not like an image file ({known})")
    if kind == "WSQ":
        return _decode_wsq(data)
    try:
        return _decode_netpbm(data) if kind == "PGM" else _decode_pillow(kind, data)
    except CividError:
        raise
    except MemoryError:
        raise ImageError("the image does not fit into memory") from None
    except Exception as error:  # Pillow raises a dozen types for damaged files
        raise ImageError(f"the {kind} image is damaged or cut short") from error


def _decode_wsq(data: bytes) -> Picture:
    try:
        head = wsq.parse(data)
        check_size(head.width, head.height)
        pixels = wsq.decode(data, head)
    except FormatError as error:
        raise ImageError(f"the WSQ image is damaged or cut short: {error}") from None
    return Picture("WSQ", pixels, None if head.ppi is None else (head.ppi, head.ppi))


def _decode_netpbm(data: bytes) -> Picture:
    from PIL import Image as images

    head = netpbm.parse(data)
    check_size(head.width, head.height)
    pixels = images.fromarray(netpbm.decode(data, head))
    return Picture("PGM", _grey(pixels, deep=False, negative=False), None)


def check_size(width: int, height: int) -> None:
    """Raise `ImageError` for a size that is not decoded."""
    if width < 1 or height < 1:
        raise ImageError(f"the image has no pixels ({width} x {height})")
    if max(width, height) > MAX_SIDE:  # each row costs memory of its own
        raise ImageError(
            f"the image is too large: {width} x {height} px, no side may have more than {MAX_SIDE}"
        )
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"the image is too large: {width} x {height} px, at most"
            f" {MAX_PIXELS // 1_000_000} megapixels are read"
        )


def _decode_pillow(kind: str, data: bytes) -> Picture:
    guards.check(kind, data)
    with _quiet_pillow():
        image = _open(kind, data)
        check_size(*image.size)
        guards.check_decoding(kind, data, *image.size)
        if _frames(kind, data, image):
            raise ImageError(f"the {kind} file holds more than one image; save one alone")
        image.load()
        grey = _grey(image, deep=_bits(kind, data, image) == 16, negative=_negative(kind, image))
        return Picture(kind, _upright(grey, _orientation(kind, image)), _resolution(kind, image))


def decode_photograph(data: bytes, max_pixels: int) -> Image:
    """The first image of a file as Pillow has it, in grey; a photograph may be larger than a print.

    Raises
    ------
    ImageError
        Not a picture, damaged, cut short, or too large.
    """
    kind = guards.kind(data)
    if kind is None or kind not in _PLUGINS:
        raise ImageError("this is no picture that can be read")
    if len(data) > MAX_FILE_BYTES:
        raise ImageError(f"the file is larger than {MAX_FILE_BYTES >> 20} MiB")
    try:
        guards.check(kind, data)
        with _quiet_pillow():
            image = _open(kind, data)
            most = max_pixels if kind == "JPEG" else MAX_PIXELS
            if image.width * image.height > most:
                raise ImageError(f"more than {most:,} pixels")
            guards.check_decoding(kind, data, *image.size)
            image.draft("L", image.size)  # a JPEG need not be made coloured first
            image.load()
            return image.convert("L")
    except CividError:
        raise
    except Exception as error:  # Pillow raises a dozen types for damaged files
        raise ImageError("this is no picture that can be read") from error


def _open(kind: str, data: bytes) -> Image:
    from importlib import import_module

    module, name = _PLUGINS[kind]
    image: Image = getattr(import_module(f"PIL.{module}"), name)(io.BytesIO(data))
    return image


def _frames(kind: str, data: bytes, image: Image) -> bool:
    """Is there more than one image? GIF is asked on a copy, since asking decodes."""
    if kind == "TIFF":
        return exif.weigh(data).more_pages
    asked = _open(kind, data) if kind == "GIF" else image
    return bool(getattr(asked, "is_animated", False))


def _orientation(kind: str, image: Image) -> int:
    """Exif orientation; Pillow turns TIFF images itself."""
    return exif.exif_orientation(image.info.get("exif")) if kind in ("JPEG", "PNG") else 1


def _resolution(kind: str, image: Image) -> tuple[float, float] | None:
    stated = image.info.get("dpi")
    if kind == "TIFF" and not _tag(image, _X_RESOLUTION):
        return None  # Pillow makes 1 dpi of a resolution that is not there
    try:
        return (float(stated[0]), float(stated[1])) if stated else None
    except (TypeError, ValueError, ArithmeticError, IndexError):
        return None


def _tag(image: Image, number: int) -> Any:
    """The value of a TIFF tag, or None."""
    return getattr(image, "tag_v2", {}).get(number)


def _bits(kind: str, data: bytes, image: Image) -> int:
    """Bits a sample in the file, where Pillow keeps only the high byte of colours."""
    if kind == "PNG":
        return data[24]
    stated = _tag(image, _BITS_PER_SAMPLE) or (8,)
    return int(stated[0] if isinstance(stated, tuple) else stated)


def _negative(kind: str, image: Image) -> bool:
    """Is 0 white? Pillow turns such a TIFF round where it has 8 bits, not where it has 16."""
    return kind == "TIFF" and _tag(image, _PHOTOMETRIC) == 0 and image.mode.startswith("I")


def _grey(image: Image, *, deep: bool, negative: bool) -> npt.NDArray[np.uint8]:
    """Any mode of Pillow as 8-bit grey.

    16 bits: the high byte. Colour: ITU-R 601 luma. Transparent: laid on white, but where all of it
    is transparent, the alpha channel is taken for unused. CMYK: through RGB.
    """
    mode = image.mode
    if mode.startswith("I"):
        return _high_byte(image, negative=negative)
    if deep and mode in ("RGB", "RGBA", "LA"):
        _check_range(max(int(high) for _, high in _extremes(image)) * 0x101)
    if mode == "PA" or (mode in ("P", "L", "RGB", "1") and "transparency" in image.info):
        image = image.convert("RGBA")
    elif mode in ("La", "RGBa"):
        image = image.convert(mode.upper())
    elif mode in ("P", "CMYK", "YCbCr"):
        image = image.convert("RGB")
    if image.mode in ("LA", "RGBA"):
        image = _on_white(image)
    if image.mode not in ("1", "L", "RGB", "RGBX"):
        raise ImageError(f"pixels of this type are not supported ({mode})")
    return np.asarray(image.convert("L"), dtype=np.uint8)


def _on_white(image: Image) -> Image:
    from PIL import Image as module

    image = image.convert("RGBA")
    if image.getchannel("A").getextrema() == (0, 0):  # writers that leave the fourth byte empty
        return image.convert("RGB")
    opaque = module.new("RGBA", image.size, (255, 255, 255, 255))
    return module.alpha_composite(opaque, image).convert("RGB")


def _extremes(image: Image) -> list[tuple[float, float]]:
    """Lowest and highest value of each channel of colour or grey."""
    channels = [name for name in image.getbands() if name != "A"]
    return [image.getchannel(name).getextrema() for name in channels]  # type: ignore[misc]


def _check_range(high: int) -> None:
    """12 bits or fewer in a 16-bit file: the high byte would be all but black."""
    if high < 0x1000:
        raise ImageError(
            f"the 16-bit image uses grey values up to {high} of 65535 only;"
            " scale it to the full range or save it with 8 bits"
        )


def _high_byte(image: Image, *, negative: bool) -> npt.NDArray[np.uint8]:
    values: npt.NDArray[Any] = np.asarray(image)
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 0xFFFF:
        raise ImageError("grey values of more than 16 bits are not supported")
    _check_range(high)
    grey = (values >> 8).astype(np.uint8)
    if negative:
        grey = 255 - grey
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        grey[values == clear] = 255
    return grey


def _upright(pixels: npt.NDArray[np.uint8], orientation: int) -> npt.NDArray[np.uint8]:
    """Undo the Exif orientation 1..8."""
    if orientation >= 5:
        pixels = pixels.T
    # After the transposition of 5..8, what is left is a flip, a turn or nothing.
    flip_x = orientation in (2, 3, 6, 7)
    flip_y = orientation in (3, 4, 7, 8)
    return np.ascontiguousarray(pixels[:: -1 if flip_y else 1, :: -1 if flip_x else 1])


_lock = threading.Lock()
_users = 0
_restore: list[Any] = []


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow without warnings and without its leniency for truncated files.

    Both are settings of the process: the first reader sets them, the last one puts them back, and
    readers in several threads do not wait for each other.
    """
    from PIL import ImageFile

    global _users
    with _lock:
        if not _users:
            caught = warnings.catch_warnings()
            caught.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
            _restore[:] = [caught, ImageFile.LOAD_TRUNCATED_IMAGES]
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                caught, ImageFile.LOAD_TRUNCATED_IMAGES = _restore
                _restore.clear()
                caught.__exit__(None, None, None)
