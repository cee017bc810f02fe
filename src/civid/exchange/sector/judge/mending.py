"""What to mend first (ưu tiên khắc phục): what wins most rows stands first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from civid.exchange.sector.judge.examining import Examined
from civid.exchange.sector.judge.grading import Criteria
from civid.exchange.sector.judge.rules import about
from civid.people.findings import Decider, Severity

#: The criterion whose rules keep a row from being asked about at all.
ASKABLE = "askable"
#: Fields of which the register may say that they differ.
_COMPARED = ("number", "name", "birth", "sex")
#: Rules that are no error, and still make a row differ from the register: 01/01 for a year alone,
#: a name without its accents.
_DOUBTFUL = ("birth.new_year", "name.no_accents", "name.initials", "name.typing", "name.tone",
             "number.year", "number.sex", "sex.missing", "sex.unreadable")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mending:
    """One thing to mend.

    Attributes
    ----------
    rule : str
        Rule whose rows are to be mended.
    rows : int
        How many it objects to.
    askable : int
        Rows that could be asked about, were nothing but this mended.
    matching : int or None
        At most so many rows that differ from the register or are not known there, and that this
        rule objects to: for who may see every row. None without a register.
    automatic : bool
        A program can do it: the normalised table has it done.
    hours : float
        Work, by the criteria's assumption.
    """

    rule: str
    rows: int
    askable: int
    matching: int | None
    automatic: bool
    hours: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "rule": self.rule, "rows": self.rows, "askable": self.askable,
            "automatic": self.automatic, "hours": round(self.hours, 1),
        }  # fmt: skip


def mendings(
    criteria: Criteria, examined: Examined, unmatched: Mapping[str, Any] | None = None
) -> tuple[Mending, ...]:
    """Rank what to mend by the table alone: most rows won first, then most rows, then least work.

    Parameters
    ----------
    unmatched : mapping of str to (N,) int64, optional
        Field -> rows that do not agree with the register because of it, as far as the grant says
        why; under the key ``""`` all that do not agree. Left out without a register.
    """
    import numpy as np

    blocking = next((one.rules for one in criteria.criteria if one.id == ASKABLE), ())
    reasons = [examined.rows[name] for name in blocking if name in examined.rows]
    blocked = np.concatenate(reasons) if reasons else np.zeros(0, np.int64)
    rows, counts = np.unique(blocked, return_counts=True)
    known, made = about(), []
    for name, found in examined.rows.items():
        rule = known[name]
        if rule.severity is Severity.INFO and name not in _DOUBTFUL:
            continue
        alone = 0
        if name in blocking:
            alone = int((counts[np.searchsorted(rows, found)] == 1).sum())
        matching = None
        if unmatched is not None:
            compared = [field for field in rule.fields if field in _COMPARED]
            told = compared and all(field in unmatched for field in compared)
            concerned = [unmatched[field] for field in compared] if told else [unmatched[""]]
            matching = len(np.intersect1d(found, np.unique(np.concatenate(concerned))))
        automatic = rule.decider is Decider.AUTOMATIC or name in ("name.encoding", "name.typing")
        minutes = criteria.minutes[Decider.AUTOMATIC if automatic else rule.decider]
        made.append(
            Mending(name, len(found), alone, matching, automatic, len(found) * minutes / 60)
        )
    return tuple(sorted(made, key=_order))


def _order(one: Mending) -> tuple[float, ...]:
    severe = about()[one.rule].severity
    return -one.askable, -severe, -one.rows, one.hours


def by_all(found: Iterable[Mending]) -> list[Mending]:
    """The same by all that would be won, at the register, too: for who may see every row."""
    return sorted(found, key=lambda one: -(one.askable + (one.matching or 0)))
