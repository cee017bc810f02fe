"""The minutiae block of 1-2007 and before (.005 to .012), and that of the FBI (.013 to .030).

Both count in 0.01 mm. The older standard has y upwards from the bottom left, and an angle that
points away from the ridge, 180 degrees from that of INCITS 378; its quality is 2 (best) .. 63,
0 for "set by hand" and 1 for "not known". The FBI's block (EFTS appendix J) has y downwards and
the angle of INCITS 378. Where y = 0 lies is as NIST's own writers have it (NBIS, ``to_type9.c``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from civid.errors import FormatError
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import Field, TaggedRecord, join, whole
from civid.formats.ansi_nist.type9.points import (
    BIFURCATION,
    ENDING,
    OTHER,
    PER_INCH,
    USUAL_DPI,
    Core,
    Delta,
    Features,
    Frame,
    Minutia,
)

_MINUTIA = re.compile(rb"(\d{4})(\d{4})(\d{3})")
_POINT = re.compile(rb"(\d{4})(\d{4})")
_KINDS = {b"A": ENDING, b"B": BIFURCATION}
_LETTERS = {ENDING: "A", BIFURCATION: "B", OTHER: "D"}
_BEST, _WORST = 2, 63


def read_nist(record: TaggedRecord, frame: Frame | None) -> Features:
    """The block of .005 to .012; ``frame`` is the image that it belongs to, where there is one.

    Raises
    ------
    FormatError
        A minutia, core or delta cannot be read.
    """
    rows = [_row(items, 12, index) for index, items in enumerate(record.subfields(12))]
    cores = _points(record, 8)
    deltas = _points(record, 9)
    known = frame or _around([*((x, y) for x, y, *_ in rows), *cores, *deltas])
    place = _upwards(known)
    first = record.subfields(6)
    return Features(
        "NIST",
        known.width,
        known.height,
        known.dpi,
        frame is not None,
        tuple(
            Minutia(*place(x, y), float((angle + 180) % 360), kind, quality)
            for x, y, angle, kind, quality in rows
        ),
        tuple(Core(*place(x, y)) for x, y in cores),
        tuple(Delta(*place(x, y)) for x, y in deltas),
        position=(whole(first[0][0], high=255) or 0) if first else 0,
        impression=record.integer(3) or 0,
    )


def read_iafis(record: TaggedRecord, frame: Frame | None) -> Features:
    """The block of the FBI: .014 finger, .021 cores, .022 deltas, .023 minutiae.

    Raises
    ------
    FormatError
        A minutia, core or delta cannot be read.
    """
    rows = [_row(items, 23, index) for index, items in enumerate(record.subfields(23))]
    cores = [(_pair(items[0], 21), _angles(items[1:2], 21)) for items in record.subfields(21)]
    deltas = [(_pair(items[0], 22), _angles(items[1:4], 22)) for items in record.subfields(22)]
    points = [*((x, y) for x, y, *_ in rows), *(one for one, _ in (*cores, *deltas))]
    known = frame or _around(points)
    scale_x, scale_y = (one / PER_INCH for one in known.dpi)
    first = record.subfields(14)
    return Features(
        "IAFIS",
        known.width,
        known.height,
        known.dpi,
        frame is not None,
        tuple(
            Minutia(x * scale_x, y * scale_y, float(angle % 360), kind, quality)
            for x, y, angle, kind, quality in rows
        ),
        tuple(Core(x * scale_x, y * scale_y, *angles) for (x, y), angles in cores),
        tuple(Delta(x * scale_x, y * scale_y, angles) for (x, y), angles in deltas),
        position=(whole(first[0][0], high=255) or 0) if first else 0,
        impression=record.integer(3) or 0,
    )


def nist_fields(features: Features, system: str) -> tuple[Field, ...]:
    """The fields .005 to .012 of these minutiae; ``system`` is what found them.

    Raises
    ------
    FormatError
        A point lies beyond 99.99 mm, or outside the image.
    """
    height = _hundredths(features.height, features.dpi[1])

    def place(x: float, y: float) -> str:
        across = _hundredths(x, features.dpi[0])
        up = height - 1 - _hundredths(y, features.dpi[1])
        if not (0 <= across <= 9999 and 0 <= up <= 9999):
            raise FormatError("a point lies outside of what can be written", field="9.012 MRC")
        return f"{across:04d}{up:04d}"

    rows = [
        (
            f"{index:03d}",
            f"{place(one.x, one.y)}{(round(one.angle) + 180) % 360:03d}",
            f"{_to_nist_quality(one.quality):02d}",
            _LETTERS.get(one.kind, "D"),
        )
        for index, one in enumerate(features.minutiae, 1)
    ]
    values = [
        (5, join([(system, "A")])),
        (6, f"{features.position:02d}".encode()),
        (7, join([("T", "UN")])),
        (8, join((place(one.x, one.y),) for one in features.cores)),
        (9, join((place(one.x, one.y),) for one in features.deltas)),
        (10, str(len(rows)).encode()),
        (11, b"0"),
        (12, join(rows)),
    ]
    return tuple(Field(number, value) for number, value in values if value)


def _row(items: Sequence[bytes], number: int, index: int) -> tuple[int, int, int, int, int]:
    """x, y, angle, kind, quality; the first two in 0.01 mm."""
    match = _MINUTIA.fullmatch(items[1].strip()) if len(items) > 1 else None
    if match is None:
        raise FormatError(
            f"minutia {index} is not written as XXXXYYYYTTT", field=field_name(9, number)
        )
    quality = whole(items[2], high=_WORST) if len(items) > 2 else None
    kind = _KINDS.get(items[3].strip().upper(), OTHER) if len(items) > 3 else OTHER
    x, y, angle = (int(one) for one in match.groups())
    return x, y, angle, kind, _from_nist_quality(quality)


def _points(record: TaggedRecord, number: int) -> list[tuple[int, int]]:
    return [_pair(items[0], number) for items in record.subfields(number)]


def _pair(item: bytes, number: int) -> tuple[int, int]:
    match = _POINT.fullmatch(item.strip())
    if match is None:
        raise FormatError("a point is not written as XXXXYYYY", field=field_name(9, number))
    return int(match[1]), int(match[2])


def _angles(items: Sequence[bytes], number: int) -> tuple[float, ...]:
    values = [whole(item, high=999) for item in items]
    return tuple(float(one % 360) for one in values if one is not None)


def _upwards(frame: Frame) -> Callable[[int, int], tuple[float, float]]:
    scale_x, scale_y = (one / PER_INCH for one in frame.dpi)
    top = _hundredths(frame.height, frame.dpi[1]) - 1

    def place(x: int, y: int) -> tuple[float, float]:
        return x * scale_x, (top - y) * scale_y

    return place


def _around(points: Sequence[tuple[int, int]]) -> Frame:
    """The least image at the usual resolution that holds points in 0.01 mm."""
    scale = USUAL_DPI / PER_INCH
    width = max((x for x, _ in points), default=0)
    height = max((y for _, y in points), default=0)
    return Frame(int(width * scale) + 2, int(height * scale) + 2, (USUAL_DPI, USUAL_DPI))


def _hundredths(px: float, dpi: float) -> int:
    return round(px * PER_INCH / dpi)


def _from_nist_quality(quality: int | None) -> int:
    if quality is None or quality < _BEST:
        return 0
    return max(1, round(100 * (_WORST - quality) / (_WORST - _BEST)))


def _to_nist_quality(quality: int) -> int:
    return round(_WORST - quality * (_WORST - _BEST) / 100) if quality else 1
