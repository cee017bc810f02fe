"""What the second look is worth, before and after, and on fingers that its numbers never saw.

    python benchmarks/train/second_look.py [--data DIR] [--method M] [--people 0] [--json FILE]

All pairs of the prints of ``far_tail.py``. Printed: mates missed at the similarity that one in
10,000, 30,000 and 100,000 strangers reaches, without the look and with it; the same for searches of
a gallery of first impressions (a rank of one, thresholds from the strangers that were searched).
Then PLAIN and GAIN are chosen on half of the people (least logistic loss between mates and
strangers that are looked at) and judged on the other half, and the other way round. The look's own
numbers (``compare_params.h``) are judged there, too. Needs a C compiler.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid._native.buffers import comparison_scratch
from civid.fingerprint.compare import pack
from civid.fingerprint.scores.calibration import calibrate

sys.path.append(str(Path(__file__).resolve().parents[1] / "accuracy"))
from far_tail import Prints, read
from finger_sets import DATA

NATIVE = Path(__file__).resolve().parents[2] / "native"
SHIM = """
#include "compare/second_look.c"
#include "compare/comparator.h"
#include "compare/compare.h"
void lab_row(const uint8_t *block, const uint64_t *offsets, int64_t probe, int64_t count,
             civid__scratch_t *t, int32_t *raw, int32_t *looked, int32_t *pairs, float *mean) {
    for (int64_t i = probe + 1; i < count; i++) {
        const void *a = block + offsets[probe], *b = block + offsets[i];
        looked[i] = civid__compare_prepared(a, b, &civid__comparator_standard, t);
        raw[i] = civid__raw(&t->features), pairs[i] = t->features.pairs, mean[i] = 0.0f;
        if (raw[i] <= CIVID__LOOK_FROM) continue;
        for (int32_t k = 0; k < pairs[i]; k++) mean[i] += surprise(t, t->pair_a[k], t->pair_b[k]);
        mean[i] /= (float)pairs[i];
    }
}
"""
#: FROM, RAMP, PLAIN, GAIN, LEAST, MOST, FEW, MANY, KEPT of compare_params.h.
OWN = (4032, 276.0, 2.1, 2200.0, -1104.0, 552.0, 8, 16, 0.1)
PLAINS = np.arange(1.7, 2.75, 0.1)
GAINS = (0.0, 500.0, 1000.0, 1600.0, 2200.0, 2800.0)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that are mated, or looked at: all others stay below FROM, whatever the look does."""

    first: Ints
    second: Ints
    mated: Bools
    raw: Ints
    looked: Ints
    pairs: Ints
    mean: Floats
    strangers: int  # all of them

    def of(self, keep: Bools, strangers: int) -> Pairs:
        return Pairs(
            self.first[keep], self.second[keep], self.mated[keep], self.raw[keep],
            self.looked[keep], self.pairs[keep], self.mean[keep], strangers,
        )  # fmt: skip


def shim() -> ctypes.CDLL:
    folder = Path(tempfile.mkdtemp(prefix="civid-look-"))
    (folder / "shim.c").write_text(SHIM)
    sources = [one for one in (NATIVE / "src").rglob("*.c") if one.name != "second_look.c"]
    sources.append(folder / "shim.c")
    flags = ["-std=c11", "-O3", "-ffp-contract=off", "-shared", "-fPIC",
             f"-I{NATIVE / 'include'}", f"-I{NATIVE / 'src'}"]  # fmt: skip
    made = str(folder / "lab.so")
    subprocess.run(["cc", *flags, "-o", made, *map(str, sources)], check=True)
    return ctypes.CDLL(made)


def compare_all(prints: Prints, threads: int) -> Pairs:
    packed, library, count = pack(prints.templates), shim(), len(prints.templates)

    def at(array: npt.NDArray[np.generic]) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    def row(i: int) -> tuple[Ints, int]:
        numbers = np.zeros((3, count), np.int32)
        mean, scratch = np.zeros(count, np.float32), comparison_scratch()
        library.lab_row(at(packed.block), at(packed.offsets), ctypes.c_int64(i),
                        ctypes.c_int64(count), at(scratch), at(numbers[0]), at(numbers[1]),
                        at(numbers[2]), at(mean))  # fmt: skip
        mated = prints.named == prints.named[i]
        other = prints.finger != prints.finger[i]
        keep = np.flatnonzero((mated | (other & (numbers[0] > OWN[0]))) & (np.arange(count) > i))
        held = [np.full(len(keep), i), keep, mated[keep], *numbers[:, keep], mean[keep]]
        return np.stack(held).astype(np.float64), int(other[i + 1 :].sum())

    with ThreadPoolExecutor(threads) as pool:
        rows = list(pool.map(row, range(count - 1)))
    first, second, mated, raw, looked, pairs, mean = np.concatenate([one[0] for one in rows], 1)
    at_all = sum(one[1] for one in rows)
    return Pairs(
        first.astype(int), second.astype(int), mated > 0, raw.astype(int), looked.astype(int),
        pairs.astype(int), mean, at_all,
    )  # fmt: skip


def look(p: Pairs, plain: float = OWN[2], gain: float = OWN[3]) -> Ints:
    """second_look.c again, in float32 as there."""
    start, ramp, _, _, least, most, few, many, kept = (np.float32(one) for one in OWN)
    change = np.float32(gain) * (p.mean.astype(np.float32) - np.float32(plain))
    change = np.clip(change, least, most)
    enough = np.clip((p.pairs.astype(np.float32) - few) * (1 / (many - few)), 0, 1)
    change = np.where(change > 0, change * enough.astype(np.float32), change)
    above = (p.raw - OWN[0]).astype(np.float32)
    changed = above + np.minimum(above * (1 / ramp), np.float32(1)) * change
    moved = OWN[0] + np.maximum(changed, kept * above).astype(np.int64)
    return np.where(p.raw <= start, p.raw, moved)


def missed(p: Pairs, value: Ints, fmr: float) -> float:
    """Share of mates at or below what more than `fmr` of strangers exceed."""
    allowed = int(fmr * p.strangers)
    strangers = np.sort(value[~p.mated])[::-1]
    return (
        float(np.mean(value[p.mated] <= strangers[allowed])) if allowed < len(strangers) else np.nan
    )


def loss(p: Pairs, value: Ints) -> float:
    """Logistic loss of mates and strangers above FROM, classes weighing the same."""
    seen = p.raw > OWN[0]
    x, y = (value[seen] - OWN[0]) / 552.0, p.mated[seen]
    best = np.inf
    for centre in np.arange(0.0, 4.0, 0.1):
        for slope in (1.0, 2.0, 4.0, 8.0):
            z = slope * (x - centre)
            best = min(best, float(np.logaddexp(0, -z)[y].mean() + np.logaddexp(0, z)[~y].mean()))
    return best


def table(name: str, p: Pairs, ways: dict[str, Ints]) -> list[dict[str, object]]:
    strangers = f"{p.strangers:,} pairs of strangers, {int(p.mated.sum()):,} mated"
    print(f"{name}: {strangers}")
    print("                    strangers >= 40, 45, 50   mates missed %, FMR 1e-4   3e-5   1e-5"
          "   at 40     50     60     70")  # fmt: skip
    rows: list[dict[str, object]] = []
    for way, value in ways.items():
        known, back = np.unique(value, return_inverse=True)
        score = np.array([calibrate(int(one)) for one in known])[back]
        above = [int((score[~p.mated] >= level).sum()) for level in (40, 45, 50)]
        rates = [100 * missed(p, value, fmr) for fmr in (1e-4, 3e-5, 1e-5)]
        at = [100 * float((score[p.mated] < level).mean()) for level in (40, 50, 60, 70)]
        print(f"{way:22}{above[0]:9} {above[1]:5} {above[2]:5}"
              + " " * 20 + " ".join(f"{one:6.2f}" for one in rates)
              + "  " + " ".join(f"{one:6.2f}" for one in at))  # fmt: skip
        rows.append({"set": name, "way": way, "above": above, "missed_at_fmr": rates, "missed": at})
    return rows


def searches(prints: Prints, p: Pairs, ways: dict[str, Ints]) -> None:
    """Every first print of a finger enrolled, all others searched."""
    count = len(prints.templates)
    enrolled = np.zeros(count, bool)
    enrolled[np.unique(prints.named, return_index=True)[1]] = True
    probes = np.flatnonzero(~enrolled)
    print(f"searches: {len(probes):,} probes, {int(enrolled.sum())} enrolled")
    for way, value in ways.items():
        mate, stranger = np.zeros(count), np.zeros(count)
        for a, b in ((p.first, p.second), (p.second, p.first)):
            to = enrolled[b] & ~enrolled[a]
            np.maximum.at(mate, a[to & p.mated], value[to & p.mated])
            np.maximum.at(stranger, a[to & ~p.mated], value[to & ~p.mated])
        ranked = np.sort(stranger[probes])[::-1]
        text = []
        for fpir in (1e-2, 5e-3, 2e-3):
            least = ranked[int(fpir * len(probes))]
            text.append(f"{100 * float(np.mean(mate[probes] <= least)):.2f} at {fpir:g}")
        print(f"{way:22} FNIR % " + ", ".join(text) + " of FPIR")


def halves(prints: Prints, p: Pairs, seed: int) -> list[dict[str, object]]:
    """Fit on half of the people, judge on the other half."""
    people = int(prints.person.max()) + 1
    first_half = np.random.default_rng(seed).permutation(people) < people // 2
    side = first_half[prints.person]
    parts = []
    for chosen in (True, False):
        inside = side == chosen
        keep = inside[p.first] & inside[p.second]
        finger = np.bincount(prints.finger[inside])
        strangers = (int(inside.sum()) ** 2 - int((finger.astype(np.int64) ** 2).sum())) // 2
        parts.append(p.of(keep, strangers))
    rows: list[dict[str, object]] = []
    for fit, judge in (parts, parts[::-1]):
        grid = [(loss(fit, look(fit, a, b)), a, b) for a in PLAINS for b in GAINS]
        _, plain, gain = min(grid)
        ways = {"without": judge.raw, "with": judge.looked,
                f"fitted {plain:.1f}, {gain:g}": look(judge, plain, gain)}  # fmt: skip
        rows += table("the other half", judge, ways)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--method", choices=("classical", "neural"), default="classical")
    parser.add_argument("--people", type=int, default=0, help="of SOCOFing, beside the other sets")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures")
    options = parser.parse_args()
    prints = read(options.data, options.people, options.threads, options.method)
    p = compare_all(prints, options.threads)
    same = look(p)
    if int(np.abs(same - p.looked).max()) > 1:
        raise SystemExit("second_look.c and compare_params.h are others now: mend look() and OWN")
    ways = {"without": p.raw, "with": p.looked}
    rows = table("all prints", p, ways)
    for group in dict.fromkeys(prints.group.tolist()):
        inside = prints.group == group
        if inside.sum() < 400:
            continue
        keep = inside[p.first] & inside[p.second]
        sizes = np.bincount(prints.finger[inside]).astype(np.int64)
        part = p.of(keep, (int(inside.sum()) ** 2 - int((sizes**2).sum())) // 2)
        if part.mated.any():
            rows += table(group, part, {"without": part.raw, "with": part.looked})
    searches(prints, p, ways)
    for seed in range(3):
        rows += halves(prints, p, seed)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
