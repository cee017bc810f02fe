"""What extended data is made of: ridge counts, cores, deltas, zonal quality; and the editions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from civid.formats._reader import Finding
from civid.formats.minutiae.common import ExtendedBlock

RIDGE_COUNTS, CORES_AND_DELTAS, ZONAL_QUALITY = 1, 2, 3
#: Four bits count them in ANSI records; the ISO records allow no more either.
MOST_POINTS = 15
#: In ISO/IEC 19794-2:2011: no minutia lies in this quadrant or octant.
NO_NEIGHBOUR = 255


class Edition(NamedTuple):
    """How one edition writes extended data.

    ``angles`` steps in a full turn; ``ansi`` one flag says for all cores (deltas) whether they have
    angles, not each for itself; ``zones`` bytes before the cells of zonal quality, 0 = there is no
    such block; ``placeholders`` ridge counts may have no neighbour.
    """

    angles: int
    ansi: bool
    zones: int
    placeholders: bool = False


ISO_2005 = Edition(256, False, 3)
ISO_2011 = Edition(256, False, 7, placeholders=True)
ANSI_2004 = Edition(180, True, 0)
ANSI_2009 = Edition(180, True, 0)


class RidgeCount(NamedTuple):
    """Ridges crossed between two minutiae, which are counted from 0 in the order of the view."""

    first: int
    second: int
    ridges: int


class Core(NamedTuple):
    """A core: px from the top left corner, angle in the record's steps or None."""

    x: int
    y: int
    angle: int | None = None


class Delta(NamedTuple):
    """A delta: px from the top left corner, its three angles in the record's steps or None."""

    x: int
    y: int
    angles: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class RidgeCounts:
    """Ridge counts of a view.

    Parameters
    ----------
    method : int
        How neighbours were chosen: 0 in no stated way, 1 one a quadrant, 2 one an octant.
    counts : tuple of RidgeCount
    """

    method: int = 0
    counts: tuple[RidgeCount, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CoresAndDeltas:
    """Cores and deltas of a view.

    Parameters
    ----------
    cores : tuple of Core
        At most 15.
    deltas : tuple of Delta
        At most 15.
    """

    cores: tuple[Core, ...] = ()
    deltas: tuple[Delta, ...] = ()

    def __repr__(self) -> str:
        return f"CoresAndDeltas({len(self.cores)} cores, {len(self.deltas)} deltas)"


@dataclass(frozen=True, slots=True)
class ZonalQuality:
    """Quality of the cells of a grid over the image.

    Parameters
    ----------
    cell_width, cell_height : int
        In px, 1..255; the last cells of a row and of a column may be cut off by the image.
    bits : int
        Of one value, 1..8; the larger the value the better.
    values : bytes
        One a cell, row by row from the top left.
    vendor, algorithm : int
        Whose quality that is; ISO/IEC 19794-2:2011 alone has them.
    """

    cell_width: int
    cell_height: int
    bits: int
    values: bytes = field(repr=False)
    vendor: int = 0
    algorithm: int = 0


Item = RidgeCounts | CoresAndDeltas | ZonalQuality | ExtendedBlock


class Extended(NamedTuple):
    """What blocks mean, in their order, and where they depart from the standard."""

    items: tuple[Item, ...]
    findings: tuple[Finding, ...] = ()
