"""NBIS text <-> the neutral form. 500 dpi are meant where nothing is said."""

from __future__ import annotations

from math import pi, radians

from civid.errors import FormatError
from civid.formats._given import MAX_SIDE, pair
from civid.formats._reader import Finding
from civid.formats.minutiae.convert.from_records import Read
from civid.formats.minutiae.convert.neutral import (
    PER_CM_500_DPI,
    MinutiaeSet,
    NeutralMinutia,
    NeutralView,
)
from civid.formats.minutiae.convert.to_records import Written
from civid.formats.minutiae.extended import RidgeCount, RidgeCounts
from civid.formats.minutiae.nbis import min as report
from civid.formats.minutiae.nbis import xyt

_STEP = 2 * pi / report.DIRECTIONS
#: Beyond the highest minutia, where the height of an image is not known.
_MARGIN = 16
#: Largest number that MINDTCT's report is read with.
_MOST = 999_999


def from_xyt(record: xyt.Record, *, size: tuple[int, int] | None = None) -> Read:
    """``.xyt``; ``size`` (width, height) of the image in px.

    NIST's own form counts y from the lower edge: without the height, minutiae lie right to one
    another, but not in the image, and a finding says so.
    """
    width, height = (0, 0) if size is None else pair(size, "size", 1, MAX_SIDE)
    findings = []
    top = height
    if not record.m1 and not height:
        top = max((one.y for one in record.minutiae), default=0) + _MARGIN
        text = "not given: y is counted from above the highest minutia"
        findings.append(Finding("image height", text, view=0))
    minutiae = []
    for x, y, theta, quality in record.minutiae:
        if record.m1:
            angle = radians(2 * theta % 360)
        else:
            y, angle = top - y, radians((theta + 180) % 360)
        minutiae.append(NeutralMinutia(0, x, y, angle, min(max(quality or 0, 0), 100)))
    view = NeutralView(tuple(minutiae), width, height)
    return Read(MinutiaeSet((view,)), tuple(findings))


def to_xyt(minutiae: MinutiaeSet, *, view: int = 0, m1: bool = False) -> Written:
    """``.xyt`` in NIST's own form, or that of ``-m1``."""
    one, findings = _view(minutiae, view)
    findings += _lost(one, view)
    if not m1 and not one.height:
        text = "not known: y is counted from below the lowest minutia"
        findings.append(Finding("image height", text, view=view))
    findings += _beyond(one, view)
    bottom = one.height or max((round(m.y) for m in one.minutiae), default=0) + 1
    rows = []
    for _, x, y, angle, quality in one.minutiae:
        degrees = angle * 180 / pi
        if m1:
            place, theta = round(y), round(degrees / 2) % 180
        else:
            place, theta = bottom - round(y), round(degrees + 180) % 360
        across, place = _between(round(x), xyt.MOST), _between(place, xyt.MOST)
        rows.append(xyt.XytMinutia(across, place, theta, quality))
    return Written(xyt.Record(tuple(rows), m1), tuple(findings))


#: A record of ``-m1`` says itself that it is one.
from_xyt_m1 = from_xyt


def to_xyt_m1(minutiae: MinutiaeSet, *, view: int = 0) -> Written:
    """``.xyt`` of ``-m1``."""
    return to_xyt(minutiae, view=view, m1=True)


def from_min(record: report.Record) -> Read:
    """``.min``: reliability becomes quality in per cent, neighbours ridge counts."""
    minutiae = [
        NeutralMinutia(
            1 if one.ending else 2,
            one.x,
            one.y,
            (pi / 2 - one.direction * _STEP) % (2 * pi),
            min(max(round(100 * one.reliability), 0), 100),
        )
        for one in record.minutiae
    ]
    places: dict[tuple[int, int], int] = {}
    for index, one in enumerate(record.minutiae):
        places.setdefault((one.x, one.y), index)
    rows = []
    unknown = 0
    for index, one in enumerate(record.minutiae):
        for x, y, ridges in one.neighbours:
            other = places.get((x, y))
            if other is None:
                unknown += 1
            else:
                rows.append(RidgeCount(index, other, ridges))
    findings = []
    if unknown:
        text = f"{unknown} to neighbours that are not there: left out"
        findings.append(Finding("neighbours", text, view=0))
    counts = RidgeCounts(0, tuple(rows)) if rows else None
    view = NeutralView(tuple(minutiae), record.width, record.height, ridge_counts=counts)
    return Read(MinutiaeSet((view,)), tuple(findings))


def to_min(minutiae: MinutiaeSet, *, view: int = 0) -> Written:
    """``.min``: directions in 32 steps, quality as reliability, ridge counts as neighbours."""
    one, findings = _view(minutiae, view)
    if one.cores or one.deltas:
        findings.append(Finding("core and delta data", "left out: there is none", view=view))
    if one.zones or one.blocks:
        findings.append(Finding("extended data", "left out: there is none", view=view))
    if one.position:
        findings.append(Finding("finger position", "left out: there is none", view=view))
    if one.impression:  # 0, live and plain, is what everybody takes it for
        findings.append(Finding("impression type", "left out: there is none", view=view))
    others = sum(m.kind not in (1, 2) for m in one.minutiae)
    if others:
        text = f"{others} of type other: written as ridge endings"
        findings.append(Finding("minutia type", text, view=view))
    if one.minutiae:
        text = "not known: written as appearing, found on a loop"
        findings.append(Finding("feature", text, view=view))
    findings += _beyond(one, view)
    places = [(_between(round(m.x), _MOST), _between(round(m.y), _MOST)) for m in one.minutiae]
    width = max([one.width, 1, *(0 if one.width else x + 1 for x, _ in places)])
    height = max([one.height, 1, *(0 if one.height else y + 1 for _, y in places)])
    width, height = min(width, _MOST), min(height, _MOST)
    places = [(min(x, width - 1), min(y, height - 1)) for x, y in places]
    near: dict[int, list[report.Neighbour]] = {}
    left = 0
    for first, second, ridges in one.ridge_counts.counts if one.ridge_counts else ():
        row = near.setdefault(first, [])
        if second < len(places) and first < len(places) and len(row) < report.MAX_NEIGHBOURS:
            row.append(report.Neighbour(*places[second], ridges))
        else:
            left += 1
    if left:
        findings.append(Finding("ridge count data", f"{left} without a neighbour", view=view))
    rows = [
        report.MinMinutia(
            *places[index],
            round((pi / 2 - angle) / _STEP) % report.DIRECTIONS,
            quality / 100,
            kind != 2,
            neighbours=tuple(near.get(index, ())),
        )
        for index, (kind, _, _, angle, quality) in enumerate(one.minutiae)
    ]
    return Written(report.Record(width, height, tuple(rows)), tuple(findings))


def _view(minutiae: MinutiaeSet, view: int) -> tuple[NeutralView, list[Finding]]:
    """One view at 500 dpi."""
    if not 0 <= view < len(minutiae.views):
        raise FormatError(f"there is no view {view}", field="number of finger views")
    findings = []
    if len(minutiae.views) > 1:
        text = f"only view {view} is written"
        findings.append(Finding("number of finger views", text, view=view))
    one = minutiae.views[view]
    if (round(one.x_per_cm), round(one.y_per_cm)) == (197, 197):
        return one, findings  # 500 dpi, as every writer states them
    text = f"{one.x_per_cm:g} px/cm cannot be stated: scaled to 500 dpi"
    findings.append(Finding("x resolution", text, view=view))
    return one.scaled(PER_CM_500_DPI, PER_CM_500_DPI), findings


def _between(value: int, most: int) -> int:
    return min(max(value, 0), most)


def _beyond(one: NeutralView, view: int) -> list[Finding]:
    """A finding where minutiae lie outside of the image, or of what is no print any more."""
    right, bottom = one.width or xyt.MOST, one.height or xyt.MOST
    count = sum(not (-0.5 <= m.x <= right and -0.5 <= m.y <= bottom) for m in one.minutiae)
    text = f"{count} beyond the image: moved to its edge where they have to be"
    return [Finding("x coordinate", text, view=view)] if count else []


def _lost(one: NeutralView, view: int) -> list[Finding]:
    told = [
        ("minutia type", any(m.kind for m in one.minutiae), "left out: there is no such column"),
        ("finger position", one.position != 0, "left out: there is none"),
        ("impression type", bool(one.impression), "left out: there is none"),
        ("finger quality", one.quality is not None, "left out: there is none"),
        ("ridge count data", one.ridge_counts is not None, "left out: there is none"),
        ("core and delta data", bool(one.cores or one.deltas), "left out: there is none"),
        ("extended data", bool(one.zones or one.blocks), "left out: there is none"),
    ]
    return [Finding(field, text, view=view) for field, wrong, text in told if wrong]
