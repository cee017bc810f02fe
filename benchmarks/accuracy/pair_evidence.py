"""What quality and type of minutiae are worth to the comparator.

    python benchmarks/accuracy/pair_evidence.py [--data ../shared/data] [--json FILE]

All pairs within each of 13 sets, civid's minutiae, the comparator's own pairing. Each minutia of
the common area (inside the other print's hull) is evidence: paired or alone, the more telling the
better its quality and the deeper in the hull; so is each pair, by whether the types agree. Both
are log likelihood ratios, counted on some sets, summed over a comparison, and given to the logistic
model of raw similarity beside its other features (``raw_model.py``). Learned on the six sets
that are not in the headline and judged on the seven that are, the other way round, and on the
seven with each left out in turn. "built" is the comparator as it is (learned on the six, so judged
on the seven only), but for its second look; "neither" is the model of its other features alone,
"both, unknown" what it makes of templates without quality and type.
Intervals draw fingers. Needs a C compiler.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from far_tail import Prints, read
from finger_sets import DATA

from civid._native.buffers import comparison_scratch
from civid.fingerprint.compare import PreparedBlock, pack
from civid.lab.bootstrap import Resampled, draws, interval
from civid.lab.metrics import equal_error_of, equal_error_rate, fnmr_at_fmr

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from accuracy import OTHERS, SEVEN
from raw_model import FEATURES, MODEL, Scale, logistic, model_features, scale_of, weights

NATIVE = Path(__file__).resolve().parents[2] / "native"
DEPTHS, QUALITIES = 4, 11  # quality in tens; the last: not known
PLACES = DEPTHS * QUALITIES
COUNTS = 2 * PLACES + 2 * QUALITIES
#: A mated comparison whose pairing is right, with next to no doubt: raw similarity from here on.
SURE = 4000
FEW_PAIRS, FEW_PRICE = 5, 200  # compare_params.h
SHIM = """
#include "compare/common_area.c"
#include "compare/comparator.h"
#include "compare/compare.h"
/* counts: [depth][quality][alone, paired], then [lower quality of a pair][differ, agree] */
static void side(const civid__side_t *minutiae, int32_t n, civid__movement_t m,
                 const int16_t *support, const uint8_t *quality, const uint8_t *used,
                 uint8_t *counts) {
    CIVID_ALIGNED(64) float out[CIVID__SIDE];
    civid__kernels()->outside(minutiae, n, m, support, out);
    for (int32_t i = 0; i < n; i++) {
        const float depth = CIVID__HULL_MARGIN - out[i];
        if (depth < 0.0f) continue;
        const int32_t deep = (depth >= CIVID__DEPTH_1) + (depth >= CIVID__DEPTH_2) +
                             (depth >= CIVID__DEPTH_3);
        counts[(deep * 11 + column(quality[i])) * 2 + used[i]]++;
    }
}
void lab_counts(const uint8_t *block, const uint64_t *offsets, const int64_t *pairs, int64_t count,
                civid__scratch_t *t, civid__features_t *features, int32_t *raw, uint8_t *counts) {
    civid_comparator_t with = civid__comparator_standard;
    with.grow_from = 100000; /* as learned: what few strangers reach is paired like all */
    for (int64_t k = 0; k < count; k++, counts += 110) {
        const civid__prepared_t *a = (const void *)(block + offsets[pairs[2 * k]]);
        const civid__prepared_t *b = (const void *)(block + offsets[pairs[2 * k + 1]]);
        civid__compare_prepared(a, b, &with, t);
        const civid__features_t *f = &t->features;
        features[k] = *f, raw[k] = civid__raw(f);
        if (f->pairs < 1) continue;
        if (a->count > b->count || (a->count == b->count && a->hash > b->hash)) {
            const civid__prepared_t *other = a;
            a = b, b = other;
        }
        const uint8_t *qa = civid__qualities(a), *qb = civid__qualities(b);
        side(&t->a, a->count, t->movement, b->support, qa, t->used_a, counts);
        side(&t->b, b->count, backwards(t->movement), a->support, qb, t->used_b, counts);
        for (int32_t p = 0; p < f->pairs; p++) {
            const int32_t i = t->pair_a[p], j = t->pair_b[p];
            if (!civid__kinds(a)[i] || !civid__kinds(b)[j]) continue;
            const int32_t q = qa[i] < qb[j] ? qa[i] : qb[j];
            counts[88 + 2 * column((uint8_t)q) + (civid__kinds(a)[i] == civid__kinds(b)[j])]++;
        }
    }
}
"""
#: What is given to the model beside its own features.
WAYS: dict[str, tuple[str, ...]] = {
    "neither": (),
    "types": ("types",),
    "quality": ("area", "area_mean"),
    "both": ("area", "area_mean", "types"),
}

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Model = tuple[Floats, Scale]


@dataclass(frozen=True, eq=False)
class Compared:
    """All pairs of a set: `counts` (N, COUNTS) is what the shim found."""

    name: str
    finger: Ints
    mated: npt.NDArray[np.bool_]
    features: npt.NDArray[np.void]
    raw: Ints
    counts: npt.NDArray[np.uint8]

    def unknown(self) -> Compared:
        """Had the templates neither quality nor type."""
        counts = np.zeros_like(self.counts)
        places = self.counts[:, : 2 * PLACES].reshape(-1, DEPTHS, QUALITIES, 2).sum(2)
        counts[:, : 2 * PLACES].reshape(-1, DEPTHS, QUALITIES, 2)[:, :, -1] = places
        return replace(self, counts=counts)


@dataclass(frozen=True, eq=False)
class Evidence:
    """Log likelihood ratios of each cell of `Compared.counts`, in nats.

    Shares are of strangers and of mates: paired minutiae of the innermost part of the common area,
    and pairs whose types agree, by quality.
    """

    area: Floats
    types: Floats
    paired: Floats
    agree: Floats


def shim() -> ctypes.CDLL:
    folder = Path(tempfile.mkdtemp(prefix="civid-evidence-"))
    (folder / "shim.c").write_text(SHIM)
    sources = [one for one in (NATIVE / "src").rglob("*.c") if one.name != "common_area.c"]
    flags = ["-std=c11", "-O3", "-ffp-contract=off", "-shared", "-fPIC",
             f"-I{NATIVE / 'include'}", f"-I{NATIVE / 'src'}"]  # fmt: skip
    made = str(folder / "lab.so")
    command = ["cc", *flags, "-o", made, *map(str, sources), str(folder / "shim.c")]
    subprocess.run(command, check=True)
    return ctypes.CDLL(made)


class Bench:
    """Prints packed once, any pairs of them compared."""

    def __init__(self, prints: Prints) -> None:
        self.prints, self.library = prints, shim()
        self.packed: PreparedBlock = pack(prints.templates)
        self.scratch = comparison_scratch()

    def compare(self, name: str, pairs: Ints) -> Compared:
        count = len(pairs)
        features, raw = np.zeros(count, FEATURES), np.zeros(count, np.int32)
        counts = np.zeros((count, COUNTS), np.uint8)
        given = (self.packed.block, self.packed.offsets, np.ascontiguousarray(pairs))
        made = (self.scratch, features, raw, counts)
        first, second = (
            [ctypes.c_void_p(one.ctypes.data) for one in some] for some in (given, made)
        )
        self.library.lab_counts(*first, ctypes.c_int64(count), *second)
        finger = self.prints.named[pairs]
        return Compared(
            name, finger, finger[:, 0] == finger[:, 1], features, raw.astype(np.int64), counts
        )

    def within(self, name: str) -> Compared:
        mine = np.flatnonzero(self.prints.group == name)
        first, second = np.triu_indices(len(mine), 1)
        return self.compare(name, np.stack([mine[first], mine[second]], 1))


def learn(sets: list[Compared]) -> Evidence:
    """Ratios of mates whose pairing is sure to strangers; each set counts the same."""
    total = np.zeros((2, COUNTS))
    for one in sets:
        for mate, chosen in ((1, one.mated & (one.raw > SURE)), (0, ~one.mated)):
            total[mate] += one.counts[chosen].sum(0, dtype=np.int64) / max(int(chosen.sum()), 1)
    places = total[:, : 2 * PLACES].reshape(2, DEPTHS, QUALITIES, 2)
    places[:, :, -1] = places.sum(2)  # of unknown quality: what is true of all
    kinds = total[:, 2 * PLACES :].reshape(2, QUALITIES, 2)
    kinds[:, -1] = kinds.sum(1)

    def shares(count: Floats) -> Floats:
        """Of each outcome (last) among both; a little is added, as few were seen of some."""
        some = 0.02 * count[0].sum() / count[0].size
        return np.asarray((count + some) / (count + some).sum(-1, keepdims=True))

    place, kind = shares(places), shares(kinds)
    area, types = np.log(place[1] / place[0]), np.log(kind[1] / kind[0])
    return Evidence(area.ravel(), types.ravel(), place[:, -1, :, 1], kind[:, :, 1])


def columns(one: Compared, evidence: Evidence, way: str) -> Floats:
    """Features of the model, and what this way adds."""
    area = one.counts[:, : 2 * PLACES] @ evidence.area
    minutiae = one.counts[:, : 2 * PLACES].sum(1, dtype=np.int64)
    # below eight minutiae a mean says little
    added = {
        "area": area,
        "area_mean": area / np.maximum(minutiae, 8),
        "types": one.counts[:, 2 * PLACES :] @ evidence.types,
    }
    return np.column_stack([model_features(one.features), *(added[key] for key in WAYS[way])])


def train(xs: list[Floats], sets: list[Compared]) -> Model:
    """The model, and the level and spread of impostors, in turn."""
    x, mated = np.concatenate(xs), np.concatenate([one.mated for one in sets])
    weight = np.concatenate([weights(one.mated) for one in sets])
    fewer = np.exp(x[:, MODEL.index("FEWER")]) - 4
    scale = Scale(0.0, 0.0, 1.0, 0.0)
    for _ in range(3):
        divided = np.column_stack([x, np.ones(len(x))]) / scale.width(fewer)[:, None]
        found = logistic(divided, mated, weight)[0]
        plain = found[:-1]
        plain[MODEL.index("FEWER")] = 0
        scale = scale_of(x[~mated] @ plain, fewer[~mated])
    return plain, scale


def similarity(x: Floats, model: Model, pairs: npt.NDArray[np.integer]) -> Floats:
    """In thousandths of the spread; few pairs cost, as in raw.c."""
    plain, scale = model
    similar = scale(x @ plain, np.exp(x[:, MODEL.index("FEWER")]) - 4)
    return 1000 * similar - FEW_PRICE * np.maximum(FEW_PAIRS - pairs, 0)


Scores = dict[str, dict[str, Floats]]  # way, set


def judged(
    sets: dict[str, Compared], learned: list[str], tested: list[str], searched: Compared | None
) -> Scores:
    """Similarities of the tested sets (and of `searched`) by each way."""
    own = [sets[name] for name in learned]
    evidence = learn(own)
    tests = [sets[name] for name in tested] + ([searched] if searched else [])
    scores: Scores = {"built": {one.name: one.raw.astype(np.float64) for one in tests}}
    for way in WAYS:
        model = train([columns(one, evidence, way) for one in own], own)
        scores[way] = {
            one.name: similarity(columns(one, evidence, way), model, one.features["pairs"])
            for one in tests
        }
        if way == "both":
            scores["both, unknown"] = {
                one.name: similarity(
                    columns(one.unknown(), evidence, way), model, one.features["pairs"]
                )
                for one in tests
            }
    return scores


def intervals(one: Compared, now: Floats, then: Floats, rounds: int) -> npt.NDArray[np.float64]:
    """(rounds, 2): EER and FMR1000 of `then` less those of `now`, %, of the same drawn fingers."""
    units = np.unique(one.finger, return_inverse=True)[1].reshape(one.finger.shape)
    samples = [
        Resampled(value[one.mated], value[~one.mated], units[one.mated], units[~one.mated])
        for value in (now, then)
    ]
    found = []
    for times in draws(samples[0].units, rounds):
        figures = []
        for sample in samples:
            curve = sample.rates(times)
            assert curve is not None  # ten fingers at least
            missed = curve[1][np.searchsorted(-curve[2], -(1e-3 + 1e-12), side="left")]
            figures.append((equal_error_of(*curve).value, float(missed)))
        found.append(np.subtract(figures[1], figures[0]))
    return 100 * np.stack(found)


def table(title: str, sets: dict[str, Compared], names: list[str], scores: Scores) -> list[object]:
    print(f"\n{title}; EER / FMR1000 in %")
    print(" " * 14 + "".join(f"{name.replace('FVC', ''):>13}" for name in names) + "        mean")
    rows: list[object] = []
    for way, by_set in scores.items():
        figures = []
        for name in names:
            mated, value = sets[name].mated, by_set[name]
            genuine, impostor = value[mated], value[~mated]
            figures.append(
                (100 * equal_error_rate(genuine, impostor),
                 100 * fnmr_at_fmr(genuine, impostor, 1e-3))
            )  # fmt: skip
        cells = "".join(f"{eer:6.2f} /{missed:5.2f}" for eer, missed in figures)
        mean = np.mean(figures, axis=0)
        print(f"{way:14}{cells}{mean[0]:6.2f} /{mean[1]:5.2f}")
        rows.append({"title": title, "way": way, "figures": figures, "mean": mean.tolist()})
    changes = [
        intervals(sets[name], scores["neither"][name], scores["both"][name], 200) for name in names
    ]
    for what, column in (("EER", 0), ("FMR1000", 1)):
        low, high = interval(np.mean([one[:, column] for one in changes], axis=0))
        print(f"both less neither, mean {what}: {low:+.2f} to {high:+.2f} (95 %, fingers drawn)")
    return rows


def searches(bench: Bench, names: list[str]) -> Ints:
    """Each print that is not its finger's first against the first of every finger."""
    inside = np.isin(bench.prints.group, names)
    firsts = np.unique(np.where(inside, bench.prints.finger, -1), return_index=True)[1]
    firsts = firsts[inside[firsts]]
    probes = np.setdiff1d(np.flatnonzero(inside), firsts)
    return np.stack([np.repeat(probes, len(firsts)), np.tile(firsts, len(probes))], 1)


def search_rates(finger: Ints, pairs: Ints, scores: Scores) -> list[object]:
    """FNIR of mated searches at the score that 1 % of searches without a mate exceed."""
    probes, at = np.unique(pairs[:, 0], return_inverse=True)
    mated = finger[pairs[:, 0]] == finger[pairs[:, 1]]
    rows: list[object] = []
    print(
        f"1:N, {len(probes)} probes, {len(np.unique(pairs[:, 1]))} enrolled; FNIR in % at FPIR 1 %"
    )
    for way, by_set in scores.items():
        mate, stranger = np.full(len(probes), -np.inf), np.full(len(probes), -np.inf)
        np.maximum.at(mate, at[mated], by_set["searched"][mated])
        np.maximum.at(stranger, at[~mated], by_set["searched"][~mated])
        least = np.sort(stranger)[::-1][int(0.01 * len(probes))]
        fnir = 100 * float(np.mean(mate <= least))
        print(f"{way:14}{fnir:6.2f}")
        rows.append({"way": way, "fnir": fnir})
    return rows


def print_evidence(evidence: Evidence) -> None:
    print("\nby quality 1-9, 10-19 .. 90-100, unknown; at least 39 px inside; nats")
    last = evidence.area.reshape(DEPTHS, QUALITIES, 2)[-1].T
    pair = evidence.types.reshape(QUALITIES, 2).T
    for what, values in zip(("alone", "paired", "differ", "agree"), [*last, *pair], strict=True):
        print(f"{what:17}" + " ".join(f"{value:6.2f}" for value in values.tolist()))
    print("shares")
    for what, both in (("paired", evidence.paired), ("agree", evidence.agree)):
        for who, values in zip(("strangers", "mates"), both, strict=True):
            print(f"{what + ', ' + who:17}" + " ".join(f"{one:6.2f}" for one in values.tolist()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--method", default="classical", help="of extraction")
    parser.add_argument("--json", type=Path, help="write the figures")
    options = parser.parse_args()
    bench = Bench(read(options.data, 0, options.threads, options.method))
    sets = {name: bench.within(name) for name in SEVEN + OTHERS}
    rows: list[object] = []
    left_out: Scores = {}
    for name in SEVEN:
        found = judged(sets, [other for other in SEVEN if other != name], [name], None)
        for way, values in found.items():
            left_out.setdefault(way, {}).update(values)
    rows += table("each of the seven by the other six", sets, SEVEN, left_out)
    for learned, tested, title in (
        (OTHERS, SEVEN, "seven sets, learned on the six others"),
        (SEVEN, OTHERS, "six other sets, learned on the seven"),
    ):
        pairs = searches(bench, tested)
        scores = judged(sets, learned, tested, bench.compare("searched", pairs))
        rows += table(title, sets, tested, scores)
        rows += search_rates(bench.prints.finger, pairs, scores)
        for name in ("UareU", "Lindex101"):
            for way, values in scores.items() if name in tested else ():
                mated, value = sets[name].mated, values[name]
                rate = 100 * fnmr_at_fmr(value[mated], value[~mated], 1e-4)
                print(f"{name}, FMR10000, {way:14}{rate:6.2f}")
                rows.append({"set": name, "way": way, "fmr10000": rate})
    print_evidence(learn([sets[name] for name in OTHERS]))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
