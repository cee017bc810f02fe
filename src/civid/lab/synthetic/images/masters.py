"""The master print: every ridge of one finger, clean and flat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import flow_kernels, noise, skin
from civid.lab.synthetic.images.growth import grow
from civid.lab.synthetic.images.pattern import Pattern, Shape, draw_pattern, draw_shape
from civid.lab.synthetic.images.truth import minutiae_of
from civid.lab.synthetic.streams import Seed, Stream, SyntheticError
from civid.position import Position

#: Size of a master, px at 500 dpi: 18 x 24 mm.
WIDTH, HEIGHT = 352, 464
#: Pixel of the finger's middle, the origin of the flow.
MIDDLE_X, MIDDLE_Y = 176.0, 222.0
#: Flow and period are computed for every second pixel.
STEP = 2
#: How the flow departs from its model: radians, and over how many px it varies. Tuned until
#: impostor scores and the number of minutiae were those of optical sensors.
WANDER, WANDER_CELL = (0.13, 0.19), 28
SWAY, SWAY_CELL = 0.17, 90


@dataclass(frozen=True, slots=True, eq=False)
class Master:
    """One finger. Immutable; safe to share between threads.

    Parameters
    ----------
    serial : int
        Drawn from its seed; makes its impressions its own.
    pattern : Pattern
        Class of the ridge flow.
    ridges : (H, W) int8
        About -100 (middle of a valley) .. 100 (middle of a ridge), 0 outside the finger.
    inside : (H, W) bool
        The finger's silhouette.
    minutiae : (N,) of `civid.fingerprint.template.MINUTIA_DTYPE`
        The truth, in px of the master, angles as ISO/IEC 19794-2 has them.
    cores, deltas : (K, 2) float64
        Singular points x, y in px of the master (y down).
    flow, period : (H / 2, W / 2) float64
        Wanted ridge direction (radians, [0, pi), counter-clockwise) and period (px), for every
        second pixel.
    pores, creases : (H, W) uint8
        How open the skin is there: sweat pores on the ridges, lasting creases and scars.
    """

    serial: int
    pattern: Pattern
    ridges: npt.NDArray[np.int8]
    inside: npt.NDArray[np.bool_]
    minutiae: npt.NDArray[Any]
    cores: npt.NDArray[np.float64]
    deltas: npt.NDArray[np.float64]
    flow: npt.NDArray[np.float64]
    period: npt.NDArray[np.float64]
    pores: npt.NDArray[np.uint8]
    creases: npt.NDArray[np.uint8]

    def __post_init__(self) -> None:
        for name in ("ridges", "inside", "minutiae", "cores", "deltas", "flow", "period"):
            getattr(self, name).setflags(write=False)
        self.pores.setflags(write=False)
        self.creases.setflags(write=False)

    def __repr__(self) -> str:
        height, width = self.ridges.shape
        return f"Master({self.pattern.value}, {len(self.minutiae)} minutiae, {width}x{height} px)"


def master(
    seed: Seed,
    *,
    pattern: Pattern | str | None = None,
    position: Position = Position.UNKNOWN,
) -> Master:
    """Grow the master print of one finger.

    Parameters
    ----------
    seed : int or numpy.random.SeedSequence
        The same seed gives the same finger, on every machine.
    pattern : Pattern or str, optional
        Its class; drawn by natural frequency if not given.
    position : Position
        Which finger it is: loops then lean to the side that is usual on that hand.

    Raises
    ------
    SyntheticError
        The seed is negative or not a number, or there is no such pattern.

    Examples
    --------
    >>> finger = master(1, pattern="whorl")
    >>> finger.pattern, len(finger.cores), len(finger.deltas)
    (<Pattern.WHORL: 'whorl'>, 2, 2)
    """
    stream = Stream(seed, 0)
    serial = stream.below(1 << 48)
    drawn = draw_pattern(stream, position)
    if pattern is not None:
        try:
            drawn = Pattern(pattern)
        except ValueError:
            names = ", ".join(known.value for known in Pattern)
            raise SyntheticError(f"no such pattern; there are: {names}") from None
    shape = draw_shape(stream, drawn)
    flow, period = _flow(stream, shape), _period(stream, shape)
    inside = _silhouette(stream)
    fine_flow, fine_period = _doubled(flow), _doubled(period)
    ridges = grow(fine_flow, fine_period, inside, stream)
    minutiae = minutiae_of(ridges, fine_flow, inside)
    pores = skin.draw_pores(stream, ridges)
    creases = skin.draw_creases(stream, HEIGHT, WIDTH)
    cores, deltas = (_in_pixels(points, shape) for points in (shape.cores, shape.deltas))
    return Master(
        serial,
        drawn,
        ridges.astype(np.int8),
        inside,
        minutiae,
        cores,
        deltas,
        flow,
        period,
        pores,
        creases,
    )


def _flow(stream: Stream, shape: Shape) -> npt.NDArray[np.float64]:
    flow = np.empty((HEIGHT // STEP, WIDTH // STEP))
    flow_kernels.fill_flow(
        flow,
        float(STEP),
        -MIDDLE_X,
        MIDDLE_Y,
        shape.cores,
        shape.deltas,
        shape.corrections,
        shape.arch,
        shape.bend,
    )
    # Real ridges wander. Without this there are too few minutiae, and different fingers look
    # alike to a comparison (measured in docs/explain/synthetic.md).
    wander = stream.uniform(*WANDER)
    flow += wander * noise.smooth(stream, *flow.shape, WANDER_CELL / STEP)
    flow += SWAY * noise.smooth(stream, *flow.shape, SWAY_CELL / STEP)
    flow -= np.floor(flow / np.pi) * np.pi
    return flow


def _period(stream: Stream, shape: Shape) -> npt.NDArray[np.float64]:
    period = np.empty((HEIGHT // STEP, WIDTH // STEP))
    base = min(10.6, max(8.1, stream.normal(9.2, 0.5)))
    core_y = float(shape.cores[0, 1]) if len(shape.cores) else 20.0
    wide = np.array([[stream.uniform(0.06, 0.16), 0.0, core_y - 30, 60.0]])
    flow_kernels.fill_period(period, float(STEP), -MIDDLE_X, MIDDLE_Y, base, wide)
    period *= 1 + 0.05 * noise.smooth(stream, *period.shape, 46 / STEP)
    return np.clip(period, 7.0, 12.4)


def _silhouette(stream: Stream) -> npt.NDArray[np.bool_]:
    """A rounded tip on a straighter lower part, as Cappelli's four half-ellipses."""
    half = stream.uniform(146, 168)
    tip, foot = stream.uniform(192, 214), stream.uniform(205, 234)
    y = MIDDLE_Y - np.arange(HEIGHT, dtype=np.float64)[:, None]
    x = np.arange(WIDTH, dtype=np.float64)[None, :] - MIDDLE_X
    x, tall = np.abs(x / half), np.where(y > 0, y / tip, 0.0)
    low = np.where(y < 0, -y / foot, 0.0)
    inside: npt.NDArray[np.bool_] = x * x + tall * tall + low * low * low < 1
    return inside


def _doubled(field: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return field.repeat(STEP, axis=0).repeat(STEP, axis=1)


def _in_pixels(points: npt.NDArray[np.float64], shape: Shape) -> npt.NDArray[np.float64]:
    """Undo the bend (by iteration, it is small and slow) and turn to px, y down."""
    out = np.empty_like(points)
    for row, (x, y) in enumerate(points):
        u, v = x, y
        for _ in range(30):
            bent_u, bent_v = flow_kernels.bend_point(u, v, shape.bend)
            u, v = u + (x - bent_u), v + (y - bent_v)
        out[row] = u + MIDDLE_X, MIDDLE_Y - v
    return out
