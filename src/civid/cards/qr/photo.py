"""QR codes in photographs and scans, by zxing-cpp. Needs ``civid[cards]``."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from civid.cards.qr._read import read
from civid.cards.qr.record import QrRecord
from civid.errors import FormatError, ImageError
from civid.extras import need

if TYPE_CHECKING:
    from PIL.Image import Image

#: Larger photographs are refused: a phone's camera has some 50 million pixels, a trap has more.
#: What is no JPEG may have 16 million.
MAX_PIXELS = 64_000_000
#: Pixels that are searched at a time: a field of small squares costs the reader more than linear.
_AT_ONCE = 2_000_000
#: CPU seconds after which nothing more is tried; a real photograph takes a tenth.
_ENOUGH_S = 1.5


def texts(picture: bytes | Image) -> tuple[str, ...]:
    """What the QR codes in a picture say, in the order of the reader.

    Parameters
    ----------
    picture : bytes or PIL.Image.Image
        A PNG, JPEG, TIFF, BMP or GIF file, or an image.

    Raises
    ------
    ImageError
        Not a picture, or too large.
    UnavailableError
        zxing-cpp is not installed.
    """
    return next(_found(picture), ())


def parse_photo(picture: bytes | Image) -> QrRecord:
    """The QR code in a picture that is that of a card.

    Raises
    ------
    FormatError
        No QR code is seen, none is that of a card, or there are two cards.
    """
    problem = FormatError("no QR code is seen in the picture", field="QR")
    for seen in _found(picture):
        found = list[QrRecord]()
        for text in seen:
            try:
                record = read(text)
            except FormatError as error:
                problem = error
                continue
            if record not in found:
                found.append(record)
        if len(found) > 1:
            raise FormatError("the codes of several cards are in the picture", field="QR")
        if found:
            return found[0]
    raise problem


def _found(picture: bytes | Image) -> Iterator[tuple[str, ...]]:
    """What is read of the whole picture, then of its parts at full size; without empty answers."""
    zxing = need("zxingcpp", "reading QR codes from pictures")
    grey, start = _grey(picture), time.thread_time()
    for part in _parts(grey):
        try:
            codes = zxing.read_barcodes(part, formats=zxing.BarcodeFormat.QRCode)
        except (ValueError, TypeError, RuntimeError):
            raise ImageError("the QR reader cannot work with this picture") from None
        texts = tuple(_text(code.bytes, code.text) for code in codes if code.valid)
        if texts:
            yield texts
        if time.thread_time() - start > _ENOUGH_S:
            return


def _parts(grey: Image) -> Iterator[Image]:
    """The whole, made smaller where it is large; then squares that overlap by half."""
    width, height = grey.size
    factor = math.ceil(math.sqrt(width * height / _AT_ONCE))
    yield grey.reduce(factor) if factor > 1 else grey
    side = math.isqrt(_AT_ONCE)
    if factor > 1:
        for top in range(0, max(height - side // 2, 1), side // 2):
            for left in range(0, max(width - side // 2, 1), side // 2):
                yield grey.crop((left, top, min(left + side, width), min(top + side, height)))


def _text(raw: bytes, guessed: str) -> str:
    # The codes hold UTF-8 without saying so; the reader guesses, the bytes decide.
    try:
        return bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return str(guessed)


def _grey(picture: bytes | Image) -> Image:
    if isinstance(picture, (bytes, bytearray, memoryview)):
        from civid.formats.image_files.picture import decode_photograph

        return decode_photograph(bytes(picture), MAX_PIXELS)
    try:
        if picture.width * picture.height > MAX_PIXELS:
            raise ImageError(f"more than {MAX_PIXELS:,} pixels")
        return picture.convert("L")
    except ImageError:
        raise
    except Exception:  # Pillow raises many kinds on damaged files
        raise ImageError("this is no picture that can be read") from None
