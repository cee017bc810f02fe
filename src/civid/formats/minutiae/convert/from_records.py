"""Records of the four standards -> the neutral form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import pi
from typing import NamedTuple

from civid.formats._reader import Finding
from civid.formats.minutiae import ansi378_2004, ansi378_2009, iso19794_2_2005, iso19794_2_2011
from civid.formats.minutiae.common import ExtendedBlock, Minutia
from civid.formats.minutiae.convert.choosing import from_zero
from civid.formats.minutiae.convert.neutral import (
    UNKNOWN_VENDOR,
    MinutiaeSet,
    NeutralCore,
    NeutralDelta,
    NeutralMinutia,
    NeutralView,
)
from civid.formats.minutiae.extended import (
    ANSI_2004,
    ANSI_2009,
    ISO_2005,
    ISO_2011,
    CoresAndDeltas,
    Edition,
    RidgeCounts,
    ZonalQuality,
    typed,
)


class Read(NamedTuple):
    """What a record says in the neutral form, and what of it could not be taken over."""

    minutiae: MinutiaeSet
    findings: tuple[Finding, ...] = ()


def from_iso_2005(record: iso19794_2_2005.Record) -> Read:
    """ISO/IEC 19794-2:2005."""
    findings = list(_left_out("certification", record.certification))
    views = _views_of_one_image(record, ISO_2005, findings)
    return Read(MinutiaeSet(views, capture_device=record.capture_device), tuple(findings))


def from_ansi_2004(record: ansi378_2004.Record) -> Read:
    """ANSI/INCITS 378-2004."""
    findings = list(_left_out("compliance", record.compliance))
    views = _views_of_one_image(record, ANSI_2004, findings)
    owner, product = _vendor(record.product_owner), record.product_type
    return Read(MinutiaeSet(views, owner, product, record.capture_device), tuple(findings))


def _views_of_one_image(
    record: iso19794_2_2005.Record | ansi378_2004.Record, edition: Edition, findings: list[Finding]
) -> tuple[NeutralView, ...]:
    views = []
    for index, view in enumerate(record.views):
        made = NeutralView(
            width=record.width,
            height=record.height,
            x_per_cm=record.x_per_cm,
            y_per_cm=record.y_per_cm,
            position=view.position,
            number=view.number,
            impression=view.impression,
            quality=_quality(view.quality, index, findings),
        )
        views.append(_filled(made, view.minutiae, view.blocks, edition, index, findings))
    return tuple(views)


def from_ansi_2009(record: ansi378_2009.Record) -> Read:
    """ANSI/INCITS 378-2009 and its amendment 1."""
    findings = list(_left_out("certification", record.certification))
    views = []
    for index, view in enumerate(record.views):
        made = NeutralView(
            width=view.width,
            height=view.height,
            x_per_cm=view.x_per_cm,
            y_per_cm=view.y_per_cm,
            position=view.position,
            number=view.number,
            impression=view.impression,
            quality=_quality(view.quality, index, findings),
            quality_vendor=_vendor(view.quality_vendor),
            quality_algorithm=view.quality_algorithm,
        )
        views.append(_filled(made, view.minutiae, view.blocks, ANSI_2009, index, findings))
    owner, product = _vendor(record.product_owner), record.product_type
    return Read(MinutiaeSet(tuple(views), owner, product, record.capture_device), tuple(findings))


def from_iso_2011(record: iso19794_2_2011.Record) -> Read:
    """ISO/IEC 19794-2:2011."""
    findings: list[Finding] = []
    views = []
    for index, view in enumerate(record.views):
        findings += _left_out("certification block", len(view.certifications), index)
        findings += _left_out("quality block", max(0, len(view.qualities) - 1), index)
        made = NeutralView(
            width=view.width,
            height=view.height,
            x_per_cm=view.x_per_cm,
            y_per_cm=view.y_per_cm,
            position=view.position,
            number=view.number,
            impression=None if view.impression == 29 else view.impression,
            ridge_ending=view.ridge_ending,
            captured=view.captured,
            technology=view.technology,
            device_vendor=view.device_vendor,
            device_type=view.device_type,
        )
        if view.qualities:
            first = view.qualities[0]
            made = replace(
                made,
                quality=_quality(first.score, index, findings),
                quality_vendor=_vendor(first.vendor),
                quality_algorithm=first.algorithm,
            )
        views.append(_filled(made, view.minutiae, view.blocks, ISO_2011, index, findings))
    return Read(MinutiaeSet(tuple(views)), tuple(findings))


def _left_out(field: str, count: int, view: int | None = None) -> Iterator[Finding]:
    if count:
        yield Finding(field, "left out: only its own record can hold it", view=view)


def _is_vendors(block: ExtendedBlock) -> bool:
    return block.type > 0xFF and bool(block.type & 0xFF)


def _vendor(value: int) -> int:
    return 0 if value == UNKNOWN_VENDOR else value


def _quality(value: int, view: int, findings: list[Finding]) -> int | None:
    if value <= 100:
        return value
    if value < 254:  # 254 and 255 say themselves that there is none
        text = f"{value} is outside 0..100: taken as not known"
        findings.append(Finding("finger quality", text, view=view))
    return None


def _filled(
    made: NeutralView,
    minutiae: Sequence[Minutia],
    blocks: Sequence[ExtendedBlock],
    edition: Edition,
    view: int,
    findings: list[Finding],
) -> NeutralView:
    """With minutiae and extended data."""
    step = 2 * pi / edition.angles
    rows = [
        NeutralMinutia(
            kind if kind <= 2 else 0,
            x,
            y,
            angle % edition.angles * step,
            quality if quality <= 100 else 0,
        )
        for kind, x, y, angle, quality in minutiae
    ]
    findings += _unusual(minutiae, edition, view)
    counts: RidgeCounts | None = None
    cores: tuple[NeutralCore, ...] = ()
    deltas: tuple[NeutralDelta, ...] = ()
    zones: ZonalQuality | None = None
    kept = []
    if blocks:
        size = {"width": made.width, "height": made.height}
        found = typed(blocks, edition, **size, minutiae=len(minutiae), view=view)
        findings += found.findings
        for item in found.items:
            if isinstance(item, ExtendedBlock):
                if _is_vendors(item):
                    kept.append(item)
                else:  # its type means something else in another edition, or nothing
                    text = f"block of type {item.type:#x} left out: it means nothing here"
                    findings.append(Finding("extended data", text, view=view))
            elif isinstance(item, RidgeCounts) and counts is None:
                counts, told = from_zero(item, len(minutiae), view)
                findings += told
            elif isinstance(item, CoresAndDeltas):
                cores += _cores(item, step)
                deltas += _deltas(item, step)
            elif isinstance(item, ZonalQuality) and zones is None:
                zones = item
            else:
                text = "a second block of its kind is left out"
                findings.append(Finding("extended data", text, view=view))
    return replace(
        made,
        minutiae=tuple(rows),
        cores=cores,
        deltas=deltas,
        ridge_counts=counts,
        zones=zones,
        blocks=tuple(kept),
    )


def _unusual(minutiae: Sequence[Minutia], edition: Edition, view: int) -> Iterator[Finding]:
    for field, wrong, text in (
        ("minutia type", sum(one.kind > 2 for one in minutiae), "taken as other"),
        ("minutia quality", sum(one.quality > 100 for one in minutiae), "taken as not known"),
        ("minutia angle", sum(one.angle >= edition.angles for one in minutiae), "turned back"),
    ):
        if wrong:
            yield Finding(field, f"{wrong} out of range: {text}", view=view)


def _cores(item: CoresAndDeltas, step: float) -> tuple[NeutralCore, ...]:
    return tuple(
        NeutralCore(x, y, None if angle is None else angle * step) for x, y, angle in item.cores
    )


def _deltas(item: CoresAndDeltas, step: float) -> tuple[NeutralDelta, ...]:
    made = []
    for x, y, angles in item.deltas:
        if angles is None:
            made.append(NeutralDelta(x, y))
        else:
            turned = (angles[0] * step, angles[1] * step, angles[2] * step)
            made.append(NeutralDelta(x, y, turned))
    return tuple(made)
