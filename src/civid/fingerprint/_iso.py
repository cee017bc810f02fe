"""Minutiae <-> ISO/IEC 19794-2:2005: what `Template` offers, kept out of its way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid._native import lib
from civid.errors import FormatError
from civid.fingerprint.minutiae import MAX_SIDE, MINUTIA_DTYPE
from civid.formats import detect
from civid.formats.minutiae import iso19794_2_2005 as iso

_CM_PER_INCH = 2.54
#: What every writer states for 500 dpi, which is 196.85 px/cm.
_PX_PER_CM = 197
#: Of scanners, in px/inch. As px/cm they are more than any scanner has that writes records, and
#: where they stand, the writer has mixed up the units.
_USUAL_DPI = frozenset((500, 508, 512, 569, 600, 1000))
_STEP = 2 * np.pi / iso.ANGLES


def to_iso(
    minutiae: npt.NDArray[Any],
    *,
    quality: int,
    size: tuple[int, int],
    position: int,
    impression: int,
) -> bytes:
    width, height = size
    # Half a pixel beyond the last pixel's centre still rounds to it.
    x = np.clip(np.rint(minutiae["x"]), 0, width - 1).astype(int)
    y = np.clip(np.rint(minutiae["y"]), 0, height - 1).astype(int)
    angle = np.rint(minutiae["angle"].astype(np.float64) / _STEP).astype(int) % iso.ANGLES
    columns = (minutiae["kind"], x, y, angle, minutiae["quality"])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    view = iso.View(
        position=position,
        impression=impression,
        quality=quality,
        minutiae=tuple(iso.Minutia(*row) for row in rows),
    )
    return iso.build(iso.Record(width, height, _PX_PER_CM, _PX_PER_CM, (view,)))


class Print(NamedTuple):
    """One view of a record, scaled to 500 dpi; the position as it stands there."""

    position: int
    minutiae: npt.NDArray[Any]
    quality: int
    size: tuple[int, int]


def from_iso(data: bytes, index: int, dpi: float | None = None) -> Print:
    """One view; ``dpi`` goes before the resolution that the record states."""
    record = _record(data)
    count = len(record.views)
    if not 0 <= index < count:
        raise FormatError(
            f"there is no view {index}; the record has {count}",
            offset=22,
            field="number of finger views",
        )
    return _print(record, record.views[index], dpi)


def all_from_iso(data: bytes, dpi: float | None = None) -> list[Print]:
    """Every view; the record is parsed once."""
    record = _record(data)
    if not record.views:
        raise FormatError("the record has no view", offset=22, field="number of finger views")
    return [_print(record, view, dpi) for view in record.views]


def _record(data: bytes) -> iso.Record:
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise FormatError(f"a record is bytes, not {type(data).__name__}", field="record")
    if not iso.sniff(data):
        name = detect(data)
        what = f"this looks like {name}" if name else "unknown format"
        raise FormatError(f"{what}, not {iso.NAME}", offset=0, field="format identifier")
    return iso.parse(data)


def _print(record: iso.Record, view: iso.View, dpi: float | None) -> Print:
    scale_x = _scale(record.x_per_cm, "x resolution", 18, dpi)
    scale_y = _scale(record.y_per_cm, "y resolution", 20, dpi)
    rows = np.array(view.minutiae, dtype=np.float64).reshape(-1, 5)
    kind, x, y, angle, quality = rows.T
    angle = angle * _STEP
    if scale_x != scale_y:
        angle = np.arctan2(np.sin(angle) * scale_y, np.cos(angle) * scale_x)
    minutiae = np.zeros(len(rows), dtype=MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"], minutiae["angle"] = x * scale_x, y * scale_y, angle
    minutiae["kind"] = np.where(kind > 2, 0, kind)
    minutiae["quality"] = np.where(quality > 100, 0, quality)
    width = _side(record.width, x, scale_x, "image width", 14)
    height = _side(record.height, y, scale_y, "image height", 16)
    good = view.quality if view.quality <= 100 else 0
    return Print(view.position, minutiae, good, (width, height))


def _scale(per_cm: int, field: str, offset: int, given: float | None) -> float:
    """Factor to 500 dpi."""
    if given is None and per_cm == _PX_PER_CM:
        return 1.0
    dpi = per_cm * _CM_PER_INCH if given is None else given
    if not lib.CIVID_MIN_DPI <= dpi <= lib.CIVID_MAX_DPI:
        raise FormatError(
            f"{per_cm} px/cm; no print is scanned at {dpi:.0f} dpi; give dpi=...",
            offset=offset,
            field=field,
        )
    if given is None and per_cm in _USUAL_DPI:
        raise FormatError(
            f"{per_cm} px/cm would be {dpi:.0f} dpi; this looks like {per_cm} dpi; give dpi=...",
            offset=offset,
            field=field,
        )
    return 500.0 / dpi


def _side(stated: int, values: np.ndarray, scale: float, field: str, offset: int) -> int:
    """A side in px at 500 dpi: as stated, or more where minutiae lie beyond it."""
    last = float(values.max(initial=0.0))
    side = max(1, round(max(stated, last + 1) * scale))
    if side > MAX_SIDE:
        raise FormatError(
            f"{stated} px; at most {MAX_SIDE} at 500 dpi are supported", offset=offset, field=field
        )
    return side
