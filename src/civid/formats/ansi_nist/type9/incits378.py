"""The minutiae block of INCITS 378 (.126 to .150), "M1" after the committee that made it.

ANSI/NIST-ITL 1-2011 clause 8.9.5: px from the top left, y downwards, angles in steps of two
degrees, as in an INCITS 378 record; each minutia is index, x, y, angle, kind, quality. A delta has
one angle in .140, and the other two in .141.
"""

from __future__ import annotations

from collections.abc import Sequence

from civid.errors import FormatError
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import Field, TaggedRecord, join, missing, whole
from civid.formats.ansi_nist.type9.points import USUAL_DPI, Core, Delta, Features, Frame, Minutia
from civid.formats.ansi_nist.type14.sampling import resolution

#: CBEFF format owner (INCITS M1) and types: minutiae alone, and after INCITS 378-2009 with or
#: without cores and deltas. 514 would promise ridge counts as well.
_OWNER, _PLAIN, _OF_2009 = 27, 513, 515
#: Owner and product of the encoder: not registered.
_NO_PRODUCT = "00000000"
#: The device is not said to be certified, nor which it is.
_NO_DEVICE = ("NONE", 0)
_STEP = 2


def read_m1(record: TaggedRecord, frame: Frame | None) -> Features:
    """The block; the size and resolution that it states go before those of the image.

    Raises
    ------
    FormatError
        A minutia, core or delta cannot be read, or there is no size.
    """
    width, height = record.integer(128), record.integer(129)
    if not width or not height:
        if frame is None:
            raise missing(9, 128)
        width, height = frame.width, frame.height
    stated = resolution(record.integer(130), record.integer(131), record.integer(132))
    dpi = stated or (frame.dpi if frame else (USUAL_DPI, USUAL_DPI))
    minutiae = []
    for items in record.subfields(137):
        _, x, y, angle, kind, quality = _numbers(items, 137, 6, 6)
        minutiae.append(
            Minutia(
                float(x),
                float(y),
                float(angle * _STEP % 360),
                kind if kind <= 2 else 0,
                quality if quality <= 100 else 0,
            )
        )
    cores = [_numbers(items, 139, 2, 3) for items in record.subfields(139)]
    deltas = [_numbers(items, 140, 2, 5) for items in record.subfields(140)]
    more = [_numbers(items, 141, 1, 2) for items in record.subfields(141)]
    for delta, angles in zip(deltas, more, strict=False):
        delta += angles
    finger, good = record.subfields(134), record.subfields(135)
    return Features(
        "M1",
        width,
        height,
        dpi,
        True,
        tuple(minutiae),
        tuple(Core(float(x), float(y), *_angles(angles)) for x, y, *angles in cores),
        tuple(Delta(float(x), float(y), _angles(angles[:3])) for x, y, *angles in deltas),
        position=(whole(finger[0][0], high=255) or 0) if finger else 0,
        impression=record.integer(3) or 0,
        quality=(whole(good[0][0], high=100) or 0) if good else 0,
    )


def m1_fields(features: Features) -> tuple[Field, ...]:
    """The fields .126 to .141 of these minutiae; coordinates and angles are rounded.

    Raises
    ------
    FormatError
        A resolution that cannot be written, or a core or delta without its directions.
    """
    across, down = (round(one) for one in features.dpi)
    if not (0 < across < 100_000 and 0 < down < 100_000):
        raise FormatError("cannot be written", field=field_name(9, 131))
    rows = [
        (index, *_place(features, one.x, one.y), _turn(one.angle, 137), one.kind, one.quality)
        for index, one in enumerate(features.minutiae, 1)
    ]
    cores = [(*_place(features, one.x, one.y), _turn(one.angle, 139)) for one in features.cores]
    directions = {len(one.angles) for one in features.deltas}
    if directions not in (set(), {1}, {3}):
        raise FormatError("all deltas have one direction, or all three", field=field_name(9, 140))
    deltas = [
        (*_place(features, one.x, one.y), _turn(one.angles[0], 140)) for one in features.deltas
    ]
    more = [
        tuple(_turn(angle, 141) for angle in one.angles[1:])
        for one in features.deltas
        if len(one.angles) == 3
    ]
    values: list[tuple[int, object]] = [
        (126, join([(_OWNER, _OF_2009 if cores or deltas else _PLAIN, _NO_PRODUCT)])),
        (127, join([_NO_DEVICE])),
        (128, features.width),
        (129, features.height),
        (130, 1),
        (131, across),
        (132, down),
        (133, 0),
        (134, features.position),
        (135, join([(features.quality, "", "")]) if features.quality else b""),
        (136, len(rows)),
        (137, join(rows)),
        (139, join(cores)),
        (140, join(deltas)),
        (141, join(more)),
    ]
    return tuple(
        Field(number, value if isinstance(value, bytes) else str(value).encode())
        for number, value in values
        if value != b""
    )


def _place(features: Features, x: float, y: float) -> tuple[int, int]:
    """Whole px inside the image: half a pixel beyond the last centre still rounds to it."""
    return (
        min(max(round(x), 0), features.width - 1),
        min(max(round(y), 0), features.height - 1),
    )


def _turn(angle: float | None, number: int) -> int:
    if angle is None:
        raise FormatError("a direction is needed here", field=field_name(9, number))
    return round(angle / _STEP) % (360 // _STEP)


def _angles(steps: Sequence[int]) -> tuple[float, ...]:
    return tuple(float(one * _STEP % 360) for one in steps)


def _numbers(items: Sequence[bytes], number: int, least: int, most: int) -> list[int]:
    values = [whole(item, high=99_999) for item in items if item or len(items) <= least]
    known = [one for one in values if one is not None]
    if len(known) != len(values) or not least <= len(known) <= most:
        raise FormatError("a point cannot be read", field=field_name(9, number))
    return known
