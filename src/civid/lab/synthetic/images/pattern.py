"""The five classes of ridge flow, and the draw of one finger's shape parameters.

The flow is that of Sherlock and Monro (1993): half the angle to every core, minus half the angle
to every delta. Like Vizcaya and Gerhardt (1996) the angles are corrected by a periodic function of
themselves (a short Fourier series here, which has no kinks), and an arch that bends the ridges
round the fingertip is added (as Zhou and Gu's combined model does in 2004); neither moves or adds
a singular point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from civid.lab.synthetic import exact
from civid.lab.synthetic.streams import Stream
from civid.position import Position


class Pattern(Enum):
    """Class of a print. Left and right say where the legs of a loop leave the picture."""

    ARCH = "arch"
    TENTED_ARCH = "tented arch"
    LEFT_LOOP = "left loop"
    RIGHT_LOOP = "right loop"
    WHORL = "whorl"


#: Share of each class over all fingers: Wilson, Candela, Watson, "Neural network fingerprint
#: classification" (1994), as SFinGe uses them.
FREQUENCIES = {
    Pattern.ARCH: 0.037,
    Pattern.TENTED_ARCH: 0.029,
    Pattern.LEFT_LOOP: 0.338,
    Pattern.RIGHT_LOOP: 0.317,
    Pattern.WHORL: 0.279,
}


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Ridge flow of one finger, in px at 500 dpi, x to the right, y up, origin in the middle.

    Parameters
    ----------
    cores, deltas : (N, 2) float64
        Singular points before `bend` is applied.
    corrections : (N + M, 3, 2) float64
        Sine and cosine amplitudes (radians) of the harmonics 1..3 of every singular point's angle.
    arch : (5,) float64
        Height (radians), centre x, half width, y of the half height, fall-off length.
    bend : (4, 5) float64
        Slow waves that displace the plane: dx, dy, wave numbers kx, ky, phase.
    """

    pattern: Pattern
    cores: npt.NDArray[np.float64]
    deltas: npt.NDArray[np.float64]
    corrections: npt.NDArray[np.float64]
    arch: npt.NDArray[np.float64]
    bend: npt.NDArray[np.float64]


#: Share of the loops that open to the little finger; fewer of the index fingers' do.
ULNAR, ULNAR_INDEX = 0.94, 0.75
_INDEX = (Position.RIGHT_INDEX, Position.LEFT_INDEX)


def draw_pattern(stream: Stream, position: Position = Position.UNKNOWN) -> Pattern:
    """One class by its natural frequency; loops lean as they do on that hand."""
    pattern = _draw_class(stream)
    ulnar = stream.uniform(0, 1) < (ULNAR_INDEX if position in _INDEX else ULNAR)
    if position is Position.UNKNOWN or pattern not in (Pattern.LEFT_LOOP, Pattern.RIGHT_LOOP):
        return pattern
    right_hand = position <= Position.RIGHT_LITTLE
    return Pattern.RIGHT_LOOP if right_hand is ulnar else Pattern.LEFT_LOOP


def _draw_class(stream: Stream) -> Pattern:
    left = stream.uniform(0.0, sum(FREQUENCIES.values()))
    for pattern, share in FREQUENCIES.items():
        left -= share
        if left < 0:
            return pattern
    return pattern


def draw_shape(stream: Stream, pattern: Pattern) -> Shape:
    """Singular points and flow of one finger of this class."""
    x, y = stream.normal(0, 9), stream.normal(22, 14)
    mirror = -1.0 if pattern is Pattern.LEFT_LOOP else 1.0
    cores: list[tuple[float, float]] = []
    deltas: list[tuple[float, float]] = []
    height = stream.uniform(0.55, 0.85)
    if pattern is Pattern.ARCH:
        height = stream.uniform(0.65, 0.95)
    elif pattern is Pattern.TENTED_ARCH:
        cores = [(x, y)]
        deltas = [(x + stream.normal(0, 6), y - stream.uniform(75, 120))]
    elif pattern is Pattern.WHORL:
        # From plain whorls (cores apart, one above the other) to spirals (close together).
        gap, lean = stream.uniform(12, 52), stream.normal(0, 0.35)
        cores = [(x, y + gap / 2), (x + gap * lean, y - gap / 2)]
        for side in (-1, 1):
            deltas.append(
                (x + side * stream.uniform(72, 118), y - gap / 2 - stream.uniform(70, 125))
            )
        height = stream.uniform(0.25, 0.5)
    else:
        cores = [(x, y)]
        deltas = [(x - mirror * stream.uniform(52, 100), y - stream.uniform(80, 135))]
    corrections = _draw_corrections(stream, pattern, cores, deltas)
    arch = np.array(
        [
            height,
            x + stream.normal(0, 8),
            stream.uniform(125, 165),
            y - stream.uniform(45, 85),
            stream.uniform(38, 60),
        ]
    )
    return Shape(pattern, _points(cores), _points(deltas), corrections, arch, _draw_bend(stream))


def _draw_corrections(
    stream: Stream,
    pattern: Pattern,
    cores: list[tuple[float, float]],
    deltas: list[tuple[float, float]],
) -> npt.NDArray[np.float64]:
    count = len(cores) + len(deltas)
    corrections = stream.array(max(count, 1), 3, 2) * 2 - 1
    corrections *= np.array([[0.14], [0.09], [0.05]])
    rounder = {Pattern.TENTED_ARCH: (0.0, 0.3), Pattern.WHORL: (0.35, 0.85)}
    round_heads(stream, corrections, cores, deltas, *rounder.get(pattern, (0.55, 1.05)))
    return corrections


def round_heads(
    stream: Stream,
    corrections: npt.NDArray[np.float64],
    cores: list[tuple[float, float]],
    deltas: list[tuple[float, float]],
    low: float,
    high: float,
) -> None:
    """Add to the corrections of cores, (N, 3, 2), what makes the ridges round them a U.

    Without it they are parabolas. With it they turn over the head of the core, and its legs run
    parallel; strengths are drawn from `low` to `high`, and 1.27 would be straight legs.
    """
    for k, (x, y) in enumerate(cores):
        legs = 0.0
        for other, (ox, oy) in enumerate(cores):
            if other != k:
                legs += exact.arctangent2(y - oy, x - ox)
        for dx, dy in deltas:
            legs -= exact.arctangent2(y - dy, x - dx)
        head, strength = legs + math.pi, stream.uniform(low, high)
        corrections[k, 0, 0] += strength * exact.cosine(head)
        corrections[k, 0, 1] -= strength * exact.sine(head)


def _points(points: list[tuple[float, float]]) -> npt.NDArray[np.float64]:
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def _draw_bend(stream: Stream) -> npt.NDArray[np.float64]:
    waves = []
    for _ in range(4):
        length, across = stream.uniform(140, 330), stream.uniform(-1, 1)
        k = 6.283185307179586 / length
        waves.append(
            (
                stream.normal(0, 3.5),
                stream.normal(0, 3.5),
                k * across,
                k * float(np.sqrt(1 - across * across)),
                stream.uniform(0, 6.283185307179586),
            )
        )
    return np.array(waves)
