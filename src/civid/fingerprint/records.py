"""Minutiae records <-> arrays at 500 dpi: what `Template` offers, kept out of its way."""

from __future__ import annotations

from itertools import chain
from math import ceil, pi
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from civid._native import lib
from civid.errors import FormatError
from civid.fingerprint.minutiae import MAX_MINUTIAE, MAX_SIDE, MINUTIA_DTYPE
from civid.formats import detect
from civid.formats._wrappings import wrapping
from civid.formats.minutiae.convert import (
    PER_CM_500_DPI,
    MinutiaeSet,
    NeutralMinutia,
    NeutralView,
    read,
    strongest,
    write,
)
from civid.formats.minutiae.keys import format_of, sniffed

ISO_2005 = "iso19794-2:2005"
#: Views with a size and whole numbers, read without the neutral form: angles in a full turn.
_PLAIN = {ISO_2005: 256, "ansi378-2004": 180, "iso19794-2:2011": 256, "ansi378-2009": 180}
#: Their header states the image of all views.
_ONE_IMAGE = frozenset((ISO_2005, "ansi378-2004"))
_CARDS = "card"

_CM_PER_INCH = 2.54
#: What every writer states for 500 dpi, which is 196.85 px/cm.
_PX_PER_CM = 197
#: Of scanners, in px/inch. As px/cm they are more than any scanner has that writes records, and
#: where they stand, the writer has mixed up the units.
_USUAL_DPI = frozenset((500, 508, 512, 569, 600, 1000))
#: Where the fields of ISO/IEC 19794-2:2005 stand, for errors.
_OFFSETS = {
    "image width": 14,
    "image height": 16,
    "x resolution": 18,
    "y resolution": 20,
    "number of finger views": 22,
}
_TWO_PI = np.float32(2 * np.pi)


class Print(NamedTuple):
    """One view of a record, scaled to 500 dpi; the position as it stands there."""

    position: int
    minutiae: npt.NDArray[Any]
    quality: int
    size: tuple[int, int]


class _Plain(NamedTuple):
    """One view as it stands: rows of kind, x, y, angle, quality, and what a step of angle is."""

    key: str
    rows: npt.NDArray[np.float64]
    step: float
    resolution: tuple[float, float]
    size: tuple[int, int]
    position: int
    quality: int


def record_bytes(
    minutiae: npt.NDArray[Any],
    key: str,
    *,
    quality: int,
    size: tuple[int, int],
    position: int,
    impression: int | None,
    options: dict[str, Any],
) -> bytes:
    """A record of one view in any format."""
    columns = [minutiae[name].tolist() for name in ("kind", "x", "y", "angle", "quality")]
    view = NeutralView(
        tuple([NeutralMinutia(*row) for row in zip(*columns, strict=True)]),
        *size,
        position=position,
        quality=quality,
    )
    record = write(MinutiaeSet((view,)), key, **options).record
    if impression is not None and key in _PLAIN:
        from dataclasses import replace

        views = tuple(replace(one, impression=impression) for one in record.views)
        record = replace(record, views=views)
    data: bytes = format_of(key).module().build(record)
    return data


def prints(
    data: bytes,
    key: str | None = None,
    *,
    view: int | None = None,
    dpi: float | None = None,
    size: tuple[int, int] | None = None,
) -> list[Print]:
    """Every view, or the one asked for; the record is parsed once.

    ``dpi`` goes before the resolution that the record states, ``size`` is of the image where the
    record does not state it.
    """
    key = _known(data, key)
    record = format_of(key).module().parse(data)
    views = _plain(record, key) if key in _PLAIN else _neutral(record, key, size)
    if view is not None:
        if not 0 <= view < len(views):
            raise _error(
                key,
                "number of finger views",
                f"there is no view {view}; the record has {len(views)}",
            )
        views = views[view : view + 1]
    elif not views:
        raise _error(key, "number of finger views", "the record has no view")
    return [_print(one, dpi) for one in views]


def _known(data: object, key: str | None) -> str:
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise FormatError(f"a record is bytes, not {type(data).__name__}", field="record")
    if key is None:
        key = sniffed(data)
        if key is None:
            name = detect(data)
            what = f"this looks like {name}" if name else "unknown format"
            text = f"{what}; card formats and xyt do not say what they are: give format=..."
            if wrapping(bytes(data)):
                text = f"{what}; unwrap it first (civid convert, or civid.formats.unwrapped)"
            raise FormatError(text, offset=0, field="format identifier")
    elif format_of(key).says_so and not format_of(key).module().sniff(data):
        name = detect(data)
        what = f"this looks like {name}" if name else "unknown format"
        text = f"{what}, not {format_of(key).module().NAME}"
        raise FormatError(text, offset=0, field="format identifier")
    return key


def _plain(record: Any, key: str) -> list[_Plain]:
    step = 2 * pi / _PLAIN[key]
    made = []
    for view in record.views:
        image = record if key in _ONE_IMAGE else view
        count = 5 * len(view.minutiae)
        flat = np.fromiter(chain.from_iterable(view.minutiae), np.float64, count)
        quality: int = _quality(view)
        made.append(
            _Plain(
                key,
                flat.reshape(-1, 5),
                step,
                (image.x_per_cm, image.y_per_cm),
                (image.width, image.height),
                view.position,
                quality if quality <= 100 else 0,
            )
        )
    return made


def _quality(view: Any) -> int:
    if hasattr(view, "qualities"):
        return int(view.qualities[0].score) if view.qualities else 0
    return int(view.quality)


def _neutral(record: Any, key: str, size: tuple[int, int] | None) -> list[_Plain]:
    options: dict[str, Any] = {} if size is None else {"size": size}
    made = []
    for view in read(record, key, **options).minutiae.views:
        minutiae = view.minutiae
        if len(minutiae) > MAX_MINUTIAE:
            minutiae = tuple([minutiae[index] for index in strongest(minutiae, MAX_MINUTIAE)])
        rows = np.array(minutiae, np.float64).reshape(-1, 5)
        if rows[:, 1:3].min(initial=0.0) < 0:
            raise _error(key, "y coordinate", "a minutia lies beyond the size that was given")
        resolution, sides = (view.x_per_cm, view.y_per_cm), (view.width, view.height)
        made.append(_Plain(key, rows, 1.0, resolution, sides, view.position, view.quality or 0))
    return made


def _print(view: _Plain, dpi: float | None) -> Print:
    scale_x = _scale(view, 0, dpi)
    scale_y = _scale(view, 1, dpi)
    kind, x, y, angle, quality = view.rows.T
    angle = angle * view.step
    if scale_x != scale_y:
        angle = np.arctan2(np.sin(angle) * scale_y, np.cos(angle) * scale_x)
    minutiae = np.zeros(len(view.rows), dtype=MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = x * scale_x, y * scale_y
    turned = minutiae["angle"]
    turned[:] = angle % (2 * pi)
    turned[turned >= _TWO_PI] = 0
    minutiae["kind"] = kind * (kind <= 2)
    minutiae["quality"] = quality * (quality <= 100)
    width = _side(view, 0, x, scale_x)
    height = _side(view, 1, y, scale_y)
    return Print(view.position, minutiae, view.quality, (width, height))


def _scale(view: _Plain, axis: int, given: float | None) -> float:
    """Factor to 500 dpi."""
    per_cm = view.resolution[axis]
    field = ("x resolution", "y resolution")[axis]
    if view.key.endswith(_CARDS):
        if given is not None:
            raise _error(view.key, field, "a card's unit is fixed; it has no dpi")
        return PER_CM_500_DPI / per_cm
    if given is None and per_cm in (_PX_PER_CM, PER_CM_500_DPI):
        return 1.0
    if given is None and (text := doubt(per_cm)):
        raise _error(view.key, field, text)
    return 500.0 / (per_cm * _CM_PER_INCH if given is None else given)


def doubt(per_cm: float) -> str | None:
    """Why no print can have this resolution, in px/cm; or None."""
    dpi = per_cm * _CM_PER_INCH
    if not lib.CIVID_MIN_DPI <= dpi <= lib.CIVID_MAX_DPI:
        return f"{per_cm:g} px/cm; no print is scanned at {dpi:.0f} dpi; give dpi=..."
    if per_cm in _USUAL_DPI:
        return (
            f"{per_cm:g} px/cm would be {dpi:.0f} dpi; this looks like {per_cm:g} dpi; give dpi=..."
        )
    return None


def _side(view: _Plain, axis: int, values: npt.NDArray[np.float64], scale: float) -> int:
    """A side in px at 500 dpi: as stated, or more where minutiae lie beyond it."""
    stated, last = view.size[axis], float(values.max(initial=0.0))
    side = max(1, round(max(stated, last + 1) * scale), ceil(last * scale))
    if side > MAX_SIDE:
        field = ("image width", "image height")[axis]
        text = f"{max(stated, last + 1):g} px; at most {MAX_SIDE} at 500 dpi are supported"
        raise _error(view.key, field, text)
    return side


def _error(key: str, field: str, text: str) -> FormatError:
    offset = _OFFSETS.get(field) if key == ISO_2005 else None
    return FormatError(text, offset=offset, field=field)
