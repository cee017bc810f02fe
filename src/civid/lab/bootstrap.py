"""Bootstrap intervals that resample fingers or subjects, never comparisons.

Comparisons that share a finger err together, so drawing comparisons would promise intervals that
are far too narrow (ISO/IEC 19795-1, annex B). A drawn finger brings all its prints: a genuine pair
counts as often as its finger was drawn, an impostor pair as often as the product of both.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from civid.lab.metrics import LIMITS, equal_error_of

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.integer]

ROUNDS = 500
_CONFIDENCE = 0.95


class Resampled:
    """Scores whose rates can be had for any weights without sorting again.

    Parameters
    ----------
    genuine, impostor : (N,), (M,) float
    genuine_units, impostor_units : (N, 2), (M, 2) int
        Finger (or subject) of the two sides of each comparison, 0 .. units - 1.
    """

    def __init__(
        self, genuine: Floats, impostor: Floats, genuine_units: Units, impostor_units: Units
    ) -> None:
        scores = np.concatenate([genuine, impostor]).astype(np.float64)
        self._thresholds, place = np.unique(scores, return_inverse=True)
        self._genuine, self._impostor = place[: len(genuine)], place[len(genuine) :]
        self._units = genuine_units, impostor_units
        self.units = 1 + int(max(genuine_units.max(initial=-1), impostor_units.max(initial=-1)))

    def rates(self, times: npt.NDArray[np.integer]) -> tuple[Floats, Floats, Floats] | None:
        """`metrics.rates` when unit ``u`` was drawn ``times[u]`` times; None without scores."""
        counts = []
        for place, units in zip((self._genuine, self._impostor), self._units, strict=True):
            first, second = times[units[:, 0]], times[units[:, 1]]
            weight = np.where(units[:, 0] == units[:, 1], first, first * second)
            counts.append(np.bincount(place, weight, minlength=len(self._thresholds)))
        below = [np.concatenate([[0.0], np.cumsum(count)]) for count in counts]
        if not (below[0][-1] and below[1][-1]):
            return None
        thresholds = np.append(self._thresholds, np.inf)
        return thresholds, below[0] / below[0][-1], 1 - below[1] / below[1][-1]


def draws(units: int, rounds: int = ROUNDS, seed: int = 0) -> npt.NDArray[np.int64]:
    """(rounds, units) how often each unit is drawn, with replacement, in each round."""
    random = np.random.default_rng(seed)
    return np.stack(
        [np.bincount(random.integers(0, units, units), minlength=units) for _ in range(rounds)]
    )


def interval(values: npt.ArrayLike) -> tuple[float, float]:
    """The middle 95 % of bootstrap values."""
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(np.asarray(values, dtype=np.float64), [tail, 1 - tail])
    return float(low), float(high)


def verification_intervals(
    sample: Resampled, rounds: int = ROUNDS, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """95 % intervals of ``eer``, ``fmr100``, ``fmr1000`` and ``fmr10000``.

    Empty with fewer than two units: nothing can be said from one finger.
    """
    return intervals_and_band(sample, np.empty(0), rounds, seed)[0]


def intervals_and_band(
    sample: Resampled, limits: Floats, rounds: int = ROUNDS, seed: int = 0
) -> tuple[dict[str, tuple[float, float]], tuple[Floats, Floats] | None]:
    """`verification_intervals`, and of the same draws the band around a DET curve.

    Parameters
    ----------
    limits : (L,) float64
        Highest FMR of each point of the band.

    Returns
    -------
    intervals : dict
    band : (low, high), each (L,) float64, or None
        The middle 95 % of the FNMR at the lowest threshold that keeps each limit, point by point;
        None with fewer than two units.
    """
    if sample.units < 2:
        return {}, None
    # 1e-12: the weights' sums are exact, their quotients are not.
    wanted = np.concatenate([LIMITS, limits]) + 1e-12
    equal: list[float] = []
    missed: list[Floats] = []
    for times in draws(sample.units, rounds, seed):
        curve = sample.rates(times)
        if curve is None:
            continue
        _, fnmr, fmr = curve
        equal.append(equal_error_of(*curve).value)
        missed.append(fnmr[np.searchsorted(-fmr, -wanted, side="left")])  # FMR falls, FNMR rises
    if not equal:
        return {}, None
    table = np.stack(missed)
    named = {"eer": interval(equal)}
    for column, limit in enumerate(LIMITS):
        named[f"fmr{round(1 / limit)}"] = interval(table[:, column])
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(table[:, len(LIMITS) :], [tail, 1 - tail], axis=0)
    return named, (low, high)


def probe_interval(
    units: Units, figure: Callable[[Floats], float], rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, float] | None:
    """95 % interval of a figure of searches; the probes are drawn by finger, the gallery stays.

    Parameters
    ----------
    units : (P,) int
        Finger of each probe.
    figure : callable
        (P,) weights -> the figure.
    """
    labels, place = np.unique(units, return_inverse=True)
    if len(labels) < 2:
        return None
    values = [figure(times[place].astype(np.float64)) for times in draws(len(labels), rounds, seed)]
    return interval(values)


def probe_band(
    units: Units, wrong: npt.NDArray[np.bool_], rounds: int = ROUNDS, seed: int = 0
) -> tuple[Floats, Floats] | None:
    """95 % intervals of several shares of searches at once, as `probe_interval` draws them.

    Parameters
    ----------
    units : (P,) int
        Finger of each probe.
    wrong : (L, P) bool
        Which probes count as errors, for each of L thresholds.
    """
    labels, place = np.unique(units, return_inverse=True)
    if len(labels) < 2:
        return None
    weights = draws(len(labels), rounds, seed)[:, place].astype(np.float64)
    shares = weights @ wrong.T.astype(np.float64) / weights.sum(axis=1)[:, None]
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    return low, high
