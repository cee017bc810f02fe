"""What lasts on a finger besides its ridges: pores, lines, wounds, wear, ridges that never grew.

Each comes from a stream of its own, so that one changes nothing of the others, and is kept apart,
so that a print can leave it out or weaken it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.learning import field_kernels
from civid.lab.synthetic.learning.fields import Plane, ramp, smooth
from civid.lab.synthetic.learning.people import Person
from civid.lab.synthetic.streams import Stream


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Lasting marks in px of the master.

    Parameters
    ----------
    pores : (N, 3) float64
        x, y, size (1 is usual).
    creases, scars, cuts, worn, incipient : (H, W) float32
        Depth or strength, 0..1, as natural for the person.
    """

    pores: npt.NDArray[np.float64]
    creases: Plane
    scars: Plane
    cuts: Plane
    worn: Plane
    incipient: Plane


def draw(
    stream: Stream,
    person: Person,
    field: npt.NDArray[np.float32],
    inside: npt.NDArray[np.bool_],
    millimetres: float,
) -> Marks:
    """All marks of one finger of this person."""
    streams = [Stream(stream.below(1 << 48), 1) for _ in range(6)]
    shape = inside.shape
    scale = 0.05 / millimetres  # thin things have a size of their own, whatever the ridges'
    marks = Marks(
        _pores(streams[0], field, inside),
        _creases(streams[1], person, shape, scale),
        _scars(streams[2], person, shape, scale),
        _cuts(streams[3], person, shape, scale),
        _worn(streams[4], person, shape),
        _incipient(streams[5], person, shape),
    )
    for name in Marks.__slots__:
        getattr(marks, name).setflags(write=False)
    return marks


def _pores(
    stream: Stream, field: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """About one in 8 px of ridge (9 to 18 a cm), at most a third of a ridge off its middle."""
    cell = 8
    height, width = inside.shape
    draws = stream.array(height // cell, width // cell, 3)
    pores = np.zeros((draws.shape[0] * draws.shape[1], 3))
    return pores[: field_kernels.place_pores(field, draws, float(cell), pores)].copy()


def _creases(stream: Stream, person: Person, shape: tuple[int, int], scale: float) -> Plane:
    """White lines, mostly across the finger; the old have many fine ones."""
    out = np.zeros(shape, np.float32)
    coarse = max(0, stream.below(9) - 2) + stream.below(3) * round(2 * person.years)
    fine = round((0.3 + 22 * person.years + 6 * person.toil) * stream.uniform(0, 1))
    for k in range(coarse + fine):
        thin = k >= coarse
        angle = stream.normal(0.0, 0.45) + (1.2 if thin and stream.below(4) == 0 else 0.0)
        length = stream.uniform(18, 70) if thin else stream.uniform(40, 150)
        sigma = scale * (stream.uniform(0.5, 0.9) if thin else stream.uniform(0.9, 2.8))
        depth = stream.uniform(0.4, 0.9) if thin else stream.uniform(0.6, 1.0)
        # Most lie low, towards the joint.
        low = 0.0 if thin else 0.3
        _line(stream, out, shape, angle, length, sigma, depth, 0.003, low)
    return out


def _scars(stream: Stream, person: Person, shape: tuple[int, int], scale: float) -> Plane:
    """Healed wounds: long, wide, in any direction."""
    out = np.zeros(shape, np.float32)
    if stream.uniform(0, 1) < 0.07 + 0.3 * person.toil:
        for _ in range(1 + stream.below(2)):
            sigma = scale * stream.uniform(1.5, 4.0)
            length = stream.uniform(50, 190)
            angle = stream.uniform(-1.57, 1.57)
            _line(stream, out, shape, angle, length, sigma, stream.uniform(0.7, 1.0), 0.006)
    return out


def _cuts(stream: Stream, person: Person, shape: tuple[int, int], scale: float) -> Plane:
    """Fresh cuts: thin, straight, deep."""
    out = np.zeros(shape, np.float32)
    if stream.uniform(0, 1) < 0.05 + 0.35 * person.toil:
        for _ in range(1 + stream.below(3)):
            sigma = scale * stream.uniform(0.7, 1.4)
            length = stream.uniform(25, 110)
            _line(stream, out, shape, stream.uniform(-1.57, 1.57), length, sigma, 1.0, 0.0015)
    return out


def _line(
    stream: Stream,
    out: Plane,
    shape: tuple[int, int],
    angle: float,
    length: float,
    sigma: float,
    depth: float,
    bent: float,
    low: float = 0.0,
) -> None:
    x, y = stream.uniform(0.12, 0.88) * shape[1], stream.uniform(0.1 + low, 0.92) * shape[0]
    field_kernels.stamp_line(x, y, angle, stream.normal(0, bent), length, sigma, depth, out)


def _worn(stream: Stream, person: Person, shape: tuple[int, int]) -> Plane:
    """Share of the relief that is gone: everywhere a little with age, in patches with work."""
    patches = smooth(stream, *shape, 36.0) + np.float32(0.35) * smooth(stream, *shape, 7.0)
    harm = 0.75 * person.toil * stream.uniform(0.2, 1.0)
    worn = np.float32(harm * 1.1) * ramp((patches + np.float32(2.2 * harm - 0.9)) / np.float32(1.6))
    worn += np.float32(person.years * stream.uniform(0.15, 0.5))
    most: Plane = np.minimum(worn, np.float32(0.92))
    return most


def _incipient(stream: Stream, person: Person, shape: tuple[int, int]) -> Plane:
    """Where thin dashes of ridge lie in the valleys; two fingers in five have some."""
    amount = max(0.0, stream.normal(-0.25, 0.9)) * (1 + 0.5 * person.years)
    patches = ramp(smooth(stream, *shape, 40.0) * np.float32(0.7) + np.float32(amount - 0.7))
    dashes = ramp(smooth(stream, *shape, 5.0) + np.float32(0.7))
    out: Plane = patches * dashes
    return out
