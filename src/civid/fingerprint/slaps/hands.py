"""Which prints are the fingers of a hand, and of which hand.

A hand has four fingertips on an arc. How far each lies from the next, across and down, is known
from 149 slaps that NIST marked by hand (validation package of SlapSeg III): the middle finger lies
about 270 px above the index finger at 500 dpi, the ring finger 140 px below that, the little finger
another 435 px; about 410 px across each time. The left hand is the mirror image. Every choice of
up to four prints is weighed against both, and the likeliest is taken.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from civid.fingerprint.slaps.model import Hand
from civid.fingerprint.slaps.pieces import Piece

#: Ways from finger to finger of the right hand, from the index finger on: px, mean and deviation.
#: The deviations are wider than measured (68, 48, 81), as the angle of the hand is not exact.
_DOWN: Final = ((-271.0, 95.0), (139.0, 85.0), (431.0, 125.0))
_ACROSS: Final = (math.log(385.0), 0.33)
#: Width and height of a fingertip's print, logarithms: mean, deviation (children are smaller).
_WIDTH: Final = (math.log(265.0), 0.28)
_HEIGHT: Final = (math.log(415.0), 0.28)
_THUMB: Final = (math.log(345.0), math.log(510.0))
#: The least coherent of 200 prints of FVC and UareU has .28, cloth has .02; the cost below.
_COHERENT: Final = 0.28
_CLOTH: Final = 25.0
#: Four prints that fit worse are no hand: slaps marked at NIST have -10.3 and more, four prints in
#: a straight row -11.4, hands upside down -21 and less.
_WORST_FIT: Final = -11.0
_WORTH: Final = 7.0  # of a print that is a finger; what deviates costs
_MOST: Final = 10  # prints that are weighed, the best first
#: Closer scores are one, and the first wins: processors differ in which of them is larger.
_EQUAL: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """The prints that are taken for fingers, from left to right; what they say of the hand."""

    fingers: tuple[Piece, ...]
    others: tuple[Piece, ...]
    likelier: Hand
    confidence: float
    lies_as_hand: bool


def choose(pieces: Sequence[Piece], most: int, *, thumbs: bool = False) -> Choice:
    """Take up to `most` prints for fingers."""
    worth = {piece.label: _worth(piece, pieces, thumbs) for piece in pieces}
    able = sorted(
        (piece for piece in pieces if worth[piece.label] > 0),
        key=lambda piece: (-round(worth[piece.label], 6), piece.label),
    )[:_MOST]
    best: tuple[Piece, ...] = ()
    best_score = 0.0
    for count in range(1, min(most, len(able)) + 1):
        for some in itertools.combinations(able, count):
            ordered = tuple(sorted(some, key=lambda piece: piece.middle[0]))
            score = sum(worth[piece.label] for piece in some) + _fit(ordered, most, thumbs)
            if score > best_score + _EQUAL:
                best, best_score = ordered, score
    labels = {piece.label for piece in best}
    # What looks like a finger and is none of the hand; phalanges below a finger do not.
    others = tuple(
        piece for piece in able if piece.label not in labels and worth[piece.label] > 0.6 * _WORTH
    )
    likelier, confidence = told(best)
    fits = len(best) != 4 or max(_arcs(best)) > _WORST_FIT
    return Choice(best, others, likelier, confidence, fits)


def told(fingers: Sequence[Piece]) -> tuple[Hand, float]:
    """The hand that four fingers look like, and how sure that is (0.5..1)."""
    if len(fingers) != 4:
        return Hand.UNKNOWN, 0.5
    right, left = _arcs(fingers)
    more = max(-30.0, min(30.0, right - left))
    sure = 1 / (1 + math.exp(-abs(more)))
    return (Hand.RIGHT if more > 0 else Hand.LEFT), sure


def _worth(piece: Piece, pieces: Sequence[Piece], thumbs: bool) -> float:
    """How much a print looks like a fingertip, by itself and by what lies above it."""
    wide, tall = (_THUMB[0], _THUMB[1]) if thumbs else (_WIDTH[0], _HEIGHT[0])
    score = _WORTH
    width, height = math.log(piece.width), math.log(piece.height)
    # What the picture cuts may be smaller than it was, but not larger.
    side = piece.cut[0] or piece.cut[2]
    end = piece.cut[1] or piece.cut[3]
    score -= _cost(width, wide, _WIDTH[1], less=0.25 if side else 1.0) + 0.8 * side
    score -= _cost(height, tall, _HEIGHT[1], less=0.35 if end else 1.0) + 0.5 * end
    score -= _CLOTH * max(0.0, _COHERENT - piece.coherence)
    if _under(piece, pieces):
        score -= 4.5
    return score


def _cost(value: float, mean: float, deviation: float, less: float) -> float:
    off = (value - mean) / deviation
    return min(6.0, 0.5 * off * off * (less if off < 0 else 1.0))


def _under(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether a fingertip lies above it in the same column: then it is the next phalanx."""
    for other in pieces:
        if other is piece or other.middle[1] >= piece.middle[1]:
            continue
        if other.height < 0.55 * other.width or other.width < 0.55 * piece.width:
            continue
        shared = min(piece.across[1], other.across[1]) - max(piece.across[0], other.across[0])
        gap = piece.along[0] - other.along[1]
        if shared > 0.45 * min(piece.width, other.width) and -0.4 * piece.height < gap < 230:
            return True
    return False


def _fit(fingers: Sequence[Piece], most: int, thumbs: bool) -> float:
    """How well prints lie for one hand: 0 or less."""
    if len(fingers) < 2:
        return 0.0
    apart = itertools.pairwise(fingers)
    if any(
        b.middle[0] - a.middle[0] < 0.55 * min(a.width, b.width) for a, b in apart
    ):  # one above the other
        return -20.0
    sizes = [math.log(finger.width) for finger in fingers if not (finger.cut[0] or finger.cut[2])]
    uneven = 0.0
    if sizes:
        mean = sum(sizes) / len(sizes)
        uneven = -sum(0.5 * ((size - mean) / 0.2) ** 2 for size in sizes)
    if thumbs or most < 3:
        return uneven
    if len(fingers) == most:
        return uneven + max(_arcs(fingers))
    # Some are missing: the likeliest of the ways to leave out fingers.
    return uneven + max(
        _arc(fingers, kept, side)
        for kept in itertools.combinations(range(4), len(fingers))
        for side in (1, -1)
    )


def _arcs(fingers: Sequence[Piece]) -> tuple[float, float]:
    whole = tuple(range(4))
    return _arc(fingers, whole, 1), _arc(fingers, whole, -1)


def _arc(fingers: Sequence[Piece], kept: Sequence[int], side: int) -> float:
    """Logarithm of how likely the ways between fingers are; `kept` counts from the index finger."""
    row = list(fingers) if side > 0 else list(reversed(fingers))
    scale = min(1.2, max(0.6, sum(finger.width for finger in row) / len(row) / 265.0))
    score = 0.0
    for (a, b), (first, last) in zip(
        itertools.pairwise(row), itertools.pairwise(kept), strict=True
    ):
        steps = _DOWN[first:last]
        mean = sum(step[0] for step in steps)
        deviation = math.sqrt(sum(step[1] ** 2 for step in steps))
        down = (b.middle[1] - a.middle[1]) / scale
        across = abs(b.middle[0] - a.middle[0]) / scale / len(steps)
        score -= min(12.0, 0.5 * ((down - mean) / deviation) ** 2)
        score -= min(8.0, 0.5 * ((math.log(across) - _ACROSS[0]) / _ACROSS[1]) ** 2)
    return score
