"""From the map of ridges to pieces, each one print of a phalanx."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid.fingerprint.slaps.ridges import CELL, RidgeMap

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

#: Least amplitude of ridges: in grey levels; as a share of the amplitude within 100 px, so that a
#: strong print ends where it ends; and of that of the picture, so that a latent print is none.
_FLOOR: Final = 2.5
_SHARE: Final = 0.22
_NEAR: Final = 25  # cells, the side of the square
_LATENT: Final = 0.12
#: What is narrower than twice this (cells of 8 px) is no print: letters, strokes, lines.
_NARROW: Final = 5
_SMALLEST: Final = 140  # cells; the tip of a child's little finger has some 250
#: A neck this much narrower than the narrower of its sides parts two prints.
_NECK: Final = 0.72
#: Share of the amplitude around at which a place is a seam between two prints.
_SEAM: Final = 0.5
#: Axes of one hand's prints lie about this far apart, and hands about this far from upright.
_AGREE: Final = math.radians(12)
_UPRIGHT: Final = math.radians(40)
_MOST: Final = 24  # pieces that are looked at, the largest first


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


def foreground(ridges: RidgeMap) -> Mask:
    """Cells of prints, without what is too narrow for one."""
    from scipy import ndimage

    energy = ndimage.gaussian_filter(ridges.energy, 1.0)
    strong = energy[energy > _FLOOR]
    if strong.size < _SMALLEST:
        return np.zeros(energy.shape, bool)
    around = ndimage.maximum_filter(energy, _NEAR)
    level = np.maximum(max(_FLOOR, _LATENT * float(np.percentile(strong, 85))), _SHARE * around)
    return _opened(_filled(energy > level), _NARROW)


def divided(ridges: RidgeMap, mask: Mask) -> tuple[Labels, dict[int, int]]:
    """Number the prints of a mask, cut where two of them touch.

    Returns the labels (0 = none), and for each label the number of the patch it was cut from.
    """
    from scipy import ndimage

    firm = _firm(ridges, mask)
    patches, count = ndimage.label(mask)
    labels = np.zeros(mask.shape, np.int32)
    origin: dict[int, int] = {}
    sizes = np.bincount(patches.ravel(), minlength=count + 1)
    boxes = ndimage.find_objects(patches)
    for patch in (np.argsort(-sizes[1:]) + 1).tolist()[:_MOST]:
        if sizes[patch] < _SMALLEST:
            break
        rows, columns = boxes[patch - 1]
        own = np.pad(patches[rows, columns] == patch, 1)
        for part in _parted(own, np.pad(firm[rows, columns], 1) & own):
            if part.sum() >= _SMALLEST:
                label = len(origin) + 1
                labels[rows, columns][part[1:-1, 1:-1]] = label
                origin[label] = patch
    return labels, origin


def _firm(ridges: RidgeMap, mask: Mask) -> Mask:
    """A mask without the thin seams of weak ridges that lie where two prints meet."""
    from scipy import ndimage

    energy = ndimage.gaussian_filter(ridges.energy, 0.7) * mask
    around = ndimage.gaussian_filter(energy, 6.0)
    share = ndimage.gaussian_filter(mask.astype(np.float32), 6.0)
    firm: Mask = _filled(energy * share > _SEAM * around) & mask
    return firm


def _parted(mask: Mask, firm: Mask) -> list[Mask]:
    """Cut at necks, by watershed on the distance from the rim and from seams."""
    from scipy import ndimage
    from skimage import segmentation

    watershed: Any = segmentation.watershed
    depth = ndimage.distance_transform_edt(firm)
    markers = _tops(depth)
    if len(markers) < 2:
        return [mask]
    seeds = np.zeros(mask.shape, np.int32)
    for number, (y, x) in enumerate(markers, 1):
        seeds[y, x] = number
    basins = watershed(-depth, seeds, mask=mask)
    return [basins == number for number in range(1, len(markers) + 1)]


def _tops(depth: Floats) -> list[tuple[int, int]]:
    """Tops of the depth that necks part; a falling level joins them or keeps them apart."""
    from scipy import ndimage

    best = float(depth.max())
    tops: list[tuple[int, int]] = []
    for level in np.arange(best - 0.5, _NARROW * 0.8, -0.5):
        parts, count = ndimage.label(depth > level)
        if count == 0:
            continue
        taken: dict[int, list[tuple[int, int]]] = {}
        for top in tops:
            taken.setdefault(int(parts[top]), []).append(top)
        for part, inside in taken.items():
            # Two tops have met at this level: the lower one stays if the neck is narrow.
            if part and len(inside) > 1:
                for top in sorted(inside, key=lambda at: float(depth[at]))[:-1]:
                    if level > _NECK * depth[top]:
                        tops.remove(top)
        for part in range(1, count + 1):
            if part not in taken:
                at = int(np.argmax(np.where(parts == part, depth, -1)))
                tops.append((at // depth.shape[1], at % depth.shape[1]))
    return [top for top in tops if depth[top] >= 0.35 * best]


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


def _filled(mask: Mask) -> Mask:
    """Without the holes that a punch, a scar or a bubble leaves; large ones stay."""
    from scipy import ndimage

    holes, count = ndimage.label(~mask)
    if not count:
        return mask
    sizes = np.bincount(holes.ravel())
    small = sizes < 350
    small[0] = False
    filled: Mask = mask | small[holes]
    return filled


def _opened(mask: Mask, radius: float) -> Mask:
    """Without what is narrower than a disc; print along the edge of a card is, too."""
    from scipy import ndimage

    padded = np.pad(mask, 1)
    kept = ndimage.distance_transform_edt(padded)[1:-1, 1:-1] > radius
    if not kept.any():
        return np.zeros_like(mask)
    opened: Mask = mask & (ndimage.distance_transform_edt(~kept) <= radius + 0.5)
    return opened
