"""Extended data of the neutral form -> blocks of one edition, and what does not fit into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import pi

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.convert.neutral import NeutralView
from civid.formats.minutiae.extended import (
    NO_NEIGHBOUR,
    Core,
    CoresAndDeltas,
    Delta,
    Edition,
    Item,
    RidgeCounts,
    ZonalQuality,
    blocks_of,
)
from civid.formats.minutiae.extended.items import MOST_POINTS

_Tell = Callable[[str, str], None]


def blocks_for(
    view: NeutralView,
    edition: Edition,
    index: int,
    findings: list[Finding],
    *,
    grown: bool = False,
) -> tuple[ExtendedBlock, ...]:
    """Blocks of a view whose minutiae are in their final order; what is lost goes to findings.

    ``grown``: the image is another than that of the view, so that cells would not fit it.
    """

    def tell(field: str, text: str) -> None:
        findings.append(Finding(field, text, view=index))

    items: list[Item] = []
    if view.ridge_counts is not None:
        counts = view.ridge_counts
        rows = counts.counts
        if not edition.placeholders:
            rows = tuple(one for one in rows if not one.second == one.ridges == NO_NEIGHBOUR)
            if len(rows) < len(counts.counts):
                tell("ridge count data", "those without a neighbour are left out")
        items.append(RidgeCounts(counts.method if counts.method <= 2 else 0, rows))
    if view.cores or view.deltas:
        items.append(_points(view, edition, tell))
    if view.zones is not None:
        zones = _zones(view.zones, edition, tell, grown=grown)
        if zones is not None:
            items.append(zones)
    made: list[ExtendedBlock] = []
    for item in (*items, *view.blocks):
        if isinstance(item, ExtendedBlock) and (item.type <= 0xFF or not item.type & 0xFF):
            tell("extended data", f"block of type {item.type:#x} left out: no vendor's")
            continue
        try:
            made += blocks_of(
                [item],
                edition,
                width=view.width,
                height=view.height,
                minutiae=len(view.minutiae),
            )
        except FormatError as error:
            tell(error.field or "extended data", "left out: it does not follow the standard")
    total = 0
    for place, block in enumerate(made):
        total += 4 + len(block.data)
        if total > 0xFFFF:
            tell("extended data", f"{len(made) - place} blocks left out: there is no room")
            return tuple(made[:place])
    return tuple(made)


def _points(view: NeutralView, edition: Edition, tell: _Tell) -> CoresAndDeltas:
    steps = edition.angles / (2 * pi)
    right, bottom = min(view.width, 1 << 14) - 1, min(view.height, 1 << 14) - 1

    def place(x: float, y: float) -> tuple[int, int]:
        return min(max(round(x), 0), right), min(max(round(y), 0), bottom)

    def turned(angle: float) -> int:
        return round(angle * steps) % edition.angles

    cores = [
        Core(*place(x, y), None if angle is None else turned(angle)) for x, y, angle in view.cores
    ]
    deltas = [
        Delta(
            *place(x, y),
            None if angles is None else (turned(angles[0]), turned(angles[1]), turned(angles[2])),
        )
        for x, y, angles in view.deltas
    ]
    for name, some in (("core", cores), ("delta", deltas)):
        if len(some) > MOST_POINTS:
            tell(f"number of {name}s", f"{len(some) - MOST_POINTS} left out: at most {MOST_POINTS}")
    cores, deltas = cores[:MOST_POINTS], deltas[:MOST_POINTS]
    if edition.ansi and len({core.angle is None for core in cores}) > 1:
        tell("core angle", "left out: all have to have angles, or none")
        cores = [Core(core.x, core.y) for core in cores]
    if edition.ansi and len({delta.angles is None for delta in deltas}) > 1:
        tell("delta angle", "left out: all have to have angles, or none")
        deltas = [Delta(delta.x, delta.y) for delta in deltas]
    return CoresAndDeltas(tuple(cores), tuple(deltas))


def _zones(
    zones: ZonalQuality, edition: Edition, tell: _Tell, *, grown: bool
) -> ZonalQuality | None:
    if not edition.zones:
        tell("zonal quality", "left out: there is no such block in this standard")
        return None
    if grown:
        tell("zonal quality", "left out: its cells are those of a smaller image")
        return None
    if edition.zones == 3 and (zones.vendor or zones.algorithm):
        tell("zonal quality", "its vendor is left out: there is no such field")
        return replace(zones, vendor=0, algorithm=0)
    return zones
