"""Every comparison with its score and with who was compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from civid.lab.evaluation.prints import Sample
from civid.lab.evaluation.results import Identification, Verification
from civid.lab.tables.table import Column, DataTable, Labels

Ints = npt.NDArray[np.int64]

_FAILED = "no score where a comparison could not be made: it matches at no threshold"


def scores(result: Verification | Identification) -> DataTable:
    """One row a comparison, in the order in which they were made.

    Of a search, every probe with everybody enrolled, but for comparisons that count as neither.

    Columns: ``probe`` and ``reference``, and of each ``_set``, ``_person``, ``_finger``,
    ``_impression`` and ``_file``; ``mated``; ``score`` (null where the comparison failed).
    """
    if isinstance(result, Verification):
        plan = result.plan
        probe, reference, mated = plan.probe, plan.reference, plan.mated
        made, sides = result.compared.scores, result.sides
    else:
        rows, columns = np.nonzero(~result.plan.ignored | result.plan.mates)
        probe, reference = result.plan.probes[rows], result.plan.gallery[columns]
        mated, made = result.plan.mates[rows, columns], result.scores[rows, columns]
        sides = result.prints.samples
    found: dict[str, Column] = {}
    for name, at in (("probe", probe), ("reference", reference)):
        found[name] = named(sides, at, lambda one: one.name)
        for part, tell in _parts(result.set_name).items():
            found[f"{name}_{part}"] = named(sides, at, tell)
        numbers = np.array([one.impression for one in sides], np.int64)
        found[f"{name}_impression"] = numbers[at]
    found["mated"] = mated
    found["score"] = made
    return DataTable("scores", found, _FAILED)


def named(sides: Sequence[Sample], at: Ints, tell: Callable[[Sample], str]) -> Labels:
    """What is told of each print, for these rows."""
    return Labels.of([tell(one) for one in sides]).at(at)


def _parts(set_name: str) -> dict[str, Callable[[Sample], str]]:
    return {
        "set": lambda one: one.group or set_name,
        "person": lambda one: one.person,
        "finger": lambda one: one.finger,
        "file": lambda one: one.path.name,
    }
