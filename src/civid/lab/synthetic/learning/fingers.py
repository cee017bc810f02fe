"""A finger to learn from: its ridges as a phase, with all that lasts on its skin."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import flow_kernels, noise
from civid.lab.synthetic.learning import skin
from civid.lab.synthetic.learning.people import Person, draw_period
from civid.lab.synthetic.learning.ridges import minutiae, phase_kernels, spacing
from civid.lab.synthetic.learning.ridges.growth import grow
from civid.lab.synthetic.learning.ridges.patterns import (
    HEIGHT,
    MIDDLE_X,
    MIDDLE_Y,
    STEP,
    WIDTH,
    PatternClass,
    draw_class,
    draw_flow,
)
from civid.lab.synthetic.streams import Seed, Stream, SyntheticError
from civid.position import Position

#: Mean ridge period of every master, px; the finger's own size comes in when it is pressed.
PERIOD = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Finger:
    """One finger. Immutable; safe to share between threads.

    Lengths are px of the master, in which ridges are 9 px apart on average; ``millimetres`` is
    what one of them is on the person's skin.

    Parameters
    ----------
    serial : int
        Drawn from its seed; makes its prints its own.
    person : Person
        Whose it is.
    pattern : PatternClass
        Class of the ridge flow.
    millimetres : float
        Size of a master's pixel.
    field : (H, W, 2) float32
        Cosine and sine of the phase, times an amplitude that is 0 at minutiae.
    normals : (H, W, 2) float32
        Unit vector (x right, y down) along which the phase rises.
    waves : (H / 2, W / 2, 3) float32
        Of the ridges as they grew: cosine and sine of twice the direction of the normal (y down),
        and the wave number, radians a px; averaged over some 12 px.
    inside : (H, W) bool
        The finger's silhouette.
    minutiae : (N, 4) float64
        x, y, angle (radians, as ISO/IEC 19794-2 has it), kind (1 ending, 2 fork).
    cores, deltas : (K, 2) float64
        Singular points x, y.
    skin : skin.Marks
        Pores, creases, scars, cuts, wear, incipient ridges.
    """

    serial: int
    person: Person
    pattern: PatternClass
    millimetres: float
    field: npt.NDArray[np.float32]
    normals: npt.NDArray[np.float32]
    waves: npt.NDArray[np.float32]
    inside: npt.NDArray[np.bool_]
    minutiae: npt.NDArray[np.float64]
    cores: npt.NDArray[np.float64]
    deltas: npt.NDArray[np.float64]
    skin: skin.Marks

    def __repr__(self) -> str:
        return f"Finger({self.pattern.value}, {len(self.minutiae)} minutiae, {self.person})"


def finger(
    seed: Seed,
    *,
    person: Person | None = None,
    position: Position = Position.UNKNOWN,
    pattern: PatternClass | str | None = None,
    variation: float = 1.0,
) -> Finger:
    """Grow one finger.

    Parameters
    ----------
    seed : int or numpy.random.SeedSequence
        The same seed gives the same finger.
    person : Person, optional
        Whose it is; a man of 35 at a desk if not given.
    position : Position
        Which finger: decides on the shares of the classes and on the size.
    pattern : PatternClass or str, optional
        Its class; drawn by the shares of that finger if not given.
    variation : float
        How far flow and period depart from the model, 0..2; 1 is natural.

    Raises
    ------
    SyntheticError
        An argument is outside its range, or there is no such pattern.

    Examples
    --------
    >>> finger(1, pattern="double loop").pattern
    <PatternClass.DOUBLE_LOOP: 'double loop'>
    """
    if not 0 <= variation <= 2:
        raise SyntheticError("variation must be 0..2")
    person = Person() if person is None else person
    stream = Stream(seed, 20)
    serial = stream.below(1 << 48)
    drawn = draw_class(stream, position)
    if pattern is not None:
        try:
            drawn = PatternClass(pattern)
        except ValueError:
            names = ", ".join(known.value for known in PatternClass)
            raise SyntheticError(f"no such pattern; there are: {names}") from None
    flow, cores, deltas, bend = draw_flow(stream, drawn, variation)
    period = _period(stream, cores, variation) * (1 + variation * spacing.follow(flow))
    period = np.clip(period, 6.7, 12.4)
    inside = _silhouette(stream)
    millimetres = draw_period(stream, person, position) / PERIOD
    field = grow(flow, period, inside, 18 + stream.below(26), stream)
    normals = np.empty((HEIGHT, WIDTH, 2), np.float32)
    phase_kernels.fill_normals(flow, normals)
    waves = _waves(field, normals, flow)
    found = minutiae.minutiae_of(field, normals, waves, inside)
    own = Stream(seed, 21)
    marks = skin.draw(own, person, field, inside, millimetres)
    core_points, delta_points = _in_pixels(cores, bend), _in_pixels(deltas, bend)
    for array in (field, normals, waves, inside, found, core_points, delta_points):
        array.setflags(write=False)
    return Finger(
        serial,
        person,
        drawn,
        millimetres,
        field,
        normals,
        waves,
        inside,
        found,
        core_points,
        delta_points,
        marks,
    )


def _period(
    stream: Stream, cores: npt.NDArray[np.float64], variation: float
) -> npt.NDArray[np.float64]:
    period = np.empty((HEIGHT // STEP, WIDTH // STEP))
    core_y = float(cores[0, 1]) if len(cores) else 20.0
    low = np.array([[stream.uniform(0.04, 0.20), 0.0, core_y - 30, 60.0]])
    flow_kernels.fill_period(period, float(STEP), -MIDDLE_X, MIDDLE_Y, 0.95 * PERIOD, low)
    for size, cell in ((0.045, 48), (0.055, 110)):
        period *= 1 + variation * size * noise.smooth(stream, *period.shape, cell / STEP)
    return period


def _silhouette(stream: Stream) -> npt.NDArray[np.bool_]:
    half = stream.uniform(160, 184)
    tip, foot = stream.uniform(200, 226), stream.uniform(226, 262)
    y = MIDDLE_Y - np.arange(HEIGHT, dtype=np.float64)[:, None]
    x = np.abs((np.arange(WIDTH, dtype=np.float64)[None, :] - MIDDLE_X) / half)
    tall, low = np.where(y > 0, y / tip, 0.0), np.where(y < 0, -y / foot, 0.0)
    inside: npt.NDArray[np.bool_] = x * x + tall * tall + low * low * low < 1
    return inside


def _waves(
    field: npt.NDArray[np.float32],
    normals: npt.NDArray[np.float32],
    flow: npt.NDArray[np.float64],
) -> npt.NDArray[np.float32]:
    """Wave vectors as grown, averaged; where there are none, of the flow that was wanted."""
    sums = np.zeros((HEIGHT // 2, WIDTH // 2, 4), np.float32)
    phase_kernels.fill_tensor(field, normals, sums)
    for radius in (3, 2):
        wide = np.empty_like(sums)
        phase_kernels.box(sums, radius, wide)
        sums = wide
    size = np.sqrt(sums[..., 0] ** 2 + sums[..., 1] ** 2)
    waves = np.empty((HEIGHT // 2, WIDTH // 2, 3), np.float32)
    nx, ny = normals[::2, ::2, 0], normals[::2, ::2, 1]
    known = (size > 1e-6) & (sums[..., 3] > 1e-3)
    size = np.where(known, size, 1)
    waves[..., 0] = np.where(known, sums[..., 0] / size, nx * nx - ny * ny)
    waves[..., 1] = np.where(known, sums[..., 1] / size, 2 * nx * ny)
    wave = sums[..., 2] / np.where(known, sums[..., 3], 1)
    waves[..., 2] = np.where(known, wave, 2 * math.pi / PERIOD)
    return waves


def _in_pixels(
    points: npt.NDArray[np.float64], bend: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Undo the bend (by iteration, it is small and slow) and turn to px, y down."""
    out = np.empty_like(points)
    for row, (x, y) in enumerate(points):
        u, v = x, y
        for _ in range(40):
            bent_u, bent_v = flow_kernels.bend_point(u, v, bend)
            u, v = u + 0.7 * (x - bent_u), v + 0.7 * (y - bent_v)
        out[row] = u + MIDDLE_X, MIDDLE_Y - v
    return out
