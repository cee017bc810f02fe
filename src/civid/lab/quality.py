"""Error against quality: does leaving out the worst prints take the errors away?

The error-versus-discard curve of Grother and Tabassi ("Performance of biometric quality
measures", 2007): comparisons are left out by the lower quality of their two prints, and the FNMR
of the rest is drawn over the share that was left out. The faster it falls, the better the quality
measure knows which prints will not match.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def discard_curve(
    genuine: Floats, quality: Floats, threshold: float, most: float = 0.5
) -> tuple[Floats, Floats]:
    """FNMR over the share of comparisons that is left out.

    Parameters
    ----------
    genuine : (N,) float
        Scores of mated comparisons.
    quality : (N,) float
        Of each comparison: the lower quality of its two prints.
    threshold : float
        Fixed; it does not follow the discarding.
    most : float
        Largest share left out.

    Returns
    -------
    share, fnmr : (K,) float64
        Comparisons of one quality go together.

    >>> share, fnmr = discard_curve(np.array([0.0, 9, 9, 9]), np.array([1.0, 5, 5, 9]), 5.0)
    >>> share.tolist(), fnmr.tolist()
    ([0.0, 0.25], [0.25, 0.0])
    """
    order = np.argsort(quality, kind="stable")
    missed = (genuine[order] < threshold).astype(np.float64)
    ordered = quality[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf))
    starts = starts[starts <= most * len(genuine)]
    left = np.cumsum(missed[::-1])[::-1]
    return starts / len(genuine), left[starts] / (len(genuine) - starts)
