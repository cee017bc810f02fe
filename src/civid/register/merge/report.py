"""What a merge did, counted so that it reconciles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What became of a record of the unit.
NEW, CHANGED, SAME, DISPUTED = "new", "changed", "same", "disputed"

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did.

    Attributes
    ----------
    register, unit : str
        Id of the unit's register, and whose it is.
    counts : mapping
        Kind of record -> new, changed, same or disputed -> how many.
    cases : tuple of str
        References of the cases that were opened: conflicts, duplicates.
    entries : int
        Length of the unit's audit log, which was verified.
    head : str
        Its last hash, hexadecimal: the next merge wants a continuation of it.
    resumed : bool
        Whether this went on with a merge that had been broken off; counts are those of both.
    """

    register: str
    unit: str
    counts: Mapping[str, Mapping[str, int]]
    cases: tuple[str, ...]
    entries: int
    head: str
    resumed: bool = False

    def total(self, what: str) -> int:
        """How many records of any kind were new, changed, same or disputed."""
        return sum(one.get(what, 0) for one in self.counts.values())

    @property
    def changed_nothing(self) -> bool:
        """Whether all of the unit's records were here already."""
        return not (self.total(NEW) or self.total(CHANGED) or self.total(DISPUTED))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "register": self.register, "unit": self.unit,
            "counts": {kind: dict(one) for kind, one in self.counts.items()},
            "cases": list(self.cases), "entries": self.entries, "head": self.head,
            "resumed": self.resumed,
        }  # fmt: skip


def count(counts: Counts, kind: str, what: str, number: int = 1) -> None:
    """Count a record."""
    of_kind = counts.setdefault(kind, {})
    of_kind[what] = of_kind.get(what, 0) + number
