"""Classes of ridge flow as fingers of a person have them, and the flow of one finger.

The singular points and the corrected zero-pole flow are those of `civid.lab.synthetic.images`;
what is new: double loops, shares by finger and hand, and a far wider draw of the places of cores
and deltas. A real flow is smooth: it departs from its model over 50 to 130 px, hardly over less.
"""

from __future__ import annotations

import math
from enum import Enum

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic.images import flow_kernels, noise
from civid.lab.synthetic.images.pattern import round_heads
from civid.lab.synthetic.streams import Stream
from civid.position import Position

#: Size of a master, px: at the canonical ridge period of 9 px, about 19 x 26 mm of a man's finger.
WIDTH, HEIGHT = 384, 512
MIDDLE_X, MIDDLE_Y = 192.0, 236.0
#: Flow and period are kept for every second pixel.
STEP = 2

Field = npt.NDArray[np.float64]


class PatternClass(Enum):
    """Class of a finger; left and right say where the legs of a loop leave the picture."""

    ARCH = "arch"
    TENTED_ARCH = "tented arch"
    LEFT_LOOP = "left loop"
    RIGHT_LOOP = "right loop"
    WHORL = "whorl"
    DOUBLE_LOOP = "double loop"


#: Per cent by finger, thumb to little finger: arch, tented arch, ulnar loop, radial loop, whorl,
#: double loop. Rounded to what the textbooks agree on (most whorls on thumbs and ring fingers,
#: radial loops and arches on the index finger, loops on the little one).
SHARES = (
    (2.5, 0.5, 53, 0.5, 30, 13.5),
    (6, 5, 34, 20, 28, 7),
    (4, 3, 71, 2, 16, 4),
    (1, 1, 52, 1, 40, 5),
    (1, 1, 83, 0.5, 12, 2.5),
)


def draw_class(stream: Stream, position: Position) -> PatternClass:
    """A class by the shares of that finger; of any finger, and any hand, if it is unknown."""
    known = Position.RIGHT_THUMB <= position <= Position.LEFT_LITTLE
    finger = (int(position) - 1) % 5 if known else stream.below(5)
    right = int(position) <= 5 if known else stream.below(2) == 0
    drawn = stream.uniform(0.0, float(sum(SHARES[finger])))
    which = 0
    while drawn >= sum(SHARES[finger][: which + 1]) and which < 5:
        which += 1
    # On a print of the right hand the little finger's side is on the right.
    ulnar, radial = PatternClass.RIGHT_LOOP, PatternClass.LEFT_LOOP
    if not right:
        ulnar, radial = radial, ulnar
    order = (
        PatternClass.ARCH,
        PatternClass.TENTED_ARCH,
        ulnar,
        radial,
        PatternClass.WHORL,
        PatternClass.DOUBLE_LOOP,
    )
    return order[which]


def draw_flow(
    stream: Stream, pattern: PatternClass, variation: float
) -> tuple[Field, Field, Field, Field]:
    """Ridge direction for every second pixel of a master, and its cores and deltas.

    Parameters
    ----------
    variation : float
        How far the flow departs from its model; 1 is natural, 0 the model itself.

    Returns
    -------
    flow : (HEIGHT / 2, WIDTH / 2) float64
        Radians in [0, pi), counter-clockwise.
    cores, deltas : (K, 2) float64
        x, y up, from the middle of the master, before the flow is bent.
    bend : (4, 5) float64
        The waves that bend it, as `images.pattern.Shape` has them.
    """
    cores, deltas, height = _draw_points(stream, pattern)
    corrections = _draw_corrections(stream, pattern, cores, deltas)
    x, y = cores[0] if cores else (stream.normal(0, 12), stream.normal(22, 18))
    arch = np.array(
        [
            height,
            x + stream.normal(0, 10),
            stream.uniform(120, 185),
            y - stream.uniform(35, 100),
            stream.uniform(34, 70),
        ]
    )
    bend = _draw_bend(stream, variation)
    flow = np.empty((HEIGHT // STEP, WIDTH // STEP))
    points = (np.array(cores, float).reshape(-1, 2), np.array(deltas, float).reshape(-1, 2))
    flow_kernels.fill_flow(flow, float(STEP), -MIDDLE_X, MIDDLE_Y, *points, corrections, arch, bend)
    for size, cell in ((stream.uniform(0.03, 0.075), 44), (stream.uniform(0.12, 0.25), 105)):
        flow += variation * size * noise.smooth(stream, *flow.shape, cell / STEP)
    flow -= np.floor(flow / np.pi) * np.pi
    return flow, *points, bend


def _draw_points(
    stream: Stream, pattern: PatternClass
) -> tuple[list[tuple[float, float]], list[tuple[float, float]], float]:
    x, y = stream.normal(0, 13), stream.normal(22, 18)
    if pattern is PatternClass.ARCH:
        return [], [], stream.uniform(0.35, 0.95)
    if pattern is PatternClass.TENTED_ARCH:
        delta = (x + stream.normal(0, 9), y - stream.uniform(45, 120))
        return [(x, y)], [delta], stream.uniform(0.55, 0.85)
    if pattern in (PatternClass.LEFT_LOOP, PatternClass.RIGHT_LOOP):
        mirror = -1.0 if pattern is PatternClass.LEFT_LOOP else 1.0
        delta = (x - mirror * stream.uniform(38, 125), y - stream.uniform(55, 150))
        return [(x, y)], [delta], stream.uniform(0.5, 0.9)
    if pattern is PatternClass.WHORL:
        gap, lean = stream.uniform(8, 56), stream.normal(0, 0.4)
        cores = [(x, y + gap / 2), (x + gap * lean, y - gap / 2)]
    else:
        gap, side = stream.uniform(34, 78), 1 - 2 * stream.below(2)
        aside = side * stream.uniform(12, 34)
        cores = [(x + aside, y + gap / 2), (x - aside, y - gap / 2)]
    deltas = [
        (x + side * stream.uniform(58, 135), y - gap / 2 - stream.uniform(45, 140))
        for side in (-1, 1)
    ]
    return cores, deltas, stream.uniform(0.2, 0.5)


def _draw_corrections(
    stream: Stream,
    pattern: PatternClass,
    cores: list[tuple[float, float]],
    deltas: list[tuple[float, float]],
) -> npt.NDArray[np.float64]:
    corrections = stream.array(max(len(cores) + len(deltas), 1), 3, 2) * 2 - 1
    corrections *= np.array([[0.20], [0.12], [0.07]])
    rounder = {PatternClass.TENTED_ARCH: (0.0, 0.3), PatternClass.WHORL: (0.35, 0.85)}
    round_heads(stream, corrections, cores, deltas, *rounder.get(pattern, (0.5, 1.1)))
    return corrections


def _draw_bend(stream: Stream, variation: float) -> npt.NDArray[np.float64]:
    waves = []
    for _ in range(4):
        length, across = stream.uniform(130, 340), stream.uniform(-1, 1)
        k = 2 * math.pi / length
        along = math.sqrt(1 - across * across)
        size = 5.5 * variation
        waves.append(
            (
                stream.normal(0, size),
                stream.normal(0, size),
                k * across,
                k * along,
                stream.uniform(0, 2 * math.pi),
            )
        )
    return np.array(waves)
