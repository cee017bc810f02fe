"""Is a point within the convex hull of others?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def in_hull(
    points: npt.NDArray[np.float64], corners: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Which of (N, 2) points lie within the convex hull of (M, 2) others; its edge counts.

    >>> square = np.array([(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0)])
    >>> in_hull(np.array([(1.0, 0.5), (2.0, 1.0), (3.0, 1.0)]), square).tolist()
    [True, True, False]
    """
    inside = np.zeros(len(points), np.bool_)
    hull = _hull(corners)
    if len(hull) < 3:
        return inside
    edges = np.roll(hull, -1, axis=0) - hull
    away = points[:, None, :] - hull[None, :, :]
    inside[:] = (edges[:, 0] * away[..., 1] - edges[:, 1] * away[..., 0] >= 0).all(axis=1)
    return inside


def _hull(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The corners in order: the monotone chain of Andrew (1979)."""
    ordered = sorted({(float(x), float(y)) for x, y in points})

    def chain(one_way: list[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for x, y in one_way:
            while len(kept) > 1:
                (x0, y0), (x1, y1) = kept[-2:]
                if (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0:
                    break
                kept.pop()
            kept.append((x, y))
        return kept[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1])).reshape(-1, 2)
