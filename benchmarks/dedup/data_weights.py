"""Do decibans of data mean what they say? Pairs of two people, counted above each limit.

    python benchmarks/dedup/data_weights.py [--people N] [--strangers N]

Random pairs of a synthetic population, and every pair of one household, with the default weights.
If decibans are what they claim, two people reach t in at most 1 of 10^(t/10) pairs. Pairs of one
household are a vanishing share of all pairs and stand beside as what they are: relatives.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import date
from itertools import combinations

from civid.dedup.decision import Record, Weights
from civid.dedup.decision.em import random_pairs
from civid.people.citizen import Source, claim
from civid.people.synthetic.households import Families, Row

AS_OF = date(2024, 12, 31)
FIELDS = {
    "name": "name", "birth": "birth", "sex": "sex", "number": "number", "cmnd9": "cmnd9",
    "father_number": "father_number", "mother_number": "mother_number",
    "residence_file": "household", "home_town": "province_name",
}  # fmt: skip
LIMITS = (-10, 0, 10, 20, 30)


def record(row: Row) -> Record:
    return Record.of_claims(
        claim(name, row[column], Source.CIVIL_STATUS, AS_OF)
        for name, column in FIELDS.items()
        if row[column]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--strangers", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    families, rows = Families(options.seed, AS_OF), list[Row]()
    while len(rows) < options.people:
        rows += families.household()
    records = [record(row) for row in rows]
    homes: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        homes[row["household"]].append(at)
    kin = [pair for home in homes.values() for pair in combinations(home, 2)]
    apart = [
        (a, b)
        for a, b in random_pairs(len(rows), options.strangers, options.seed)
        if rows[a]["household"] != rows[b]["household"]
    ]
    weights = Weights()
    print("decibans of two people: share at or above (count), 1 / 10^(t/10) claimed")
    for name, pairs in (("strangers", apart), ("one household", kin)):
        said = [weights.together(weights.compare(records[a], records[b])) for a, b in pairs]
        print(f"{name}, {len(said)} pairs")
        for limit in LIMITS:
            count = sum(one >= limit for one in said)
            print(f"  >= {limit:+d}: {count / len(said):.6f} ({count}), "
                  f"claimed {min(1.0, 10 ** (-limit / 10)):.6f}")  # fmt: skip


if __name__ == "__main__":
    main()
