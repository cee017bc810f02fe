"""Minutiae, cores and deltas as all blocks of a Type-9 record are read: in px, y downwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

#: 0.01 mm in an inch: the unit of the older block and of the extended feature set.
PER_INCH = 2540
#: What is taken where neither the record nor an image states a resolution.
USUAL_DPI = 500.0
ENDING, BIFURCATION, OTHER = 1, 2, 0


class Minutia(NamedTuple):
    """One minutia.

    Parameters
    ----------
    x, y : float
        In px from the top left, y downwards.
    angle : float
        Degrees counter-clockwise from the x axis, in the sense of INCITS 378 and ISO/IEC 19794-2
        (into the ridge that ends), 0 <= angle < 360.
    kind : int
        1 ending, 2 bifurcation, 0 other.
    quality : int
        1 .. 100 (best); 0 = not stated.
    """

    x: float
    y: float
    angle: float
    kind: int
    quality: int


class Core(NamedTuple):
    """A core; its direction in degrees where it is stated."""

    x: float
    y: float
    angle: float | None = None


class Delta(NamedTuple):
    """A delta; its directions in degrees as far as they are stated."""

    x: float
    y: float
    angles: tuple[float, ...] = ()


class Frame(NamedTuple):
    """The image that coordinates belong to: width and height in px, dpi across and down."""

    width: int
    height: int
    dpi: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Features:
    """One block of minutiae.

    Parameters
    ----------
    block : str
        "M1" (INCITS 378, .126 to .150), "EFS" (.300 to .399), "NIST" (.005 to .012, until 2007)
        or "IAFIS" (of the FBI, .013 to .030).
    width, height : int
        Of the image in px; where none is known, of what holds all points.
    dpi : (float, float)
        To which the coordinates were scaled.
    framed : bool
        Whether size and place are known. If not, the points may all be shifted together.
    minutiae : tuple of Minutia
    cores : tuple of Core
    deltas : tuple of Delta
    position : int
        FGP; 0 = unknown.
    impression : int
        IMP.
    quality : int
        Of the whole print, 0..100 (best); 0 = not stated.
    record : int
        Which record of the transaction, counted from 0; -1 = of none.
    idc : int or None
        Image designation.
    """

    block: str
    width: int
    height: int
    dpi: tuple[float, float] = (USUAL_DPI, USUAL_DPI)
    framed: bool = True
    minutiae: tuple[Minutia, ...] = field(default=(), repr=False)
    cores: tuple[Core, ...] = field(default=(), repr=False)
    deltas: tuple[Delta, ...] = field(default=(), repr=False)
    position: int = 0
    impression: int = 0
    quality: int = 0
    record: int = -1
    idc: int | None = None
