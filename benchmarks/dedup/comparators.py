"""Data alone against a plain string comparison: the same blocks, the same pairs.

    python benchmarks/dedup/comparators.py [--people N] [--twice N] [--splink]

Synthetic people in households, some of them once more with slips of another day (`typed_again`).
Pairs that share a number, a household, or name sound and birth year are scored by civid's default
weights, by weights that civid estimates from these pairs without labels, and by rapidfuzz (mean of
`token_sort_ratio` of the names without accents and of `ratio` of dates and numbers, a missing field
left out), and by splink (`by_splink`). Printed: recall of the blocks, and for each the recall at a
precision of 99 % and 99.9 %, the best F1, seconds of the processor, and what the process had taken
of memory by then. Not installed with civid: ``pip install rapidfuzz splink``.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from random import Random

import numpy as np
from by_splink import by_splink
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


def show(
    name: str, scored: Callable[[], Sequence[float]], same: list[bool], total: int
) -> None:  # fmt: skip
    """Recall counts those whom blocking missed as missed."""
    began = time.process_time()
    scores = scored()
    took = time.process_time() - began
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{line}best F1 {f1.max():.4f}; {took:.1f} s, {peak:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=8000)
    parser.add_argument("--twice", type=int, default=800)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--splink", action="store_true", help="with splink, too")
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

    def by(weights: Weights) -> list[float]:
        return [weights.together(weights.compare(records[a], records[b])) for a, b in pairs]

    def estimated() -> list[float]:
        return by(estimate(records, pairs, strangers=20_000).weights)

    def splink(family: bool) -> list[float]:
        found = by_splink(records, options.seed, family=family)
        others = len(found.keys() - set(pairs))
        print(f"splink weighed {len(found)} pairs, {others} of them in no block of ours")
        return [found.get(pair, -1000.0) for pair in pairs]

    show("civid, default", lambda: by(Weights()), same, len(truth))
    show("civid, estimated", estimated, same, len(truth))
    show("rapidfuzz", lambda: [by_rapidfuzz(rows[a], rows[b]) for a, b in pairs], same, len(truth))
    if options.splink:
        show("splink, all fields", lambda: splink(True), same, len(truth))
        show("splink, no family", lambda: splink(False), same, len(truth))


if __name__ == "__main__":
    main()
