"""Counts that come from a register, said only as a range: no single person can be told from them.

The page and the JSON of a check are passed on to people who never see the rows. A count of one or
two, or a difference of two counts, would tell them about somebody. Every such count is therefore
one of the ranges 0-4, 5-9, 10-14 ..., and the ranges of counts that add up to a known sum are made
wider until no count follows from the others to less than that many values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """A count that is only known to lie between two.

    Parameters
    ----------
    low, high : int
        Both included.
    """

    low: int
    high: int

    def to_dict(self) -> dict[str, int]:
        """Plain values, for JSON."""
        return {"from": self.low, "to": self.high}


def binned(count: int, width: int, most: int | None = None) -> Range:
    """The range of a count.

    >>> binned(3, 5), binned(12, 5, most=13)
    (Range(low=0, high=4), Range(low=10, high=13))
    """
    low = count // width * width
    high = low + width - 1
    return Range(low, high if most is None else max(min(high, most), count))


def binned_parts(counts: Mapping[str, int], width: int) -> dict[str, Range]:
    """Ranges of counts whose sum is known: none of them can be worked out from the rest.

    >>> binned_parts({"agrees": 5, "differs": 1}, 5)["differs"]
    Range(low=0, high=6)
    >>> made = binned_parts({"agrees": 962, "differs": 31, "nobody": 7}, 5)
    >>> made["agrees"], made["nobody"]
    (Range(low=960, high=964), Range(low=5, high=9))
    """
    total, wide = sum(counts.values()), width
    while wide <= total:
        made = {name: binned(count, wide, total) for name, count in counts.items()}
        if all(_possible(made, name, total) >= width for name in made):
            return made
        wide *= 2
    return {name: Range(0, total) for name in counts}


def _possible(made: Mapping[str, Range], name: str, total: int) -> int:
    """How many values a count can have, given the ranges of the others and the sum of all."""
    others = [one for other, one in made.items() if other != name]
    low = max(made[name].low, total - sum(one.high for one in others))
    high = min(made[name].high, total - sum(one.low for one in others))
    return high - low + 1
