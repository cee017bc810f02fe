"""Where extended data departs from its standard."""

from __future__ import annotations

from collections.abc import Iterator

from civid.formats._reader import Finding
from civid.formats.minutiae.extended.items import (
    MOST_POINTS,
    NO_NEIGHBOUR,
    CoresAndDeltas,
    Edition,
    Item,
    RidgeCounts,
    ZonalQuality,
)


def check_item(
    item: Item, edition: Edition, width: int, height: int, minutiae: int, view: int | None = None
) -> Iterator[Finding]:
    """Where one item departs from the standard."""
    if isinstance(item, RidgeCounts):
        yield from _check_ridge_counts(item, edition, minutiae, view)
    elif isinstance(item, CoresAndDeltas):
        yield from _check_points(item, edition, width, height, view)
    elif isinstance(item, ZonalQuality):
        yield from _check_zones(item, edition, width, height, view)


def _check_ridge_counts(
    item: RidgeCounts, edition: Edition, minutiae: int, view: int | None
) -> Iterator[Finding]:
    if not 0 <= item.method <= 2:
        text = f"{item.method} does not exist"
        yield Finding("ridge count extraction method", text, view=view)
    if len(item.counts) * 3 + 5 > 0xFFFF:
        yield Finding("ridge count data", "more than fit into a block", view=view)
    last = 0
    beyond = 0
    for one in item.counts:
        if edition.placeholders and one.second == one.ridges == NO_NEIGHBOUR:
            beyond += not 0 <= one.first < minutiae
            continue
        last = max(last, one.first, one.second)
        low, high = min(one), max(one)
        beyond += not (0 <= one.first < minutiae and 0 <= one.second < minutiae)
        if low < 0 or high > 255:
            yield Finding("ridge count data", "a number is no byte", view=view)
            return
    if beyond:
        why = ": they are counted from 1" if last == minutiae else ""
        text = f"{beyond} point at minutiae that do not exist{why}"
        yield Finding("ridge count data", text, view=view)


def _check_points(
    item: CoresAndDeltas, edition: Edition, width: int, height: int, view: int | None
) -> Iterator[Finding]:
    every: list[tuple[str, int, int, tuple[int, ...] | None]] = [
        ("core", core.x, core.y, None if core.angle is None else (core.angle,))
        for core in item.cores
    ]
    every += [("delta", delta.x, delta.y, delta.angles) for delta in item.deltas]
    for name in ("core", "delta"):
        some = [one for one in every if one[0] == name]
        if len(some) > MOST_POINTS:
            text = f"{len(some)}; at most {MOST_POINTS}"
            yield Finding(f"number of {name}s", text, view=view)
        right, bottom = min(width, 1 << 14), min(height, 1 << 14)
        if any(not (0 <= x < right and 0 <= y < bottom) for _, x, y, _ in some):
            yield Finding(f"{name} coordinate", "beyond the image", view=view)
        angles = [angle for one in some if one[3] is not None for angle in one[3]]
        if any(not 0 <= angle < edition.angles for angle in angles):
            yield Finding(f"{name} angle", f"outside 0..{edition.angles - 1}", view=view)
        if edition.ansi and len({one[3] is None for one in some}) > 1:
            yield Finding(f"{name} angle", "all have to have angles, or none", view=view)


def _check_zones(
    item: ZonalQuality, edition: Edition, width: int, height: int, view: int | None
) -> Iterator[Finding]:
    if not edition.zones:
        yield Finding("zonal quality", "this standard has none", view=view)
        return
    if not (1 <= item.cell_width <= 255 and 1 <= item.cell_height <= 255):
        yield Finding("zonal quality", "cells are 1..255 px wide and high", view=view)
        return
    if not 1 <= item.bits <= 8:
        yield Finding("cell quality information depth", "1..8 bits", view=view)
        return
    cells = -(-width // item.cell_width) * -(-height // item.cell_height)
    if len(item.values) != cells:
        text = f"{len(item.values)} values, but the image has {cells} cells"
        yield Finding("zonal quality", text, view=view)
    if item.values and max(item.values) >> item.bits:
        yield Finding("zonal quality", f"a value has more than {item.bits} bits", view=view)
    if -(-len(item.values) * item.bits // 8) + edition.zones + 4 > 0xFFFF:
        yield Finding("zonal quality", "more than fit into a block", view=view)
    if not (0 <= item.vendor <= 0xFFFF and 0 <= item.algorithm <= 0xFFFF):
        yield Finding("zonal quality", "vendor and algorithm have 16 bits", view=view)
    if edition.zones == 3 and (item.vendor or item.algorithm):
        yield Finding("zonal quality", "this edition names no vendor", view=view)
