"""Error rates after ISO/IEC 19795-1 from genuine (mated) and impostor (non-mated) scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.floating]


def rates(genuine: Scores, impostor: Scores) -> tuple[Scores, Scores, Scores]:
    """FNMR and FMR at every threshold that occurs.

    A comparison matches when its score is **at least** the threshold.

    Returns
    -------
    thresholds, fnmr, fmr : (K,) float64
        Thresholds ascending, the last one above every score.
    """
    genuine, impostor = np.sort(genuine), np.sort(impostor)
    thresholds = np.unique(np.concatenate([genuine, impostor]).astype(np.float64))
    thresholds = np.append(thresholds, np.inf)
    fnmr = np.searchsorted(genuine, thresholds, side="left") / len(genuine)
    fmr = 1 - np.searchsorted(impostor, thresholds, side="left") / len(impostor)
    return thresholds, fnmr, fmr


def equal_error_rate(genuine: Scores, impostor: Scores) -> float:
    """EER: where FMR = FNMR; the middle of the interval where both are steps (as FVC does)."""
    _, fnmr, fmr = rates(genuine, impostor)
    after = int(np.argmax(fnmr >= fmr))
    before = int(np.flatnonzero(fnmr <= fmr)[-1])
    nearest = before if fnmr[before] + fmr[before] <= fnmr[after] + fmr[after] else after
    return float((fnmr[nearest] + fmr[nearest]) / 2)


def fnmr_at_fmr(genuine: Scores, impostor: Scores, fmr: float) -> float:
    """Lowest FNMR with FMR <= `fmr` (1e-3 gives FMR1000).

    With fewer than 1/fmr impostor scores this is ZeroFMR: ask for more impostors.
    """
    _, fnmr, measured = rates(genuine, impostor)
    return float(fnmr[measured <= fmr].min())
