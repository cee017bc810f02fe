"""What became of the rows of a run: counts that reconcile, and the refused ones by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Refused rows that an outcome names; more are only counted, and told to `on_refused`.
MOST_NAMED = 1000

#: Why a row is refused, by code; the codes are stable.
REASONS = {
    "external": "no external id, or one longer than 200 characters",
    "empty": "says nothing",
    "name": "a person cannot be added without a readable name",
    "number": "not a personal number of 12 digits",
    "cmnd9": "not a CMND number of 9 digits",
    "field": "no such field of a citizen",
    "text": "not text, or text that cannot be stored: NUL, a lone surrogate",
    "too_long": "longer than 1024 characters, or more fields than a form has",
    "formula": "begins as a formula of a spreadsheet",
    "unread": "cannot be read as a value of its field",
    "death": "recorded before it happened",
    "unit": "not a unit",
    "outside_scope": "the record belongs to a unit outside your scope",
    "number_taken": "the personal number belongs to somebody else here; see the case",
    "twice": "the same external id came before in this run, and said something else",
    "erased": "the person was erased",
    "shape": "the row has another number of values than there are titles",
    "quoting": "the line is far too long, or quoted wrongly",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken. Holds no value.

    Attributes
    ----------
    row : int
        Number of the row, from 1; a title line is not counted.
    code : str
        Why, one of `REASONS`.
    field : str
        Which field; empty when the whole row is meant.
    """

    row: int
    code: str
    field: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"row": self.row, "code": self.code, "field": self.field}


@dataclass(slots=True)
class Tally:
    """Counts of a run under way."""

    new: int = 0
    changed: int = 0
    same: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    named: list[Refused] = field(default_factory=list)
    on_refused: Callable[[Refused], None] | None = None

    def refuse(self, refused: Refused) -> None:
        """Count a refused row."""
        self.reasons[refused.code] += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(refused)
        if self.on_refused is not None:
            self.on_refused(refused)

    def counts(self) -> dict[str, Any]:
        """For the table of runs."""
        return {
            "new": self.new, "changed": self.changed, "same": self.same,
            "reasons": dict(self.reasons),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: ``given == new + changed + same + refused``.

    Attributes
    ----------
    run : str
        Reference of the run.
    given, new, changed, same, refused : int
        Rows: in all, people added, people of whom something new was said, nothing new, not taken.
    reasons : dict of str to int
        Refused rows by code; see `civid.register.bulk.outcome.REASONS`.
    named : tuple of Refused
        The first thousand of them.
    """

    run: str
    given: int
    new: int
    changed: int
    same: int
    refused: int
    reasons: dict[str, int]
    named: tuple[Refused, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "run": self.run, "given": self.given, "new": self.new, "changed": self.changed,
            "same": self.same, "refused": self.refused, "reasons": dict(self.reasons),
            "named": [one.to_dict() for one in self.named],
        }  # fmt: skip
