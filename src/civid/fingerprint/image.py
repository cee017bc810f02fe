"""A grey image of one finger, and its resolution."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from civid import display
from civid._native import lib
from civid.errors import FormatError, ImageError, ResolutionError

MIN_DPI: int = lib.CIVID_MIN_DPI
MAX_DPI: int = lib.CIVID_MAX_DPI

#: Two resolutions this close are one.
_SAME = 0.01
#: File systems hold no longer names of a file, and messages need none.
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True, eq=False)
class FingerImage:
    """A print as scanned: dark ridges on light ground. Immutable.

    Parameters
    ----------
    pixels : (H, W) uint8
        Grey values, row by row from the top. Copied and made read-only.
    dpi : float
        True resolution in pixels per inch, 100..4000.

    Raises
    ------
    ImageError
        Not a two-dimensional array of uint8 with at least one pixel.
    ResolutionError
        The resolution is not a number in its range.

    Notes
    -----
    A print that stands on its side needs nothing: comparison is indifferent to rotation. A print
    in negative (light ridges on dark ground) has its valleys taken for ridges and compares badly:
    call `inverted` first. Nothing guesses this, because some sensors show a dark ground.
    """

    pixels: npt.NDArray[np.uint8]
    dpi: float

    def __post_init__(self) -> None:
        pixels = self.pixels
        if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.dtype != np.uint8:
            raise ImageError("pixels must be a two-dimensional array of uint8")
        if not pixels.size:
            raise ImageError(f"the image has no pixels ({pixels.shape[1]} x {pixels.shape[0]})")
        copy = np.array(pixels, dtype=np.uint8, order="C")
        copy.setflags(write=False)
        object.__setattr__(self, "pixels", copy)
        object.__setattr__(self, "dpi", checked_dpi(self.dpi))

    @classmethod
    def from_array(cls, pixels: npt.ArrayLike, dpi: float) -> FingerImage:
        """An image from any two-dimensional array of whole numbers 0..255.

        >>> FingerImage.from_array([[0, 255], [255, 0]], dpi=500)
        FingerImage(2x2 px, 500 dpi)
        """
        try:
            array = np.asarray(pixels)
        except ValueError:
            raise ImageError("pixels must be a two-dimensional array") from None
        if array.dtype != np.uint8:
            if array.dtype.kind not in "iu":
                raise ImageError("pixels must be whole numbers 0..255")
            if array.size and not (array.min() >= 0 and array.max() <= 255):
                raise ImageError("pixels must be 0..255")
        return cls(array.astype(np.uint8, copy=False), dpi)

    def inverted(self) -> FingerImage:
        """The negative: dark becomes light."""
        return FingerImage(255 - self.pixels, self.dpi)

    def __reduce__(self) -> tuple[type[FingerImage], tuple[Any, ...]]:
        """Copies and pickles are made anew: checked and read-only."""
        return type(self), (np.array(self.pixels), self.dpi)

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        """The pixels, for NumPy; read-only where they are not copied."""
        return np.array(self.pixels, dtype=dtype, copy=copy)

    def _repr_png_(self) -> bytes:
        return display.png(self)

    def __repr__(self) -> str:
        height, width = self.pixels.shape
        return f"FingerImage({width}x{height} px, {self.dpi:g} dpi)"


def read_image(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    dpi: float | None = None,
    *,
    view: int | None = None,
    position: int | None = None,
) -> FingerImage:
    """Read one print from a file of any kind that holds one.

    Pictures: PNG, BMP, JPEG, TIFF, JPEG 2000, PGM, GIF and WSQ. Colour becomes luma, transparent
    parts become white, of 16 bits the high byte is taken, and the orientation in the file is
    honoured. Finger image records (ISO/IEC 19794-4, ISO/IEC 39794-4, ANSI/INCITS 381), ANSI/NIST
    transactions and CBEFF envelopes: the image inside.

    Parameters
    ----------
    source : path, bytes or binary file
        The file, what stands in it, or an open one.
    dpi : float, optional
        True resolution. It goes before what the file says, and what a record says goes before the
        picture inside it. Without it the file has to say it; values below 100 (72 and 96 are
        written by programs that do not know) count as unknown.
    view : int, optional
        Which image of a record or transaction that holds several, counted from 0.
    position : int, optional
        The same by its finger, `civid.Position`; with ``view``, the view is checked against it.

    Raises
    ------
    ImageError
        The file cannot be read, holds no image, is damaged, cut short, larger than 16 megapixels
        or 64 MiB, or holds several images and none was chosen: the message lists them.
    ResolutionError
        The resolution is missing, different across and down, or outside 100..4000.

    Notes
    -----
    Safe to call from several threads at once. While one reads, warnings from Pillow are off in
    the whole process.

    Examples
    --------
    >>> read_image(b"P5 2 2 255 " + bytes(4), dpi=500)
    FingerImage(2x2 px, 500 dpi)
    """
    from civid.formats.image_files import picture

    given = None if dpi is None else checked_dpi(dpi)
    data, name, _ = read_source(source, picture.MAX_FILE_BYTES)
    return image_in(data, name, given, view, position)


def image_in(
    data: bytes, name: str, dpi: float | None, view: int | None, position: int | None
) -> FingerImage:
    """The image of a file that was read; ``name`` stands in errors."""
    try:
        decoded = _decoded(data, view, position)
        return FingerImage(decoded.pixels, dpi or stated_dpi(decoded.resolution))
    except ImageError as error:
        raise type(error)(f"{name}: {error}") from error.__cause__
    except FormatError as error:
        raise ImageError(f"{name}: {error}") from error


def _decoded(data: bytes, view: int | None, position: int | None) -> Any:
    """Pixels and resolution of the image that is wanted out of a file."""
    from civid.formats._door import sniffed
    from civid.formats._images import chosen, images_inside
    from civid.formats.image_files import picture

    found = sniffed(data)
    if len(data) > picture.MAX_FILE_BYTES or found is None or found.kind == "minutiae":
        return picture.decode(data)  # says why not
    return chosen(images_inside(found, data), view, position).decode()


def read_source(source: Any, limit: int) -> tuple[bytes, str, str]:
    """What stands in a source, at most one byte more than the limit; what to call it in errors; and
    the name of its file, empty where it has none."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        try:
            return bytes(memoryview(source).cast("B")[: limit + 1]), "image", ""
        except TypeError:
            raise ImageError("the bytes have gaps: give a view that is contiguous") from None
    if hasattr(source, "read"):
        name = getattr(source, "name", None)
        known = os.path.basename(name) if isinstance(name, str) else ""  # noqa: PTH119
        name = known or "image"
        try:
            data = source.read(limit + 1)
        except (OSError, ValueError) as error:
            raise ImageError(f"{name}: cannot be read: {error}") from error
        if not isinstance(data, bytes):
            raise ImageError(f"{name}: open the file in binary mode ('rb')")
        return data, name, known
    try:
        path = os.fspath(source)
    except TypeError:
        raise ImageError(
            f"an image is given as a path, bytes or a binary file, not {type(source).__name__}"
        ) from None
    if text := _no_path(path):
        raise ImageError(f"this looks like {text}, not like the name of a file; decode it first")
    name = os.path.basename(path) or str(path)  # noqa: PTH119
    name = name if len(name) <= _LONGEST_NAME else f"{name[:16]!s}..."
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read(limit + 1), name, os.fsdecode(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ImageError(f"{name}: cannot be read: {reason}") from error


def _no_path(path: str | bytes) -> str | None:
    """What it is, where somebody has given the file itself as text in place of its name."""
    from civid.formats import detect

    if len(path) <= _LONGEST_NAME and path[:5] not in ("data:", b"data:"):
        return None
    return detect(path.encode("utf-8", "replace") if isinstance(path, str) else path)


def checked_dpi(dpi: Any) -> float:
    """A resolution that somebody has given, or `ResolutionError`."""
    try:
        value = float(dpi)
    except (TypeError, ValueError, OverflowError):
        raise ResolutionError("dpi must be a number") from None
    if not math.isfinite(value) or not MIN_DPI <= value <= MAX_DPI:
        raise ResolutionError(f"dpi must be {MIN_DPI}..{MAX_DPI}, not {value:g}")
    return value


def stated_dpi(resolution: tuple[float, float] | None) -> float:
    """The resolution in a file, if it can be true."""
    if resolution is None or not all(math.isfinite(value) for value in resolution):
        raise ResolutionError("the file does not say its resolution; give dpi=...")
    across, down = resolution
    if round(max(across, down), 2) < MIN_DPI:  # 3937 px/m is 99.9998 dpi
        raise ResolutionError(
            f"the file says {down:.0f} dpi, which programs write that do not know the resolution;"
            " give dpi=..."
        )
    if abs(across - down) > _SAME * max(across, down):
        raise ResolutionError(
            f"the resolution differs across ({across:.4g} dpi) and down ({down:.4g} dpi);"
            " resample the image, or give dpi=..."
        )
    dpi = _rounded((across + down) / 2)
    if not MIN_DPI <= dpi <= MAX_DPI:
        raise ResolutionError(
            f"the file says {dpi:.4g} dpi, prints are scanned at {MIN_DPI}..{MAX_DPI}; give dpi=..."
        )
    return dpi


def _rounded(dpi: float) -> float:
    """Undo the rounding of file formats: 19685 px/m is 499.999 dpi, 197 px/cm is 500.38."""
    for usual in (500.0, 1000.0):
        if abs(dpi - usual) < 0.001 * usual:
            return usual
    whole = float(round(dpi))
    return whole if abs(dpi - whole) < 0.05 else dpi
