"""Text -> record. The common case, clean text, is one split and a few tests."""

from __future__ import annotations

import re
import unicodedata

from civid.cards.qr.record import LONG, SHORT, QrRecord
from civid.errors import FormatError
from civid.people.kinds import bytes_of
from civid.people.names.misread import is_misread

#: A QR code of version 40 holds 2,953 bytes; anything longer is no QR code.
MAX_CHARACTERS = 4096
_DIRT = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\u00ad]")
_UPPER_CONTROLS = re.compile("[\x80-\x9f]")
#: Tabs and line ends, which stand for a space between words and for nothing between digits.
_BREAKS = re.compile(r"[ \xa0]*[\t-\r\u2028\u2029][\t-\r\u2028\u2029 \xa0]*")
_DIGITS_ONLY = (0, 1, 3, 6)
_DAY = re.compile("[0-9]{8}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")


def read(text: str | bytes) -> QrRecord:
    """See `civid.cards.qr.parse`."""
    if not isinstance(text, str):
        text = _decode(bytes_of(text, "QR"))
    if len(text) > MAX_CHARACTERS:
        raise FormatError(f"more than {MAX_CHARACTERS} characters are no QR code", field="QR")
    if not text.isprintable():
        text = _without_dirt(text)
    text = unicodedata.normalize("NFC", text.strip())
    fields = text.split("|")
    if len(fields) != SHORT and len(fields) != LONG:
        why = "; it was read in a wrong encoding" if is_misread(text) else ""
        raise FormatError(f"should have 7 or 11 fields, has {len(fields)}{why}", field="QR")
    if " |" in text or "| " in text or not text.isprintable():
        fields = [
            _BREAKS.sub("" if at in _DIGITS_ONLY else " ", one.strip())
            for at, one in enumerate(fields)
        ]
    number, old, name, birth, sex, residence, issued = fields[:SHORT]
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        raise FormatError(_about_number(fields), field="personal number")
    if not name:
        raise FormatError("is empty", field="full name")
    days = birth + issued
    if len(birth) != 8 or len(days) != 16 or not (days.isascii() and days.isdigit()):
        field = "birth" if _DAY.fullmatch(birth) is None else "issued"
        raise FormatError("should be eight digits, DDMMYYYY", field=field)
    return QrRecord(number, old, name, birth, sex, residence, issued, tuple(fields[SHORT:]))


def _without_dirt(text: str) -> str:
    text = _DIRT.sub("", text)
    # In text read in a wrong encoding they are bytes of letters.
    return text if is_misread(text) else _UPPER_CONTROLS.sub("", text)


def _decode(data: bytes) -> str:
    if len(data) > MAX_CHARACTERS * 4:
        raise FormatError(f"more than {MAX_CHARACTERS} characters are no QR code", field="QR")
    try:
        return bytes(data).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError("is not UTF-8", offset=error.start, field="QR") from None


def _about_number(fields: list[str]) -> str:
    if any(_HEX.fullmatch(one) for one in fields[1:3]):
        return "not 12 digits; hex text as on old health-insurance cards"
    return "should be 12 digits"
