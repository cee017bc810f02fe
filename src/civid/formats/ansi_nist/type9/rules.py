"""In what a Type-9 record departs from the standard."""

from __future__ import annotations

from collections.abc import Iterator

from civid.errors import FormatError
from civid.formats.ansi_nist.tagged import TaggedRecord, whole
from civid.formats.ansi_nist.type9.extended import read_efs
from civid.formats.ansi_nist.type9.incits378 import read_m1
from civid.formats.ansi_nist.type9.legacy import read_iafis, read_nist
from civid.formats.ansi_nist.type9.points import USUAL_DPI, Frame

#: What only the older block has; .011 stands in that of the FBI, too.
_LEGACY = (5, 6, 7, 8, 9, 10, 12)
#: Of the older block: all but cores and deltas.
_NEEDED = (5, 6, 7, 10, 11, 12)
#: The minutiae of each block, where their number is stated, and what reads them.
_COUNTED = (
    (12, 10, read_nist),
    (23, 15, read_iafis),
    (137, 136, read_m1),
    (331, None, read_efs),
)
#: Of INCITS M1 by IBIA; minutiae alone, all of them with more, and after the edition of 2009.
_OWNER, _KINDS = 27, (513, 514, 515)
#: Any image; only whether the points can be read is asked.
_ANY = Frame(1, 1, (USUAL_DPI, USUAL_DPI))


def minutiae_faults(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    """Number of a field, and what is wrong with it."""
    impression = record.integer(3)
    if impression is None or impression > 43:
        yield 3, "is no impression type"
    legacy = any(record.find(number) is not None for number in _LEGACY)
    kind = record.value(4)
    if kind not in (b"S", b"U"):
        yield 4, "should be S or U"
    elif kind == b"S" and not legacy:
        yield 4, "should be U where there is no field 9.005 to 9.012"
    if legacy:
        for number in _NEEDED:
            # A print without minutiae has nothing to list.
            if not record.value(number) and not (number == 12 and record.integer(10) == 0):
                yield number, "is missing"
    for number, count, read in _COUNTED:
        if not record.value(number):
            continue
        try:
            read(record, _ANY)
            listed = len(record.subfields(number))
        except FormatError:
            yield number, "a point of this block cannot be read"
            continue
        if count is not None and record.integer(count) != listed:
            yield count, f"{listed} minutiae are listed"
    if record.value(137):
        yield from _incits_faults(record)
        for number in (126, 127, 128, 129, 130, 131, 132, 134):
            if not record.value(number):
                yield number, "is missing"


def _incits_faults(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    """What only the block of INCITS 378 has: bounds, and which fields its type allows."""
    owner = record.subfields(126)
    kind = whole(owner[0][1]) if owner and len(owner[0]) > 1 else None
    if not owner or whole(owner[0][0]) != _OWNER or kind not in _KINDS:
        yield 126, "should be 27, and 513, 514 or 515"
    elif kind == _KINDS[0]:
        for number in (138, 139, 140, 141):
            if record.value(number):
                yield number, "stands only where .126 has 514 or 515"
    width, height = record.integer(128) or 0, record.integer(129) or 0
    for items in record.subfields(137):
        _, x, y, angle, kind, quality = ((whole(item) or 0) for item in (*items, *[b""] * 6)[:6])
        if x >= width or y >= height or angle > 179 or kind > 2 or quality > 100:
            yield 137, "a minutia is out of bounds"
            return
