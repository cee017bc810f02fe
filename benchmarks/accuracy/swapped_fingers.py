"""Sets with wrong labels: does the score keep its meaning, and who is found? Tables of fusion.md.

    python benchmarks/accuracy/swapped_fingers.py [--threads 2]

1. Impostors: simulated score matrices, and those of SOCOFing/Real (19,900 pairs of 200 persons,
   every finger against every other: 1,990,000 comparisons), "uniform" with every pair of positions
   made uniform by its ranks, so that what deviates is the rule and not the calibration.
2. Mates: UareU (six persons, ten fingers, all 28 pairs of eight impressions) and SOCOFing's altered
   copies (persons 1-30 against 200; robustness, not accuracy), with labels mixed up in the probe.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from finger_sets import Fingers, socofing, uareu
from scipy import stats
from scipy.optimize import linear_sum_assignment

from civid.fingerprint.compare import compare_many, pack
from civid.position import Position
from civid.search import Gallery

Scores = npt.NDArray[np.float64]

THRESHOLDS = (5, 10, 20, 30, 40)
OTHER_HAND = [6, 7, 8, 9, 10, 1, 2, 3, 4, 5]
OTHER_SLAP = [6, 10, 9, 8, 7, 1, 5, 4, 3, 2]


def fused(total: Scores, count: int, dependence: float = 0.06) -> Scores:
    """The fused score of `count` scores with this sum; interpolated as in fuse.c."""
    scale = 1 + dependence * (count - 1)
    x, shape = total * math.log(10) / 10 / scale, count / scale
    low, high = (-10 / math.log(10) * stats.gamma.logsf(x, int(shape) + k) for k in (0, 1))
    return np.asarray(low + (shape % 1) * (high - low))


def swapped(table: Scores, probe: Sequence[int], reference: Sequence[int]) -> Scores:
    """The rules of swapped.c once more, over (pairs, 10, 10) scores of positions 1 to 10."""
    exchanges = [
        (a, b)
        for a, b in itertools.combinations(range(1, 11), 2)
        if (a in probe and b in reference) or (b in probe and a in reference)
    ]
    ways: list[tuple[float, list[int]]] = [
        (1.0, list(range(1, 11))), (13.0, OTHER_HAND), (16.0, OTHER_SLAP)
    ]  # fmt: skip
    for a, b in exchanges:
        label = list(range(1, 11))
        label[a - 1], label[b - 1] = b, a
        ways.append((16 + 10 * math.log10(len(exchanges)), label))
    best = np.zeros(len(table))
    for price, label in ways:
        common = [(i, label[i - 1]) for i in probe if label[i - 1] in reference]
        if common:
            total = np.sum([table[:, i - 1, j - 1] for i, j in common], axis=0)
            best = np.maximum(best, fused(total, len(common)) - price)
    part = table[:, np.array(probe)[:, None] - 1, np.array(reference)[None] - 1]
    totals = np.array([one[linear_sum_assignment(one, maximize=True)].sum() for one in part])
    few, many = sorted((len(probe), len(reference)))
    price = 10 + 10 * math.log10(math.perm(many, few))
    return np.maximum(best, fused(totals, few) - price)


def report(title: str, scores: Scores) -> None:
    cells = [
        f"{np.mean(scores >= t) / 10 ** (-t / 10):6.2f} ({np.sum(scores >= t)})" for t in THRESHOLDS
    ]
    print(f"{title:46}" + "".join(f"{cell:>16}" for cell in cells))


def tables(threads: int) -> tuple[Scores, dict[tuple[str, str], Fingers]]:
    """(pairs of persons, 10, 10) scores of SOCOFing/Real, and its sets."""
    people = socofing("Real", threads)
    sets = [people[key] for key in sorted(people)]
    packed = pack([one[Position(i)] for one in sets for i in range(1, 11)])
    rows = [compare_many(one[Position(i)], packed) for one in sets for i in range(1, 11)]
    every = np.array(rows, np.float64).reshape(len(sets), 10, len(sets), 10)
    first, second = np.triu_indices(len(sets), 1)
    return every[first, :, second, :], people


def impostors(real: Scores) -> None:
    rng = np.random.default_rng(20261121)
    print("observed rate / nominal rate (count) at scores of impostors, labels not trusted")
    print(f"{'':46}" + "".join(f"{f'>= {t}':>16}" for t in THRESHOLDS))
    count = 100_000
    own = rng.standard_normal((count, 10, 10))
    common = rng.standard_normal((count, 1, 1))
    independent = -10 * np.log10(stats.norm.sf(own))
    dependent = -10 * np.log10(stats.norm.sf(math.sqrt(0.08) * common + math.sqrt(0.92) * own))
    ranks = stats.rankdata(-real, method="max", axis=0) / len(real)
    ten, right, left, index = range(1, 11), range(1, 6), range(6, 11), (2, 7)
    cases: list[tuple[str, Sequence[int], Sequence[int]]] = [
        ("1 : 10", (2,), ten),
        ("2 : 2, both index", index, index),
        ("5 : 5, right hand", right, right),
        ("5 : 5, right against left", right, left),
        ("10 : 10", ten, ten),
    ]
    for kind, table in (
        ("simulated, independent", independent),
        ("simulated, dependent", dependent),
        ("SOCOFing, uniform", -10 * np.log10(ranks)),
        ("SOCOFing, as calibrated", real),
    ):
        for name, probe, reference in cases:
            report(f"{kind}, {name}", swapped(table, probe, reference))


def mixed(kind: str, fingers: Fingers, rng: np.random.Generator) -> Fingers:
    label = list(range(1, 11))
    if kind == "hands mixed":
        label = OTHER_HAND
    elif kind == "slap of the other hand":
        label = OTHER_SLAP
    elif kind == "right index and middle exchanged":
        label[1], label[2] = 3, 2
    elif kind == "any order":
        label = [int(i) for i in rng.permutation(10) + 1]
    return {Position(label[position - 1]): one for position, one in fingers.items()}


KINDS = (
    "right labels",
    "hands mixed",
    "slap of the other hand",
    "right index and middle exchanged",
    "any order",
)
CHOICES = {"2 fingers": (2, 7), "4 fingers": (2, 3, 7, 8), "10 fingers": tuple(range(1, 11))}


def some(fingers: Fingers, positions: Sequence[int]) -> Fingers:
    return {position: one for position, one in fingers.items() if position in positions}


def mates(
    title: str, searches: Callable[[Sequence[int]], list[tuple[Gallery, str, Fingers]]]
) -> None:
    print(f"\n{title}: mates found at a score of 60 and of 90, as labelled | swapped=True")
    for name, positions in CHOICES.items():
        chosen = searches(positions)
        for kind in KINDS:
            rng = np.random.default_rng(1)
            found = np.zeros((2, 2), int)
            medians = []
            for gallery, person, fingers in chosen:
                probe = mixed(kind, fingers, rng)
                for mode in (False, True):
                    hits = gallery.search(probe, None, swapped=mode)
                    score = next((c.score for c in hits if c.subject_id == person), 0.0)
                    found[int(mode)] += [score >= 60, score >= 90]
                    if mode:
                        medians.append(score)
            print(f"{name:11} {kind:34} {found[0][0]:4} {found[0][1]:4} | "
                  f"{found[1][0]:4} {found[1][1]:4} of {len(chosen)}, "
                  f"median {np.median(medians):6.1f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Scores and finds where labels may be wrong.")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    real, people = tables(options.threads)
    impostors(real)

    captures = uareu(options.threads)

    def of_uareu(positions: Sequence[int]) -> list[tuple[Gallery, str, Fingers]]:
        out = []
        for enrolled in range(1, 8):
            gallery = Gallery()
            for (person, impression), fingers in captures.items():
                if impression == enrolled:
                    gallery.enroll(person, some(fingers, positions))
            out += [
                (gallery, person, some(fingers, positions))
                for (person, impression), fingers in captures.items()
                if impression > enrolled
            ]
        return out

    mates("UareU", of_uareu)
    altered = socofing("Altered-Hard", options.threads)

    def of_socofing(positions: Sequence[int]) -> list[tuple[Gallery, str, Fingers]]:
        gallery = Gallery()
        gallery.enroll_many(
            {person: some(fingers, positions) for (person, _), fingers in people.items()}
        )
        probes = [(person, some(fingers, positions)) for (person, _), fingers in altered.items()]
        return [(gallery, person, fingers) for person, fingers in probes if fingers]

    mates("SOCOFing/Altered-Hard", of_socofing)


if __name__ == "__main__":
    main()
