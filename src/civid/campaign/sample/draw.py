"""Draw a sample (chọn mẫu), stratified by unit; the same seed draws the same people.

Who is drawn depends on the seed and on who there is, not on the order in which records come, so
that somebody else can draw it again and find it untouched.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from civid.campaign.organisation.quotas import split_quota
from civid.errors import CampaignError


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """Somebody who was drawn: a key of the register, and the unit. The key does not show."""

    reference: str
    unit: str

    def __repr__(self) -> str:
        return f"<Drawn {self.unit}>"


def allocate(populations: Mapping[str, int], total: int, *, least: int = 0) -> dict[str, int]:
    """Share a sample out over units by their size, with at least so many each.

    Every unit gets its least number, or all it has; the rest goes by size (Hamilton), never more
    than a unit has.

    Raises
    ------
    CampaignError
        More than there are (``too-many``).

    >>> allocate({"a": 900, "b": 90, "c": 10}, 100, least=5)
    {'a': 81, 'b': 13, 'c': 6}
    """
    if total > sum(populations.values()):
        raise CampaignError("a larger sample than there are records", code="too-many")
    given = {unit: min(least, count) for unit, count in populations.items()}
    while (rest := total - sum(given.values())) > 0:
        room = {unit: count - given[unit] for unit, count in populations.items()}
        weights = {unit: populations[unit] if room[unit] else 0 for unit in populations}
        for unit, part in split_quota(rest, weights).items():
            given[unit] += min(part, room[unit])
    return given


def draw(
    records: Iterable[tuple[str, str]], sizes: Mapping[str, int], *, seed: int | str
) -> tuple[Drawn, ...]:
    """Draw so many of each unit.

    Parameters
    ----------
    records : iterable of (str, str)
        Reference and unit of everybody who could be drawn.
    sizes : mapping
        Unit -> how many; units that are not named are left out.
    seed : int or str
        Kept with the result: it proves the draw.

    Raises
    ------
    CampaignError
        Somebody twice (``twice``), or fewer records than are to be drawn (``too-many``).

    >>> everybody = [(f"r{number}", "067") for number in range(100)]
    >>> draw(everybody, {"067": 3}, seed=1) == draw(reversed(everybody), {"067": 3}, seed=1)
    True
    """
    by_unit = dict[str, list[str]]()
    for reference, unit in records:
        if unit in sizes:
            by_unit.setdefault(unit, []).append(reference)
    drawn = list[Drawn]()
    for unit, size in sizes.items():
        here = sorted(by_unit.get(unit, []))
        if len(set(here)) != len(here):
            raise CampaignError("a record is there twice", code="twice", unit=unit)
        if size > len(here):
            message = f"{size} to be drawn of {len(here)}"
            raise CampaignError(message, code="too-many", unit=unit)
        chosen = random.Random(f"{seed}|{unit}").sample(here, size)
        drawn += [Drawn(reference, unit) for reference in chosen]
    return tuple(drawn)
