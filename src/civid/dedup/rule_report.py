"""Which rules mislead: each with its precision (độ chính xác) on decided pairs.

"The same mother" led people to brothers and sisters: a rule that hardly ever leads to one person
costs time and trust, and can be switched off in the policy with a reason (`Policy.off`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from civid.dedup.decision.decision import CandidateEvidence, Outcome
from civid.dedup.decision.rules import (
    AGREE,
    FIND,
    MIXED,
    POOR_BUT_ALIKE,
    RULES,
    SHARED,
    TWINS,
)

_SITUATIONS = {Outcome.TWINS: TWINS, Outcome.MIXED_BIOMETRICS: MIXED, Outcome.SHARED_NUMBER: SHARED}
#: Situations that name two people: of them a pair that is one person is the error.
TWO_PEOPLE = frozenset({TWINS, MIXED, SHARED})
_POOR_SCORE = 30.0


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """What became of the pairs to which a rule applied.

    Attributes
    ----------
    rule : str
        One of `civid.dedup.decision.rules.RULES`.
    pairs, same : int
        Decided pairs, and those that were one person.
    alone, alone_same : int
        Those where no other rule of its kind applied: switched off, they would not have been asked.
    low, high : float
        Precision: 95 % interval (Wilson) of the share of the pairs that were as the rule says.
    misleads : bool
        Whether even the upper end stays below what the report was asked for.
    off : str
        Why it is switched off; empty = in force.
    """

    rule: str
    pairs: int
    same: int
    alone: int
    alone_same: int
    low: float
    high: float
    misleads: bool
    off: str = ""

    @property
    def precision(self) -> float | None:
        """Share of the pairs that were as the rule says; None without pairs."""
        if not self.pairs:
            return None
        return self.right / self.pairs

    @property
    def right(self) -> int:
        """Pairs that were as the rule says: one person, or two where the situation is of two."""
        return self.pairs - self.same if self.rule in TWO_PEOPLE else self.same

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "precision": self.precision
        }


def rule_report(
    decided: Iterable[tuple[CandidateEvidence, bool]],
    off: Mapping[str, str] | None = None,
    *,
    least: float = 0.05,
) -> tuple[RuleFigures, ...]:
    """Precision of every rule on pairs that people have decided.

    Parameters
    ----------
    decided : iterable of (CandidateEvidence, bool)
        Evidence as people had it, and whether it was one person.
    off : mapping of str to str, optional
        `Policy.off`, to show beside. Pairs decided before a rule was switched off still count.
    least : float
        A rule misleads when its precision is surely below this.

    Examples
    --------
    >>> from civid.dedup.decision import FieldEvidence, PrintEvidence, Verdict
    >>> sister = CandidateEvidence(
    ...     "", Outcome.ADJUDICATE, Verdict.ADJUDICATE, 29.0, 29.0,
    ...     (FieldEvidence("mother", "same", 29.0),), PrintEvidence(), ("household",))
    >>> figures = {one.rule: one for one in rule_report([(sister, False)] * 100)}
    >>> figures["agree:mother"].misleads, figures["agree:number"].misleads
    (True, False)
    """
    counts: dict[str, list[int]] = {rule: [0, 0, 0, 0] for rule in RULES}
    for found, same in decided:
        for kind in applied(found):
            for rule in kind:
                row = counts[rule]
                row[0] += 1
                row[1] += same
                if len(kind) == 1:
                    row[2] += 1
                    row[3] += same
    return tuple(
        _figures(rule, row, (off or {}).get(rule, ""), least) for rule, row in counts.items()
    )


def applied(found: CandidateEvidence) -> tuple[tuple[str, ...], ...]:
    """Rules that applied to a pair: ways to it, fields that spoke for it, situations."""
    ways = tuple(FIND[way] for way in found.found_by if way in FIND)
    fields = tuple(AGREE[one.field] for one in found.fields if one.decibans > 0)
    situations = []
    if found.outcome in _SITUATIONS:
        situations.append(_SITUATIONS[found.outcome])
    if any(one.poor and one.score >= _POOR_SCORE for one in found.prints.fingers):
        situations.append(POOR_BUT_ALIKE)
    return ways, fields, tuple(situations)


def _figures(rule: str, row: list[int], off: str, least: float) -> RuleFigures:
    pairs, same, alone, alone_same = row
    low, high = wilson(pairs - same if rule in TWO_PEOPLE else same, pairs)
    return RuleFigures(rule, pairs, same, alone, alone_same, low, high, high < least, off)


def wilson(count: int, total: int) -> tuple[float, float]:
    """95 % interval of a share; everything is possible without a count.

    >>> wilson(0, 0), tuple(round(one, 3) for one in wilson(0, 100))
    ((0.0, 1.0), (0.0, 0.037))
    """
    if not total:
        return 0.0, 1.0
    z = 1.959964
    share, extra = count / total, z * z / total
    middle = (share + extra / 2) / (1 + extra)
    half = z * sqrt(share * (1 - share) / total + extra / (4 * total)) / (1 + extra)
    return max(0.0, middle - half), min(1.0, middle + half)
