"""Counts that come from a register, said only as ranges: no single person can be told from them.

The page and the JSON of a check are passed on to people who never see the rows. What they say of
the register is one partition of the rows that were asked about (agrees, differs in the name alone,
...), and of it only in which step of a ladder 0-4, 5-9, 10-14 ... each running total stands; the
last step is as long as is left. So every count has at least as many possible values as a step is
long, even for whoever knows this rule: running totals can stand anywhere in their steps. Ranges of
the counts themselves would not do: 10 of 10 and 9 of 10 would look different.
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


def step(count: int, total: int, width: int) -> Range:
    """The step of the ladder from 0 to a total that a count stands on.

    >>> step(9, 10, 5), step(10, 10, 5), step(3, 10, 5), step(2, 3, 5)
    (Range(low=5, high=10), Range(low=5, high=10), Range(low=0, high=4), Range(low=0, high=3))
    """
    last = max((total + 1) // width, 1) - 1
    at = min(count // width, last)
    return Range(at * width, total if at == last else at * width + width - 1)


def binned(counts: Mapping[str, int], width: int) -> dict[str, Range]:
    """Ranges of the parts of a whole, by the steps of their running totals.

    >>> made = binned({"agrees": 962, "differs": 31, "nobody": 7}, 5)
    >>> made["agrees"], made["differs"], made["nobody"]
    (Range(low=960, high=964), Range(low=26, high=34), Range(low=6, high=10))
    """
    total, before, running = sum(counts.values()), Range(0, 0), 0
    made = {}
    for at, (name, count) in enumerate(counts.items(), 1):
        running += count
        now = Range(total, total) if at == len(counts) else step(running, total, width)
        made[name] = Range(max(now.low - before.high, 0), now.high - before.low)
        before = now
    return made
