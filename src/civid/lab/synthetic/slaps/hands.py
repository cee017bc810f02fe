"""Where the fingers of a hand lie when they are pressed together, and in what condition.

The distances between fingers, their sizes and how much they vary are those of 149 slaps that NIST
marked by hand (validation package of SlapSeg III, public domain): `benchmarks/accuracy/slaps.py`
prints them again from its files.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from civid.lab.synthetic.streams import Stream
from civid.position import Position


class Condition(StrEnum):
    """What is hard about a synthetic slap."""

    PLAIN = "plain"  #: a careful capture
    ROTATED = "rotated"  #: the hand turned by 12 to 35 degrees
    MISSING = "missing"  #: one or two fingers absent
    BANDAGED = "bandaged"  #: one finger in cloth
    TOUCHING = "touching"  #: two or more fingers without a gap
    JOINTS = "joints"  #: the next phalanges printed as well
    PAPER = "paper"  #: a card: print, pen strokes, a line, a hole
    HALO = "halo"  #: dirty glass: a latent print, rings of breath, uneven light
    CUT = "cut"  #: one finger partly outside the picture
    FAINT = "faint"  #: dry and light fingers
    CHILD = "child"  #: three quarters of the size
    MIXED = "mixed"  #: three of the above at once


@dataclass(frozen=True, slots=True)
class TrueFinger:
    """Where a finger of a synthetic slap lies.

    Attributes
    ----------
    position : Position
        Which finger.
    centre : (float, float)
        Middle of its box, px of the picture: right, down; the first pixel's corner is 0, 0.
    size : (float, float)
        Of the box, across and along the finger, px.
    angle : float
        Radians counter-clockwise from upright.
    """

    position: Position
    centre: tuple[float, float]
    size: tuple[float, float]
    angle: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fingertip is to be pressed, in px of a hand that stands upright."""

    position: Position
    x: float
    y: float
    angle: float
    width: float
    height: float


#: Mean way from one fingertip's middle to the next, down, and its deviation (index, middle, ring,
#: little), px at 500 dpi, hand upright.
STEPS_DOWN: Final = ((-271.0, 60.0), (139.0, 55.0), (431.0, 85.0))
#: The ways across: closed hands (a two inch wide platen), and how much spread hands add.
STEPS_ACROSS: Final = (327.0, 340.0, 343.0)
SPREAD: Final = 90.0
#: Width and height of a fingertip's print: index, middle, ring, little, thumb.
SIZES: Final = ((270, 416), (265, 434), (266, 430), (240, 386), (355, 520))
#: A finger apart from its neighbour leaves at least this many px between the prints.
APART: Final = 26.0

FOURS: Final = {
    13: (Position.RIGHT_INDEX, Position.RIGHT_MIDDLE, Position.RIGHT_RING, Position.RIGHT_LITTLE),
    14: (Position.LEFT_LITTLE, Position.LEFT_RING, Position.LEFT_MIDDLE, Position.LEFT_INDEX),
    15: (Position.LEFT_THUMB, Position.RIGHT_THUMB),
}


def places(stream: Stream, code: int, traits: Collection[Condition]) -> list[Place]:
    """Fingers from left to right, the first at (0, 0), before the hand is turned."""
    scale = stream.uniform(0.92, 1.06)
    if Condition.CHILD in traits:
        scale = stream.uniform(0.68, 0.8)
    return _thumbs(stream, scale) if code == 15 else _four(stream, code, traits, scale)


def _four(stream: Stream, code: int, traits: Collection[Condition], scale: float) -> list[Place]:
    spread = stream.uniform(0, 1) ** 2 * SPREAD
    splay = math.radians(stream.uniform(0.5, 2.5) + 3.5 * spread / SPREAD)
    sizes = [_size(stream, finger, scale) for finger in range(4)]
    x, y = 0.0, 0.0
    spots = [(x, y)]
    for finger in range(3):
        mean, deviation = STEPS_DOWN[finger]
        y += scale * stream.normal(mean, deviation)
        across = scale * (STEPS_ACROSS[finger] + spread + stream.normal(0, 18))
        across = max(across, (sizes[finger][0] + sizes[finger + 1][0]) / 2 + APART)
        x += across
        spots.append((x, y))
    if Condition.TOUCHING in traits:
        spots = _closed(stream, spots, sizes)
    side = 1 if code == 13 else -1  # the left hand is the mirror image
    found = [
        Place(
            _position(code, finger), side * spots[finger][0], spots[finger][1],
            side * splay * (1.5 - finger) + stream.normal(0, 0.025), *sizes[finger],
        )
        for finger in range(4)
    ]  # fmt: skip
    return sorted(found, key=lambda place: place.x)


def _closed(
    stream: Stream, spots: list[tuple[float, float]], sizes: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The same hand with one to three of its gaps closed."""
    closed = set(stream.order(3)[: 1 + stream.below(3)].tolist())
    moved, x = [spots[0]], 0.0
    for gap in range(3):
        step = spots[gap + 1][0] - spots[gap][0]
        if gap in closed:
            step = (sizes[gap][0] + sizes[gap + 1][0]) / 2 - stream.uniform(2, 40)
        x += step
        moved.append((x, spots[gap + 1][1]))
    return moved


def _thumbs(stream: Stream, scale: float) -> list[Place]:
    lean = math.radians(stream.uniform(-4, 14))
    apart = scale * (355 + stream.uniform(60, 420))
    shift = stream.normal(0, 40)
    left, right = (_size(stream, 4, scale) for _ in range(2))
    return [
        Place(Position.LEFT_THUMB, 0.0, 0.0, -lean + stream.normal(0, 0.03), *left),
        Place(Position.RIGHT_THUMB, apart, shift, lean + stream.normal(0, 0.03), *right),
    ]


def _size(stream: Stream, finger: int, scale: float) -> tuple[float, float]:
    width, height = SIZES[finger]
    common = scale * stream.normal(1, 0.05)
    return width * common * stream.normal(1, 0.04), height * common * stream.normal(1, 0.05)


def _position(code: int, finger: int) -> Position:
    return Position((2 if code == 13 else 7) + finger)
