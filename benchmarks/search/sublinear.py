"""Does an index pay? Loss against speed of the inverted lists and of the scan.

    python benchmarks/search/sublinear.py --data ../shared/data [--subjects N] [--picture FILE]

A gallery of synthetic fingers holds real prints, one finger a subject; some of these are looked
for. Lost is a mate that exact search would give so many dB and that is not among what is compared
in full (the same number for every method). Times are processor time of one core, of everything
before the full comparison. ``docs/explain/sublinear.md`` quotes it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from civid.fingerprint.scores.calibration import calibrate
from civid.fingerprint.template import Template
from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays import inverted_lists as lists
from civid.search.arrays.index import Index
from civid.search.arrays.inverted_lists import InvertedLists
from civid.search.arrays.parts import Part
from civid.search.backends import inverted_index as index_search
from civid.search.backends.base import Candidates, by_score
from civid.search.backends.cascade import RANGE, CascadeBackend
from civid.search.backends.prefilter import prefilter

sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import MINDTCT_DPI, PRINT_SETS, Comparer, TemplateSet, extracted, mindtct

SEED, STEP = 2026, 20_000
LEVELS = (50, 70)
CELLS = (4, 8, 16, 32, 64)
Look = Callable[[Part, int, int], Candidates]


class Prints(NamedTuple):
    templates: list[Template]
    mates: npt.NDArray[np.int64]  # (pairs, 2), both ways
    scores: npt.NDArray[np.float64]


def judged(one: TemplateSet, train: bool) -> TemplateSet:
    """Without the fingers from which codes and centres were learned; every second print."""
    order = {finger: k for k, finger in enumerate(dict.fromkeys(one.finger.tolist()))}
    keep = [
        k
        for k, finger in enumerate(one.finger)
        if len(one.templates[k]) >= 5 and not (train and (order[str(finger)] % 4 == 3 or k % 2))
    ]
    return TemplateSet(
        one.name, [one.templates[k] for k in keep], one.finger[keep], one.impression[keep]
    )


def read_prints(data: Path) -> Prints:
    sets = [judged(mindtct(data / "templates" / "mindtct-csv", k), True) for k in MINDTCT_DPI]
    sets += [judged(extracted(data / "prints", name, 1), False) for name in PRINT_SETS]
    templates, pairs, scores = [], [], []
    for one in sets:
        found, mated = one.pairs("all")
        found = found[mated]
        exact = [calibrate(int(raw)) for raw in Comparer(one.templates).raw(found)]
        pairs += [found + len(templates), found[:, ::-1] + len(templates)]
        scores += [exact, exact]
        templates += one.templates
    return Prints(templates, np.concatenate(pairs), np.concatenate(scores))


def fill(prints: Prints, subjects: int) -> Index:
    """Real prints first, then synthetic fingers up to so many subjects."""
    index = Index()
    index.append(
        [""] * len(prints.templates), [[(0, encoding.encode(one))] for one in prints.templates]
    )
    gallery = SyntheticGallery(SEED, [Position.RIGHT_INDEX])
    left = subjects - len(prints.templates)
    for begin in range(0, left, STEP):
        made = gallery.raw(begin, min(begin + STEP, left))
        records = [
            [(0, encoding.encode(Template(made.minutiae[start:stop], 50, 1024, 1024)))]
            for start, stop in zip(made.first[:-1], made.first[1:], strict=True)
        ]
        index.append([""] * len(records), records)
    index.publish()
    return index


class Row(NamedTuple):
    name: str
    seconds: float  # a search
    lost: tuple[float, ...]  # of each level, %


def run(name: str, look: Look, part: Part, prints: Prints, probes: list[int], share: float) -> Row:
    """Search all probes; the best `share` of the gallery is what would be compared in full."""
    wanted = max(200, int(share * part.subjects))
    listed = name.startswith("lists")
    begins = (
        [b for b, _ in lists.blocks(part.subjects)] if listed else range(0, part.subjects, RANGE)
    )
    spent, lost = 0.0, np.zeros((len(LEVELS), 2))
    for probe in probes:
        started = time.process_time()
        found = by_score(np.concatenate([look(part, probe, at) for at in begins]))[:wanted]
        spent += time.process_time() - started
        mine = prints.mates[:, 0] == probe
        there = np.isin(prints.mates[mine, 1], found["reference"])
        for level, row in zip(LEVELS, lost, strict=True):
            high = prints.scores[mine] >= level
            row += [(~there[high]).sum(), high.sum()]
    return Row(name, spent / len(probes), tuple((100 * lost[:, 0] / lost[:, 1]).tolist()))


def measure(prints: Prints, subjects: int, every: int) -> list[Row]:
    part = fill(prints, subjects).part()
    backend = CascadeBackend()
    wanted = max(200, int(backend.share * subjects))
    probes = np.unique(prints.mates[prints.scores >= LEVELS[0], 0])[::every].tolist()
    high = np.isin(prints.mates[:, 0], probes)
    counts = [int((high & (prints.scores >= level)).sum()) for level in LEVELS]
    print(
        f"{subjects:,} prints, {int(part.offsets[-1]) / 8 / part.fingers - 1:.1f} minutiae each, "
        f"{len(prints.templates):,} of them real; {len(probes)} probes, mates from "
        f"{' and '.join(f'{level} dB: {n:,}' for level, n in zip(LEVELS, counts, strict=True))}; "
        f"{wanted:,} are compared in full",
        flush=True,
    )

    def keep(begin: int) -> int:
        return backend._keep(wanted, min(RANGE, subjects - begin), subjects)

    def slot(probe: int) -> npt.NDArray[np.int64]:
        return np.array([probe], np.int64)

    def scan(part: Part, probe: int, begin: int) -> Candidates:
        end = min(begin + RANGE, subjects)
        return prefilter(part, slot(probe), part, begin, end, keep=keep(begin), fingers=1)[0]

    rows = [run("scan", scan, part, prints, probes, backend.share)]
    report(rows[-1])
    started = time.process_time()
    made = {
        begin: InvertedLists(lists.build(part, begin, end), begin)
        for begin, end in lists.blocks(subjects)
    }
    spent, size = time.process_time() - started, sum(one.data.nbytes for one in made.values())
    print(
        f"lists: built in {spent:.1f} s ({1e6 * spent / subjects:.1f} us a print), "
        f"{size / subjects:,.0f} bytes a print; the gallery itself "
        f"{float(part.offsets[-1]) * 3 / subjects:,.0f}",
        flush=True,
    )
    for cells in CELLS:

        def listed(part: Part, probe: int, begin: int, cells: int = cells) -> Candidates:
            one = made[begin]
            few = backend._keep(wanted, one.end - begin, subjects)
            asked = index_search.asked(part, probe, 1, cells)
            return index_search.prefilter(part, slot(probe), [asked], part, one,
                                          keep=few, fingers=1, cells=cells)[0]  # fmt: skip

        rows.append(run(f"lists, {cells} centres", listed, part, prints, probes, backend.share))
        report(rows[-1])
    return rows


def report(row: Row) -> None:
    lost = "  ".join(f"{value:6.2f} %" for value in row.lost)
    print(f"{row.name:20} {1e3 * row.seconds:8.1f} ms   lost {lost}", flush=True)


def draw(rows: dict[int, list[Row]], path: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for colour, (subjects, found) in zip(("#4477aa", "#cc6677"), rows.items(), strict=False):
        scan, listed = found[0], found[1:]
        axes.plot(
            [1e3 * row.seconds for row in listed],
            [row.lost[-1] for row in listed],
            "o-",
            color=colour,
            label=f"lists, {subjects:,} prints",
        )
        axes.plot([1e3 * scan.seconds], [scan.lost[-1]], "s", color=colour, label="scan", ms=9)
        for row in listed:
            axes.annotate(
                row.name.split()[1],
                (1e3 * row.seconds, row.lost[-1]),
                textcoords="offset points",
                xytext=(5, 4),
                fontsize=8,
            )
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds of one core before the full comparison")
    axes.set_ylabel(f"mates of {LEVELS[-1]} dB lost, %")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--subjects", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--every", type=int, default=8, help="look for one in so many prints")
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()
    prints = read_prints(arguments.data)
    rows = {n: measure(prints, n, arguments.every) for n in arguments.subjects}
    if arguments.picture:
        draw(rows, arguments.picture)


if __name__ == "__main__":
    main()
