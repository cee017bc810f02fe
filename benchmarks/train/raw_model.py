"""The model of raw similarity: a logistic regression on the features of a comparison (``raw.c``).

Shared by ``train_model.py``, which writes it, and ``pair_evidence.py``, which judges what goes in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

SHRINK = 1e-3  # weight of the squared coefficients; less serves the training sets only
FEATURES = np.dtype(
    [("cluster", "f4"), ("chosen", "i4"), ("pairs", "i4"), ("geometry", "f4"),
     ("evidence", "f4"), ("overlap_a", "i4"), ("overlap_b", "i4"), ("area", "i4"), ("types", "i4"),
     ("count_a", "i4"), ("count_b", "i4")]
)  # fmt: skip


def model_features(f: npt.NDArray[np.void]) -> npt.NDArray[np.float64]:
    """What raw.c computes, in the order of `MODEL`."""
    overlap = np.maximum(np.minimum(f["overlap_a"], f["overlap_b"]), 6)
    fewer = np.minimum(f["count_a"], f["count_b"])
    more = np.maximum(f["count_a"], f["count_b"])
    alone = f["overlap_a"] + f["overlap_b"] - 2.0 * f["pairs"]
    return np.stack(
        [np.sqrt(f["cluster"]), np.sqrt(f["chosen"]), f["geometry"], f["geometry"] / overlap,
         np.log1p(f["evidence"]), alone, np.log(fewer + 4.0), np.log(more + 4.0)], 1
    ).astype(np.float64)  # fmt: skip


MODEL = ("CLUSTER", "CHOSEN", "GEOMETRY", "GEOMETRY_SHARE", "EVIDENCE", "ALONE", "FEWER", "MORE")


def logistic(
    x: npt.NDArray[np.float64], mated: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], float]:
    """Coefficients and offset."""
    mean, spread = x.mean(0), np.maximum(x.std(0), 1e-9)
    z = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    sign = np.where(mated, -1.0, 1.0)

    def loss(b: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        t = sign * (z @ b)
        slope = 0.5 * (1 + np.tanh(t / 2)) * sign * weight
        shrink = np.append(b[:-1], 0)
        value = (weight * np.logaddexp(0, t)).sum() + SHRINK * (shrink**2).sum()
        return value, z.T @ slope + 2 * SHRINK * shrink

    b = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B").x
    return b[:-1] / spread, float(b[-1] - (b[:-1] * mean / spread).sum())


def weights(mated: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    return np.where(mated, 0.5 / mated.sum(), 0.5 / (~mated).sum())


@dataclass(frozen=True)
class Scale:
    """Where impostors lie by the smaller count: median, and distance of the 98th percentile."""

    level: float
    level_log: float
    spread: float
    spread_count: float
    least: float = 0.0

    def width(self, fewer: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.maximum(self.spread + self.spread_count * fewer, self.least)

    def __call__(
        self, x: npt.NDArray[np.float64], fewer: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        level = self.level + self.level_log * np.log(fewer + 4)
        return (x - level) / self.width(fewer)


def scale_of(x: npt.NDArray[np.float64], fewer: npt.NDArray[np.float64]) -> Scale:
    """Straight lines through the medians and the spreads of twelve groups of equal size."""
    groups = np.array_split(np.argsort(fewer, kind="stable"), 12)
    count = np.array([fewer[g].mean() for g in groups])
    median = np.array([np.median(x[g]) for g in groups])
    upper = np.array([np.quantile(x[g], 0.98) for g in groups]) - median
    slope, level = np.polyfit(np.log(count + 4), median, 1)
    # relative errors matter: each group's spread is weighed by its inverse
    widening, spread = np.polyfit(count, upper, 1, w=1 / upper)
    return Scale(float(level), float(slope), max(float(spread), 0.1), max(float(widening), 0.0))
