"""Lay one print over another: the rigid motion that fits their paired minutiae best."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.pictures.hull import in_hull
from civid.pictures.ridges import method_of

Points = npt.NDArray[np.float64]

PX_PER_MM = 500 / 25.4

# Correlation of two clouds of points below which every turn fits about as badly as any other.
_UNDECIDED = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Rigid:
    """A turn and a shift of the plane, in px with y down: ``matrix @ point + offset``.

    Attributes
    ----------
    matrix : (2, 2) float64
        A rotation, never a reflection.
    offset : (2,) float64
    """

    matrix: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]

    @property
    def degrees(self) -> float:
        """The turn as seen on the screen, counter-clockwise, in (-180, 180]."""
        return math.degrees(math.atan2(self.matrix[0, 1], self.matrix[0, 0]))

    def move(self, points: npt.ArrayLike) -> Points:
        """Where (N, 2) points come to lie."""
        moved: Points = np.asarray(points, np.float64) @ self.matrix.T + self.offset
        return moved

    def inverse(self) -> Rigid:
        """The motion back."""
        return Rigid(self.matrix.T, -self.matrix.T @ self.offset)


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How the second print of a comparison lies over the first.

    Attributes
    ----------
    motion : Rigid
        From places in the second print to places in the first, px at 500 dpi.
    shift : (2,) float64
        How far the middle of the paired minutiae moves, in px: right, down.
    leftover : (K, 2) float64
        For each pair: from the first's minutia to the moved one of the second, in px. The skin
        stretches, and a pair may be wrong; a rigid motion explains neither.
    inside : (int, int)
        Minutiae of the first and of the second print in the overlap; paired ones always count.
    """

    motion: Rigid
    shift: npt.NDArray[np.float64]
    leftover: Points
    inside: tuple[int, int]

    @property
    def rms(self) -> float:
        """Root of the mean squared length of what is left over, in px."""
        return math.sqrt(float(np.mean(np.sum(self.leftover**2, axis=1))))

    @property
    def paired_share(self) -> float:
        """Which share of the minutiae in the overlap, of both prints, has a partner."""
        return 2 * len(self.leftover) / sum(self.inside)


def fit_rigid(source: npt.ArrayLike, target: npt.ArrayLike) -> Rigid | None:
    """The turn and shift that bring points closest to their partners, by least squares.

    Parameters
    ----------
    source, target : (N, 2) array_like
        Points and where each should come to lie.

    Returns
    -------
    Rigid or None
        None where no turn is better than the others: fewer than two points, all in one place.

    Raises
    ------
    ValueError
        Not two finite arrays of the same shape (N, 2).

    Notes
    -----
    The method of Kabsch (1976) without scale; in the plane it needs no singular values, because
    the best turn is the angle of the sum of ``conj(source) * target`` in complex numbers.

    Examples
    --------
    >>> motion = fit_rigid([(0, 0), (10, 0)], [(5, 5), (5, -5)])
    >>> round(motion.degrees), motion.move([(10, 0)]).round(6).tolist()
    (90, [[5.0, -5.0]])
    """
    source, target = np.asarray(source, np.float64), np.asarray(target, np.float64)
    if source.shape != target.shape or source.ndim != 2 or source.shape[1] != 2:
        raise ValueError(f"two arrays of shape (N, 2) are needed, not {source.shape, target.shape}")
    if not (np.isfinite(source).all() and np.isfinite(target).all()):
        raise ValueError("a point is not finite")
    if len(source) < 2:
        return None
    middle, aim = source.mean(axis=0), target.mean(axis=0)
    s, t = source - middle, target - aim
    dot = float(np.sum(s * t))
    cross = float(np.sum(s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]))
    strength = math.hypot(dot, cross)
    if strength <= _UNDECIDED * max(math.sqrt(float(np.sum(s**2)) * float(np.sum(t**2))), 1.0):
        return None
    cosine, sine = dot / strength, cross / strength
    matrix = np.array([(cosine, -sine), (sine, cosine)])
    return Rigid(matrix, aim - matrix @ middle)


def places(template: Template) -> Points:
    """(N, 2) places of the minutiae, px at 500 dpi."""
    return np.column_stack([template.minutiae["x"], template.minutiae["y"]]).astype(np.float64)


def align(
    image_a: FingerImage | None,
    template_a: Template,
    image_b: FingerImage | None,
    template_b: Template,
    pairs: npt.ArrayLike,
) -> Alignment | None:
    """Lay the second print over the first by their paired minutiae.

    Parameters
    ----------
    image_a, image_b : FingerImage or None
        The prints: the overlap is where both were segmented as print. Where only a record is
        known, the convex hull of its minutiae stands for the print.
    template_a, template_b : Template
        Their templates.
    pairs : (K, 2) array_like of int
        Indices into both, as in ``Comparison.pairs``.

    Returns
    -------
    Alignment or None
        None with fewer than two pairs, or where they leave the turn undecided.

    Notes
    -----
    Safe in parallel threads.
    """
    chosen = np.asarray(pairs, np.intp).reshape(-1, 2)
    a, b = places(template_a), places(template_b)
    first, second = a[chosen[:, 0]], b[chosen[:, 1]]
    motion = fit_rigid(second, first)
    if motion is None:
        return None
    in_b = _shown(motion.inverse().move(a), image_b, template_b)
    in_a = _shown(motion.move(b), image_a, template_a)
    in_b[chosen[:, 0]] = in_a[chosen[:, 1]] = True
    return Alignment(
        motion=motion,
        shift=first.mean(axis=0) - second.mean(axis=0),
        leftover=motion.move(second) - first,
        inside=(int(in_b.sum()), int(in_a.sum())),
    )


def _shown(points: Points, image: FingerImage | None, template: Template) -> npt.NDArray[np.bool_]:
    """Which places are print in an image, or in the hull of its minutiae."""
    if image is None:
        return in_hull(points, places(template))
    mask = explain(image, ["mask"], method=method_of(template))[1]["mask"] > 0
    x, y = np.rint(points).astype(np.intp).T
    within = (x >= 0) & (y >= 0) & (x < mask.shape[1]) & (y < mask.shape[0])
    shown = np.zeros(len(points), np.bool_)
    shown[within] = mask[y[within], x[within]]
    return shown
