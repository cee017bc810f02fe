"""From the false match rate of one comparison to the false positives of a whole search."""

from __future__ import annotations

import math

from civid.errors import SearchError


def threshold(max_fpir: float, subjects: int) -> float:
    """Score that a non-mated search of a gallery reaches with probability `max_fpir`.

    A search of N subjects is N comparisons: FPIR = 1 - (1 - FMR)^N when they are independent,
    so the threshold is -10 log10(1 - (1 - max_fpir)^(1/N)). It holds as far as the calibration of
    the scores does, which is extrapolated beyond its impostor sample (``docs/explain/fusion.md``).

    Parameters
    ----------
    max_fpir : float
        Wanted false positive identification rate, 0 < max_fpir < 1.
    subjects : int
        N, how many the probe is compared with; 0 counts as 1.

    >>> round(threshold(1e-3, 1), 3), round(threshold(1e-3, 1_000_000), 2)
    (30.0, 90.0)
    """
    if not 0 < max_fpir < 1:
        raise SearchError("max_fpir must lie between 0 and 1")
    fmr = -math.expm1(math.log1p(-max_fpir) / max(subjects, 1))
    # Rounded up, so that the last bits of the platform's libm cannot show in an answer.
    return max(math.ceil(-10e6 * math.log10(fmr)) / 1e6, 0.0)


def fpir(score: float, subjects: int) -> float:
    """Probability that a non-mated search of so many subjects has a candidate of this score.

    >>> round(fpir(30.0, 1), 6)
    0.001
    """
    fmr = 10 ** (-max(score, 0.0) / 10)
    return 1.0 if fmr >= 1 else -math.expm1(max(subjects, 1) * math.log1p(-fmr))
