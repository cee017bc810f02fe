"""What a check found: references and places, never values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: Most disagreements that are named; the others are counted.
MOST = 1000


class What(StrEnum):
    """What can disagree."""

    OPEN_INTENT = "open_intent"
    UNREADABLE_INTENT = "unreadable_intent"
    PRINTS_MISSING = "prints_missing"
    PRINTS_DIFFER = "prints_differ"
    PRINTS_OF_NOBODY = "prints_of_nobody"
    SUBJECT_OF_NOBODY = "subject_of_nobody"
    UNREADABLE_MAPPING = "unreadable_mapping"
    GALLERY_UNREADABLE = "gallery_unreadable"
    ACT_UNREADABLE = "act_unreadable"
    ACT_MISSING = "act_missing"
    ACT_OF_NOBODY = "act_of_nobody"
    VERSION = "version"
    NUMBER_MISSING = "number_missing"
    NUMBER_OF_ANOTHER = "number_of_another"
    NUMBER_NOT_CLAIMED = "number_not_claimed"
    NUMBER_OF_NOBODY = "number_of_nobody"
    NAME_MISSING = "name_missing"
    NAME_NOT_CLAIMED = "name_not_claimed"
    NAME_OF_NOBODY = "name_of_nobody"
    MERGED_INTO_NOBODY = "merged_into_nobody"
    UNION = "union"
    CASE = "case"
    NOT_ERASED = "not_erased"
    RECORD_UNREADABLE = "record_unreadable"
    UNIT = "unit"
    LOG = "log"
    FILE = "file"


_SAYS = {
    What.OPEN_INTENT: "promised to the gallery and not done yet",
    What.UNREADABLE_INTENT: "a promise to the gallery cannot be read",
    What.PRINTS_MISSING: "the gallery lacks the prints of this person: enrol them again",
    What.PRINTS_DIFFER: "the gallery holds other prints of this person than the register says, "
    "as after restoring one of the two from an older backup",
    What.PRINTS_OF_NOBODY: "prints of somebody who is not, or no longer, in the register",
    What.SUBJECT_OF_NOBODY: "prints in the gallery that belong to nobody in the register",
    What.UNREADABLE_MAPPING: "whose prints these are cannot be read",
    What.GALLERY_UNREADABLE: "the gallery cannot be read",
    What.ACT_UNREADABLE: "an act is not what was sealed there",
    What.ACT_MISSING: "an act is missing between the first and the last",
    What.ACT_OF_NOBODY: "acts of somebody who is not in the register",
    What.VERSION: "the version of this person is not that of the last act",
    What.NUMBER_MISSING: "a number that was claimed does not lead to this person",
    What.NUMBER_OF_ANOTHER: "a number that was claimed leads to somebody else",
    What.NUMBER_NOT_CLAIMED: "a number leads to this person and was never claimed",
    What.NUMBER_OF_NOBODY: "a number leads to somebody who is not in the register",
    What.NAME_MISSING: "a name that was claimed does not lead to this person",
    What.NAME_NOT_CLAIMED: "a name leads to this person and is not claimed",
    What.NAME_OF_NOBODY: "a name leads to somebody who is not in the register",
    What.MERGED_INTO_NOBODY: "merged into somebody who is not in the register",
    What.UNION: "merged, and no union says so; or the other way round",
    What.CASE: "a case, its rulings, its pairs and what was done do not agree",
    What.NOT_ERASED: "something of an erased person is still there",
    What.RECORD_UNREADABLE: "a record is not what was sealed there",
    What.UNIT: "not a unit, or none that this register knows",
    What.LOG: "the audit log is not whole",
    What.FILE: "the database file is damaged: restore it from a backup",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that does not agree.

    Attributes
    ----------
    what : What
    where : str
        Reference of a person, or table and place; no value.
    repaired : bool
        Whether it was repaired in this check.
    detail : str
        More, such as which entry of the log.
    """

    what: What
    where: str
    repaired: bool = False
    detail: str = ""

    @property
    def message(self) -> str:
        """What it means."""
        return _SAYS[self.what] + (f" ({self.detail})" if self.detail else "")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "what": self.what.value, "where": self.where, "repaired": self.repaired,
            "message": self.message,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at, and what does not agree.

    Attributes
    ----------
    counts : mapping of str to int
        How many people, acts, prints, subjects of the gallery, entries and other records.
    found : tuple of Disagreement
        At most 1,000; `total` counts all.
    total : mapping of str to int
        How many of each kind.
    settled : int
        Promises to the gallery that were completed.
    skipped : tuple of str
        What was not looked at, and why.
    """

    counts: Mapping[str, int]
    found: tuple[Disagreement, ...]
    total: Mapping[str, int]
    settled: int = 0
    skipped: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether everything agrees now."""
        return not self.left

    @property
    def left(self) -> tuple[Disagreement, ...]:
        """What was not repaired."""
        return tuple(one for one in self.found if not one.repaired)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "clean": self.clean, "counts": dict(self.counts), "total": dict(self.total),
            "settled": self.settled, "skipped": list(self.skipped),
            "found": [one.to_dict() for one in self.found],
        }  # fmt: skip


@dataclass(slots=True)
class Findings:
    """Collects while a check runs; what is left comes first when it is too much."""

    counts: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    settled: int = 0
    _left: list[Disagreement] = field(default_factory=list)
    _repaired: list[Disagreement] = field(default_factory=list)

    def add(self, what: What, where: str, *, repaired: bool = False, detail: str = "") -> None:
        """Something does not agree."""
        self.total[what.value] += 1
        into = self._repaired if repaired else self._left
        if len(into) < MOST:
            into.append(Disagreement(what, where, repaired, detail))

    def report(self) -> CheckReport:
        """All of it."""
        found = (*self._left, *self._repaired)[:MOST]
        return CheckReport(
            dict(self.counts), found, dict(self.total), self.settled, tuple(self.skipped)
        )
