"""Data alone against a plain string comparison: the same blocks, the same pairs.

    python benchmarks/dedup/comparators.py [--people N] [--twice N]

Synthetic people in households, some of them once more with slips of another day (`typed_again`).
Pairs that share a number, a household, or name sound and birth year are scored by civid's default
weights, by weights that civid estimates from these pairs without labels, and by rapidfuzz (mean of
`token_sort_ratio` of the names without accents and of `ratio` of dates and numbers, a missing field
left out). Printed: recall of the blocks, and for each the recall at a precision of 99 % and 99.9 %,
and the best F1. Not installed with civid: ``pip install rapidfuzz``.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import combinations
from random import Random

import numpy as np
from probes import AS_OF, claims, typed_again

from civid.dedup.decision import Record, Weights, estimate
from civid.people.names.canonical import key
from civid.people.synthetic.households import Families, Row
from civid.register.population.lookup import sounds


def blocked(records: list[Record]) -> list[tuple[int, int]]:
    """Pairs worth a look."""
    blocks: dict[object, list[int]] = defaultdict(list)
    for at, one in enumerate(records):
        for number in {one.number, *one.cmnd9} - {""}:
            blocks["number", number].append(at)
        if one.household:
            blocks["household", one.household].append(at)
        if one.birth is not None and one.names:
            blocks["name", sounds(one.names[0]), one.birth.year].append(at)
    return sorted({pair for block in blocks.values() for pair in combinations(block, 2)})


def by_rapidfuzz(one: Row, two: Row) -> float:
    from rapidfuzz import fuzz

    said = [fuzz.token_sort_ratio(key(one["name"]), key(two["name"]))]
    fields = ("birth", "number", "cmnd9", "father_number", "mother_number")
    said += [fuzz.ratio(one[name], two[name]) for name in fields if one[name] and two[name]]
    return sum(said) / len(said)


def show(name: str, scores: list[float], same: list[bool], total: int) -> None:
    """Recall counts those whom blocking missed as missed."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    ranked = np.asarray(scores)[order]
    right = np.cumsum(np.asarray(same)[order])
    asked = np.arange(1, len(order) + 1)
    last = np.append(ranked[1:] != ranked[:-1], True)  # a limit cannot part equal scores
    precision, recall = (right / asked)[last], (right / total)[last]
    line = f"{name:22s}"
    for wanted in (0.99, 0.999):
        fit = recall[precision >= wanted]
        line += f"recall at {100 * wanted:g} %: {100 * fit.max() if len(fit) else 0:.1f} %; "
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    print(f"{line}best F1 {f1.max():.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=8000)
    parser.add_argument("--twice", type=int, default=800)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    families, rng, rows = Families(options.seed, AS_OF), Random(options.seed), list[Row]()
    while len(rows) < options.people:
        rows += families.household()
    twice = rng.sample(range(len(rows)), options.twice)
    truth = {(at, len(rows) + i) for i, at in enumerate(twice)}
    rows += [typed_again(rows[at], rng) for at in twice]
    records = [Record.of_claims(claims(row)) for row in rows]
    pairs = blocked(records)
    same = [pair in truth for pair in pairs]
    print(f"{len(rows)} records, {len(truth)} twice; {len(pairs)} pairs in blocks hold "
          f"{sum(same)} of them")  # fmt: skip
    for name, weights in (
        ("civid, default", Weights()),
        ("civid, estimated", estimate(records, pairs, strangers=20_000).weights),
    ):
        scores = [weights.together(weights.compare(records[a], records[b])) for a, b in pairs]
        show(name, scores, same, len(truth))
    show("rapidfuzz", [by_rapidfuzz(rows[a], rows[b]) for a, b in pairs], same, len(truth))


if __name__ == "__main__":
    main()
