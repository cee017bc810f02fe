"""Precision and recall of every rule on a population whose errors are known."""

from __future__ import annotations

from dataclasses import dataclass

from civid.people.findings import examine, rules
from civid.people.synthetic.errors import CLASSES
from civid.people.synthetic.population import Population, Truth


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How one rule did.

    Parameters
    ----------
    rule : str
        Its id.
    planted, found : int
        Rows it had to find, and those of them it found.
    reported, right : int
        Rows it reported, and those of them where a planted error explains it.
    """

    rule: str
    planted: int
    found: int
    reported: int
    right: int

    @property
    def recall(self) -> float | None:
        """Share of the planted that was found; None when nothing was planted."""
        return self.found / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        """Share of the reported that was right; None when nothing was reported."""
        return self.right / self.reported if self.reported else None


def score(population: Population) -> tuple[RuleScore, ...]:
    """Examine a population and hold the findings against the truth.

    Rules that report what nobody planted because it is no error (01/01, letters outside the
    alphabet, very old people, relatives outside the table) have no recall.
    """
    truth = Truth()
    examination = examine(population.tables(truth=truth))
    wanted: dict[str, set[int]] = {}
    for name, rows in truth.planted.items():
        wanted.setdefault(CLASSES[name].rule, set()).update(rows)
    scores = []
    for name in rules():
        reported = set(examination.rows(name).tolist())
        planted = wanted.get(name, set())
        right = {row for row in reported if name in truth.allowed.get(row, ())}
        scores.append(
            RuleScore(name, len(planted), len(planted & reported), len(reported), len(right))
        )
    return tuple(scores)
