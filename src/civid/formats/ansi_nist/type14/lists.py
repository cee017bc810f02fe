"""Lists of an image record: missing fingers, where fingers lie, and how good they are."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FormatError
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import TaggedRecord, whole

#: AMP: amputated, since 2011 only where a part is printed; not to be printed, as bandaged or all
#: of it amputated; scarred (2015).
AMPUTATED, UNABLE, SCARRED = "XX", "UP", "SR"
#: Types that have segments.
_SEGMENTED = (14, 15)


@dataclass(frozen=True, slots=True)
class Segment:
    """Where one finger lies in an image of several (SEG, ASEG).

    Parameters
    ----------
    position : int
        Which finger, 0..10.
    corners : tuple of (int, int)
        x, y in px from the top left; for a rectangle its top left and bottom right.
    rectangle : bool
        Whether there are just these two corners (SEG), or a polygon (ASEG).
    """

    position: int
    corners: tuple[tuple[int, int], ...]
    rectangle: bool = True


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a print is, as measured (.022 to .024).

    Parameters
    ----------
    field : int
        22 NQM: 1 (best) .. 5. 23 SQM (segments) and 24 (the finger or palm): 0 .. 100 (best).
        254 = undefined, 255 = failed.
    position, score : int
    vendor, algorithm : str
        Of the algorithm, 4 hexadecimal digits and a number; empty for NQM.
    """

    field: int
    position: int
    score: int
    vendor: str = ""
    algorithm: str = ""


def read_positions(record: TaggedRecord) -> tuple[int, ...]:
    """FGP; none where it is missing or no numbers."""
    numbers = [whole(items[0], high=255) for items in record.subfields(13)]
    return tuple(one for one in numbers if one is not None)


def read_missing(record: TaggedRecord) -> tuple[tuple[int, str], ...]:
    """AMP, of Types 14 and 15.

    Raises
    ------
    FormatError
        It is no list of a position and a code.
    """
    found = []
    for items in record.subfields(18) if record.type != 13 else ():
        position = whole(items[0], high=255)
        code = items[1].decode("latin-1") if len(items) > 1 else ""
        if position is None or not code:
            raise _unreadable(record, 18)
        found.append((position, code))
    return tuple(found)


def read_segments(record: TaggedRecord) -> tuple[Segment, ...]:
    """SEG (rectangles; Type 15 has them since 2015) and then ASEG (polygons, Type 14).

    Raises
    ------
    FormatError
        They are no such lists.
    """
    found = []
    for items in record.subfields(21) if record.type in _SEGMENTED else ():
        position, left, right, top, bottom = _numbers(record, 21, items, 5)
        found.append(Segment(position, ((left, top), (right, bottom))))
    for items in record.subfields(25) if record.type == 14 else ():
        position, count, *values = _numbers(record, 25, items)
        if len(values) != 2 * count:
            raise _unreadable(record, 25)
        corners = tuple(zip(values[::2], values[1::2], strict=True))
        found.append(Segment(position, corners, rectangle=False))
    return tuple(found)


def read_qualities(record: TaggedRecord, number: int) -> tuple[Quality, ...]:
    """One of the quality fields 22 to 24.

    Raises
    ------
    FormatError
        It is no such list.
    """
    if number != 24 and record.type != 14:
        return ()
    found = []
    for items in record.subfields(number):
        position, score = _numbers(record, number, items[:2], 2)
        names = [item.decode("latin-1") for item in items[2:4]] + ["", ""]
        found.append(Quality(number, position, score, names[0], names[1]))
    return tuple(found)


def _numbers(
    record: TaggedRecord, number: int, items: tuple[bytes, ...], count: int | None = None
) -> list[int]:
    values = [whole(item, high=99_999) for item in items]
    known = [one for one in values if one is not None]
    if len(known) != len(values) or len(values) < 2 or (count is not None and len(values) != count):
        raise _unreadable(record, number)
    return known


def _unreadable(record: TaggedRecord, number: int) -> FormatError:
    return FormatError("cannot be read", field=field_name(record.type, number))
