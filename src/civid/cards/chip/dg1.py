"""DG1: the machine-readable zone in the chip (Doc 9303-10 section 4.7.1)."""

from __future__ import annotations

from civid.cards import mrz
from civid.cards.chip.files import DG_TAGS
from civid.cards.chip.tlv import build as build_tlv
from civid.cards.chip.tlv import children, only, unwrap
from civid.errors import FormatError

_MRZ = 0x5F1F


def parse(data: bytes, *, strict: bool = True) -> mrz.MrzRecord:
    """Read DG1. With ``strict=False`` wrong check digits are named and not refused.

    Raises
    ------
    FormatError
        Not such a file, or its zone is damaged.
    """
    zone = only(children(unwrap(data, DG_TAGS[1], "DG1"), "DG1"), _MRZ, "DG1")
    try:
        text = zone.value.decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatError(
            "has a character outside ASCII", offset=zone.start + error.start, field="MRZ"
        ) from None
    return mrz.parse(text, strict=strict)


def build(record: mrz.MrzRecord) -> bytes:
    """Write DG1.

    >>> record = mrz.parse("I<UTOD231458907<<<<<<<<<<<<<<<\\n7408122F1204159UTO<<<<<<<<<<<6\\n"
    ...                    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
    >>> build(record)[:8].hex()
    '615d5f1f5a493c55'
    """
    return build_tlv(DG_TAGS[1], build_tlv(_MRZ, "".join(mrz.build(record)).encode("ascii")))
