"""Quotas (chỉ tiêu): given at any level, split down, and held against one another."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from civid.campaign.finding import Finding
from civid.campaign.organisation.tree import Counts, UnitTree
from civid.errors import CampaignError
from civid.people.findings.model import Severity

_MOST = 1_000_000_000


def split_quota(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split a quota by weights, such as residents of 14 and over; the parts add up to the whole.

    What does not divide goes to the largest remainders (Hamilton), equal ones in the order given.

    Raises
    ------
    CampaignError
        No weights, or only zeros (``no-weights``); a negative one (``negative``).

    >>> split_quota(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise CampaignError("less than nothing", code="negative")
    whole = sum(weights.values())
    if whole == 0:
        raise CampaignError("nothing to split by", code="no-weights")
    exact = {code: Fraction(total * weight, whole) for code, weight in weights.items()}
    parts = {code: int(share) for code, share in exact.items()}
    rest = sorted(exact, key=lambda code: parts[code] - exact[code])
    for code in rest[: total - sum(parts.values())]:
        parts[code] += 1
    return parts


class Quotas:
    """Quotas of units. Does not change; safe for threads.

    A unit without one of its own has the sum of those below it. Where a unit has one and all below
    it have one, too, they should agree; `findings` says where they do not.

    Parameters
    ----------
    tree : UnitTree
        The units.
    given : mapping
        Code of a unit -> its quota, from 0 on.

    Raises
    ------
    CampaignError
        A unit that is not in the tree, a negative quota, or one of over 10⁹.

    >>> from civid.campaign.organisation.unit import CampaignUnit, Level
    >>> tree = UnitTree([CampaignUnit("84", "Trà Vinh", Level.PROVINCE),
    ...                  CampaignUnit("842", "Càng Long", Level.DISTRICT, "84")])
    >>> Quotas(tree, {"842": 120}).of("84")
    120
    """

    def __init__(self, tree: UnitTree, given: Mapping[str, int]):
        self.tree = tree
        self.given = dict(given)
        values = np.full(len(tree), -1, np.int64)
        for code, quota in self.given.items():
            if not 0 <= quota <= _MOST:
                raise CampaignError("a quota is 0 to 10⁹", code="quota-range", unit=code)
            values[tree.index(code)] = quota
        #: (N,) int64: what holds for each unit; -1 where there is none.
        self.values: Counts = values.copy()
        self._below: Counts = np.zeros(len(tree), np.int64)
        self._count_below: Counts = np.zeros(len(tree), np.int64)
        for place in range(len(tree) - 1, -1, -1):
            if self.values[place] < 0 and self._count_below[place]:
                self.values[place] = self._below[place]
            parent = tree.parents[place]
            if parent >= 0 and self.values[place] >= 0:
                self._below[parent] += self.values[place]
                self._count_below[parent] += 1

    def of(self, code: str) -> int | None:
        """The quota of a unit, given or summed; None where there is none."""
        value = int(self.values[self.tree.index(code)])
        return None if value < 0 else value

    def findings(self) -> tuple[Finding, ...]:
        """Quotas of zero, units without one among others that have one, sums that do not agree."""
        found = list[Finding]()
        for place, unit in enumerate(self.tree.units):
            if self.values[place] == 0:
                found.append(Finding("quota-zero", Severity.WARNING, unit=unit.code))
            children = self.tree.children(unit.code)
            if not self._count_below[place]:
                continue
            bare = [one.code for one in children if self.of(one.code) is None]
            found += [Finding("quota-missing", Severity.WARNING, unit=code) for code in bare]
            if unit.code in self.given and self.given[unit.code] != self._below[place]:
                values = {"quota": self.given[unit.code], "below": int(self._below[place])}
                severity = Severity.WARNING if bare else Severity.ERROR
                found.append(
                    Finding("quota-sum", severity, unit=unit.code, values=values)
                )  # fmt: skip
        return tuple(found)

    def split_down(self, code: str, weights: Mapping[str, int]) -> Quotas:
        """The same with the quota of a unit split over the units right below it.

        Raises
        ------
        CampaignError
            The unit has no quota, or the weights are not those of the units below it.
        """
        total = self.of(code)
        if total is None:
            raise CampaignError("no quota to split", code="no-quota", unit=code)
        below = {unit.code for unit in self.tree.children(code)}
        if set(weights) != below:
            raise CampaignError("a weight for each unit below is needed", code="weights", unit=code)
        return Quotas(self.tree, self.given | {code: total} | split_quota(total, weights))
