"""Minutiae of ANSI/NIST-ITL transactions (Type 9) <-> `Template`."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from civid._native import lib
from civid.errors import FormatError
from civid.fingerprint.minutiae import MAX_MINUTIAE, MAX_SIDE, MINUTIA_DTYPE
from civid.fingerprint.template import Template
from civid.formats.ansi_nist import Features, TaggedRecord, Transaction, make_type9, minutiae
from civid.formats.ansi_nist.type9.points import Minutia
from civid.position import Position

_DPI = 500.0


def to_template(features: Features) -> Template:
    """One block of minutiae as a template, scaled to 500 dpi.

    Minutiae beyond the stated image are kept, and the size grows to hold them; what lies left of
    it or above it, moves to its edge. Where there are more minutiae than a template holds, the
    best are taken, and of equal quality the first.

    Raises
    ------
    FormatError
        A resolution that no print is scanned at, or a size beyond that of templates.
    """
    for dpi in features.dpi:
        if not lib.CIVID_MIN_DPI <= dpi <= lib.CIVID_MAX_DPI:
            raise FormatError(f"no print is scanned at {dpi:.0f} dpi", field="resolution")
    scale_x, scale_y = (_DPI / dpi for dpi in features.dpi)
    rows = np.array(features.minutiae, dtype=np.float64).reshape(-1, 5)
    if len(rows) > MAX_MINUTIAE:
        best = np.argsort(-rows[:, 4], kind="stable")[:MAX_MINUTIAE]
        rows = rows[np.sort(best)]
    x, y, degrees, kind, quality = rows.T
    angle = np.deg2rad(degrees)
    if scale_x != scale_y:
        angle = np.arctan2(np.sin(angle) * scale_y, np.cos(angle) * scale_x)
    found = np.zeros(len(rows), dtype=MINUTIA_DTYPE)
    found["x"], found["y"] = np.maximum(x * scale_x, 0), np.maximum(y * scale_y, 0)
    found["angle"], found["kind"], found["quality"] = np.mod(angle, 2 * np.pi), kind, quality
    return Template(
        found,
        quality=features.quality,
        width=_side(features.width * scale_x, x * scale_x, "width"),
        height=_side(features.height * scale_y, y * scale_y, "height"),
    )


def all_to_templates(transaction: Transaction) -> list[tuple[Features, Template]]:
    """Every block of minutiae of a transaction with its template, in the order of the records.

    Raises
    ------
    FormatError
        A block cannot be read, or cannot be a template.
    """
    return [(one, to_template(one)) for one in minutiae(transaction)]


def from_template(
    template: Template,
    *,
    idc: int,
    position: Position = Position.UNKNOWN,
    impression: int = 0,
    blocks: Iterable[str] = ("M1",),
) -> TaggedRecord:
    """A Type-9 record of a template, at 500 dpi.

    Parameters
    ----------
    template : Template
    idc : int
        Image designation: that of the image record which the template was made from.
    position : Position
    impression : int
        0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled ...
    blocks : iterable of str
        "M1" (INCITS 378), and "NIST" for readers of 2007 and before.

    Raises
    ------
    FormatError
        An unknown block, or a point that cannot be written.

    Examples
    --------
    >>> template = Template([(10, 20, 1.5, 1, 90)], quality=80, width=300, height=400)
    >>> record = from_template(template, idc=1, position=Position.RIGHT_INDEX)
    >>> ((features, back),) = all_to_templates(Transaction((record,)))
    >>> features.position, back
    (2, Template(1 minutiae, quality 80, 300x400 px))
    """
    rows = template.minutiae
    degrees = np.rad2deg(rows["angle"].astype(np.float64))
    columns = (rows["x"], rows["y"], degrees, rows["kind"], rows["quality"])
    features = Features(
        "M1",
        template.width,
        template.height,
        minutiae=tuple(
            Minutia(*row) for row in zip(*(one.tolist() for one in columns), strict=True)
        ),
        position=int(position),
        impression=impression,
        quality=template.quality,
    )
    return make_type9(features, idc, blocks=blocks)


def _side(stated: float, values: np.ndarray, name: str) -> int:
    side = max(1, round(stated), int(np.ceil(values.max(initial=0.0))))
    if side > MAX_SIDE:
        raise FormatError(f"at most {MAX_SIDE} px at 500 dpi are supported", field=name)
    return side
