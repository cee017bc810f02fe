"""QR codes in photographs and scans, by zxing-cpp. Needs ``civid[cards]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civid.cards.qr._read import read
from civid.cards.qr.record import QrRecord
from civid.errors import FormatError, ImageError
from civid.extras import need

if TYPE_CHECKING:
    from PIL.Image import Image

#: Larger pictures are refused: a phone's camera has some 50 million pixels, a trap has more.
MAX_PIXELS = 120_000_000


def texts(picture: bytes | Image) -> tuple[str, ...]:
    """What the QR codes in a picture say, in the order of the reader.

    Parameters
    ----------
    picture : bytes or PIL.Image.Image
        A PNG, JPEG, TIFF or BMP file, or an image.

    Raises
    ------
    ImageError
        Not a picture, or too large.
    UnavailableError
        zxing-cpp is not installed.
    """
    zxing = need("zxingcpp", "reading QR codes from pictures")
    grey = _open(picture).convert("L")
    try:
        codes = zxing.read_barcodes(grey, formats=zxing.BarcodeFormat.QRCode)
    except (ValueError, TypeError, RuntimeError):
        raise ImageError("the QR reader cannot work with this picture") from None
    return tuple(_text(code.bytes, code.text) for code in codes if code.valid)


def parse_photo(picture: bytes | Image) -> QrRecord:
    """The QR code in a picture that is that of a card.

    Raises
    ------
    FormatError
        No QR code is seen, none is that of a card, or there are two cards.
    """
    problem = FormatError("no QR code is seen in the picture", field="QR")
    found = list[QrRecord]()
    for text in texts(picture):
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


def _text(raw: bytes, guessed: str) -> str:
    # The codes hold UTF-8 without saying so; the reader guesses, the bytes decide.
    try:
        return bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return str(guessed)


def _open(picture: bytes | Image) -> Image:
    import io

    from PIL import Image as images

    try:
        opened = images.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
        if opened.width * opened.height > MAX_PIXELS:
            raise ImageError(f"more than {MAX_PIXELS:,} pixels")
        opened.load()
    except ImageError:
        raise
    except Exception:  # Pillow raises many kinds on damaged files
        raise ImageError("this is no picture that can be read") from None
    return opened
