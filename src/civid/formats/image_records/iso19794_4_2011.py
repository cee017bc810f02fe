"""ISO/IEC 19794-4:2011 finger image record (clause 8).

Its "representations" are called views here, as in all other modules; each carries its resolution,
compression, time and device.

>>> view = View(bytes(300 * 400), position=2, width=300, height=400)
>>> parse(build(Record((view,))), strict=True) == Record((view,))
True
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.image_records import common
from civid.formats.image_records.common import Announced
from civid.formats.image_records.extended import (
    Annotation,
    Annotations,
    Comment,
    Segment,
    Segmentation,
)
from civid.formats.image_records.representation import (
    View,
    build_view,
    read_view,
    validate_view,
)
from civid.formats.minutiae.common import ExtendedBlock, check_range
from civid.formats.minutiae.iso19794_2_2011 import Certification, Quality

NAME = "ISO/IEC 19794-4:2011"
VERSION = b"020\0"
MAGIC = common.MAGIC + VERSION
#: 42 positions and 16 representations of each.
MAX_VIEWS = 42 * 16

_HEADER = struct.Struct(">8sIHBB")


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record.

    Parameters
    ----------
    views : tuple of View
    certified : int
        1 when the views say how the device is certified, else 0.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from.
    """

    views: tuple[View, ...] = ()
    certified: int = 0
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def announced(self, index: int) -> Announced:
        """What the record says about one of its images."""
        return self.views[index].announced()


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a record? Never raises."""
    try:
        return bytes(memoryview(data).cast("B")[:8]) == MAGIC
    except TypeError:
        return False


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a record; see `iso19794_4_2005.parse` for what strict means.

    Raises
    ------
    FormatError
        With the field and its byte offset; names what the bytes are if they are another record.
    """
    reader = Reader(data, strict=strict, name=NAME, limit=common.MAX_RECORD_BYTES)
    header = reader.section()
    common.read_magic(reader, VERSION)
    common.check_length(reader, reader.u32("length of record"))
    count = reader.u16("number of representations")
    certified = reader.u8("certification flag")
    positions = reader.u8("number of positions")
    if count > MAX_VIEWS:
        field = f"{NAME} number of representations"
        raise FormatError(f"{count}; at most {MAX_VIEWS}", offset=12, field=field)
    views: list[View] = []
    places: list[Mapping[str, int]] = []
    for index in range(count):
        places.append(reader.section(f"representation {index}"))
        views.append(read_view(reader, f"representation {index}", certified=certified == 1))
    if reader.left:
        reader.complain("length of record", f"{reader.left} bytes follow the last representation")
    found = len({view.position for view in views})
    if positions != found:
        text = f"{positions} are announced, {found} are there"
        reader.complain("number of positions", text, header["number of positions"])
    record = Record(tuple(views), certified)
    findings = validate(record)
    for index, view in enumerate(views):
        findings += common.check_kind(view.image, record.announced(index), index)
    common.note_all(reader, findings, header, places)
    return replace(record, warnings=tuple(reader.warnings))


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the standard; empty when it is good.

    What the image data are is looked at by `parse` and `decode`: they are written as they come.
    """
    common.check_type(record, Record)
    findings = [
        *check_range("number of representations", len(record.views), 1, MAX_VIEWS),
        *check_range("certification flag", record.certified, 0, 1),
    ]
    seen = set[tuple[int, int]]()
    for index, view in enumerate(record.views):
        # Whether numbers begin at 0 is not known; that they tell a finger's images apart is.
        if view.position and (view.position, view.number) in seen:
            text = f"{view.number} is that of another image of this position"
            findings.append(Finding("representation number", text, view=index))
        seen.add((view.position, view.number))
        findings += validate_view(view, index)
        if view.certifications and not record.certified:
            findings.append(Finding("certification block", "the flag says none", view=index))
    return findings


@typed
def build(record: Record) -> bytes:
    """Write a record; always strictly after the standard.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record):
        raise common.named(NAME, finding).error()
    body = b"".join(build_view(view, record.certified) for view in record.views)
    positions = len({view.position for view in record.views})
    size = _HEADER.size + len(body)
    return _HEADER.pack(MAGIC, size, len(record.views), record.certified, positions) + body


__all__ = [
    "Annotation",
    "Annotations",
    "Certification",
    "Comment",
    "ExtendedBlock",
    "Finding",
    "Quality",
    "Record",
    "Segment",
    "Segmentation",
    "View",
    "build",
    "parse",
    "sniff",
    "validate",
]
