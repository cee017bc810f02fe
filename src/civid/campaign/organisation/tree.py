"""The tree of units (cây đơn vị), laid out so that every subtree is a range of an array.

Units stand depth first: a unit's subtree are the places from its own up to its end. The sum over a
subtree is then a difference of two running sums, and sums of all 11,800 units of the country, on
all days of a campaign, cost as much as reading the numbers once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from civid.campaign.organisation.unit import CampaignUnit, Level
from civid.errors import CampaignError
from civid.people.places import provinces

Counts = NDArray[np.int64]
#: Code of the ministry in `UnitTree.of_provinces`.
COUNTRY = "VN"
_MOST_UNITS = 1_000_000  # 11,800 units down to communes; with residential groups some 120,000


class UnitTree:
    """Units with one at the top. Does not change; safe for threads.

    Parameters
    ----------
    units : iterable of CampaignUnit
        In any order.

    Attributes
    ----------
    units : tuple of CampaignUnit
        Depth first; the place of a unit here is its index in every array of counts.
    parents, ends, levels : (N,) int64
        Index of the unit above (-1 at the top), one past the last of its subtree, and its level.

    Raises
    ------
    CampaignError
        ``unit-twice``, ``no-parent``, ``unit-circle``, ``unit-levels`` (a parent that does not
        stand higher), ``no-top`` (not exactly one at the top), ``too-many-units``; each with the
        row, counted from 2 as in a file with titles, and the unit.

    Examples
    --------
    >>> tree = UnitTree([CampaignUnit("VN", "Việt Nam", Level.MINISTRY),
    ...                  CampaignUnit("068", "Lâm Đồng", Level.PROVINCE, "VN")])
    >>> tree.rolled([0, 907763]).tolist()
    [907763, 907763]
    """

    def __init__(self, units: Iterable[CampaignUnit]):
        given = dict[str, tuple[int, CampaignUnit]]()
        for row, unit in enumerate(units, 2):
            if row > _MOST_UNITS:
                raise CampaignError(f"over {_MOST_UNITS} units", code="too-many-units")
            if unit.code in given:
                message = f"the unit is there twice, first in row {given[unit.code][0]}"
                raise CampaignError(message, code="unit-twice", row=row, unit=unit.code)
            given[unit.code] = row, unit
        below = _children(given)
        self.units = tuple(_depth_first(below, given))
        if len(self.units) != len(given):
            seen = {unit.code for unit in self.units}
            code = next(code for code in given if code not in seen)
            raise CampaignError(
                "units above one another in a circle", code="unit-circle",
                row=given[code][0], unit=code,
            )  # fmt: skip
        self._index = {unit.code: place for place, unit in enumerate(self.units)}
        self.levels: Counts = np.array([unit.level for unit in self.units], np.int64)
        self.parents: Counts = np.array(
            [-1 if unit.parent is None else self._index[unit.parent] for unit in self.units],
            np.int64,
        )
        self.ends: Counts = np.arange(1, len(self.units) + 1)
        for place in range(len(self.units) - 1, 0, -1):  # the last of a subtree comes first
            parent = self.parents[place]
            self.ends[parent] = max(self.ends[parent], self.ends[place])

    @classmethod
    def of_provinces(cls, day: date, further: Iterable[CampaignUnit] = ()) -> UnitTree:
        """The ministry and the provinces of a day, and what is given besides.

        >>> [len(UnitTree.of_provinces(date(year, 1, 1))) for year in (2021, 2026)]
        [64, 35]
        """
        top = CampaignUnit(COUNTRY, "Toàn quốc", Level.MINISTRY)
        of_day = (
            CampaignUnit(unit.code, unit.name, Level.PROVINCE, COUNTRY) for unit in provinces(day)
        )
        return cls([top, *of_day, *further])

    def __len__(self) -> int:
        return len(self.units)

    def __iter__(self) -> Iterator[CampaignUnit]:
        return iter(self.units)

    def __contains__(self, code: object) -> bool:
        return code in self._index

    def __getitem__(self, code: str) -> CampaignUnit:
        return self.units[self.index(code)]

    @property
    def top(self) -> CampaignUnit:
        """The one above all."""
        return self.units[0]

    def index(self, code: str) -> int:
        """Where a unit stands in the arrays; `CampaignError` (``no-such-unit``) otherwise."""
        try:
            return self._index[code]
        except KeyError:
            raise CampaignError("no such unit", code="no-such-unit", unit=code) from None

    def children(self, code: str) -> tuple[CampaignUnit, ...]:
        """The units right below, in the order in which they were given."""
        own = self.index(code)
        below, place = [], own + 1
        while place < self.ends[own]:
            below.append(self.units[place])
            place = int(self.ends[place])
        return tuple(below)

    def subtree(self, code: str) -> range:
        """Indices of a unit and of all below it."""
        own = self.index(code)
        return range(own, int(self.ends[own]))

    def at(self, level: Level, under: str | None = None) -> tuple[CampaignUnit, ...]:
        """The units of a level, all or those below a unit."""
        places = range(len(self)) if under is None else self.subtree(under)
        return tuple(self.units[place] for place in places if self.levels[place] == level)

    def path(self, code: str) -> tuple[CampaignUnit, ...]:
        """A unit and all above it, the top first."""
        place, above = self.index(code), list[CampaignUnit]()
        while place >= 0:
            above.append(self.units[place])
            place = int(self.parents[place])
        return tuple(reversed(above))

    def rolled(self, own: Counts | Sequence[int]) -> Counts:
        """Of every unit the sum over its subtree; the last axis holds the units.

        O(size): one running sum.
        """
        counts = np.asarray(own, np.int64)
        if counts.shape[-1:] != (len(self),):
            raise CampaignError(f"counts of {len(self)} units are needed", code="shape")
        running = np.zeros((*counts.shape[:-1], len(self) + 1), np.int64)
        np.cumsum(counts, axis=-1, out=running[..., 1:])
        return np.asarray(running[..., self.ends] - running[..., :-1])


def _children(
    given: dict[str, tuple[int, CampaignUnit]],
) -> dict[str | None, list[CampaignUnit]]:
    below = dict[str | None, list[CampaignUnit]]()
    for row, unit in given.values():
        if unit.parent is not None:
            if unit.parent not in given:
                message = "the unit above it is not there"
                raise CampaignError(message, code="no-parent", row=row, unit=unit.code)
            if given[unit.parent][1].level >= unit.level and unit.level is not Level.GROUP:
                message = "the unit above it does not stand higher"
                raise CampaignError(message, code="unit-levels", row=row, unit=unit.code)
        below.setdefault(unit.parent, []).append(unit)
    if len(below.get(None, ())) != 1:
        message = f"{len(below.get(None, ()))} units at the top; one is needed"
        raise CampaignError(message, code="no-top")
    return below


def _depth_first(
    below: dict[str | None, list[CampaignUnit]], given: dict[str, tuple[int, CampaignUnit]]
) -> Iterator[CampaignUnit]:
    waiting = list(below[None])
    for _ in range(len(given)):
        if not waiting:
            return
        unit = waiting.pop()
        yield unit
        waiting += reversed(below.get(unit.code, []))
