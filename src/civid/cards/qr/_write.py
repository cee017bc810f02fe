"""Record -> text, exactly."""

from __future__ import annotations

import unicodedata

from civid.cards.qr._read import MAX_CHARACTERS, read
from civid.cards.qr.record import LONG, SHORT, QrRecord
from civid.errors import FormatError


def write(record: QrRecord) -> str:
    """See `civid.cards.qr.build`."""
    if len(record.extras) not in (0, LONG - SHORT):
        raise FormatError("are none or four", field="extras")
    named = {
        "personal number": record.personal_number,
        "old number": record.old_number,
        "full name": record.full_name,
        "birth": record.birth_text,
        "sex": record.sex_text,
        "residence": record.residence,
        "issued": record.issued_text,
    }
    for field, value in [*named.items(), *(("extras", one) for one in record.extras)]:
        if "|" in value or not value.isprintable() or value != value.strip():
            raise FormatError("has a | or a control character, or blanks around it", field=field)
    text = "|".join([*named.values(), *record.extras])
    # Twice, since NFC takes the square of the time on many marks, and writes most texts shorter.
    if len(text) <= 4 * MAX_CHARACTERS:
        text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_CHARACTERS:
        raise FormatError("is too long for a QR code", field="residence")
    read(text)  # what is written can be read
    return text
