"""ISO/IEC 19794-2:2005, card format of normal size: 5 bytes, 0.01 mm, 360/256 degrees.

>>> parse(build(Record((Minutia(1, 90, 80, 16),)))).minutiae
(Minutia(kind=1, x=90, y=80, angle=16, quality=0),)
"""

from __future__ import annotations

from civid.formats._reader import Finding
from civid.formats._types import typed
from civid.formats.minutiae.card.record import (
    NORMAL as SIZE,
)
from civid.formats.minutiae.card.record import (
    Record,
    Wrapping,
    build_record,
    parse_record,
    sniff_record,
    validate_record,
)
from civid.formats.minutiae.common import ExtendedBlock, Minutia

KEY = "iso19794-2:2005-card"
NAME = "ISO/IEC 19794-2:2005, card format, normal size"


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Can this be such a record? Never raises.

    Only where it is in a biometric data template, and the length fits no other size; bare minutiae
    are bytes like any other, and have to be named.
    """
    return sniff_record(data, SIZE)


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read minutiae, bare or in a biometric data template.

    Nothing in the bytes tells whether they are of normal or of compact size: one is read as the
    other without an error where the length fits.

    Raises
    ------
    FormatError
        With the field and its byte offset.
    """
    return parse_record(data, SIZE, strict=strict)


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good."""
    return validate_record(record, SIZE)


@typed
def build(record: Record) -> bytes:
    """Write a record; always strictly after the standard.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    return build_record(record, SIZE)


__all__ = [
    "ExtendedBlock",
    "Finding",
    "Minutia",
    "Record",
    "Wrapping",
    "build",
    "parse",
    "sniff",
    "validate",
]
