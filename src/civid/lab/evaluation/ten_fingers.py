"""Ten-finger fusion: captures of persons, compared finger by finger and fused to one score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from civid.lab.errors import EvaluationError
from civid.lab.evaluation.plans import Plan
from civid.lab.evaluation.prints import PrintSet, Sample, numbered
from civid.lab.metrics import FAILED

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Fusion = Callable[[Sequence[float]], float]


@dataclass(frozen=True, slots=True, eq=False)
class Captures:
    """All fingers of a person that have one impression number are one capture.

    Attributes
    ----------
    plan : Plan
        Captures compared with captures; its indices count captures.
    people : (C,) int64
        Whose each capture is.
    sides : tuple of Sample
        Each capture under the name of its person; the path is that of its first print.
    probe, reference : (K,) int64
        The prints that are compared, positions alike; indices into the samples.
    pair : (K,) int64
        Which comparison of captures each of them belongs to.
    """

    plan: Plan
    people: Ints
    sides: tuple[Sample, ...]
    probe: Ints
    reference: Ints
    pair: Ints


def ten_finger_plan(prints: PrintSet) -> Captures:
    """Every capture with every later one, position by position.

    Where a manifest tells no position, the finger's name within the person stands for it.

    Raises
    ------
    EvaluationError
        The set does not say whose the prints are.
    """
    if not all(sample.person for sample in prints.samples):
        raise EvaluationError(f"{prints.name}: ten-finger needs the column 'person' in a manifest")
    captures: defaultdict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for at, sample in enumerate(prints.samples):
        captures[sample.person, sample.impression][sample.position or sample.finger] = at
    keys = list(captures)
    rows: list[tuple[int, int, int]] = []
    pairs: list[tuple[int, int]] = []
    for a, b in combinations(range(len(keys)), 2):
        one, other = captures[keys[a]], captures[keys[b]]
        common = [place for place in one if place in other]
        if common:
            rows += [(one[place], other[place], len(pairs)) for place in common]
            pairs.append((a, b))
    if not pairs:
        raise EvaluationError(f"{prints.name}: no two captures have a position in common")
    people = numbered([(person,) for person, _ in keys])
    first, second = np.array(pairs, dtype=np.int64).T
    if (people[first] == people[second]).all():
        raise EvaluationError(
            f"{prints.name}: no two persons have a position in common; say in the manifest's "
            "column 'position' which finger each print is"
        )
    probe, reference, pair = np.array(rows, dtype=np.int64).T
    order = np.argsort(probe, kind="stable")
    return Captures(
        Plan("ten-finger", first, second, people[first] == people[second]),
        people,
        tuple(
            Sample(prints.samples[next(iter(fingers.values()))].path, "", impression, person)
            for (person, impression), fingers in captures.items()
        ),
        probe[order],
        reference[order],
        pair[order],
    )


def fused(captures: Captures, scores: Floats, fuse: Fusion) -> Floats:
    """One score for each comparison of captures; a finger that failed says nothing."""
    terms: defaultdict[int, list[float]] = defaultdict(list)
    for pair, score in zip(captures.pair.tolist(), scores.tolist(), strict=True):
        if score > FAILED:
            terms[pair].append(score)
    total = np.full(len(captures.plan), FAILED)
    for pair, values in terms.items():
        total[pair] = fuse(values)
    return total
