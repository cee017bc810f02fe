"""In what records depart from the standard: NIST SP 500-290 (2011, 2013, 2015), and for what is
only in older files SP 500-271 (2007)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.ansi_nist.binary import IMAGE_TYPES, BinaryRecord, read_fixed_image
from civid.formats.ansi_nist.names import (
    BINARY_TYPES,
    COMPRESSIONS,
    DATA,
    FIRST_WITH_DATA,
    field_name,
)
from civid.formats.ansi_nist.tagged import FS, GS, RS, TaggedRecord, date_faults
from civid.formats.ansi_nist.type1 import read_content
from civid.formats.ansi_nist.type9.rules import minutiae_faults
from civid.formats.ansi_nist.type14.rules import image_faults

#: 02 1993 and 1997, 03 2000, 04 2007, 05 2011 (0501 2013, 0502 2015), 06 of INTERPOL.
_VERSION = re.compile(rb"0[2-6]\d\d")
_RESOLUTION = re.compile(rb"\d\d\.\d\d")
_GMT = re.compile(rb"\d{14}Z")
#: The tagged types whose fields are known.
_UNDERSTOOD = frozenset((1, 9, 13, 14, 15))
#: Each record of these shows an image of its own.
_OWN_IMAGE = frozenset((*BINARY_TYPES, 10, 13, 14, 15, 16, 17, 19))


@dataclass(frozen=True, slots=True)
class Fault:
    """One departure: in which record, counted from 0, of which type, and in which field."""

    record: int
    type: int
    number: int
    message: str

    def finding(self, places: dict[int, int]) -> Finding:
        """The same for readers of other formats; ``places`` says where the fields stand."""
        offset = places.get(self.number, places.get(0))
        return Finding(field_name(self.type, self.number), self.message, offset, self.record)


def faults(records: tuple[TaggedRecord | BinaryRecord, ...]) -> Iterator[Fault]:
    """All departures of the records of one transaction."""
    first = records[0] if records else None
    if not isinstance(first, TaggedRecord) or first.type != 1:
        yield Fault(0, 1, 1, "a transaction begins with its Type-1 record")
        return
    for place, record in enumerate(records):
        for number, message in _one(record, place):
            yield Fault(place, record.type, number, message)
    yield from _listed(first, records)
    seen = set()
    for place, record in enumerate(records):
        key = (record.type, record.idc)
        if record.type in _OWN_IMAGE and key in seen:
            yield Fault(place, record.type, 2, "another record of this type has the same")
        seen.add(key)


def _one(record: TaggedRecord | BinaryRecord, place: int) -> Iterator[tuple[int, str]]:
    if isinstance(record, BinaryRecord):
        yield from _binary(record)
        return
    yield from _tagged(record)
    if record.type == 1:
        if place:
            yield 1, "a transaction has one Type-1 record"
        yield from _first(record)
    elif record.type == 9:
        yield from minutiae_faults(record)
    elif record.type in (13, 14, 15):
        yield from image_faults(record)


def _tagged(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    if not 1 <= record.type <= 99:
        yield 1, "record types are 1..99"
    if record.type in BINARY_TYPES - {7, 8}:
        yield 1, f"a Type-{record.type} record is binary"
    seen = {1}
    for place, one in enumerate(record.fields):
        last = place == len(record.fields) - 1
        if one.tag:
            yield one.number, "the tag is not written as the standard has it"
        if one.number in seen:
            yield one.number, "stands twice"
        seen.add(one.number)
        if one.number == DATA and record.type >= FIRST_WITH_DATA:
            if not last:
                yield one.number, "has to be the last field"
        elif FS in one.value or GS in one.value:
            yield one.number, "holds a separator of records or fields"
        elif record.type in _UNDERSTOOD and b"" in one.value.split(RS) and one.value:
            yield one.number, "holds an empty subfield"
    if record.length_tag:
        yield 1, "the tag is not written as the standard has it"
    if record.type != 1 and (record.idc is None or record.idc > 99):
        yield 2, "should be 0..99"


def _first(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    if not _VERSION.fullmatch(record.value(2) or b""):
        yield 2, "is no version of the standard that is known"
    for number in (4, 7, 8, 9):
        if not record.value(number):
            yield number, "is missing"
    if len(record.value(4) or b"") > 16:
        yield 4, "at most 16 characters"
    yield from date_faults(record, 5)
    urgency = record.value(6)
    if urgency is not None and record.integer(6) not in range(1, 10):
        yield 6, "should be 1..9"
    for number in (11, 12):
        value = record.value(number) or b""
        if not _RESOLUTION.fullmatch(value):
            yield number, "should be written as 19.69"
    moment = record.value(14)
    if moment is not None and not _GMT.fullmatch(moment):
        yield 14, "should be written as YYYYMMDDHHMMSSZ"


def _binary(record: BinaryRecord) -> Iterator[tuple[int, str]]:
    if record.type not in BINARY_TYPES:
        yield 1, f"a Type-{record.type} record is not binary"
    if record.idc > 99:
        yield 2, "should be 0..99"
    if record.type not in IMAGE_TYPES:
        return
    try:
        image = read_fixed_image(record)
    except FormatError:
        yield 1, "the record is too short for an image"
        return
    if image.impression > 43:
        yield 3, "is no impression type"
    # 60 and above are soles and toes, and 255 is not used.
    if not image.positions or record.body[1] == 255 or max(image.positions) > 15:
        yield 4, "should be a finger, 0..15"
    if not image.width or not image.height:
        yield 6, "the image has no pixels"
    if image.compression not in COMPRESSIONS:
        yield 8, "is no compression that is known"
    if image.compression == 0 and len(image.data) != image.width * image.height:
        yield 9, f"{image.width} x {image.height} pixels are not {len(image.data)} bytes"


def _listed(
    first: TaggedRecord, records: tuple[TaggedRecord | BinaryRecord, ...]
) -> Iterator[Fault]:
    """Does the list of the Type-1 record (CNT) agree with the records?"""
    try:
        stated, content = read_content(first)
    except FormatError:
        yield Fault(0, 1, 3, "the list of records is missing or cannot be read")
        return
    if stated != len(content):
        yield Fault(0, 1, 3, f"{stated} records are stated, {len(content)} are listed")
    if len(content) != len(records) - 1:
        yield Fault(0, 1, 3, f"{len(content)} records are listed, {len(records) - 1} are there")
    for place, ((listed, idc), record) in enumerate(zip(content, records[1:], strict=False), 1):
        if listed != record.type:
            yield Fault(0, 1, 3, f"Type {listed} is listed where Type {record.type} is")
        elif record.idc is not None and record.idc != idc:
            yield Fault(place, record.type, 2, "another one is listed in the Type-1 record")
