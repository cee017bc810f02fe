"""Card formats <-> the neutral form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import pi

from civid.errors import FormatError
from civid.formats._given import MAX_SIDE, pair
from civid.formats._reader import Finding
from civid.formats.minutiae.card.order import order_of
from civid.formats.minutiae.card.parameters import Parameters
from civid.formats.minutiae.card.record import COMPACT, NORMAL, Record, Size, Wrapping
from civid.formats.minutiae.common import Minutia
from civid.formats.minutiae.convert.choosing import strongest
from civid.formats.minutiae.convert.from_records import Read
from civid.formats.minutiae.convert.neutral import MinutiaeSet, NeutralMinutia, NeutralView
from civid.formats.minutiae.convert.to_records import Written


def from_card(record: Record, *, size: tuple[int, int] | None = None) -> Read:
    """Card format of normal size; ``size`` of the image in 0.01 mm, if it is known."""
    return _from(record, NORMAL, size)


def from_compact_card(record: Record, *, size: tuple[int, int] | None = None) -> Read:
    """Card format of compact size; ``size`` of the image in 0.1 mm, if it is known."""
    return _from(record, COMPACT, size)


def _from(record: Record, card: Size, size: tuple[int, int] | None) -> Read:
    step = 2 * pi / card.angles
    minutiae = [
        NeutralMinutia(kind if kind <= 2 else 0, x, y, angle * step)
        for kind, x, y, angle, _ in record.minutiae
    ]
    findings = []
    reserved = sum(one.kind > 2 for one in record.minutiae)
    if reserved:
        text = f"{reserved} out of range: taken as other"
        findings.append(Finding("minutia type", text, view=0))
    for block in record.blocks:
        text = "left out: not interpreted in card formats"
        findings.append(Finding(f"object {block.type:02X}", text, view=0))
    width, height = (0, 0) if size is None else pair(size, "size", 1, MAX_SIDE)
    view = NeutralView(tuple(minutiae), width, height, card.per_cm, card.per_cm)
    return Read(MinutiaeSet((view,)), tuple(findings))


def to_card(
    minutiae: MinutiaeSet,
    *,
    view: int = 0,
    parameters: Parameters | None = None,
    wrapping: Wrapping = Wrapping.NONE,
) -> Written:
    """Card format of normal size; see `to_compact_card`."""
    return _to(minutiae, NORMAL, view, parameters or Parameters(), wrapping)


def to_compact_card(
    minutiae: MinutiaeSet,
    *,
    view: int = 0,
    parameters: Parameters | None = None,
    wrapping: Wrapping = Wrapping.NONE,
) -> Written:
    """Card format of compact size.

    Positions count from the image's upper left corner where all minutiae fit; else from the
    minutiae's own, and where they are spread over more than a coordinate holds (25.5 mm), from that
    of a window around their centre of mass, outside of which they are left out. After that the
    rule of `strongest` leaves as many as the card takes, and they are put in its order.
    """
    return _to(minutiae, COMPACT, view, parameters or Parameters(), wrapping)


def _to(
    minutiae: MinutiaeSet, card: Size, view: int, parameters: Parameters, wrapping: Wrapping
) -> Written:
    if not 0 <= view < len(minutiae.views):
        raise FormatError(f"there is no view {view}", field="number of finger views")
    findings = [*_unheld(minutiae, view)]
    given = minutiae.views[view]
    made = replace(given, zones=None).scaled(card.per_cm, card.per_cm)
    kept = _window(made.minutiae, card.largest, findings)
    if len(kept) > parameters.most:
        text = f"{len(kept) - parameters.most} left out: the card takes {parameters.most}"
        findings.append(Finding("number of minutiae", text, view=view))
        kept = [kept[index] for index in strongest(kept, parameters.most)]
    if len(kept) < parameters.least:
        text = f"{len(kept)}; the card asks for {parameters.least}"
        findings.append(Finding("number of minutiae", text, view=view))
    steps = card.angles / (2 * pi)
    rows = [
        Minutia(one.kind, round(one.x), round(one.y), round(one.angle * steps) % card.angles)
        for one in kept
    ]
    ordered = tuple([rows[index] for index in order_of(rows, parameters)])
    return Written(Record(ordered, wrapping), tuple(findings))


def _window(
    minutiae: Sequence[NeutralMinutia], largest: int, findings: list[Finding]
) -> list[NeutralMinutia]:
    """Minutiae that have room in a coordinate, moved where they have to be."""
    kept = list(minutiae)
    moved = [_start([one.x for one in kept], largest), _start([one.y for one in kept], largest)]
    if any(moved):
        text = f"moved by {-moved[0]}, {-moved[1]} units to fit into 0..{largest}"
        findings.append(Finding("x coordinate", text))
        kept = [one._replace(x=one.x - moved[0], y=one.y - moved[1]) for one in kept]
    inside = [one for one in kept if 0 <= round(one.x) <= largest and 0 <= round(one.y) <= largest]
    if len(inside) < len(kept):
        text = f"{len(kept) - len(inside)} left out: beyond what a coordinate holds"
        findings.append(Finding("number of minutiae", text))
    return inside


def _start(values: Sequence[float], largest: int) -> int:
    """Where a window of that size begins, in whole units; 0 where nothing has to be moved."""
    if not values or (round(min(values)) >= 0 and round(max(values)) <= largest):
        return 0
    low, high = round(min(values)), round(max(values))
    if high - low <= largest:
        return low
    centre = sum(values) / len(values)
    return min(max(round(centre - largest / 2), low), high - largest)


def _unheld(minutiae: MinutiaeSet, view: int) -> list[Finding]:
    """What no card record holds."""
    one = minutiae.views[view]
    told = [
        ("number of finger views", len(minutiae.views) > 1, f"only view {view} is written"),
        ("finger position", one.position != 0, "left out: the card knows it"),
        ("impression type", bool(one.impression), "left out: there is no such field"),
        ("finger quality", one.quality is not None, "left out: there is no such field"),
        ("minutia quality", any(m.quality for m in one.minutiae), "left out: no such field"),
        ("ridge count data", one.ridge_counts is not None, "left out: not written to cards"),
        ("core and delta data", bool(one.cores or one.deltas), "left out: not written to cards"),
        ("zonal quality", one.zones is not None, "left out: not written to cards"),
        ("extended data", bool(one.blocks), "blocks of a vendor are left out"),
    ]
    return [Finding(field, text, view=view) for field, wrong, text in told if wrong]
