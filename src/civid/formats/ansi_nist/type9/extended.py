"""Minutiae, cores and deltas of the extended feature set (.300 to .399); the rest is kept.

ANSI/NIST-ITL 1-2011 clause 8.9.7: 0.01 mm from the top left of the region of interest, y
downwards, whole degrees counter-clockwise. The angle of an ending halves that between the two
valleys beside it, which is the angle of INCITS 378.
"""

from __future__ import annotations

from collections.abc import Sequence

from civid.errors import FormatError
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import TaggedRecord, whole
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

_KINDS = {b"E": ENDING, b"B": BIFURCATION}


def read_efs(record: TaggedRecord, frame: Frame | None) -> Features:
    """The block; coordinates are those of the image where it is known, else of the region.

    Raises
    ------
    FormatError
        The region of interest is missing, or a point cannot be read.
    """
    region = record.subfields(300)
    if not region:
        raise FormatError("is missing", field=field_name(9, 300))
    wide, high = (_number(region[0], index, 300) for index in (0, 1))
    left, top = (_number(region[0], index, 300, optional=True) or 0 for index in (2, 3))
    dpi = frame.dpi if frame else (USUAL_DPI, USUAL_DPI)
    scale_x, scale_y = (one / PER_INCH for one in dpi)
    if frame is None:
        left = top = 0

    def place(items: Sequence[bytes], number: int) -> tuple[float, float]:
        x, y = _number(items, 0, number) or 0, _number(items, 1, number) or 0
        return (left + x) * scale_x, (top + y) * scale_y

    minutiae = tuple(
        Minutia(
            *place(items, 331),
            float((_number(items, 2, 331) or 0) % 360),
            _KINDS.get(items[3].strip(), OTHER) if len(items) > 3 else OTHER,
            0,
        )
        for items in record.subfields(331)
    )
    finger = record.subfields(302)
    return Features(
        "EFS",
        frame.width if frame else max(1, round((wide or 0) * scale_x)),
        frame.height if frame else max(1, round((high or 0) * scale_y)),
        dpi,
        frame is not None,
        minutiae,
        tuple(Core(*place(items, 320), *_angles(items[2:3])) for items in record.subfields(320)),
        tuple(Delta(*place(items, 321), _angles(items[2:5])) for items in record.subfields(321)),
        position=(whole(finger[0][0], high=255) or 0) if finger else 0,
        impression=record.integer(3) or 0,
    )


def _number(
    items: Sequence[bytes], index: int, number: int, *, optional: bool = False
) -> int | None:
    item = items[index] if index < len(items) else b""
    value = whole(item, high=99_999)
    if value is None and not (optional and not item.strip()):
        raise FormatError("a number cannot be read", field=field_name(9, number))
    return value


def _angles(items: Sequence[bytes]) -> tuple[float, ...]:
    values = [whole(item, high=999) for item in items]
    return tuple(float(one % 360) for one in values if one is not None)
