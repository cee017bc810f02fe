"""What is saved and what is lost where two fingers may decide. Prints the table of fusion.md.

    python benchmarks/accuracy/two_fingers_first.py [--threads 2]

Impostors: all 19,900 pairs of the 200 persons of SOCOFing/Real, ten fingers each. Mates: SOCOFing's
altered copies of persons 1-30 (the "hard" ones) and the pairs of impressions of UareU's six persons
with ten fingers. A mate is found with a fused score of 90, which is what FPIR 1e-3 asks for at a
million subjects.
"""

from __future__ import annotations

import argparse
import math
from itertools import combinations

import numpy as np
from finger_sets import Fingers, socofing, uareu

from civid.search.arrays import encoding
from civid.search.arrays.index import Index
from civid.search.arrays.parts import View
from civid.search.backends.base import PairsQuery, SearchQuery
from civid.search.backends.exact import ExactBackend
from civid.search.backends.rules import LABELLED, Rules

FOUND = 90.0
RULES = (
    LABELLED,
    *(Rules(hopeless=score) for score in (3.0, 5.0, 10.0, 15.0)),
    Rules(decided=100.0),
    Rules(hopeless=5.0, decided=100.0),
)


def view_of(sets: list[Fingers]) -> View:
    index = Index()
    index.append(
        [""] * len(sets),
        [[(int(position), encoding.encode(one)) for position, one in sorted(fingers.items())]
         for fingers in sets],
    )  # fmt: skip
    index.publish()
    return View([index.part()])


def mated(pairs: list[tuple[View, View]], rules: Rules) -> tuple[float, int]:
    """Comparisons a pair, and how many are found."""
    terms, found = 0, 0
    for probe, reference in pairs:
        for hit in ExactBackend().search(probe, reference, SearchQuery(limit=1, rules=rules)):
            terms += int(hit["terms"])
            found += bool(hit["score"] >= FOUND)
    return terms / len(pairs), found


def main() -> None:
    parser = argparse.ArgumentParser(description="Two fingers first: saved and lost.")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    people = socofing("Real", options.threads)
    altered = socofing("Altered-Hard", options.threads)
    captures = uareu(options.threads)
    everybody = view_of(list(people.values()))
    hard = [
        (view_of([fingers]), view_of([people[person, ""]]))
        for (person, _), fingers in altered.items()
    ]
    good = [
        (view_of([captures[a]]), view_of([captures[b]]))
        for a, b in combinations(sorted(captures), 2)
        if a[0] == b[0]
    ]
    print(f"impostors: {math.comb(len(people), 2)} pairs; mates: {len(hard)} of "
          f"SOCOFing/Altered-Hard, {len(good)} of UareU; found: score >= {FOUND:g}")  # fmt: skip
    print("hopeless decided | impostors: comparisons a pair, >= 20, >= 30 | "
          "altered: comparisons, found | UareU: comparisons, found")  # fmt: skip
    for rules in RULES:
        query = PairsQuery(threads=options.threads, rules=rules)
        blocks = ExactBackend().pairs(everybody, everybody, query)
        hits = np.concatenate([found for _, found in blocks])
        high = [int(np.sum(hits["score"] >= least)) for least in (20, 30)]
        hard_terms, hard_found = mated(hard, rules)
        good_terms, good_found = mated(good, rules)
        print(f"{rules.hopeless:8g} {rules.decided:7g} | {hits['terms'].mean():6.2f} {high[0]:5} "
              f"{high[1]:4} | {hard_terms:5.2f} {hard_found:3} | {good_terms:5.2f} {good_found:3}"
              )  # fmt: skip


if __name__ == "__main__":
    main()
