"""How often pairs of different fingers really score 30, 40, 50 and 60, against what scores say.

    python benchmarks/accuracy/far_tail.py [--data DIR] [--method M] [--json FILE] [--write]

Every print of the FVC, UareU, Lindex101 and UPEK sets, and of SOCOFing's 200 persons (0 leaves
them out), goes through civid's extractor (``--method``: classical by default, as the table of
docs/explain/score.md is); all pairs of different fingers are compared. Pairs that
are one finger under two names (civid.lab.evaluation.one_finger) are left out, and counted; the
first table says what they would have done. Intervals: people are drawn with replacement (where a
set does not name them, fingers), a pair counts as often as both were drawn.

Printed: counts against expected ones; the prints that most strangers resemble; the fingers whose
prints are most alike over all pairs, among which another finger under two names would stand; the
rate of false positives of searches as far as so many pairs can tell; how far scores beyond what is
measured may be off. ``--write`` puts that into civid/fingerprint/scores/tail_evidence.py, of
classical minutiae alone: they have more strangers in the tail.
Templates are kept in the system's temporary folder from run to run.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from finger_sets import DATA, extract_all
from scipy import stats

import civid
from civid.fingerprint.compare import PreparedBlock, compare_many, pack
from civid.fingerprint.scores.odds import MEASURED_TO
from civid.fingerprint.template import Template
from civid.lab.bootstrap import draws, interval
from civid.lab.evaluation import read_set
from civid.lab.evaluation.one_finger import KNOWN, one_name
from civid.search import threshold

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import PRINT_SETS

LEVELS = (30.0, 35.0, 40.0, 45.0, 50.0, 60.0)
#: Pairs from here on are kept; also where the slope of the tail is taken from.
KEPT = 30.0
ROUNDS = 1000
EVIDENCE = Path(civid.__file__).parent / "fingerprint" / "scores" / "tail_evidence.py"

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prints:
    """Templates, and whose they are."""

    name: list[str]
    templates: list[Template]
    finger: Ints  # what must not be compared with itself
    named: Ints  # the same by the sets' own names: one finger may have two
    person: Ints  # what is drawn
    group: npt.NDArray[np.str_]


def read(data: Path, people: int, threads: int, method: str) -> Prints:
    """All prints. SOCOFing's files are called person_position."""
    paths, fingers, named, persons, groups = [], [], [], [], []
    for name in PRINT_SETS:
        for one in read_set(data / "prints" / name).samples:
            own = (name, one.finger)
            paths.append(one.path)
            named.append(own)
            fingers.append(one_name(*own))
            who = one.finger.partition("_")[0] if name == "UareU" else one_name(*own)[1]
            persons.append((one_name(*own)[0], who))
            groups.append(name)
    every = sorted((data / "prints" / "SOCOFing" / "Real").glob("*.png"))
    chosen = sorted({path.stem.partition("_")[0] for path in every})[:people]
    for path in every:
        if (person := path.stem.partition("_")[0]) in chosen:
            paths.append(path)
            named.append(("SOCOFing/Real", path.stem))
            fingers.append(one_name("SOCOFing/Real", path.stem))
            persons.append(("SOCOFing", person))
            groups.append("SOCOFing")
    templates = cached(paths, threads, method)
    numbers = [np.unique(["/".join(one) for one in column], return_inverse=True)[1]
               for column in (fingers, named, persons)]  # fmt: skip
    names = ["/".join(path.relative_to(data / "prints").with_suffix("").parts) for path in paths]
    return Prints(names, templates, *(one.astype(np.int64) for one in numbers), np.array(groups))


def cached(paths: list[Path], threads: int, method: str) -> list[Template]:
    """Templates from the last run, unless the extractor or the files are others now."""
    key = hashlib.sha256(method.encode())
    key.update(Path(civid._native.__file__).with_name("_civid.abi3.so").read_bytes())
    for path in paths:
        key.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    kept = Path(tempfile.gettempdir()) / f"civid-far-tail-{key.hexdigest()[:16]}.npz"
    if kept.exists():
        with np.load(kept) as saved:
            minutiae = np.split(saved["minutiae"], saved["ends"][:-1])
            sizes, extractor = saved["sizes"].tolist(), str(saved["extractor"])
        return [Template(one, *size, extractor) for one, size in zip(minutiae, sizes, strict=True)]
    made = extract_all(paths, threads, method)
    np.savez(
        kept,
        minutiae=np.concatenate([one.minutiae for one in made]),
        ends=np.cumsum([len(one) for one in made]),
        sizes=np.array([(one.quality, one.width, one.height) for one in made]),
        extractor=made[0].extractor,
    )
    return made


@dataclass(frozen=True, eq=False)
class Tail:
    """Pairs of different fingers by the sets' own names.

    `pairs` are those from KEPT on; `total` counts all, and `same` those of them of one finger under
    two names, which are in `pairs`, too.
    """

    pairs: Ints
    scores: Floats
    total: int
    same: int
    below: Ints  # (61,) pairs that reach 0, 1, .. 60 dB, one finger under two names left out
    mean: list[tuple[float, int, int, int]]  # mean score, pairs, two fingers: the most alike


def compare_all(prints: Prints, threads: int) -> Tail:
    """Everything with everything."""
    packed = pack(prints.templates)
    count, fingers = len(prints.templates), int(prints.named.max()) + 1

    def row(i: int) -> tuple[Ints, Floats, int, int, Ints, Ints, Floats]:
        block = PreparedBlock(packed.block, packed.offsets[i + 1 :])
        scores = compare_many(prints.templates[i], block).astype(np.float64)
        other = prints.named[i + 1 :] != prints.named[i]
        same = other & (prints.finger[i + 1 :] == prints.finger[i])
        at = np.flatnonzero(other & (scores >= KEPT))
        known = scores[other & ~same]
        reach = np.array([np.count_nonzero(known >= level) for level in range(61)])
        by = np.bincount(prints.named[i + 1 :][other], scores[other], minlength=fingers)
        return (
            np.stack([np.full(len(at), i), at + i + 1], 1),
            scores[at],
            int(other.sum()),
            int(same.sum()),
            reach,
            np.bincount(prints.named[i + 1 :][other], minlength=fingers),
            by,
        )

    with ThreadPoolExecutor(threads) as pool:
        rows = list(pool.map(row, range(count - 1)))
    sums, pairs = np.zeros((fingers, fingers)), np.zeros((fingers, fingers))
    for i, one in enumerate(rows):
        pairs[prints.named[i]] += one[5]
        sums[prints.named[i]] += one[6]
    sums, pairs = sums + sums.T, np.triu(pairs + pairs.T, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(pairs > 0, sums / pairs, 0)
    best = np.argsort(mean, axis=None)[::-1][:8]
    return Tail(
        np.concatenate([one[0] for one in rows]),
        np.concatenate([one[1] for one in rows]),
        sum(one[2] for one in rows),
        sum(one[3] for one in rows),
        np.sum([one[4] for one in rows], axis=0),
        [(float(mean.flat[k]), int(pairs.flat[k]), *divmod(int(k), fingers)) for k in best],
    )


def weights(prints: Prints, tail: Tail, times: Ints) -> tuple[Floats, float]:
    """Of each kept pair, and of all pairs, when each person is drawn so many times."""
    first, second = prints.person[tail.pairs].T
    each = np.where(first == second, times[first], times[first] * times[second])
    size = np.bincount(prints.person).astype(np.float64)
    drawn = times * size
    across = (drawn.sum() ** 2 - (drawn**2).sum()) / 2
    fingers = np.unique(np.stack([prints.person, prints.finger], 1), axis=0, return_counts=True)
    mated = np.bincount(fingers[0][:, 0], fingers[1] ** 2.0)
    return each.astype(np.float64), float(across + (times * (size**2 - mated) / 2).sum())


def bootstrap(prints: Prints, tail: Tail) -> tuple[dict[float, tuple[float, float]], Floats]:
    """95 % intervals of the counts over the expected ones, and the slopes of the drawn tails."""
    kept = prints.finger[tail.pairs[:, 0]] != prints.finger[tail.pairs[:, 1]]
    ratios: dict[float, list[float]] = {level: [] for level in LEVELS}
    slopes = []
    for times in draws(int(prints.person.max()) + 1, ROUNDS):
        each, total = weights(prints, tail, times)
        each = each * kept
        for level in LEVELS:
            share = each[tail.scores >= level].sum() / total
            ratios[level].append(float(share * 10 ** (level / 10)))
        slopes.append(10 / np.log(10) / ((tail.scores - KEPT) @ each / each.sum()))
    return {level: interval(values) for level, values in ratios.items()}, np.array(slopes)


def most_alike(prints: Prints, tail: Tail, level: float) -> list[tuple[int, float, str]]:
    """Prints that most strangers resemble: how many pairs reach the level, and expected ones."""
    kept = prints.finger[tail.pairs[:, 0]] != prints.finger[tail.pairs[:, 1]]
    found = np.bincount(tail.pairs[kept & (tail.scores >= level)].ravel(),
                        minlength=len(prints.name))  # fmt: skip
    expected = (len(prints.name) - 1) * 10 ** (-level / 10)
    best = np.argsort(-found, kind="stable")[:5]
    return [(int(found[k]), float(expected), prints.name[k]) for k in best]


def searches(tail: Tail) -> list[dict[str, float]]:
    """FPIR of galleries at `threshold(1e-2)`: at most what these pairs do not rule out."""
    out = []
    for size in (1_000, 10_000, 100_000, 1_000_000):
        score = threshold(1e-2, size)
        count = int((tail.scores[tail.scores >= score]).size) if score >= KEPT else -1
        pairs = tail.total - tail.same
        upper = float(stats.beta.ppf(0.975, count + 1, pairs - count))
        out.append({"subjects": size, "threshold": score, "pairs": count, "fmr_at_most": upper,
                    "fpir_at_most": float(-np.expm1(size * np.log1p(-upper)))})  # fmt: skip
    return out


def without_same(prints: Prints, tail: Tail) -> Tail:
    keep = prints.finger[tail.pairs[:, 0]] != prints.finger[tail.pairs[:, 1]]
    return Tail(tail.pairs[keep], tail.scores[keep], tail.total, tail.same, tail.below, tail.mean)


def report(prints: Prints, every: Tail) -> dict[str, object]:
    """Print the tables; the same as one object."""
    tail = without_same(prints, every)
    pairs = tail.total - tail.same
    ratios, slopes = bootstrap(prints, tail)
    people = int(prints.person.max()) + 1
    print(f"{len(prints.name):,} prints of {int(prints.finger.max()) + 1} fingers, {people} people"
          f" or fingers drawn; {pairs:,} pairs of different fingers,"
          f" {tail.same} of one finger under two names left out")  # fmt: skip
    print("score  expected  counted   over expected (95 %)   with those left out")
    rows = []
    for level in LEVELS:
        expected = pairs * 10 ** (-level / 10)
        count, all_of_them = (int((one.scores >= level).sum()) for one in (tail, every))
        low, high = ratios[level]
        print(f"{level:5g} {expected:9.1f} {count:8} {count / expected:8.3f}"
              f" ({low:.3f} - {high:.3f}) {all_of_them:12}")  # fmt: skip
        rows.append(
            {
                "score": level,
                "expected": expected,
                "counted": count,
                "interval": [low, high],
                "counted_with_same": all_of_them,
            }
        )
    for level in (37.0, 40.0):
        print(f"prints that most strangers resemble, from {level:g} on (counted, expected):")
        for found, expected, name in most_alike(prints, tail, level):
            print(f"    {found:4} {expected:6.2f}  {name}")
    print("fingers most alike over all their prints (mean score, pairs):")
    first = {int(k): at for at, k in reversed(list(enumerate(prints.named)))}
    for mean, count, a, b in every.mean:
        both = " ".join(prints.name[first[k]].rpartition("_")[0] or "?" for k in (a, b))
        print(f"    {mean:6.1f} {count:4}  {both}")
    print("threshold(1e-2) of a gallery   pairs above   FMR at most   FPIR at most (97.5 %)")
    for one in (found := searches(tail)):
        print(f"{one['subjects']:12,} {one['threshold']:12.1f} {one['pairs']:13}"
              f" {one['fmr_at_most']:13.2g} {one['fpir_at_most']:12.2g}")  # fmt: skip
    low, high = interval(slopes)
    live = (prints.group[tail.pairs] != "SOCOFing").all(1)
    own = Tail(tail.pairs[live], tail.scores[live], tail.total, tail.same, tail.below, tail.mean)
    low_live, high_live = interval(bootstrap(prints, own)[1])
    spread = max((b - a) / (b + a) for a, b in ((low, high), (low_live, high_live)))
    print(f"without SOCOFing {low_live:.2f} to {high_live:.2f}; spread {spread:.3f}")
    print(f"slope of the tail above {KEPT:g}: {low:.2f} to {high:.2f} dB measured a dB stated")
    return {
        "prints": len(prints.name), "people": people, "pairs": pairs, "left_out": tail.same,
        "left_out_names": [str(one) for one in KNOWN], "levels": rows, "searches": found,
        "slope": [low, high], "spread": spread, "reach": tail.below.tolist(),
    }  # fmt: skip


def evidence_text(found: dict[str, object]) -> str:
    """The module that tells the library what was measured."""
    ratios = tuple(
        (row["score"], *(round(bound, 4) for bound in row["interval"]))
        for row in found["levels"]  # type: ignore[attr-defined]
        if row["score"] <= MEASURED_TO
    )
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return f'''"""The far tail of scores: ``benchmarks/accuracy/far_tail.py --write``.

{today}: {found["prints"]:,} prints; people were drawn anew for the intervals.
"""

from typing import Final

#: Pairs of different fingers that were compared.
PAIRS: Final = {found["pairs"]:_}
#: As far as so many people can tell, dB. Beyond, scores are extrapolated.
MEASURED_TO: Final = {MEASURED_TO}
#: How often strangers reached 30, 35 and 40 over how often scores say, 95 %.
RATIOS: Final = {ratios}
#: Half of the 95 % interval of the tail's slope over its mean, the wider of that with and that
#: without SOCOFing: what a stated dB may be off.
SPREAD: Final = {found["spread"]:.3f}
'''


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--method", choices=("classical", "neural"), default="classical")
    parser.add_argument("--people", type=int, default=200, help="of SOCOFing; 0 leaves them out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures")
    parser.add_argument("--write", action="store_true", help="renew tail_evidence.py")
    arguments = parser.parse_args()
    if arguments.write and arguments.method != "classical":
        parser.error("tail_evidence.py is of classical minutiae: --write goes with them alone")
    prints = read(arguments.data, arguments.people, arguments.threads, arguments.method)
    found = report(prints, compare_all(prints, arguments.threads))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    if arguments.write:
        EVIDENCE.write_text(evidence_text(found))


if __name__ == "__main__":
    main()
