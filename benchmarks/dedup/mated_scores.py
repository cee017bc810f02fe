"""What scores of the same finger look like: the table behind decibans of prints.

    python benchmarks/dedup/mated_scores.py

Mated pairs of the sets of real prints, by quality of the poorer print: share in each interval of
the score, divided by the share of impostors that the score itself states (10^(-s/10)), in decibans.
And fused scores of two fingers: of one person (UareU), and of two fingers of one set as if they
were one person's, which takes fingers for independent and is many more. Pairs of one finger are
not independent; the number of fingers stands beside. Last, two people: neighbouring fingers of
every two people of SOCOFing, and how often what `decibans` says of them reaches t; 1 in 10^(t/10)
may.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np

from civid.dedup.decision import Policy
from civid.dedup.decision.prints.compared import good_prints
from civid.dedup.decision.prints.scores import decibans as decibans_of
from civid.fingerprint.compare import compare
from civid.lab.evaluation import read_set
from civid.search import fuse

sys.path.append(str(Path(__file__).resolve().parents[1] / "accuracy"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import PRINT_SETS
from finger_sets import DATA, extract_all, socofing, uareu

EDGES = np.array([0, 5, 10, 15, 20, 30, 40, 60, 90, 130, 180, 1000.0])
QUALITY = ((0, 20), (20, 40), (40, 60), (60, 101))


Mated = tuple[str, int, int, float, tuple[int, int]]


def mated(threads: int) -> list[Mated]:
    """(finger, quality and minutiae of the poorer print, score, which two) of every mated pair."""
    found = []
    for name in PRINT_SETS:
        samples = read_set(DATA / "prints" / name).samples
        templates = extract_all([one.path for one in samples], threads)
        fingers: dict[str, list[int]] = {}
        for at, one in enumerate(samples):
            fingers.setdefault(f"{name}/{one.person}/{one.finger}", []).append(at)
        for finger, places in fingers.items():
            for a, b in combinations(places, 2):
                one, two = templates[a], templates[b]
                score = compare(one, two).score if len(one) and len(two) else 0.0
                poorer = min(one.quality, two.quality)
                which = places.index(a), places.index(b)
                found.append((finger, poorer, min(len(one), len(two)), score, which))
    return found


def two_fingers(threads: int) -> list[float]:
    """Fused scores of both index fingers, and of each other pair of neighbours."""
    people = uareu(threads)
    scores = []
    for (person, one), (other, two) in combinations(sorted(people), 2):
        if person != other:
            continue
        a, b = people[person, one], people[other, two]
        for first in range(1, 10, 2):
            both = [p for p in a if int(p) in (first, first + 1)]
            scores.append(fuse([compare(a[p], b[p]).score for p in both]))
    return scores


def two_of_a_set(pairs: list[Mated]) -> list[float]:
    """Fused scores of two good fingers of one set, each with the same two impressions."""
    sets: dict[str, dict[tuple[int, int], list[float]]] = {}
    for finger, quality, minutiae, score, which in pairs:
        if quality >= 20 and minutiae >= 10:
            sets.setdefault(finger.split("/")[0], {}).setdefault(which, []).append(score)
    return [
        fuse([one, two])
        for impressions in sets.values()
        for scores in impressions.values()
        for one, two in combinations(scores, 2)
    ]


def two_people(threads: int) -> dict[str, list[float]]:
    """Decibans of one and of two fingers of every two people; the same position of both."""
    policy, said = Policy(), dict[str, list[float]]()
    held = [good_prints(one, policy) for one in socofing("Real", threads).values()]
    for a, b in combinations(held, 2):
        scores = {place: compare(a[place], b[place]).score for place in a if place in b}
        for one in scores.values():
            said.setdefault("one finger", []).append(decibans_of(one, 1, policy))
        for first in (1, 3, 5, 7, 9):
            both = [one for place, one in scores.items() if int(place) in (first, first + 1)]
            if len(both) == 2:
                said.setdefault("two fingers", []).append(decibans_of(fuse(both), 2, policy))
    return said


def decibans(scores: list[float]) -> list[dict[str, float]]:
    """One row an interval; half a count is added to each."""
    values = np.asarray(scores)
    counts = np.histogram(values, EDGES)[0]
    share = (counts + 0.5) / (len(values) + 0.5 * len(counts))
    stated = 10 ** (-EDGES[:-1] / 10) - 10 ** (-EDGES[1:] / 10)
    return [
        {"from": float(EDGES[i]), "count": int(counts[i]),
         "decibans": round(float(10 * np.log10(share[i] / stated[i])), 1)}
        for i in range(len(counts))
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pairs = mated(options.threads)
    report: dict[str, object] = {}
    for low, high in QUALITY:
        chosen = [one for one in pairs if low <= one[1] < high]
        report[f"quality {low}-{high - 1}"] = {
            "pairs": len(chosen), "fingers": len({one[0] for one in chosen}),
            "rows": decibans([one[3] for one in chosen]),
        }  # fmt: skip
    few = [one for one in pairs if one[2] < 12]
    report["fewer than 12 minutiae"] = {
        "pairs": len(few), "fingers": len({one[0] for one in few}),
        "rows": decibans([one[3] for one in few]),
    }  # fmt: skip
    fused = two_fingers(options.threads)
    report["two fingers, UareU"] = {"pairs": len(fused), "fingers": 60, "rows": decibans(fused)}
    assumed = two_of_a_set(pairs)
    report["two fingers of a set"] = {
        "pairs": len(assumed), "fingers": len({one[0] for one in pairs}), "rows": decibans(assumed),
    }  # fmt: skip
    for name, part in report.items():
        assert isinstance(part, dict)
        print(f"\n{name}: {part['pairs']} pairs, {part['fingers']} fingers")
        for row in part["rows"]:
            print(f"  from {row['from']:5.0f}: {row['count']:5d}  {row['decibans']:+7.1f} dB")
    for name, values in two_people(options.threads).items():
        counts = {t: sum(one >= t for one in values) for t in (-10, 0, 10, 20, 30, 40)}
        print(f"\n{name} of two people, {len(values)} pairs: {counts}")
        report[f"two people, {name}"] = {"pairs": len(values), "reached": counts}
    if options.json:
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
