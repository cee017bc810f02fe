"""The four indicators (đủ, đúng, sạch, sống) of a register and of each unit."""

from __future__ import annotations

from dataclasses import dataclass

from civid.people.findings.examine import Examination
from civid.people.findings.model import Axis, Severity
from civid.people.findings.rules import rules


@dataclass(frozen=True, slots=True)
class UnitProfile:
    """Quality of the records of one unit.

    Parameters
    ----------
    unit : str
        The unit; empty for the whole register.
    size : int
        Its records.
    flagged : dict of Axis to int
        Records with at least one finding of severity WARNING or ERROR on the axis.
    rules : dict of str to int
        Records by rule, all severities; rules without findings left out.
    """

    unit: str
    size: int
    flagged: dict[Axis, int]
    rules: dict[str, int]

    def indicator(self, axis: Axis) -> float:
        """Share of records without such a finding: 1 is best; 1 for no records."""
        return 1 - self.flagged[axis] / self.size if self.size else 1.0

    @property
    def indicators(self) -> dict[str, float]:
        """The four, by their Vietnamese names."""
        return {axis.value: self.indicator(axis) for axis in Axis}


def profile(examination: Examination) -> tuple[UnitProfile, ...]:
    """Count findings for the whole register (first, with an empty unit) and for each unit.

    >>> from datetime import date
    >>> from civid.people.findings import Table, examine
    >>> table = Table({"unit": ["A", "B"], "name": ["Lê An", ""]}, date(2021, 7, 1))
    >>> [p.flagged[Axis.COMPLETE] for p in profile(examine([table], only=["name.missing"]))]
    [1, 0, 1]
    """
    import numpy as np

    unit = examination.register.column("unit")
    count = len(examination.register.units)
    sizes = np.bincount(unit, minlength=count)
    axes = {axis: np.zeros(examination.size, bool) for axis in Axis}
    by_rule = {}
    for name, rule in rules().items():
        rows = examination.rows(name)
        if not len(rows):
            continue
        by_rule[name] = np.bincount(unit[rows], minlength=count)
        if rule.severity > Severity.INFO:
            axes[rule.axis][rows] = True
    flagged = {axis: np.bincount(unit[mask], minlength=count) for axis, mask in axes.items()}
    whole = UnitProfile(
        "",
        examination.size,
        {axis: int(counts.sum()) for axis, counts in flagged.items()},
        {name: int(counts.sum()) for name, counts in by_rule.items()},
    )
    units = sorted(range(count), key=lambda at: examination.register.units[at])
    return (
        whole,
        *(
            UnitProfile(
                examination.register.units[at],
                int(sizes[at]),
                {axis: int(counts[at]) for axis, counts in flagged.items()},
                {name: int(counts[at]) for name, counts in by_rule.items() if counts[at]},
            )
            for at in units
        ),
    )
