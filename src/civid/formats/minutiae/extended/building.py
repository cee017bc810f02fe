"""What extended data means -> blocks."""

from __future__ import annotations

from collections.abc import Sequence

from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.extended.checks import check_item
from civid.formats.minutiae.extended.items import (
    CORES_AND_DELTAS,
    RIDGE_COUNTS,
    ZONAL_QUALITY,
    CoresAndDeltas,
    Edition,
    Item,
    RidgeCounts,
    ZonalQuality,
)


def blocks_of(
    items: Sequence[Item], edition: Edition, *, width: int, height: int, minutiae: int
) -> tuple[ExtendedBlock, ...]:
    """The blocks of a view, for ``View(blocks=...)``; always strictly after the standard.

    Parameters
    ----------
    items : sequence
        `RidgeCounts`, `CoresAndDeltas`, `ZonalQuality`; an `ExtendedBlock` is taken as it is.
    edition : Edition
    width, height, minutiae : int
        As in `typed`.

    Raises
    ------
    FormatError
        The first departure from the standard.
    """
    blocks = []
    for item in items:
        for finding in check_item(item, edition, width, height, minutiae):
            raise finding.error()
        blocks.append(_block_of(item, edition))
    return tuple(blocks)


def _block_of(item: Item, edition: Edition) -> ExtendedBlock:
    if isinstance(item, RidgeCounts):
        rows = b"".join([bytes(one) for one in item.counts])
        return ExtendedBlock(RIDGE_COUNTS, bytes((item.method,)) + rows)
    if isinstance(item, CoresAndDeltas):
        cores = [(c.x, c.y, b"" if c.angle is None else bytes((c.angle,))) for c in item.cores]
        deltas = [(d.x, d.y, b"" if d.angles is None else bytes(d.angles)) for d in item.deltas]
        data = _points_of(cores, edition) + _points_of(deltas, edition)
        return ExtendedBlock(CORES_AND_DELTAS, data)
    if isinstance(item, ZonalQuality):
        head = bytes((item.cell_width, item.cell_height, item.bits))
        if edition.zones == 7:
            owner = item.vendor.to_bytes(2, "big") + item.algorithm.to_bytes(2, "big")
            head = owner + head
        text = "".join([f"{value:0{item.bits}b}" for value in item.values])
        size = -(-len(text) // 8)
        packed = int(text.ljust(8 * size, "0") or "0", 2).to_bytes(size, "big")
        return ExtendedBlock(ZONAL_QUALITY, head + packed)
    return item


def _points_of(points: Sequence[tuple[int, int, bytes]], edition: Edition) -> bytes:
    flags = 0x40 if edition.ansi and points and points[0][2] else 0
    rows = [bytes((flags | len(points),))]
    for x, y, angles in points:
        flag = 0x4000 if angles and not edition.ansi else 0
        rows += [(flag | x).to_bytes(2, "big"), y.to_bytes(2, "big"), angles]
    return b"".join(rows)
