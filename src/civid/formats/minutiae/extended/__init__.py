"""Extended data with its meaning: ridge counts, cores and deltas, zonal quality.

Records keep their extended data as blocks of bytes (``view.blocks``), which loses nothing. `typed`
says what the blocks mean, `blocks_of` makes blocks of what is meant. Blocks of a vendor, and those
that cannot be read, stay blocks.

>>> from civid.formats.minutiae.common import ExtendedBlock
>>> cores = ExtendedBlock(2, bytes.fromhex("01405a00782100"))
>>> typed([cores], ISO_2005, width=300, height=400, minutiae=0).items
(CoresAndDeltas(1 cores, 0 deltas),)
"""

from __future__ import annotations

from civid.formats.minutiae.extended.building import blocks_of
from civid.formats.minutiae.extended.items import (
    ANSI_2004,
    ANSI_2009,
    ISO_2005,
    ISO_2011,
    NO_NEIGHBOUR,
    Core,
    CoresAndDeltas,
    Delta,
    Edition,
    Extended,
    Item,
    RidgeCount,
    RidgeCounts,
    ZonalQuality,
)
from civid.formats.minutiae.extended.reading import typed

__all__ = [
    "ANSI_2004",
    "ANSI_2009",
    "ISO_2005",
    "ISO_2011",
    "NO_NEIGHBOUR",
    "Core",
    "CoresAndDeltas",
    "Delta",
    "Edition",
    "Extended",
    "Item",
    "RidgeCount",
    "RidgeCounts",
    "ZonalQuality",
    "blocks_of",
    "typed",
]
