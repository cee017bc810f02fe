"""1:N error rates after ISO/IEC 19795-1: CMC, FPIR, FNIR.

A search has one probe and a gallery. What counts of it is the score of its mate, how many
non-mates reach that score, and the best non-mate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.metrics import FAILED, OperatingPoint, operating_point

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """What every probe found.

    Attributes
    ----------
    mate : (P,) float64
        Best score among the probe's mates; NaN where nobody in the gallery is its mate.
    rank : (P,) int64
        Place of the best mate, counted from 1, ties counted against it; 0 where there is no mate,
        and one more than the gallery has where the comparison failed.
    other : (P,) float64
        Best score among the non-mates: what a search of an unenrolled person would report.
    gallery : int
        How many are enrolled.
    """

    mate: Floats
    rank: npt.NDArray[np.int64]
    other: Floats
    gallery: int

    @property
    def mated(self) -> npt.NDArray[np.bool_]:
        """Which probes have a mate in the gallery."""
        return ~np.isnan(self.mate)

    @property
    def unenrolled(self) -> npt.NDArray[np.bool_]:
        """The searches that FPIR is counted on.

        Those without a mate, where there are any. Else all of them, each with its mate left out.
        """
        return ~self.mated if (~self.mated).any() else np.ones(len(self.mate), bool)

    @property
    def leave_one_out(self) -> bool:
        """Whether non-mated searches were made by leaving the mate out."""
        return bool(self.mated.all())

    def cmc(self, most: int = 20) -> Floats:
        """(K,) share of mated searches whose mate is among the first 1, 2, ... K candidates."""
        ranks = self.rank[self.mated]
        return np.array([(ranks <= k).mean() for k in range(1, min(most, self.gallery) + 1)])

    def hits(self, rank: int = 1) -> int:
        """Mated searches with the mate among the first so many."""
        return int((self.rank[self.mated] <= rank).sum())

    def fnir_at_fpir(self, limit: float) -> OperatingPoint:
        """FNIR at the lowest threshold with FPIR <= ``limit``.

        Any place in the list counts as found, as long as the score reaches the threshold.
        """
        return operating_point(self.mate[self.mated], self.other[self.unenrolled], limit)


def searches(
    scores: Floats,
    mates: npt.NDArray[np.bool_],
    ignored: npt.NDArray[np.bool_] | None = None,
) -> Searches:
    """Digest a matrix of scores.

    Parameters
    ----------
    scores : (P, N) float
        Each probe against everybody in the gallery; ``-inf`` where that failed.
    mates : (P, N) bool
        Who is whose mate.
    ignored : (P, N) bool, optional
        Comparisons that count as neither, for example of a finger that is enrolled twice.

    >>> found = searches(np.array([[5.0, 7.0], [1.0, 9.0]]), np.eye(2, dtype=bool))
    >>> found.rank.tolist(), found.other.tolist(), found.cmc().tolist()
    ([2, 1], [7.0, 1.0], [0.5, 1.0])
    """
    scores = np.asarray(scores, dtype=np.float64)
    others = ~mates if ignored is None else ~mates & ~ignored
    own = mates if ignored is None else mates & ~ignored
    has_mate = own.any(axis=1)
    mate = np.where(own, scores, FAILED).max(axis=1, initial=FAILED)
    other = np.where(others, scores, FAILED).max(axis=1, initial=FAILED)
    rank = 1 + (others & (scores >= mate[:, None])).sum(axis=1)
    rank = np.where(mate == FAILED, scores.shape[1] + 1, rank)
    return Searches(
        mate=np.where(has_mate, mate, np.nan),
        rank=np.where(has_mate, rank, 0).astype(np.int64),
        other=other,
        gallery=scores.shape[1],
    )
