"""Types 13 (latent), 14 (fingerprint) and 15 (palm): an image of any resolution, with tags.

ANSI/NIST-ITL 1-2011 clauses 8.13 to 8.15. Their fields have the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from civid.errors import FormatError
from civid.formats.ansi_nist.names import DATA, field_name
from civid.formats.ansi_nist.tagged import Field, TaggedRecord, join, whole

T = TypeVar("T")

TYPES = (13, 14, 15)
#: Amputated or never there; bandaged or else not to be printed; scarred (2015).
AMPUTATED, UNABLE, SCARRED = "XX", "UP", "SR"
_CM_PER_INCH = 2.54
#: px/mm and px/cm are written rounded; so much away, these are what is meant.
_NOMINAL_DPI, _ROUNDING = (250.0, 500.0, 1000.0), 0.002


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


@dataclass(frozen=True, slots=True)
class RidgeImage:
    """What a Type-13, -14 or -15 record says; None or empty where a field is missing.

    Parameters
    ----------
    type : int
        13, 14 or 15.
    impression : int or None
        IMP: 0 live plain, 1 live rolled, 4..7 latent, 10, 11 palm, 28 other, 29 unknown ...
    positions : tuple of int
        FGP; more than one only in Type 13.
    width, height : int or None
        HLL, VLL in px.
    scale_units : int or None
        SLC: 0 none, 1 px/inch, 2 px/cm.
    across, down : int or None
        THPS, TVPS in these units.
    compression : str
        CGA: NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L, PNG.
    bits : int or None
        BPX.
    source, date : str
        SRC; the day of capture as YYYYMMDD.
    data : bytes or None
        None where there is no image, as for an amputated finger.
    missing : tuple of (int, str)
        AMP: finger or palm, and "XX" amputated or "UP" unable to print, as bandaged.
    segments : tuple of Segment
    qualities : tuple of Quality
    comment : str
    """

    type: int
    impression: int | None
    positions: tuple[int, ...]
    width: int | None
    height: int | None
    scale_units: int | None
    across: int | None
    down: int | None
    compression: str
    bits: int | None
    source: str = field(repr=False)
    date: str = field(repr=False)
    data: bytes | None = field(default=None, repr=False)
    missing: tuple[tuple[int, str], ...] = ()
    segments: tuple[Segment, ...] = ()
    qualities: tuple[Quality, ...] = ()
    comment: str = field(default="", repr=False)


def read_ridge_image(record: TaggedRecord, *, strict: bool = True) -> RidgeImage:
    """The fields of a Type-13, -14 or -15 record.

    Parameters
    ----------
    record : TaggedRecord
    strict : bool
        A list (AMP, SEG, ASEG, quality) that cannot be read is an error; otherwise it is left out.

    Raises
    ------
    FormatError
        It is another type, or a list in it cannot be read.
    """

    def read_list(read: Callable[..., tuple[T, ...]], *what: int) -> tuple[T, ...]:
        try:
            return read(record, *what)
        except FormatError:
            if strict:
                raise
            return ()

    if record.type not in TYPES:
        raise FormatError(f"Type {record.type} is not one of 13, 14, 15", field="record type")
    return RidgeImage(
        type=record.type,
        impression=record.integer(3),
        positions=read_positions(record),
        width=record.integer(6),
        height=record.integer(7),
        scale_units=record.integer(8),
        across=record.integer(9),
        down=record.integer(10),
        compression=_text(record, 11).strip(),
        bits=record.integer(12),
        source=_text(record, 4),
        date=_text(record, 5),
        data=record.value(DATA),
        missing=read_list(read_missing),
        segments=read_list(read_segments),
        qualities=tuple(
            one for number in (22, 23, 24) for one in read_list(read_qualities, number)
        ),
        comment=_text(record, 20),
    )


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
    """SEG (rectangles) and then ASEG (polygons), of Type 14.

    Raises
    ------
    FormatError
        They are no such lists.
    """
    found = []
    for items in record.subfields(21) if record.type == 14 else ():
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


def make_ridge_image(image: RidgeImage, idc: int) -> TaggedRecord:
    """A record of these fields; those that are None or empty are left out.

    Examples
    --------
    >>> image = RidgeImage(14, 0, (2,), 2, 1, 1, 500, 500, "NONE", 8, "A", "20260102", bytes(2))
    >>> read_ridge_image(make_ridge_image(image, 1)) == image
    True
    """
    rectangles = [
        (one.position, one.corners[0][0], one.corners[1][0], one.corners[0][1], one.corners[1][1])
        for one in image.segments
        if one.rectangle
    ]
    polygons = [
        (one.position, len(one.corners), *(value for corner in one.corners for value in corner))
        for one in image.segments
        if not one.rectangle
    ]
    values: list[tuple[int, object]] = [
        (2, f"{idc:02d}"),
        (3, image.impression),
        (4, image.source),
        (5, image.date),
        (6, image.width),
        (7, image.height),
        (8, image.scale_units),
        (9, image.across),
        (10, image.down),
        (11, image.compression),
        (12, image.bits),
        (13, join((one,) for one in image.positions)),
        (18, join(image.missing)),
        (20, image.comment),
        (21, join(rectangles)),
        *((number, _qualities(image, number)) for number in (22, 23, 24)),
        (25, join(polygons)),
        (DATA, image.data),
    ]
    return TaggedRecord(
        image.type,
        tuple(
            Field(number, value if isinstance(value, bytes) else str(value).encode())
            for number, value in values
            if value not in (None, "", b"")
        ),
    )


def _qualities(image: RidgeImage, number: int) -> bytes:
    mine = [one for one in image.qualities if one.field == number]
    return join(
        (one.position, one.score, *((one.vendor, one.algorithm) if number != 22 else ()))
        for one in mine
    )


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


def _text(record: TaggedRecord, number: int) -> str:
    return (record.value(number) or b"").decode("utf-8", "replace")


def resolution(
    units: int | None, across: int | None, down: int | None
) -> tuple[float, float] | None:
    """SLC, THPS and TVPS as dpi.

    >>> resolution(2, 197, 197), resolution(1, 600, 600)
    ((500.0, 500.0), (600.0, 600.0))
    """
    if not across or not down or units not in (1, 2):
        return None
    if units == 1:
        return float(across), float(down)
    return nominal(across * _CM_PER_INCH), nominal(down * _CM_PER_INCH)


def nominal(dpi: float) -> float:
    """500 for the 500.126 of 19.69 px/mm and the 500.38 of 197 px/cm, 1000 likewise."""
    return next((one for one in _NOMINAL_DPI if abs(dpi - one) <= _ROUNDING * one), round(dpi, 3))
