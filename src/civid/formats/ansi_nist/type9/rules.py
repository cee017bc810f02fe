"""In what a Type-9 record departs from the standard."""

from __future__ import annotations

from collections.abc import Iterator

from civid.errors import FormatError
from civid.formats.ansi_nist.tagged import TaggedRecord
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
        for number in (126, 128, 129, 130, 131, 132, 134):
            if not record.value(number):
                yield number, "is missing"
