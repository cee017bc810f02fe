"""One synthetic slap: fingers of one hand on a platen or a card, with the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.lab.synthetic.images import impression_kernels, noise
from civid.lab.synthetic.images.masters import MIDDLE_X, MIDDLE_Y, Master, master
from civid.lab.synthetic.slaps import litter
from civid.lab.synthetic.slaps.hands import FOURS, Condition, Place, TrueFinger, places
from civid.lab.synthetic.streams import Seed, Stream, SyntheticError, sequence
from civid.position import Position

Ink = npt.NDArray[np.float64]
Traits = frozenset[Condition]

#: Height and width of a picture, px at 500 dpi: a platen of three inches.
SIZE: Final = (1500, 1600)
_THUMBS: Final = (1000, 1000)
#: Half the width of a master's print, px; what a zoom of 1 gives.
_HALF: Final = 146.0
_PATCH: Final = 380  # half the side of the square in which one finger is drawn
_PRINTED: Final = 0.4  # ink that counts as print
_EDGE: Final = 0.004  # share of it that may lie outside the box on each side: crumbs


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticSlap:
    """A picture of several fingers with its truth. Immutable.

    Attributes
    ----------
    image : FingerImage
        Dark ridges on light ground, 500 dpi.
    code : int
        Position code of ANSI/NIST-ITL: 13 right four, 14 left four, 15 two thumbs.
    condition : Condition
        What is hard about it.
    angle : float
        Of the hand: radians counter-clockwise from upright.
    fingers : tuple of TrueFinger
        Those that can be seen, from left to right.
    missing : tuple of Position
        Those that cannot: absent, bandaged.
    """

    image: FingerImage
    code: int
    condition: Condition
    angle: float
    fingers: tuple[TrueFinger, ...]
    missing: tuple[Position, ...]

    def __repr__(self) -> str:
        return f"SyntheticSlap({self.code}, {self.condition.value}, {len(self.fingers)} fingers)"


def slap(
    seed: Seed,
    *,
    code: int = 13,
    condition: Condition | str = Condition.PLAIN,
    masters: Sequence[Master] | None = None,
) -> SyntheticSlap:
    """Press several fingers at once.

    Parameters
    ----------
    seed : int or numpy.random.SeedSequence
        The same seed and arguments give the same slap.
    code : int
        13, 14 or 15, as ANSI/NIST-ITL numbers them.
    condition : Condition or str
        What is to be hard about it.
    masters : sequence of Master, optional
        Fingers to draw from, in place of new ones; growing four takes about a second.

    Raises
    ------
    SyntheticError
        An argument is outside its range.

    Examples
    --------
    >>> from civid.lab.synthetic import master
    >>> from civid.lab.synthetic.slaps import slap
    >>> made = slap(1, code=15, masters=[master(1)])
    >>> made, made.fingers[0].position
    (SyntheticSlap(15, plain, 2 fingers), <Position.LEFT_THUMB: 6>)
    """
    if code not in FOURS:
        raise SyntheticError("code must be 13, 14 or 15")
    try:
        wanted = Condition(condition)
    except ValueError:
        names = ", ".join(one.value for one in Condition)
        raise SyntheticError(f"no such condition; there are: {names}") from None
    stream = Stream(seed, 5, code, list(Condition).index(wanted))
    size = _THUMBS if code == 15 else SIZE
    traits = _traits(stream, wanted)
    if traits & {Condition.PAPER, Condition.JOINTS}:
        size = (800 if code == 15 else 1000), size[1]
    hand = places(stream, code, traits)
    turn = _turn(stream, traits)
    spots = _laid_out(stream, hand, turn, size, traits)
    lost, cloth = _lost(stream, traits, len(hand))
    ink = np.zeros(size)
    fingers = []
    for number, (place, spot) in enumerate(zip(hand, spots, strict=True)):
        if number in lost:
            if number in cloth:
                litter.cloth(ink, stream, spot, turn + place.angle, place.width, place.height)
            continue
        own = _finger(stream, masters, sequence(seed, 6, number), place.position)
        box = _press(ink, stream, own, place, spot, turn + place.angle, traits)
        if box is not None:
            fingers.append(box)
        often = 1.0 if Condition.JOINTS in traits else 0.5 if Condition.PAPER in traits else 0.0
        if stream.uniform(0, 1) < often:
            _phalanx(ink, stream, own, place, spot, turn + place.angle)
    if Condition.PAPER in traits:
        litter.paper(ink, stream)
    if Condition.HALO in traits:
        litter.halo(ink, stream)
    seen = {finger.position for finger in fingers}
    return SyntheticSlap(
        FingerImage(_exposed(ink, stream, traits), 500.0), code, wanted, turn, tuple(fingers),
        tuple(sorted(place.position for place in hand if place.position not in seen)),
    )  # fmt: skip


def _traits(stream: Stream, condition: Condition) -> Traits:
    if condition is not Condition.MIXED:
        return frozenset({condition})
    hard = [one for one in Condition if one not in (Condition.PLAIN, Condition.MIXED)]
    return frozenset(hard[number] for number in stream.order(len(hard))[:3].tolist())


def _turn(stream: Stream, traits: Traits) -> float:
    if Condition.ROTATED in traits:
        side = 1 if stream.uniform(0, 1) < 0.5 else -1
        return math.radians(side * stream.uniform(12, 35))
    return math.radians(stream.normal(0, 4))


def _lost(stream: Stream, traits: Traits, count: int) -> tuple[set[int], set[int]]:
    """Which fingers give no print, and which of these are bandaged."""
    order = stream.order(count).tolist()
    if Condition.MISSING in traits:
        most = 2 if count > 2 else 1
        return set(order[: 1 + stream.below(most)]), set()
    if Condition.BANDAGED in traits:
        return set(order[:1]), set(order[:1])
    return set(), set()


def _laid_out(
    stream: Stream, hand: list[Place], turn: float, size: tuple[int, int], traits: Traits
) -> list[tuple[float, float]]:
    """Middles of the fingers in the picture, px."""
    cosine, sine = math.cos(turn), math.sin(turn)
    turned = [(cosine * p.x + sine * p.y, -sine * p.x + cosine * p.y) for p in hand]
    reach = [0.5 * max(p.width, 0.96 * p.height) for p in hand]
    low = [min(t[k] - r for t, r in zip(turned, reach, strict=True)) for k in (0, 1)]
    high = [max(t[k] + r for t, r in zip(turned, reach, strict=True)) for k in (0, 1)]
    room = size[1], size[0]
    # In the middle of the platen, or off it by what is free; too wide a hand stands over.
    shift = [
        (room[k] - high[k] - low[k]) / 2
        + stream.uniform(-0.4, 0.4) * max(0.0, room[k] - high[k] + low[k] - 24)
        for k in (0, 1)
    ]
    spots = [(t[0] + shift[0], t[1] + shift[1]) for t in turned]
    if Condition.CUT in traits:  # the hand too far up, or to one side
        side = stream.below(3)
        if side == 0:
            top = min(y - p.height / 2 for (_, y), p in zip(spots, hand, strict=True))
            down = -top - stream.uniform(60, 170)
            return [(x, y + down) for x, y in spots]
        edge = [x - p.width / 2 if side == 1 else room[0] - x - p.width / 2
                for (x, _), p in zip(spots, hand, strict=True)]  # fmt: skip
        across = (-min(edge) - stream.uniform(40, 110)) * (1 if side == 1 else -1)
        return [(x + across, y) for x, y in spots]
    return spots


def _finger(
    stream: Stream, masters: Sequence[Master] | None, seed: np.random.SeedSequence, of: Position
) -> Master:
    if masters:
        return masters[stream.below(len(masters))]
    return master(seed, position=of)


def _press(
    ink: Ink, stream: Stream, finger: Master, place: Place, spot: tuple[float, float], angle: float,
    traits: Traits,
) -> TrueFinger | None:  # fmt: skip
    """Draw one fingertip; its box, if enough of it lies in the picture."""
    zoom = place.width / (2 * _HALF)
    tall = place.height / zoom
    contact = np.array([MIDDLE_X, MIDDLE_Y + 4, _HALF, 0.45 * tall, 0.55 * tall])
    middle = contact[1] + (contact[4] - contact[3]) / 2
    faint = Condition.FAINT in traits and stream.uniform(0, 1) < 0.7
    moisture = stream.uniform(-0.75, -0.4) if faint else stream.normal(0.02, 0.14)
    strength = stream.uniform(0.3, 0.65) if faint else stream.uniform(0.85, 1.0)
    look = np.array([moisture, 0.1, 0.25, 0.15, stream.uniform(0.2, 0.6), 0.6, 0.06])
    return _stamp(
        ink, stream, finger, spot, angle, zoom, (MIDDLE_X, middle), contact, look, strength,
        place.position,
    )  # fmt: skip


def _phalanx(
    ink: Ink, stream: Stream, finger: Master, place: Place, spot: tuple[float, float], angle: float
) -> None:
    """The print of the next phalanx, below the joint: lighter, of straighter ridges."""
    zoom = 0.85 * place.width / (2 * _HALF)
    way = place.height / 2 + stream.uniform(8, 70) + 150 * zoom
    at = spot[0] + way * math.sin(angle), spot[1] + way * math.cos(angle)
    contact = np.array([MIDDLE_X, MIDDLE_Y + 60, 130.0, 130.0, stream.uniform(120, 170)])
    look = np.array([stream.uniform(-0.6, -0.1), 0.15, 0.35, 0.2, 0.3, 0.8, 0.1])
    strength = stream.uniform(0.35, 0.85)
    middle = MIDDLE_X, MIDDLE_Y + 60
    _stamp(ink, stream, finger, at, angle, zoom, middle, contact, look, strength, None)


def _stamp(
    ink: Ink, stream: Stream, finger: Master, spot: tuple[float, float], angle: float,
    zoom: float, middle: tuple[float, float], contact: Ink, look: Ink, strength: float,
    position: Position | None,
) -> TrueFinger | None:  # fmt: skip
    """Render a master into the picture's ink, and measure the box of what has come of it."""
    left, top = round(spot[0]) - _PATCH, round(spot[1]) - _PATCH
    side = 2 * _PATCH
    pose = np.array(
        [
            spot[0] - left, spot[1] - top,
            math.cos(angle) / zoom, math.sin(angle) / zoom, *middle,
            MIDDLE_X, MIDDLE_Y, 45.0, 60.0, stream.normal(0, 3), stream.normal(0, 3), 1.0,
            stream.normal(0, 0.02), 2.0,
        ]
    )  # fmt: skip
    patch = np.empty((side, side))
    fine, coarse, slow = (noise.smooth(stream, side, side, cell) for cell in (1.5, 4.5, 42.0))
    impression_kernels.render(
        finger.ridges, finger.inside, finger.pores, finger.creases, pose, contact, look,
        fine, coarse, slow, patch,
    )  # fmt: skip
    height, width = ink.shape
    rows = slice(max(0, top), max(0, min(height, top + side)))
    columns = slice(max(0, left), max(0, min(width, left + side)))
    part = patch[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    if not part.size:
        return None
    ink[rows, columns] = np.maximum(ink[rows, columns], strength * part)
    if position is None:
        return None
    y, x = np.nonzero(part > _PRINTED)
    if len(x) < 2000:
        return None
    return _boxed(position, x + columns.start + 0.5, y + rows.start + 0.5, angle)


def _boxed(position: Position, x: Any, y: Any, angle: float) -> TrueFinger:
    cosine, sine = math.cos(angle), math.sin(angle)
    across, along = cosine * x - sine * y, sine * x + cosine * y
    (a0, a1), (b0, b1) = (np.quantile(v, (_EDGE, 1 - _EDGE)) for v in (across, along))
    a, b = (a0 + a1) / 2, (b0 + b1) / 2
    centre = float(cosine * a + sine * b), float(-sine * a + cosine * b)
    return TrueFinger(position, centre, (float(a1 - a0), float(b1 - b0)), angle)


def _exposed(ink: Ink, stream: Stream, traits: Traits) -> npt.NDArray[np.uint8]:
    height, width = ink.shape
    dark = stream.uniform(20, 70)
    light = stream.uniform(225, 254)
    uneven = 14.0 if Condition.HALO in traits else 2.5
    ground = light - uneven * np.abs(noise.smooth(stream, height, width, 260.0)).astype(np.float64)
    grain = stream.uniform(1, 4) * stream.noise(height, width)
    out = np.empty((height, width), np.uint8)
    impression_kernels.expose(ink, stream.uniform(0.12, 0.2), dark, ground, grain, out)
    return out
