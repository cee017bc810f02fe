"""Error rates after ISO/IEC 19795-1 from genuine (mated) and impostor (non-mated) scores.

A comparison matches when its score is **at least** the threshold. A comparison that could not be
made, because a print gave no template, has the score ``-inf`` (`FAILED`): it counts, and matches
at no threshold. ``docs/explain/metrics.md`` tells what each figure means.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.floating]

#: The score of a comparison that could not be made.
FAILED = -math.inf

#: With fewer than this many errors a rate is known to about +-30 % at best (the "rule of 30").
ERRORS_FOR_A_FIRM_RATE = 30

#: The FMR limits of FMR100, FMR1000 and FMR10000.
LIMITS = (1e-2, 1e-3, 1e-4)


def rates(genuine: Scores, impostor: Scores) -> tuple[Scores, Scores, Scores]:
    """FNMR and FMR at every threshold that occurs.

    Parameters
    ----------
    genuine, impostor : (N,), (M,) float
        At least one score each.

    Returns
    -------
    thresholds, fnmr, fmr : (K,) float64
        Thresholds ascending, the last one above every score.

    >>> _, fnmr, fmr = rates(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    >>> fnmr.tolist(), fmr.tolist()
    ([0.0, 0.0, 0.5, 1.0], [1.0, 0.5, 0.0, 0.0])
    """
    genuine, impostor = np.sort(genuine), np.sort(impostor)
    thresholds = np.unique(np.concatenate([genuine, impostor]).astype(np.float64))
    thresholds = np.append(thresholds, np.inf)
    fnmr = np.searchsorted(genuine, thresholds, side="left") / len(genuine)
    fmr = (len(impostor) - np.searchsorted(impostor, thresholds, side="left")) / len(impostor)
    return thresholds, fnmr, fmr


@dataclass(frozen=True, slots=True)
class EqualError:
    """Where FMR and FNMR meet. Both are steps, so it is an interval; FVC reports its middle.

    Attributes
    ----------
    low, high : float
        Its two ends.
    threshold : float
        The threshold at which it was taken.
    """

    low: float
    high: float
    threshold: float

    @property
    def value(self) -> float:
        """The middle of the interval: the EER of FVC."""
        return (self.low + self.high) / 2


def equal_error_of(thresholds: Scores, fnmr: Scores, fmr: Scores) -> EqualError:
    """The EER of a curve of `rates` (FVC2000: the closer of the two steps around the crossing)."""
    after = int(np.argmax(fnmr >= fmr))
    before = int(np.flatnonzero(fnmr <= fmr)[-1])
    nearest = before if fnmr[before] + fmr[before] <= fnmr[after] + fmr[after] else after
    low, high = sorted((float(fnmr[nearest]), float(fmr[nearest])))
    return EqualError(low, high, float(thresholds[nearest]))


def equal_error(genuine: Scores, impostor: Scores) -> EqualError:
    """EER with both ends of its interval.

    >>> equal_error(np.array([1.0, 3, 4, 5]), np.array([0.0, 0, 0, 2]))
    EqualError(low=0.25, high=0.25, threshold=2.0)
    """
    return equal_error_of(*rates(genuine, impostor))


def equal_error_rate(genuine: Scores, impostor: Scores) -> float:
    """EER: where FMR = FNMR; the middle of the interval where both are steps (as FVC does)."""
    return equal_error(genuine, impostor).value


def fnmr_at_fmr(genuine: Scores, impostor: Scores, fmr: float) -> float:
    """Lowest FNMR with FMR <= `fmr` (1e-3 gives FMR1000).

    With fewer than 1/fmr impostor scores this is ZeroFMR; `operating_point` says so.
    """
    point = operating_point(genuine, impostor, fmr)
    return point.misses / point.genuine


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The best that can be done while false matches stay under a limit.

    Attributes
    ----------
    limit : float
        Highest FMR (or FPIR) accepted; 0 = none at all.
    threshold : float
        The lowest threshold that keeps it; ``inf`` = only refusing everybody does.
    false_matches, impostors : int
        Impostor comparisons that match there, and how many there are.
    misses, genuine : int
        Genuine comparisons that do not match there, and how many there are.
    """

    limit: float
    threshold: float
    false_matches: int
    impostors: int
    misses: int
    genuine: int

    @property
    def allowed(self) -> int:
        """How many false matches the limit allows among these impostors."""
        return _allowed(self.limit, self.impostors)

    @property
    def measurable(self) -> bool:
        """Whether the limit allows one false match at all; else this is ZeroFMR by another name."""
        return self.limit == 0 or self.allowed >= 1

    @property
    def firm(self) -> bool:
        """Whether enough false matches are allowed that the threshold is no accident."""
        return self.allowed >= ERRORS_FOR_A_FIRM_RATE

    @property
    def rate(self) -> float | None:
        """The FNMR (or FNIR); None where these counts cannot tell it."""
        return self.misses / self.genuine if self.measurable else None

    @property
    def upper(self) -> float:
        """95 % upper bound of the miss rate where no miss was seen, by the rule of three."""
        return rule_of_three(self.genuine) if self.misses == 0 else self.misses / self.genuine


def operating_point(genuine: Scores, impostor: Scores, limit: float) -> OperatingPoint:
    """Lowest threshold, and so lowest FNMR, with an FMR of at most `limit`.

    >>> point = operating_point(np.array([5.0, 9.0]), np.arange(1000.0) / 100, 1e-2)
    >>> point.threshold, point.false_matches, point.misses
    (9.9, 10, 2)
    >>> operating_point(np.array([5.0]), np.arange(100.0), 1e-3).rate is None
    True
    """
    return operating_points(genuine, impostor, [limit])[0]


def operating_points(
    genuine: Scores, impostor: Scores, limits: Iterable[float]
) -> list[OperatingPoint]:
    """`operating_point` of each limit; the scores are sorted once."""
    ordered = np.sort(np.asarray(impostor, dtype=np.float64))
    mated = np.sort(np.asarray(genuine, dtype=np.float64))
    both = np.unique(np.concatenate([mated, ordered]))
    candidates = np.append(both[both > FAILED], np.inf)  # what failed matches at no threshold
    beyond = len(ordered) - np.searchsorted(ordered, candidates, side="left")
    points, rising = [], -beyond
    for limit in limits:
        # The first threshold with few enough beyond it.
        at = int(np.searchsorted(rising, -_allowed(limit, len(ordered)), side="left"))
        threshold = float(candidates[at])
        points.append(
            OperatingPoint(
                limit=limit,
                threshold=threshold,
                false_matches=int(beyond[at]),
                impostors=len(ordered),
                misses=int(np.searchsorted(mated, threshold, side="left")),
                genuine=len(mated),
            )
        )
    return points


def zero_fnmr(genuine: Scores, impostor: Scores) -> float:
    """Lowest FMR with no false non-match (ZeroFNMR)."""
    return float((np.asarray(impostor) >= np.min(genuine)).mean())


def rule_of_three(trials: int) -> float:
    """95 % upper bound of a rate of which no error was seen in so many independent trials.

    >>> rule_of_three(300)
    0.01
    """
    if trials < 1:
        raise ValueError("there must be at least one trial")
    return min(1.0, 3 / trials)


def _allowed(limit: float, trials: int) -> int:
    return math.floor(limit * trials + 1e-9)  # 1e-3 of 3,000 is three, whatever binary says
