"""Measure what impostors score, and write the table that turns a raw similarity into a score.

    python benchmarks/train/calibrate.py --data ../shared/data --write [--json FILE] [--threads 2]
        [--pairing classical|neural|mixed]

A pairing is of two extractors: ``mixed`` compares classical probes with neural references. Every
print goes through civid's extractor; all pairs of different fingers, within and across sets, are
compared. The map raw -> -10 log10(FMR) is fitted to pairs **within** sets, because prints of one
sensor resemble each other more: across sets it errs on the safe side. It is the empirical one as
far as fifty impostors reach, and beyond that an exponential tail (docs/explain/score.md).
Without ``--write`` nothing is changed. Printed in both cases: nominal against measured FMR of the
installed table, and of tables fitted to one half of the fingers and measured on the other.
"""

from __future__ import annotations

import argparse
import datetime
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from comparator_sets import PRINT_SETS, Comparer, TemplateSet, extracted, foreign

from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.scores.calibration import calibrate, calibration_of
from civid.lab.evaluation.one_finger import one_name

TABLES = Path(__file__).resolve().parents[2] / "native" / "src" / "tables"
#: Pairing -> how probes and references were extracted, and where its table is.
PAIRINGS = {
    "classical": ("classical", "classical", "calibration_table.h"),
    "neural": ("neural", "neural", "calibration_neural_table.h"),
    "mixed": ("classical", "neural", "calibration_mixed_table.h"),
}
BODY_STEP = 0.5  # dB between knots
BODY_END = 60.0  # dB; the body ends earlier, where fewer than BODY_COUNT impostors are left
BODY_COUNT = 50
TAIL_STARTS = (25.0, 30.0, 35.0)  # dB at which the tail's slope is estimated
LEVELS = (1, 3, 10, 20, 30, 40, 50)  # dB in the printed tables

Raws = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Table:
    """A monotone map: straight lines between knots, one slope beyond the last."""

    raw: npt.NDArray[np.float64]
    score: npt.NDArray[np.float64]
    slope: float

    def __call__(self, raw: Raws) -> npt.NDArray[np.float64]:
        inside = np.interp(raw, self.raw, self.score)
        beyond = np.maximum(raw - self.raw[-1], 0) * self.slope
        return np.asarray(inside + beyond)


def fit(impostor: Raws) -> Table:
    """The map of these impostors."""
    ordered = np.sort(impostor).astype(np.float64)
    count = len(ordered)
    raws, scores = [0.0], [0.0]
    for target in np.arange(BODY_STEP, BODY_END + BODY_STEP / 2, BODY_STEP):
        at = int(np.ceil(count * (1 - 10 ** (-target / 10))))
        if count - at < BODY_COUNT:
            break
        reached = count - np.searchsorted(ordered, ordered[at], side="left")
        score = -10 * np.log10(reached / count)
        if ordered[at] > raws[-1] and score > scores[-1]:
            raws.append(float(ordered[at]))
            scores.append(float(score))
    return Table(np.array(raws), np.array(scores), min(slopes(ordered).values()))


def slopes(ordered: npt.NDArray[np.float64]) -> dict[float, float]:
    """dB a raw unit if the tail from each start on is exponential. The smallest is the safest."""
    result = {}
    for start in TAIL_STARTS:
        threshold = ordered[int(len(ordered) * (1 - 10 ** (-start / 10)))]
        excess = ordered[ordered > threshold] - threshold
        if len(excess) >= 30:
            result[start] = float(10 / np.log(10) / excess.mean())
    return result


def shape(ordered: npt.NDArray[np.float64], start: float = 30.0) -> float:
    """Shape of a generalised Pareto tail by probability weighted moments; 0 = exponential."""
    threshold = ordered[int(len(ordered) * (1 - 10 ** (-start / 10)))]
    excess = ordered[ordered > threshold] - threshold
    weight = (np.arange(len(excess), 0, -1) - 0.5) / len(excess)
    first, second = excess.mean(), (excess * weight).mean()
    return float(2 - first / (first - 2 * second))


@dataclass(frozen=True, eq=False)
class Impostors:
    """Raw similarities of all pairs of different fingers."""

    raw: Raws
    half: npt.NDArray[np.int8]  # 0 or 1 when both fingers are in that half, -1 across
    first: npt.NDArray[np.int16]  # set of each side
    second: npt.NDArray[np.int16]


def impostors(sets: list[TemplateSet], references: list[TemplateSet]) -> Impostors:
    """Compare everything with everything, but never a finger with itself. `references`: the same
    prints, as the second of a pair is extracted."""
    templates = [template for one in sets for template in one.templates]
    seconds = [template for one in references for template in one.templates]
    which = np.repeat(np.arange(len(sets)), [len(one.templates) for one in sets])
    labels = [one_name(one.name, str(finger)) for one in sets for finger in one.finger]
    names = {name: k for k, name in enumerate(dict.fromkeys(labels))}
    finger = np.array([names[label] for label in labels])
    order = np.argsort(finger, kind="stable")
    rank = np.empty_like(finger)  # alternate the fingers of each set between the halves
    rank[order] = np.unique(finger[order], return_inverse=True)[1]
    half = rank % 2
    # without the second look, whose bounds are read off this scale
    comparer = Comparer([*templates, *seconds], ComparisonParameters(look_from=100_000))
    raw, first, second = [], [], []
    for i in range(len(templates) - 1):
        others = np.flatnonzero(finger[i + 1 :] != finger[i]) + i + 1
        pairs = np.stack([np.full(len(others), i), others], 1)
        raw.append(comparer.raw(pairs + np.array([0, len(templates)])))
        first.append(pairs[:, 0])
        second.append(pairs[:, 1])
    a, b = np.concatenate(first), np.concatenate(second)
    return Impostors(
        np.concatenate(raw),
        np.where(half[a] == half[b], half[a], -1).astype(np.int8),
        which[a].astype(np.int16),
        which[b].astype(np.int16),
    )


def measured(score: npt.NDArray[np.float64]) -> list[float]:
    """-10 log10 of the share of scores that reach each level; inf where none does."""
    with np.errstate(divide="ignore"):
        return [float(-10 * np.log10((score >= level).mean())) for level in LEVELS]


def row(name: str, figures: list[float], count: int) -> str:
    cells = " ".join(f"{value:6.2f}" for value in figures)
    return f"{name:34} {count:9,} {cells}"


def header_text(table: Table, impostor: Raws, prints: int, fingers: int, pairing: str) -> str:
    """The C table."""
    ordered = np.sort(impostor).astype(np.float64)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    found = ", ".join(f"{s:.5f} from {d:.0f} dB" for d, s in slopes(ordered).items())
    file = PAIRINGS[pairing][2]
    guard = f"CIVID_COMPARE_{file.removesuffix('.h').upper()}_H"
    own = "" if pairing == "classical" else f"_{pairing}"
    name, macro = f"civid__calibration{own}", f"CIVID__CALIBRATION{own.upper()}"
    knot = ["typedef struct {", "    int32_t raw;", "    float score;", "} civid__knot_t;"]
    lines = [
        f"/* {file} - generated by benchmarks/train/calibrate.py; do not edit.",
        " *",
        f" * {today}: {len(impostor):,} impostor comparisons within sets,",
        f" * {prints:,} prints of {fingers} fingers.",
        f" * Empirical down to {table.score[-1]:.1f} dB; then exponential, slopes {found};",
        f" * generalised Pareto shape {shape(ordered):+.3f}. */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        *(['#include "tables/calibration_table.h"'] if own else ["#include <stdint.h>", "", *knot]),
        "",
        f"#define {macro}_SIZE {len(table.raw)}",
        f"#define {macro}_SLOPE {table.slope:.7f}f /* dB a raw unit beyond the table */",
        "",
        f"static const civid__knot_t {name}[{macro}_SIZE] = {{",
    ]
    knots = zip(table.raw.astype(int), table.score, strict=True)
    lines += [f"    {{{raw}, {score:.4f}f}}," for raw, score in knots]
    return "\n".join([*lines, "};", "", "#endif", ""])


def same_position(one: TemplateSet, table: Table) -> npt.NDArray[np.float64]:
    """Scores of the same finger of different people (labels are person_position): the
    comparisons that a register makes, a little higher because patterns follow the position."""
    pairs, mated = one.pairs("all")
    position = np.array([label.rsplit("_", 1)[-1] for label in one.finger])
    alike = ~mated & (position[pairs[:, 0]] == position[pairs[:, 1]])
    return table(Comparer(one.templates).raw(pairs[alike]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true", help="write the C table")
    parser.add_argument("--json", type=Path, help="write the figures")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sets", nargs="*", default=list(PRINT_SETS))
    parser.add_argument("--pairing", choices=list(PAIRINGS), default="classical")
    arguments = parser.parse_args()

    probes, others, file = PAIRINGS[arguments.pairing]
    sets, references = (
        [
            extracted(arguments.data / "prints", name, arguments.threads, method)
            for name in arguments.sets
        ]
        for method in (probes, others)
    )
    prints, fingers = (
        sum(len(one.templates) for one in sets),
        sum(len(set(one.finger)) for one in sets),
    )
    found = impostors(sets, references)
    within = found.first == found.second
    table = fit(found.raw[within])
    print(
        f"{len(found.raw):,} impostor comparisons, {within.sum():,} of them within sets; "
        f"{prints:,} prints, {fingers} fingers"
    )
    print(row("nominal, dB", [float(level) for level in LEVELS], 0))

    rows: dict[str, tuple[list[float], int]] = {}
    total = int(within.sum())
    of = calibration_of(*(f"civid-{method}/1" for method in (probes, others)))
    installed = np.array([calibrate(raw, of) for raw in range(int(found.raw.max()) + 1)])
    rows["installed table, within sets"] = measured(installed[found.raw[within]]), total
    rows["new table, within sets"] = measured(table(found.raw[within])), total
    for fitted in (0, 1):
        test = found.raw[within & (found.half == 1 - fitted)]
        name = f"fitted on half {fitted}, other half"
        half = fit(found.raw[within & (found.half == fitted)])
        rows[name] = measured(half(test)), len(test)
    for k, one in enumerate(sets):
        inside = table(found.raw[(found.first == k) & (found.second == k)])
        rows[f"new table, {one.name}"] = measured(inside), len(inside)
    for one in sets:
        if one.name == "UareU" and probes == others:
            alike = same_position(one, table)
            rows["new table, UareU, same position"] = measured(alike), len(alike)
    across = table(found.raw[found.first != found.second])
    rows["new table, across sets"] = measured(across), len(across)
    for one in foreign(arguments.data) if arguments.pairing == "classical" else ():
        pairs, mated = one.pairs("fvc" if one.name.startswith("MINDTCT") else "all")
        raw = Comparer(one.templates).raw(pairs[~mated])
        rows[f"new table, {one.name}"] = measured(table(raw)), len(raw)
    for name, (figures, count) in rows.items():
        print(row(name, figures, count))
    ordered = np.sort(found.raw[within]).astype(np.float64)
    print("tail slopes, dB a unit:", {k: round(v, 6) for k, v in slopes(ordered).items()})
    print(f"generalised Pareto shape: {shape(ordered):+.3f} (0 = exponential)")
    if arguments.write:
        text = header_text(table, found.raw[within], prints, fingers, arguments.pairing)
        (TABLES / file).write_text(text)
        print(f"wrote {file}; build again to use it")
    if arguments.json:
        summary = {
            "comparisons": len(found.raw),
            "within_sets": total,
            "prints": prints,
            "fingers": fingers,
            "levels": list(LEVELS),
            "measured": {name: figures for name, (figures, _) in rows.items()},
            "counts": {name: count for name, (_, count) in rows.items()},
            "slopes": {str(k): v for k, v in slopes(ordered).items()},
            "shape": shape(ordered),
        }
        arguments.json.write_text(json.dumps(summary, indent=1) + "\n")


if __name__ == "__main__":
    main()
