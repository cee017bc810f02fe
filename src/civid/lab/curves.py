"""Curves over thresholds, ranks and sizes of galleries, drawn no farther than they were measured.

A curve of error rates is a ladder of limits: 1, 2 and 5 of every power of ten, as far down as these
impostors allow one false match at all. Below `ERRORS_FOR_A_FIRM_RATE` allowed false matches a point
is not firm: its threshold hangs on a few comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from civid.lab.bootstrap import interval
from civid.lab.identification import Searches, searches
from civid.lab.metrics import OperatingPoint, operating_points

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCurve:
    """Miss rates at limits of the false match rate (FNMR over FMR, or FNIR over FPIR).

    Attributes
    ----------
    points : sequence of OperatingPoint
        Each the best that keeps its limit; limits fall from 1 to one error among these impostors.
    low, high : (L,) float64 or None
        95 % bootstrap interval of each miss rate; None where there is only one finger.
    """

    points: Sequence[OperatingPoint]
    low: Floats | None
    high: Floats | None

    @property
    def limits(self) -> Floats:
        """(L,) highest false match rates."""
        return np.array([point.limit for point in self.points])

    @property
    def misses(self) -> Floats:
        """(L,) miss rates at them."""
        return np.array([point.misses / point.genuine for point in self.points])

    @property
    def firm(self) -> npt.NDArray[np.bool_]:
        """(L,) whether a limit allows enough false matches to be known to about 30 %."""
        return np.array([point.firm for point in self.points], bool)

    def as_list(self) -> list[dict[str, Any]]:
        """For JSON: a dict a point."""
        known = self.low is not None and self.high is not None
        low, high = (self.low, self.high) if known else (None, None)
        return [
            {
                "limit": point.limit,
                "threshold": point.threshold if np.isfinite(point.threshold) else None,
                "false_matches": point.false_matches,
                "misses": point.misses,
                "miss_rate": point.misses / point.genuine,
                "low_95": None if low is None else float(low[k]),
                "high_95": None if high is None else float(high[k]),
                "firm": point.firm,
            }
            for k, point in enumerate(self.points)
        ]


def ladder(trials: int) -> Floats:
    """1, 0.5, 0.2, 0.1, ... down to one error among so many trials, at least 1e-9.

    >>> ladder(30).tolist()
    [1.0, 0.5, 0.2, 0.1, 0.05]
    """
    steps = (base * 10.0**-power for power in range(10) for base in (1.0, 0.5, 0.2))
    return np.array([round(step, 12) for step in steps if step * trials >= 1 - 1e-9])


def error_curve(
    genuine: Floats, impostor: Floats, band: tuple[Floats, Floats] | None = None
) -> ErrorCurve:
    """The curve of these scores over ``ladder(len(impostor))``.

    >>> curve = error_curve(np.array([5.0, 9.0]), np.arange(10.0))
    >>> curve.limits.tolist(), curve.misses.tolist()
    ([1.0, 0.5, 0.2, 0.1], [0.0, 0.0, 0.5, 0.5])
    """
    points = operating_points(genuine, impostor, ladder(len(impostor)).tolist())
    low, high = band or (None, None)
    return ErrorCurve(points, low, high)


@dataclass(frozen=True, slots=True)
class GallerySize:
    """What a search finds in a gallery of one size.

    Attributes
    ----------
    size : int
        How many are enrolled.
    fpir : float
        The limit.
    fnir : float or None
        FNIR at the FPIR limit, mean over the drawn galleries; None where they are too small to
        measure it.
    low, high : float or None
        The middle 95 % of the drawn galleries: what the choice of the gallery does, not what the
        choice of the fingers does.
    rank1 : float
        Mean share of mated searches with the mate in the first place.
    galleries : int
        How many were drawn.
    """

    size: int
    fpir: float
    fnir: float | None
    low: float | None
    high: float | None
    rank1: float
    galleries: int


def over_gallery_sizes(
    scores: Floats,
    mates: npt.NDArray[np.bool_],
    ignored: npt.NDArray[np.bool_] | None = None,
    *,
    fpir: float = 1e-2,
    sizes: Sequence[int] | None = None,
    galleries: int = 20,
    seed: int = 0,
) -> list[GallerySize]:
    """FNIR and rank 1 in galleries of several sizes, drawn from the one that was searched.

    Nothing is extrapolated: the largest size is that of the gallery itself.

    Parameters
    ----------
    scores, mates, ignored : (P, N)
        As `civid.lab.identification.searches` takes them.
    fpir : float
        Limit at which each gallery gets its threshold.
    sizes : sequence of int, optional
        Default: halves of the gallery, down to 10.
    galleries : int
        How many are drawn of each size below the whole.
    """
    whole = scores.shape[1]
    random = np.random.default_rng(seed)
    found = []
    for size in sizes or _halves(whole):
        if not 1 <= size <= whole:
            raise ValueError(f"galleries of 1 to {whole} can be drawn, not of {size}")
        drawn: list[Searches] = []
        for _ in range(1 if size == whole else galleries):
            inside = np.sort(random.choice(whole, size, replace=False))
            part = None if ignored is None else ignored[:, inside]
            one = searches(scores[:, inside], mates[:, inside], part)
            if one.mated.any():
                drawn.append(one)
        if not drawn:
            continue
        points = [one.fnir_at_fpir(fpir) for one in drawn]
        rates = [point.rate for point in points if point.rate is not None]
        low, high = interval(rates) if len(rates) > 1 else (None, None)
        found.append(
            GallerySize(
                size,
                fpir,
                float(np.mean(rates)) if rates else None,
                low,
                high,
                float(np.mean([one.hits(1) / one.mated.sum() for one in drawn])),
                len(drawn),
            )
        )
    return found


def _halves(whole: int) -> list[int]:
    sizes = [whole]
    while sizes[-1] >= 20:
        sizes.append(sizes[-1] // 2)
    return sizes[::-1]
