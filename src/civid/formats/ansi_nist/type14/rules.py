"""In what a Type-13, -14 or -15 record departs from the standard."""

from __future__ import annotations

from collections.abc import Iterator

from civid.errors import FormatError
from civid.formats.ansi_nist.names import COMPRESSIONS, DATA
from civid.formats.ansi_nist.tagged import PADDING, TaggedRecord, date_faults
from civid.formats.ansi_nist.type14.lists import (
    AMPUTATED,
    SCARRED,
    UNABLE,
    read_missing,
    read_positions,
    read_qualities,
    read_segments,
)

_PALMS = frozenset(range(20, 39))
_FINGERS = frozenset(range(20))
#: Two and three fingers at once, and what a latent may be of.
_POSITIONS = {
    13: _FINGERS | _PALMS | frozenset(range(40, 87)),
    14: _FINGERS | {33, 36} | frozenset(range(40, 51)),
    15: _PALMS | frozenset(range(81, 87)),
}
_MISSING = frozenset((AMPUTATED, UNABLE, SCARRED))
_NOT_MEASURED = (254, 255)
#: Fields that hold one number.
_NUMBERS = (2, 3, 6, 7, 8, 9, 10, 12)


def image_faults(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    """Number of a field, and what is wrong with it."""
    for number in _NUMBERS:
        value = record.value(number) or b""
        if value != value.strip(PADDING):
            yield number, "has something around its number"
    impression = record.integer(3)
    if impression is None or impression > 43:
        yield 3, "is no impression type"
    if not record.value(4):
        yield 4, "is missing"
    yield from date_faults(record, 5)
    yield from _position_faults(record)
    try:
        missing = read_missing(record)
    except FormatError:
        missing = ()
        yield 18, "should be positions, each with a code"
    if any(code not in _MISSING for _, code in missing):
        yield 18, "should be XX or UP"
    if record.value(DATA) is not None:
        yield from _pixel_faults(record)
    elif not missing:
        yield DATA, "is missing, and no finger is stated to be"
    yield from _list_faults(record)


def _position_faults(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    positions = read_positions(record)
    if not positions:
        yield 13, "is missing or no number"
    elif not set(positions) <= _POSITIONS[record.type]:
        yield 13, f"is no position of a Type-{record.type} record"
    elif len(positions) > 1 and record.type != 13:
        yield 13, "one position"


def _pixel_faults(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    sides = [record.integer(number) for number in (6, 7)]
    for number, side in zip((6, 7), sides, strict=True):
        if side is None or not 1 <= side <= 99_999:
            yield number, "should be a number of pixels"
    if record.integer(8) not in (0, 1, 2):
        yield 8, "should be 0, 1 or 2"
    for number in (9, 10):
        if not record.integer(number):
            yield number, "should be a number"
    compression = (record.value(11) or b"").decode("latin-1")
    if compression not in COMPRESSIONS.values():
        yield 11, "is no compression that is known"
    bits = record.integer(12)
    if bits is None or not 8 <= bits <= 99:
        yield 12, "should be 8..99"
    width, height = sides
    data = record.value(DATA) or b""
    if compression == "NONE" and width and height and bits:
        needed = width * height * ((bits + 7) // 8)
        if len(data) != needed:
            yield DATA, f"{width} x {height} pixels are not {len(data)} bytes"
    elif not data:
        yield DATA, "is empty"


def _list_faults(record: TaggedRecord) -> Iterator[tuple[int, str]]:
    for number, top in ((22, 5), (23, 100), (24, 100)):
        try:
            scores = [one.score for one in read_qualities(record, number)]
        except FormatError:
            yield number, "should be positions, each with a score"
            continue
        if any(score > top and score not in _NOT_MEASURED for score in scores):
            yield number, f"a score is above {top}"
    try:
        segments = read_segments(record)
    except FormatError:
        yield 21, "segments should be a position and its corners"
        return
    width, height = record.integer(6) or 0, record.integer(7) or 0
    for one in segments:
        if any(x > width or y > height for x, y in one.corners):
            yield (21 if one.rectangle else 25), "a segment lies beyond the image"
        if one.rectangle and not _ordered(one.corners):
            yield 21, "a segment has no size"


def _ordered(corners: tuple[tuple[int, int], ...]) -> bool:
    (left, top), (right, bottom) = corners
    return left < right and top < bottom
