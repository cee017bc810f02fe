"""What the cascade loses on real prints in a large gallery, and how often strangers are found.

    python benchmarks/search/search_loss.py --data ../shared/data --subjects 100000 --fingers 1

The first impression of every real finger is enrolled among synthetic subjects, evenly between them;
every other impression is a probe. With two fingers, neighbouring fingers of a set are the two index
fingers of one subject. The exact score of a mate decides whether exact search returns it at a
threshold (some dozens of real exact searches prove that this is so); it is lost if the cascade does
not return it with the same score. Fingers of MINDTCT sets that the codes were learned from are left
out.

Strangers: what real probes find among synthetic subjects and among other real ones, SOCOFing's
persons, and synthetic ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import search_galleries as galleries
from scipy import stats
from search_machine import conditions

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.evaluation import read_set
from civid.lab.evaluation.one_finger import one_name
from civid.search import Gallery
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.exact import ExactBackend

sys.path.append(str(Path(__file__).resolve().parents[1] / "accuracy"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "train"))
from comparator_sets import MINDTCT_DPI, PRINT_SETS, TemplateSet, mindtct
from finger_sets import extract_all

FINGERS = galleries.FINGERS
MAX_FPIR = 1e-2
#: Thresholds below the nominal one, dB: weaker pairs are seen, too.
LOWER = (0.0, 10.0, 20.0)
RATES = (1e-1, 1e-2, 1e-3)
TURNS = (0, 15, 30, 45, 60, 90, 180)
LIMIT = 10
STRANGERS = 500_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """One subject: its id, its group, and its impressions, the first of which is enrolled."""

    name: str
    group: str
    prints: list[galleries.Prints]


def group_of(name: str) -> str:
    return name.partition("/")[0] if name.startswith("FVC") else name


def real_sets(data: Path, threads: int) -> Iterator[TemplateSet]:
    """All sets of prints through civid's extractor, then MINDTCT's without the training fingers."""
    for name in PRINT_SETS:
        samples = read_set(data / "prints" / name).samples
        templates = extract_all([one.path for one in samples], threads)
        labels = [f"{one.person}/{one.finger}" if one.person else one.finger for one in samples]
        numbers = [one.impression for one in samples]
        yield TemplateSet(name, templates, np.array(labels), np.array(numbers))
    for database in MINDTCT_DPI:
        full = mindtct(data / "templates" / "mindtct-csv", database)
        order = {finger: k for k, finger in enumerate(dict.fromkeys(full.finger.tolist()))}
        kept = [k for k, finger in enumerate(full.finger) if order[str(finger)] % 4 != 3]
        yield TemplateSet(
            full.name, [full.templates[k] for k in kept], full.finger[kept], full.impression[kept]
        )


def people(sets: list[TemplateSet], fingers: int) -> list[Person]:
    """One finger each, or two neighbouring fingers of a set; a finger of two sets comes once."""
    out = []
    for one in sets:
        rows: dict[str, list[tuple[int, Template]]] = defaultdict(list)
        for template, finger, number in zip(
            one.templates, one.finger.tolist(), one.impression.tolist(), strict=True
        ):
            if one_name(one.name, finger) == (one.name, finger) and len(template):
                rows[finger].append((number, template))
        names = list(rows)
        for k in range(0, len(names) - fingers + 1, fingers):
            chosen = [dict(rows[name]) for name in names[k : k + fingers]]
            common = sorted(set.intersection(*(set(one) for one in chosen)))
            prints = [
                dict(zip(FINGERS, [one[number] for one in chosen], strict=False))
                for number in common
            ]
            if len(prints) > 1:
                out.append(Person(f"{one.name} {names[k]}", group_of(one.name), prints))
    return out


def among_synthetic(who: list[Person], subjects: int, fingers: int, threads: int) -> Gallery:
    """Real subjects spread evenly among synthetic ones, `subjects` in all."""
    gallery = Gallery(backend="cascade")
    places = np.linspace(0, subjects - 1, len(who)).astype(int)
    order = np.random.default_rng(fingers).permutation(len(who))
    real = {int(place): who[k] for place, k in zip(places, order, strict=True)}
    for begin, made in galleries.chunks(0, subjects, threads):
        batch = []
        for k, one in enumerate(made):
            person = real.get(begin + k)
            prints = dict(list(one.items())[:fingers])
            batch.append(
                (person.name, person.prints[0]) if person else (galleries.name(begin + k), prints)
            )
        gallery.enroll_many(batch, threads=threads)
    return gallery


def interval(count: int, trials: int) -> list[float]:
    """Wilson's, 95 %."""
    if trials == 0:
        return [0.0, 1.0]
    found = stats.binomtest(count, trials).proportion_ci(method="wilson")
    return [float(found.low), float(found.high)]


def shares(count: int, trials: int) -> dict[str, Any]:
    return {"count": count, "of": trials, "interval": interval(count, trials)}


class Recorder(CascadeBackend):
    """Keeps of the last search of each thread what was compared in full, most promising first."""

    def __init__(self) -> None:
        super().__init__()
        self.last = threading.local()

    def _compare(self, probe: Any, slot: int, references: Any, chosen: Any, *rest: Any) -> Any:
        self.last.chosen = [references.id(one) for one in chosen.tolist()]
        return super()._compare(probe, slot, references, chosen, *rest)


class Probes:
    """Every second and later impression, its mate's exact score, and what the cascade found."""

    def __init__(self, who: list[Person], gallery: Gallery, threads: int) -> None:
        small = Gallery(backend="exact")
        small.enroll_many([(one.name, one.prints[0]) for one in who])
        rows = [(one, prints) for one in who for prints in one.prints[1:]]
        self.rows = rows

        recorder = Recorder()
        gallery._backend = recorder

        def search(row: tuple[Person, galleries.Prints]) -> tuple[Any, Any, int]:
            exact = small.search(row[1], None, threads=1)
            found = gallery.search(row[1], LIMIT, threads=1)
            chosen = recorder.last.chosen
            return exact, found, chosen.index(row[0].name) if row[0].name in chosen else -1

        with ThreadPoolExecutor(threads) as pool:
            every = list(pool.map(search, rows))
        gallery._backend = CascadeBackend()
        both = [(exact, found) for exact, found, _ in every]
        #: Place of the mate among those that were compared in full, from 0; -1 = it was not.
        self.place = np.array([place for _, _, place in every])
        self.mate = np.array(
            [
                next((hit.score for hit in small if hit.subject_id == one.name), 0.0)
                for (one, _), (small, _) in zip(rows, both, strict=True)
            ]
        )
        self.rank = np.array(
            [
                next(
                    (
                        k
                        for k, hit in enumerate(large)
                        if hit.subject_id == one.name and hit.score == mate
                    ),
                    -1,
                )
                for (one, _), (_, large), mate in zip(rows, both, self.mate, strict=True)
            ]
        )
        self.real_only = small
        real = {one.name for one in who}
        wrong = [
            [(hit.score, hit.subject_id in real) for hit in large if hit.subject_id != one.name]
            for (one, _), (_, large) in zip(rows, both, strict=True)
        ]
        self.best_synthetic = np.array(
            [max((s for s, is_real in hits if not is_real), default=0.0) for hits in wrong]
        )
        # All real subjects, not only those that the cascade compared.
        self.best_real = np.array(
            [
                max((hit.score for hit in small if hit.subject_id != one.name), default=0.0)
                for (one, _), (small, _) in zip(rows, both, strict=True)
            ]
        )
        self.group = np.array([one.group for one, _ in rows])

    def losses(self, threshold: float) -> dict[str, Any]:
        groups = ["all", *dict.fromkeys(self.group.tolist())]
        out = {}
        for lower in LOWER:
            hit = self.mate >= threshold - lower
            lost = hit & (self.rank < 0)
            out[f"{threshold - lower:.1f}"] = [
                {
                    "group": group,
                    "mated": int(inside.sum()),
                    "exact_misses": int((inside & ~hit).sum()),
                    "lost": int((inside & lost).sum()),
                    "interval": interval(int((inside & lost).sum()), int(inside.sum())),
                }
                for group in groups
                for inside in [np.ones(len(hit), bool) if group == "all" else self.group == group]
            ]
        return out


def by_compared(probes: Probes, threshold: float, compared: int) -> list[dict[str, Any]]:
    """What would be lost if fewer were compared in full."""
    hit = probes.mate >= threshold
    out = []
    for least in sorted({1, 3, 10, 30, 50, 100, compared}):
        lost = int((hit & ((probes.place < 0) | (probes.place >= least))).sum())
        out.append({"compared": least, **shares(lost, len(hit))})
    return out


def spot_check(probes: Probes, gallery: Gallery, threshold: float, most: int, threads: int) -> Any:
    """Does exact search return a mate just where its score reaches the threshold?"""
    near = np.argsort(np.abs(probes.mate - threshold))[: most // 2]
    others = np.linspace(0, len(probes.rows) - 1, most - most // 2).astype(int)
    chosen = np.unique(np.concatenate([near, others, np.flatnonzero(
        (probes.mate >= threshold - max(LOWER)) & (probes.rank < 0))[: most // 2]]))  # fmt: skip
    before, gallery._backend = gallery._backend, ExactBackend()
    agree = 0
    begun = time.perf_counter()
    for k in chosen.tolist():
        person, prints = probes.rows[k]
        hits = gallery.search(prints, LIMIT, min_score=threshold, threads=threads)
        found = any(hit.subject_id == person.name for hit in hits)
        agree += found == bool(probes.mate[k] >= threshold)
    seconds = time.perf_counter() - begun
    gallery._backend = before
    return {"searches": len(chosen), "agree": agree, "seconds_each": seconds / len(chosen)}


def false_positives(scores: np.ndarray, gallery: Gallery) -> list[dict[str, Any]]:
    out = []
    for rate in RATES:
        threshold = gallery.threshold(rate)
        count = int((scores >= threshold).sum())
        out.append({"wanted": rate, "threshold": threshold, **shares(count, len(scores))})
    return out


def best_scores(probes: list[galleries.Prints], gallery: Gallery, threads: int) -> np.ndarray:
    def search(prints: galleries.Prints) -> float:
        hits = gallery.search(prints, 1, threads=1)
        return hits[0].score if hits else 0.0

    with ThreadPoolExecutor(threads) as pool:
        return np.array(list(pool.map(search, probes)))


def socofing(data: Path, fingers: int, threads: int) -> list[galleries.Prints]:
    """Persons of SOCOFing as strangers: each finger, or neighbouring fingers as index fingers."""
    samples = read_set(data / "prints" / "SOCOFing" / "Real").samples
    templates = [one for one in extract_all([s.path for s in samples], threads) if len(one)]
    return [
        dict(zip(FINGERS, templates[k : k + fingers], strict=False))
        for k in range(0, len(templates) - fingers + 1, fingers)
    ]


def turned(template: Template, degrees: float) -> Template:
    """About its own middle."""
    rows = template.minutiae.copy()
    angle = np.deg2rad(degrees)
    x, y = rows["x"].astype(float), rows["y"].astype(float)
    x, y = x - x.mean(), y - y.mean()
    # y runs down, directions count against the clock: a turn against the clock on the screen.
    rows["x"] = np.cos(angle) * x + np.sin(angle) * y
    rows["y"] = -np.sin(angle) * x + np.cos(angle) * y
    rows["x"] -= rows["x"].min()
    rows["y"] -= rows["y"].min()
    rows["angle"] = np.mod(rows["angle"] + angle, 2 * np.pi)
    out = np.zeros(len(rows), MINUTIA_DTYPE)
    for name in MINUTIA_DTYPE.names or ():
        out[name] = rows[name]
    size = int(max(rows["x"].max(), rows["y"].max())) + 2
    return Template(out, template.quality, size, size)


def turns(probes: Probes, gallery: Gallery, threshold: float, most: int, threads: int) -> Any:
    """How many mates that exact search would return are lost when the probe is turned."""
    good = np.flatnonzero(probes.mate >= threshold)
    chosen = good[np.linspace(0, len(good) - 1, min(most, len(good))).astype(int)]
    out = []
    for degrees in TURNS:

        def search(k: int, degrees: int = degrees) -> tuple[bool, bool]:
            person, prints = probes.rows[k]
            moved = {place: turned(one, degrees) for place, one in prints.items()}
            alone = Gallery(backend="exact")
            alone.enroll(person.name, person.prints[0])
            exact = alone.search(moved, 1)
            hits = gallery.search(moved, LIMIT, threads=1)
            passes = bool(exact) and exact[0].score >= threshold
            return passes, any(hit.subject_id == person.name for hit in hits)

        with ThreadPoolExecutor(threads) as pool:
            found = np.array(list(pool.map(search, chosen.tolist())))
        passes, there = found.T
        out.append({"degrees": degrees, **shares(int((passes & ~there).sum()), int(passes.sum()))})
    return out


def measure(data: Path, subjects: int, fingers: int, threads: int) -> dict[str, Any]:
    """Everything of one size and number of fingers."""
    sets = list(real_sets(data, threads))
    who = people(sets, fingers)
    gallery = among_synthetic(who, subjects, fingers, threads)
    threshold = gallery.threshold(MAX_FPIR)
    print(f"{len(gallery):,} subjects, {len(who)} of them real", file=sys.stderr)
    probes = Probes(who, gallery, threads)
    strange = [galleries.probe(STRANGERS + k, fingers, 0) for k in range(1000)]
    return {
        "kind": "loss",
        "subjects": len(gallery),
        "real_subjects": len(who),
        "fingers": fingers,
        "max_fpir": MAX_FPIR,
        "threshold": threshold,
        **conditions(),
        "losses": probes.losses(threshold),
        "by_compared": by_compared(
            probes, threshold, CascadeBackend().compared(len(gallery), LIMIT, fingers)
        ),
        "spot_check": spot_check(probes, gallery, threshold, 24, threads),
        "false_positives": {
            "real probes, synthetic subjects": false_positives(probes.best_synthetic, gallery),
            f"real probes, {len(who) - 1} other real subjects": false_positives(
                probes.best_real, probes.real_only
            ),
            "SOCOFing's persons": false_positives(
                best_scores(socofing(data, fingers, threads), gallery, threads), gallery
            ),
            "synthetic strangers": false_positives(best_scores(strange, gallery, threads), gallery),
        },
        "turned": turns(probes, gallery, threshold, 300, threads),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--fingers", type=int, choices=(1, 2), default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    found = measure(arguments.data, arguments.subjects, arguments.fingers, arguments.threads)
    print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
