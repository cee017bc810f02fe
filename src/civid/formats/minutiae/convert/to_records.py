"""The neutral form -> records of the four standards."""

from __future__ import annotations

from dataclasses import replace
from math import pi
from typing import Any, NamedTuple

from civid.formats._reader import Finding
from civid.formats.minutiae import ansi378_2004, ansi378_2009, iso19794_2_2005, iso19794_2_2011
from civid.formats.minutiae.common import Minutia
from civid.formats.minutiae.convert.extended_data import blocks_for
from civid.formats.minutiae.convert.fitting import Limits, prepared_views, sized
from civid.formats.minutiae.convert.neutral import (
    UNKNOWN_VENDOR,
    MinutiaeSet,
    NeutralMinutia,
    NeutralView,
)
from civid.formats.minutiae.extended import (
    ANSI_2004,
    ANSI_2009,
    ISO_2005,
    ISO_2011,
    Edition,
)


class Written(NamedTuple):
    """A record, and what of the neutral form it cannot hold."""

    record: Any
    findings: tuple[Finding, ...] = ()


def to_iso_2005(minutiae: MinutiaeSet, *, per_cm: int | None = None) -> Written:
    """ISO/IEC 19794-2:2005."""
    limits = Limits(ISO_2005)
    _tell_product(minutiae, limits)
    views, size = _views_of_one_image(minutiae, limits, per_cm)
    device = _device(minutiae, limits, 0xFFF)
    record = iso19794_2_2005.Record(*size, views, capture_device=device)
    return Written(record, tuple(limits.findings))


def to_ansi_2004(minutiae: MinutiaeSet, *, per_cm: int | None = None) -> Written:
    """ANSI/INCITS 378-2004."""
    limits = Limits(ANSI_2004, least_per_cm=1)
    views, size = _views_of_one_image(minutiae, limits, per_cm)
    record = ansi378_2004.Record(
        *size,
        views,
        minutiae.product_owner or UNKNOWN_VENDOR,
        minutiae.product_type,
        _device(minutiae, limits, 0xFFF),
    )
    return Written(record, tuple(limits.findings))


def to_ansi_2009(minutiae: MinutiaeSet, *, per_cm: int | None = None, version: int = 35) -> Written:
    """ANSI/INCITS 378-2009; ``version`` 35 is amendment 1, 30 the standard before it."""
    limits = Limits(ANSI_2009, impressions=range(256), numbers=256, least_per_cm=1)
    views = []
    for index, view in enumerate(prepared_views(minutiae, limits, per_cm)):
        _tell_origin(view, limits, index)
        made = ansi378_2009.View(
            position=view.position,
            width=view.width,
            height=view.height,
            number=view.number,
            impression=view.impression or 0,
            quality=ansi378_2009.QUALITY_UNDEFINED if view.quality is None else view.quality,
            quality_vendor=view.quality_vendor or UNKNOWN_VENDOR,
            quality_algorithm=view.quality_algorithm,
            x_per_cm=round(view.x_per_cm),
            y_per_cm=round(view.y_per_cm),
            minutiae=_rows(view, ANSI_2009),
            blocks=blocks_for(view, ANSI_2009, index, limits.findings),
        )
        views.append(made)
    record = ansi378_2009.Record(
        tuple(views),
        version,
        minutiae.product_owner or UNKNOWN_VENDOR,
        minutiae.product_type,
        capture_device=minutiae.capture_device,
    )
    return Written(record, tuple(limits.findings))


def to_iso_2011(minutiae: MinutiaeSet, *, per_cm: int | None = None) -> Written:
    """ISO/IEC 19794-2:2011."""
    limits = Limits(ISO_2011, iso19794_2_2011.POSITIONS, iso19794_2_2011.IMPRESSIONS)
    _tell_product(minutiae, limits)
    if minutiae.capture_device:
        limits.tell("capture device ID", "left out: each view has its own device here")
    views = []
    for index, view in enumerate(prepared_views(minutiae, limits, per_cm)):
        view = _known_origin(view, limits, index)
        quality = iso19794_2_2011.Quality(
            view.quality or 0, view.quality_vendor, view.quality_algorithm
        )
        made = iso19794_2_2011.View(
            position=view.position,
            width=view.width,
            height=view.height,
            number=view.number,
            impression=29 if view.impression is None else view.impression,
            x_per_cm=round(view.x_per_cm),
            y_per_cm=round(view.y_per_cm),
            qualities=() if view.quality is None else (quality,),
            minutiae=_rows(view, ISO_2011),
            ridge_ending=view.ridge_ending,
            captured=view.captured,
            technology=view.technology,
            device_vendor=view.device_vendor,
            device_type=view.device_type,
            blocks=blocks_for(view, ISO_2011, index, limits.findings),
        )
        views.append(made)
    return Written(iso19794_2_2011.Record(tuple(views)), tuple(limits.findings))


def _known_origin(view: NeutralView, limits: Limits, index: int) -> NeutralView:
    """Without what a damaged record says of where its print comes from."""
    if view.captured is not None and not iso19794_2_2011.is_time(view.captured):
        limits.tell("capture date and time", "there is no such time: left out", index)
        view = replace(view, captured=None)
    if not 0 <= view.technology <= 20:
        limits.tell("capture device technology ID", "does not exist: written as 0", index)
        view = replace(view, technology=0)
    if view.ridge_ending not in (0, 1):
        limits.tell("minutia field length", "no such ridge ending type: written as 0", index)
        view = replace(view, ridge_ending=0)
    return view


_Sizes = tuple[int, int, int, int]


def _views_of_one_image(
    minutiae: MinutiaeSet, limits: Limits, per_cm: int | None
) -> tuple[tuple[iso19794_2_2005.View, ...], _Sizes]:
    prepared = prepared_views(minutiae, limits, per_cm)
    resolution = prepared[0].x_per_cm, prepared[0].y_per_cm
    if any((view.x_per_cm, view.y_per_cm) != resolution for view in prepared):
        limits.tell("x resolution", "views are scaled to that of view 0: the header states one")
        prepared = [sized(view.scaled(*resolution), limits, 0) for view in prepared]
    width, height = (
        max(view.width for view in prepared),
        max(view.height for view in prepared),
    )
    if any((view.width, view.height) != (width, height) for view in prepared):
        limits.tell("image width", "that of the largest view: the header states one size")
    views = []
    for index, view in enumerate(prepared):
        _tell_origin(view, limits, index)
        if view.quality_vendor or view.quality_algorithm:
            limits.tell("quality vendor", "left out: there is no such field", index)
        made = iso19794_2_2005.View(
            position=view.position,
            number=view.number,
            impression=view.impression or 0,
            quality=view.quality or 0,
            minutiae=_rows(view, limits.edition),
            blocks=blocks_for(
                replace(view, width=width, height=height),
                limits.edition,
                index,
                limits.findings,
                grown=(view.width, view.height) != (width, height),
            ),
        )
        if view.quality is None:
            limits.tell("finger quality", "not known: written as 0", index)
        views.append(made)
    return tuple(views), (width, height, round(resolution[0]), round(resolution[1]))


def _rows(view: NeutralView, edition: Edition) -> tuple[Minutia, ...]:
    right, bottom = min(view.width, 1 << 14) - 1, min(view.height, 1 << 14) - 1
    steps = edition.angles / (2 * pi)
    return tuple([_row(one, right, bottom, steps, edition.angles) for one in view.minutiae])


def _row(one: NeutralMinutia, right: int, bottom: int, steps: float, angles: int) -> Minutia:
    return Minutia(
        one.kind,
        min(max(round(one.x), 0), right),
        min(max(round(one.y), 0), bottom),
        round(one.angle * steps) % angles,
        one.quality,
    )


def _device(minutiae: MinutiaeSet, limits: Limits, most: int) -> int:
    if minutiae.capture_device <= most:
        return minutiae.capture_device
    limits.tell("capture device ID", f"left out: above {most}")
    return 0


def _tell_product(minutiae: MinutiaeSet, limits: Limits) -> None:
    if minutiae.product_owner or minutiae.product_type:
        limits.tell("CBEFF product owner", "left out: there is no such field")


def _tell_origin(view: NeutralView, limits: Limits, index: int) -> None:
    """What ISO/IEC 19794-2:2011 alone says of where a print comes from."""
    if view.captured is not None:
        limits.tell("capture date and time", "left out: there is no such field", index)
    if view.technology or view.device_vendor or view.device_type:
        limits.tell("capture device", "left out: there is no such field", index)
    if view.ridge_ending:
        text = "ends of ridge skeletons, which cannot be stated"
        limits.tell("ridge ending type", text, index)
    if view.impression is None:
        limits.tell("impression type", "not known: written as 0", index)
