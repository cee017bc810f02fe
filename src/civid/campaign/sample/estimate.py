"""Error rates (tỷ lệ sai sót) with intervals, by unit and by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Any

from civid.campaign.sample.compare import Checked, Outcome
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """So many wrong of so many checked, with an exact interval (Clopper and Pearson).

    Attributes
    ----------
    unit, field : str
        Whose, and of what; empty = of all.
    wrong, checked : int
        Counts.
    low, high : float
        Ends of the interval; 0 and 1 when nothing was checked.
    """

    unit: str
    field: str
    wrong: int
    checked: int
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        """The share; None when nothing was checked."""
        return self.wrong / self.checked if self.checked else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {"rate": self.rate}


def exact_interval(wrong: int, checked: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of Clopper and Pearson: it holds the true rate at least so often.

    Without a correction for finite populations, which makes it wider than need be where a large
    part of a unit was checked. O(checked) for each of some fifty steps.

    Raises
    ------
    CampaignError
        More wrong than checked, or a confidence that is no share.

    >>> low, high = exact_interval(3, 100)
    >>> round(low, 4), round(high, 4)
    (0.0062, 0.0852)
    """
    if not 0 <= wrong <= checked or not 0 < confidence < 1:
        raise CampaignError("not a share", code="share")
    if not checked:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = 0.0 if not wrong else _solve(wrong - 1, checked, 1 - tail)
    high = 1.0 if wrong == checked else _solve(wrong, checked, tail)
    return low, high


def error_rates(checked: Iterable[Checked], *, confidence: float = 0.95) -> tuple[ErrorRate, ...]:
    """Rates of all, of every unit, of every field, and of every field in every unit.

    A record is wrong when any of its fields is; of a field only those count that were checked.
    """
    counts = dict[tuple[str, str], list[int]]()
    for record in checked:
        if not record.is_checked:
            continue
        for unit in ("", record.unit):
            _count(counts, (unit, ""), bool(record.wrong))
            for one in record.fields:
                if one.outcome is not Outcome.UNCHECKED:
                    _count(counts, (unit, one.field), one.outcome is not Outcome.SAME)
    return tuple(
        ErrorRate(unit, field, wrong, of, *exact_interval(wrong, of, confidence))
        for (unit, field), (wrong, of) in sorted(counts.items())
    )


def stratified(
    rates: Iterable[ErrorRate], populations: Mapping[str, int], *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """The rate of all units together, each weighted by its size, and its interval.

    Units need not have been sampled by their size for this. Normal approximation with the
    correction for finite populations; a unit in which nothing was wrong still gets the variance of
    half an error, so that the interval never shrinks to a point.

    Raises
    ------
    CampaignError
        A unit of the population in which nothing was checked (``not-checked``).
    """
    by_unit = {one.unit: one for one in rates if one.unit and not one.field}
    whole = sum(populations.values())
    if not whole:
        raise CampaignError("nobody", code="nothing")
    mean = variance = 0.0
    for unit, size in populations.items():
        one = by_unit.get(unit)
        if not size:
            continue
        if one is None or not one.checked:
            raise CampaignError("nothing was checked here", code="not-checked", unit=unit)
        weight, share = size / whole, one.wrong / one.checked
        kept = min(max(one.wrong, 0.5), one.checked - 0.5) / one.checked
        left = max(0.0, 1 - one.checked / size)
        mean += weight * share
        variance += weight**2 * left * kept * (1 - kept) / max(1, one.checked - 1)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * sqrt(variance)
    return mean, max(0.0, mean - reach), min(1.0, mean + reach)


def _count(counts: dict[tuple[str, str], list[int]], key: tuple[str, str], wrong: bool) -> None:
    found = counts.setdefault(key, [0, 0])
    found[0] += wrong
    found[1] += 1


def _solve(wrong: int, checked: int, wanted: float) -> float:
    """The rate at which at most so many are wrong with this probability, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, checked, middle) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_most(wrong: int, checked: int, rate: float) -> float:
    """P(X <= wrong) of a binomial distribution."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    odds = log(rate) - log1p(-rate)
    start = checked * log1p(-rate)
    whole = lgamma(checked + 1)
    return sum(
        exp(whole - lgamma(number + 1) - lgamma(checked - number + 1) + start + number * odds)
        for number in range(wrong + 1)
    )
