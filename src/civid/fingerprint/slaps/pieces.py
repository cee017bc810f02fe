"""Pieces: each one print of a phalanx, measured as a hand sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from civid.fingerprint.slaps.patches import Floats, Labels, Mask
from civid.fingerprint.slaps.ridges import CELL, RidgeMap

#: Axes of one hand's prints lie about this far apart, and hands about this far from upright.
_AGREE: Final = math.radians(12)
_UPRIGHT: Final = math.radians(40)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A print. Lengths are px at 500 dpi, in the frame of the hand that stands upright.

    Attributes
    ----------
    label : int
        Its number in the map of labels.
    x, y : (N,) float64
        Its cells' middles in the picture.
    angle : float
        Of its own axis, radians counter-clockwise from upright.
    across, along : (float, float)
        From where to where it reaches, across and along the hand.
    coherence : float
        Mean over it.
    energy : float
        Mean over it, grey levels.
    cut : tuple of bool
        Which side of the picture cuts it: left, top, right, bottom.
    """

    label: int
    x: Floats
    y: Floats
    angle: float
    across: tuple[float, float]
    along: tuple[float, float]
    coherence: float
    energy: float
    cut: tuple[bool, bool, bool, bool]

    @property
    def width(self) -> float:
        return self.across[1] - self.across[0]

    @property
    def height(self) -> float:
        return self.along[1] - self.along[0]

    @property
    def middle(self) -> tuple[float, float]:
        return (self.across[0] + self.across[1]) / 2, (self.along[0] + self.along[1]) / 2


def common_angle(labels: Labels, origin: dict[int, int]) -> float:
    """How the hand stands: where most of its long prints agree. Radians, +-pi/2."""
    angles, weights = [], []
    for label in origin:
        y, x = np.nonzero(labels == label)
        angle, longer = _axis(x.astype(np.float64), y.astype(np.float64))
        # Prints that the picture cuts have lost their shape.
        bottom, right = labels.shape[0] - 1, labels.shape[1] - 1
        edge = np.mean((x == 0) | (y == 0) | (x == right) | (y == bottom))
        angles.append(angle)
        weights.append(len(x) * longer * max(0.0, 1 - 25 * float(edge)))
    if not sum(weights):
        return 0.0
    own, weight = np.array(angles), np.array(weights)
    tried = np.radians(np.arange(-90, 90, 2.0))
    off = np.abs((own[None, :] - tried[:, None] + math.pi / 2) % math.pi - math.pi / 2)
    agreed = np.exp(-0.5 * (off / _AGREE) ** 2) @ weight * np.exp(-0.5 * (tried / _UPRIGHT) ** 2)
    near = off[int(np.argmax(agreed))] < 2 * _AGREE
    double = np.exp(2j * own[near]) @ weight[near]
    return 0.5 * math.atan2(double.imag, double.real) if near.any() else 0.0


def _axis(x: Floats, y: Floats) -> tuple[float, float]:
    """Angle of the long axis from upright, counter-clockwise; how much longer it is, 0..1."""
    dx, dy = x - x.mean(), y - y.mean()
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    spread = math.hypot(xx - yy, 2 * xy)
    total = xx + yy
    if total <= 0 or spread <= 0:
        return 0.0, 0.0
    # Of the direction (-sin a, -cos a): cos 2a = (yy - xx) / spread, sin 2a = 2 xy / spread.
    return 0.5 * math.atan2(2 * xy, yy - xx), spread / total


def pieces(ridges: RidgeMap, labels: Labels, origin: dict[int, int], angle: float) -> list[Piece]:
    """The prints of a hand that stands at `angle`, each without what lies below its joint.

    Two fingers pressed into one are cut apart: `labels` and `origin` then hold one print more.
    """

    def measured(label: int) -> Piece:
        y, x = np.nonzero(labels == label)
        return _measured(ridges, label, x, y, angle, labels.shape)

    whole = [measured(label) for label in origin]
    found = []
    for piece in whole:
        usual = [other.width for other in whole if other is not piece and other.height > 200]
        halves = _halves(ridges, piece, labels, origin, angle, usual)
        for label in halves:
            y, x = np.nonzero(labels == label)
            below = _joint(ridges, measured(label), x, y, usual)
            if below is not None:
                labels[y[below], x[below]] = 0
            found.append(measured(label))
    return found


#: Two fingers in one are this much wider than a finger, and about as wide as long.
_DOUBLE: Final = 1.5
_SQUARE: Final = 0.95


def _halves(
    ridges: RidgeMap, piece: Piece, labels: Labels, origin: dict[int, int], angle: float,
    usual: list[float],
) -> tuple[int, ...]:  # fmt: skip
    """The label of a print; or two, where it is two fingers side by side without a seam."""
    one = min(340.0, max(150.0, float(np.median(usual)))) if usual else 340.0
    if piece.width < _DOUBLE * one or piece.width < _SQUARE * piece.height:
        return (piece.label,)
    y, x = np.nonzero(labels == piece.label)
    across, _ = in_frame(piece.x, piece.y, angle)
    column = ((across - across.min()) / CELL).astype(int)
    strength = np.convolve(np.bincount(column, ridges.energy[y, x]), np.ones(3) / 3, "same")
    low, high = round(0.35 * len(strength)), round(0.65 * len(strength))
    seam = low + int(np.argmin(strength[low : high + 1]))
    label = max(origin) + 1
    labels[y[column > seam], x[column > seam]] = label
    origin[label] = origin[piece.label]
    return piece.label, label


def _measured(
    ridges: RidgeMap, label: int, x: Any, y: Any, angle: float, shape: tuple[int, ...]
) -> Piece:
    px, py = (x + 0.5) * CELL, (y + 0.5) * CELL
    across, along = in_frame(px, py, angle)
    reach = (x == 0, y == 0, x == shape[1] - 1, y == shape[0] - 1)
    width, height = np.ptp(across) / CELL + 1, np.ptp(along) / CELL + 1
    part = [float(np.count_nonzero(side)) for side in reach]
    left, right = (part[side] > 0.3 * height for side in (0, 2))
    top, bottom = (part[side] > 0.3 * width for side in (1, 3))
    cut = bool(left), bool(top), bool(right), bool(bottom)
    own, longer = _axis(px, py)
    # Seen from the hand. A print hardly longer than wide, or cut, says little about its own angle.
    off = (own - angle + math.pi / 2) % math.pi - math.pi / 2
    off = max(-0.4, min(0.4, off)) * min(1.0, max(0.0, (longer - 0.12) / 0.2))
    off *= 0.25 if left or right else 1.0
    half = CELL / 2
    return Piece(
        label, px, py, angle + off,
        (float(across.min()) - half, float(across.max()) + half),
        (float(along.min()) - half, float(along.max()) + half),
        float(ridges.coherence[y, x].mean()), float(ridges.energy[y, x].mean()), cut,
    )  # fmt: skip


#: A last phalanx prints at most this long, and its joint lies at least this far from the tip; in
#: widths of the print (hand-marked slaps of NIST: 1.2 to 1.9).
_LONGEST: Final = 2.0
_JOINT: Final = (1.05, 1.95)
_USUAL: Final = 1.6


def _joint(ridges: RidgeMap, piece: Piece, x: Any, y: Any, others: list[float]) -> Mask | None:
    """Which cells lie below the joint of a print that is too long for one phalanx."""
    width = _usual_width(piece)
    if others and (piece.cut[0] or piece.cut[2]):  # its own width cannot be seen
        width = max(width, float(np.median(others)))
    if piece.height < _LONGEST * width:
        return None
    _, along = in_frame(piece.x, piece.y, piece.angle)
    depth = along - along.min()
    row = (depth / CELL).astype(int)
    profile = np.bincount(row, ridges.energy[y, x])
    if len(profile) < 5:
        return None
    smooth = np.convolve(np.pad(profile, 2, mode="edge"), np.ones(5) / 5, "valid")
    low, high = (min(len(smooth) - 1, int(share * width / CELL)) for share in _JOINT)
    if high <= low:
        return None
    at = low + int(np.argmin(smooth[low : high + 1]))
    if smooth[at] > 0.8 * np.median(smooth):  # no joint to be seen: where it usually is
        at = int(_USUAL * width / CELL)
    below: Mask = row > at
    return below if 0 < below.sum() < len(below) else None


def _usual_width(piece: Piece) -> float:
    """Width of a print over its upper part, px; not its largest, so that a bulge does not count."""
    _, along = in_frame(piece.x, piece.y, piece.angle)
    row = ((along - along.min()) / CELL).astype(int)
    widths = np.bincount(row).astype(np.float64) * CELL
    upper = widths[: max(3, int(0.6 * len(widths)))]
    return float(np.percentile(upper, 75))


def in_frame(x: Any, y: Any, angle: float) -> tuple[Any, Any]:
    """Across and along of a hand that stands at `angle`, of points of the picture."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return cosine * x - sine * y, sine * x + cosine * y
