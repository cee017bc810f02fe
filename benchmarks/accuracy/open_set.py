"""Wanted against observed FPIR: searches for people who are not enrolled.

    python benchmarks/accuracy/open_set.py [--set fingers|persons] [--gallery-size N] [--swapped]

"fingers": the pooled sets of real prints (one impression of each enrolled finger, as a finger of
unknown position; every print of the others is a probe). "persons": SOCOFing/Real, 200 persons with
ten fingers. Rounds draw anew who is enrolled, so that all of them are probes in turn; searches of
different rounds share prints and are no independent trials: read the intervals as the least
there is. Everything goes through `Gallery.search` and `Gallery.threshold`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from finger_sets import DATA, extract_all, socofing
from scipy import stats

import civid
from civid.lab.evaluation import read_set
from civid.lab.evaluation.one_finger import one_name
from civid.search import Gallery
from civid.search.fingers import Fingers

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import PRINT_SETS

WANTED = (0.1, 0.03, 0.01, 0.003, 0.001)
#: Everybody's impressions: the first is the one that is enrolled.
People = list[list[Fingers]]


def pooled(threads: int, names: list[str]) -> People:
    """One finger is one subject; a finger that is in two sets is one all the same."""
    paths: list[Path] = []
    owner: list[tuple[str, str]] = []
    for name in names:
        for sample in read_set(DATA / "prints" / name).samples:
            label = f"{sample.person}/{sample.finger}" if sample.person else sample.finger
            paths.append(sample.path)
            owner.append(one_name(name, label))
    templates = extract_all(paths, threads)
    found: dict[tuple[str, str], list[Fingers]] = {}
    for key, template in zip(owner, templates, strict=True):
        if len(template):
            found.setdefault(key, []).append(template)
    return list(found.values())


def highest(
    people: People, size: int, rounds: int, swapped: bool, threads: int
) -> list[civid.search.Candidate | None]:
    """The best candidate of each non-mated search."""
    out: list[civid.search.Candidate | None] = []
    for number in range(rounds):
        order = np.random.default_rng(number).permutation(len(people))
        gallery = Gallery()
        gallery.enroll_many({str(i): people[i][0] for i in order[:size].tolist()})
        for i in order[size:].tolist():
            for probe in people[i]:
                hits = gallery.search(probe, 1, swapped=swapped, threads=threads)
                out.append(hits[0] if hits else None)
    return out


def interval(count: int, trials: int) -> tuple[float, float]:
    """95 % (Clopper and Pearson); nothing seen: the rule of three."""
    if count == 0:
        return 0.0, min(3 / trials, 1.0)
    low = stats.beta.ppf(0.025, count, trials - count + 1)
    high = stats.beta.ppf(0.975, count + 1, trials - count) if count < trials else 1.0
    return float(low), float(high)


def report(people: People, size: int, rounds: int, swapped: bool, threads: int) -> None:
    best = highest(people, size, rounds, swapped, threads)
    scores = np.array([candidate.score if candidate else 0.0 for candidate in best])
    estimates = np.array([candidate.fpir if candidate else 1.0 for candidate in best])
    print(f"\ngallery of {size}, {len(best)} searches for others in {rounds} rounds")
    print("wanted FPIR  threshold  observed (count)        95 %")
    for wanted in WANTED:
        threshold = civid.search.threshold(wanted, size)
        count = int(np.sum(scores >= threshold))
        assert count == int(np.sum(estimates <= wanted * (1 + 1e-6)))
        low, high = interval(count, len(best))
        print(f"{wanted:11g}  {threshold:9.1f}  {count / len(best):8.4f} ({count:5})"
              f"   {low:.4f} - {high:.4f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Wanted against observed FPIR.")
    parser.add_argument("--set", choices=("fingers", "persons"), default="fingers")
    parser.add_argument("--only", help="one of the pooled sets instead of all of them")
    parser.add_argument("--gallery-size", type=int, action="append", help="may be repeated")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--swapped", action="store_true", help="do not trust the labels")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if options.set == "fingers":
        people = pooled(options.threads, [options.only] if options.only else list(PRINT_SETS))
    else:
        people = [[fingers] for fingers in socofing("Real", options.threads).values()]
    print(f"{options.set}: {len(people)} subjects, {sum(map(len, people))} impressions"
          f"{', labels not trusted' if options.swapped else ''}")  # fmt: skip
    for size in options.gallery_size or (len(people) // 4, len(people) // 2):
        if not 0 < size < len(people):
            parser.error(f"a gallery of {size} leaves nobody of {len(people)} to search for")
        report(people, size, options.rounds, options.swapped, options.threads)


if __name__ == "__main__":
    main()
