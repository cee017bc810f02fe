"""How large a sample has to be (cỡ mẫu) for a precision, out of a finite population."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from statistics import NormalDist

from civid.errors import CampaignError


def sample_size(
    population: int, margin: float, *, confidence: float = 0.95, expected: float = 0.5
) -> int:
    """Records to check so that an error rate is known to within a margin.

    Cochran's size for a share with the correction for finite populations: of a small unit fewer
    are needed, and never more than there are.

    Parameters
    ----------
    population : int
        Records of the unit.
    margin : float
        Half the width of the interval, such as 0.02 for two points of a per cent.
    expected : float
        The rate that is expected; 0.5 is the worst case.

    Raises
    ------
    CampaignError
        A margin, confidence or rate that is no share between 0 and 1 (``share``).

    >>> sample_size(1_187_439, 0.02), sample_size(500, 0.02), sample_size(0, 0.02)
    (2397, 414, 0)
    """
    if population < 0:
        raise CampaignError("less than nothing", code="negative")
    if not all(0 < share < 1 for share in (margin, confidence, expected)):
        raise CampaignError("a share between 0 and 1 is needed", code="share")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    unlimited = Fraction(z * z * expected * (1 - expected) / (margin * margin))
    if not population:
        return 0
    return min(population, ceil(unlimited / (1 + (unlimited - 1) / population)))
