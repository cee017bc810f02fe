"""A synthetic population with known errors (dân cư giả lập). No real person is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from civid.people.findings.columns import COLUMNS
from civid.people.findings.table import Table
from civid.people.synthetic import cross_errors, name_errors, record_errors  # noqa: F401
from civid.people.synthetic.errors import CLASSES, Place
from civid.people.synthetic.households import Families, Row

AS_OF = date(2024, 12, 31)


@dataclass(slots=True)
class Truth:
    """What was planted.

    Attributes
    ----------
    planted : dict of str to list of int
        Error class -> rows that its rule has to find.
    allowed : dict of int to set of str
        Row -> rules that rightly object to it, or to its household because of it.
    """

    planted: dict[str, list[int]] = field(default_factory=dict)
    allowed: dict[int, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Population:
    """How to make a population.

    Parameters
    ----------
    size : int
        People, at least; the last household is completed.
    seed : int
        The same numbers give the same people.
    error_rate : float
        Share of households with one planted error.
    as_of : date
        Day of the register.
    classes : tuple of str
        Error classes to plant; all when empty.
    """

    size: int
    seed: int = 0
    error_rate: float = 0.1
    as_of: date = AS_OF
    classes: tuple[str, ...] = ()

    def tables(self, chunk: int = 50_000, truth: Truth | None = None) -> Iterator[Table]:
        """Make the population in chunks, writing down what was planted.

        >>> tables = list(Population(100, seed=1).tables())
        >>> tables[0].size >= 100
        True
        """
        families = Families(self.seed, self.as_of)
        wanted = list(self.classes) or sorted(CLASSES)
        pending: list[Row] = []
        counts = dict.fromkeys(wanted, 0)
        made = 0
        while made < self.size:
            family = families.household()
            if families.draw.chance(self.error_rate):
                family = self._spoil(family, families, counts, made, truth)
            pending += family
            made += len(family)
            while len(pending) >= chunk:
                yield to_table(pending[:chunk], self.as_of)
                pending = pending[chunk:]
        if pending:
            yield to_table(pending, self.as_of)

    def _spoil(
        self,
        family: list[Row],
        families: Families,
        counts: dict[str, int],
        start: int,
        truth: Truth | None,
    ) -> list[Row]:
        """Plant one error in a copy of the household, of the rarest class so far that fits."""
        order = list(range(len(family)))
        for name in sorted(counts, key=counts.__getitem__):
            families.draw.rng.shuffle(order)
            for at in order:
                copy = [dict(row) for row in family]
                if not CLASSES[name].plant(Place(copy, at, families)):
                    continue
                counts[name] += 1
                if truth is not None:
                    self._note(truth, name, copy, len(family), at, start)
                return copy
        return family

    def _note(
        self, truth: Truth, name: str, family: list[Row], before: int, at: int, start: int
    ) -> None:
        rows = [start + at]
        if len(family) > before:
            rows.append(start + before)
        elif name in ("cmnd9.shared",):
            rows.append(start + (at + 1) % before)
        if name == "relation.spouse_one_sided":  # found on the spouse who still names the other
            own = family[at]["number"]
            rows = [start + i for i, row in enumerate(family) if row["spouse_number"] == own]
        elif name == "relation.spouse_sex":  # found on both
            own = family[at]["number"]
            rows += [start + i for i, row in enumerate(family) if row["spouse_number"] == own]
        elif name == "relation.parent_age":  # found on the child that is hardly younger
            own = family[at]["number"]
            rows = [
                start + i
                for i, row in enumerate(family)
                if own in (row["father_number"], row["mother_number"])
            ][:1]
        truth.planted.setdefault(name, []).extend(rows)
        for row in range(start, start + len(family)):
            truth.allowed.setdefault(row, set()).update(CLASSES[name].also)


def to_table(rows: Iterable[Row], as_of: date) -> Table:
    """Turn rows into a table with every column."""
    listed = list(rows)
    return Table({name: [row[name] for row in listed] for name in COLUMNS}, as_of)
