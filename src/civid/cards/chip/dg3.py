"""DG3: finger images in the chip (Doc 9303-10 section 4.7.3), ISO/IEC 19794-4:2005 records.

Chips give DG3 only to terminals with extended access. How many fingers Vietnamese cards hold, and
in which format, is not documented. [C]
"""

from __future__ import annotations

import secrets

from civid.cards.chip import cbeff, finger
from civid.cards.chip.cbeff import (
    FINGER,
    FINGER_19794_4,
    read_blocks,
    write_blocks,
)
from civid.cards.chip.files import DG_TAGS
from civid.cards.chip.finger import FingerImageRecord
from civid.errors import FormatError


def parse(data: bytes) -> tuple[FingerImageRecord, ...]:
    """The finger image records of DG3, usually one a finger; empty for a card without prints.

    Raises
    ------
    FormatError
        Not such a file, another format, or an envelope that names another finger.
    """
    records = list[FingerImageRecord]()
    for block in read_blocks(data, DG_TAGS[3], "DG3"):
        if block.format_type != FINGER_19794_4:
            raise FormatError("holds another format than ISO/IEC 19794-4", field="DG3")
        record = finger.parse(block.data)
        named = _subtype(record)
        if block.subtype and named and block.subtype != named:
            raise FormatError("the envelope names another finger than the record", field="DG3")
        records.append(record)
    return tuple(records)


def build(records: tuple[FingerImageRecord, ...]) -> bytes:
    """DG3 with one block a record. Without any it holds a random value, as Doc 9303 wants."""
    blocks = tuple(
        cbeff.BiometricBlock(
            finger.build(one),
            FINGER,
            FINGER_19794_4,
            subtype=_subtype(one),
        )
        for one in records
    )
    return write_blocks(DG_TAGS[3], blocks, None if blocks else secrets.token_bytes(16))


def _subtype(record: FingerImageRecord) -> int | None:
    from civid.formats.cbeff.icao import SUBTYPES  # on use: a card needs no record formats

    return SUBTYPES.get(record.views[0].position) if record.views else None
