"""Types 13 (latent), 14 (fingerprint) and 15 (palm): an image of any resolution, with tags.

ANSI/NIST-ITL 1-2011 clauses 8.13 to 8.15. Their fields have the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from civid.errors import FormatError
from civid.formats.ansi_nist.names import DATA
from civid.formats.ansi_nist.tagged import Field, TaggedRecord, join
from civid.formats.ansi_nist.type14.lists import (
    Quality,
    Segment,
    read_missing,
    read_positions,
    read_qualities,
    read_segments,
)

T = TypeVar("T")

TYPES = (13, 14, 15)


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
        AMP: finger or palm, and "UP" unable to print, as bandaged or wholly amputated, or "XX"
        amputated in part (until 2007: amputated).
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


def _text(record: TaggedRecord, number: int) -> str:
    return (record.value(number) or b"").decode("utf-8", "replace")
