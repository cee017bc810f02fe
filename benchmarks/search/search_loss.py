"""What a search loses on real prints in a large gallery, and how often strangers are found.

    python benchmarks/search/search_loss.py --data ../shared/data --subjects 100000 --fingers 1
    python benchmarks/search/search_loss.py --fingers 2 --backend auto cascade --every 2 --quick
    python benchmarks/search/search_loss.py --fingers 2 --backend auto cascade --quick --swapped

The gallery is a compacted folder, so that "auto" searches it by inverted lists and "cascade" by the
scan; of several backends each probe is searched by each in turn.

The first impression of every real finger is enrolled among synthetic subjects, evenly between them;
every other impression is a probe. With two fingers, neighbouring fingers of a set are the two index
fingers of one subject. The exact score of a mate decides whether exact search returns it at a
threshold (some dozens of real exact searches prove that this is so); it is lost if the search does
not return it with the same score. Fingers of MINDTCT sets that the codes were learned from are left
out.

With --swapped the labels of each probe's fingers are exchanged (right for left), and it is searched
for with ``swapped=True``. With --gallery the synthetic subjects are those of a gallery that
`search_galleries.py` made, and all of them: to make them takes longest.

Strangers: what real probes find among synthetic subjects and among other real ones, SOCOFing's
persons, and synthetic ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import search_galleries as galleries
from real_people import Person, among_made, among_synthetic, people, real_sets, socofing
from scipy import stats
from search_machine import conditions

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.search import Candidate, Gallery, SearchParameters
from civid.search.backends.auto import EXACT_UP_TO, AutoBackend
from civid.search.backends.base import Backend
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.exact import ExactBackend
from civid.search.backends.inverted import IndexBackend

MAX_FPIR = 1e-2
#: Thresholds below the nominal one, dB: weaker pairs are seen, too.
LOWER = (0.0, 10.0, 20.0)
RATES = (1e-1, 1e-2, 1e-3)
TURNS = (0, 15, 30, 45, 60, 90, 180)
LIMIT = 10
STRANGERS = 500_000_000


def interval(count: int, trials: int) -> list[float]:
    """Wilson's, 95 %."""
    if trials == 0:
        return [0.0, 1.0]
    found = stats.binomtest(count, trials).proportion_ci(method="wilson")
    return [float(found.low), float(found.high)]


def shares(count: int, trials: int) -> dict[str, Any]:
    return {"count": count, "of": trials, "interval": interval(count, trials)}


class Recording(CascadeBackend):
    """Keeps of the last search of each thread what was compared in full, most promising first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.last = threading.local()

    def _compare(self, probe: Any, slot: int, references: Any, chosen: Any, *rest: Any) -> Any:
        self.last.chosen = [references.id(one) for one in chosen.tolist()]
        return super()._compare(probe, slot, references, chosen, *rest)


class RecordingLists(Recording, IndexBackend):
    """The same of `IndexBackend`."""


def recording(name: str) -> tuple[Backend, Recording]:
    """A backend as ``Gallery(backend=name)`` makes it, and what of it records."""
    if name == "cascade":
        scan = Recording()
        return scan, scan
    auto = AutoBackend()
    auto._large = RecordingLists(most_bytes=0)
    return auto, auto._large


class Searched(NamedTuple):
    """What one backend said of one probe."""

    hits: list[Candidate]
    place: int  # of the mate among those compared in full, from 0; -1 = it was not
    cpu: float  # seconds of the searching thread


Row = tuple[Person, galleries.Prints]


def search_all(
    rows: list[Row], folder: Path, backends: Sequence[str], threads: int, **options: Any
) -> dict[str, list[Searched]]:
    """Each row by each backend in turn, so that a busy machine is busy for all of them."""
    made = {name: recording(name) for name in backends}
    opened = {
        name: Gallery.open(folder, read_only=True, backend=one) for name, (one, _) in made.items()
    }

    def search(k: int) -> list[Searched]:
        person, prints = rows[k]
        found: dict[str, Searched] = {}
        for turn in range(len(backends)):
            name = backends[(k + turn) % len(backends)]
            begun = time.thread_time()
            hits = opened[name].search(prints, LIMIT, threads=1, **options)
            spent = time.thread_time() - begun
            chosen = made[name][1].last.chosen
            place = chosen.index(person.name) if person.name in chosen else -1
            found[name] = Searched(hits, place, spent)
        return [found[name] for name in backends]

    for k in range(min(3, len(rows))):
        search(k)
    with ThreadPoolExecutor(threads) as pool:
        every = list(pool.map(search, range(len(rows))))
    for gallery in opened.values():
        gallery.close()
    return {name: [one[k] for one in every] for k, name in enumerate(backends)}


class Probes:
    """Every second and later impression, its mate's exact score, and what a backend found."""

    def __init__(
        self,
        rows: list[Row],
        who: set[str],
        small: Gallery,
        exact: list[list[Candidate]],
        found: list[Searched],
    ) -> None:
        self.rows = rows
        both = [(one, other.hits) for one, other in zip(exact, found, strict=True)]
        self.place = np.array([one.place for one in found])
        self.cpu = np.array([one.cpu for one in found])
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
        wrong = [
            [(hit.score, hit.subject_id in who) for hit in large if hit.subject_id != one.name]
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
    for least in sorted({n for n in (1, 3, 10, 30, 50, 100) if n < compared} | {compared}):
        lost = int((hit & ((probes.place < 0) | (probes.place >= least))).sum())
        out.append({"compared": least, **shares(lost, len(hit))})
    return out


def spot_check(probes: Probes, gallery: Gallery, threshold: float, most: int, threads: int) -> Any:
    """Does exact search return a mate just where its score reaches the threshold?"""
    near = np.argsort(np.abs(probes.mate - threshold))[: most // 2]
    others = np.linspace(0, len(probes.rows) - 1, most - most // 2).astype(int)
    chosen = np.unique(np.concatenate([near, others, np.flatnonzero(
        (probes.mate >= threshold - max(LOWER)) & (probes.rank < 0))[: most // 2]]))  # fmt: skip
    before, gallery._how = gallery._how, (ExactBackend(), gallery.parameters)
    agree = 0
    begun = time.perf_counter()
    for k in chosen.tolist():
        person, prints = probes.rows[k]
        hits = gallery.search(prints, LIMIT, min_score=threshold, threads=threads)
        found = any(hit.subject_id == person.name for hit in hits)
        agree += found == bool(probes.mate[k] >= threshold)
    seconds = time.perf_counter() - begun
    gallery._how = before
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


def turns(
    probes: Probes,
    gallery: Gallery,
    threshold: float,
    most: int,
    threads: int,
    looks: Sequence[int] = (1,),
) -> Any:
    """How many mates that exact search would return are lost when the probe is turned, with so many
    directions of the first look (`SearchParameters.turns`)."""
    method = gallery.parameters.method
    found = []
    for number in looks:
        gallery.parameters = SearchParameters(method=method, turns=number)
        found += turns_of(probes, gallery, threshold, most, threads)
    return found


def turns_of(
    probes: Probes, gallery: Gallery, threshold: float, most: int, threads: int
) -> list[dict[str, Any]]:
    good = np.flatnonzero(probes.mate >= threshold)
    chosen = good[np.linspace(0, len(good) - 1, min(most, len(good))).astype(int)]
    out = []
    for degrees in TURNS:

        def search(k: int, degrees: int = degrees) -> tuple[bool, bool, float]:
            person, prints = probes.rows[k]
            moved = {place: turned(one, degrees) for place, one in prints.items()}
            alone = Gallery(backend="exact")
            alone.enroll(person.name, person.prints[0])
            exact = alone.search(moved, 1)
            begun = time.thread_time()
            hits = gallery.search(moved, LIMIT, threads=1)
            spent = time.thread_time() - begun
            passes = bool(exact) and exact[0].score >= threshold
            return passes, any(hit.subject_id == person.name for hit in hits), spent

        with ThreadPoolExecutor(threads) as pool:
            found = np.array(list(pool.map(search, chosen.tolist())))
        passes, there = found[:, 0] > 0, found[:, 1] > 0
        out.append({
            "turns": gallery.parameters.turns, "degrees": degrees,
            "median_cpu_s": float(np.median(found[:, 2])),
            **shares(int((passes & ~there).sum()), int(passes.sum())),
        })  # fmt: skip
    return out


OTHER = dict(zip(galleries.FINGERS, reversed(galleries.FINGERS), strict=True))


def measure(
    data: Path,
    subjects: int,
    fingers: int,
    threads: int,
    backends: Sequence[str] = ("auto",),
    every: int = 1,
    quick: bool = False,
    swapped: bool = False,
    gallery_folder: Path | None = None,
    turned_probes: int = 0,
) -> list[dict[str, Any]]:
    """Everything of one size and number of fingers, for each of some backends."""
    sets = list(real_sets(data, threads))
    who = people(sets, fingers)
    with TemporaryDirectory() as work:
        folder = Path(work) / "gallery"
        if gallery_folder is None:
            among_synthetic(folder, who, subjects, fingers, threads)
        else:
            subjects = among_made(folder, who, gallery_folder)
        print(f"{subjects:,} subjects, {len(who)} of them real", file=sys.stderr)
        rows = [(one, prints) for one in who for prints in one.prints[1:]][::every]
        if swapped:
            rows = [(one, {OTHER[k]: v for k, v in prints.items()}) for one, prints in rows]
        small = Gallery(backend="exact")
        small.enroll_many([(one.name, one.prints[0]) for one in who])
        with ThreadPoolExecutor(threads) as pool:
            exact = list(pool.map(
                lambda row: small.search(row[1], None, threads=1, swapped=swapped), rows
            ))  # fmt: skip
        found = search_all(rows, folder, backends, threads, swapped=swapped)
        out = []
        for name in backends:
            probes = Probes(rows, {one.name for one in who}, small, exact, found[name])
            with Gallery.open(folder, read_only=True, backend=name) as gallery:
                one = results(probes, gallery, len(who), fingers, name) | {"swapped": swapped}
                if not quick:
                    one |= of_strangers(probes, gallery, data, fingers, threads)
                elif turned_probes:
                    threshold = gallery.threshold(MAX_FPIR)
                    one["turned"] = turns(
                        probes, gallery, threshold, turned_probes, threads, (1, 4)
                    )
                out.append(one)
    return out


def results(
    probes: Probes, gallery: Gallery, real: int, fingers: int, backend: str
) -> dict[str, Any]:
    """What was lost, and what a search cost."""
    threshold = gallery.threshold(MAX_FPIR)
    compared = CascadeBackend().compared(len(gallery), LIMIT, fingers)
    return {
        "kind": "loss",
        "backend": backend,
        "subjects": len(gallery),
        "real_subjects": real,
        "fingers": fingers,
        "max_fpir": MAX_FPIR,
        "threshold": threshold,
        **conditions(),
        "median_cpu_s": float(np.median(probes.cpu)),
        "losses": probes.losses(threshold),
        "by_compared": by_compared(probes, threshold, compared),
    }


def of_strangers(
    probes: Probes, gallery: Gallery, data: Path, fingers: int, threads: int
) -> dict[str, Any]:
    """Exact searches that confirm what is a loss; strangers; turned probes."""
    threshold = gallery.threshold(MAX_FPIR)
    strange = [galleries.probe(STRANGERS + k, fingers, 0) for k in range(1000)]
    return {
        "spot_check": spot_check(probes, gallery, threshold, 24, threads),
        "false_positives": {
            "real probes, synthetic subjects": false_positives(probes.best_synthetic, gallery),
            f"real probes, {len(probes.real_only) - 1} other real subjects": false_positives(
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
    parser.add_argument("--backend", nargs="+", choices=("auto", "cascade"), default=["auto"])
    parser.add_argument("--every", type=int, default=1, help="take one in so many probes")
    parser.add_argument("--quick", action="store_true", help="losses and processor time only")
    parser.add_argument("--swapped", action="store_true", help="exchange labels (with --quick)")
    parser.add_argument(
        "--turned", type=int, default=0, metavar="N",
        help="with --quick: turn so many probes, and look for them in 1 and in 4 directions",
    )  # fmt: skip
    parser.add_argument("--gallery", type=Path, help="a made gallery in place of --subjects")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each backend")
    arguments = parser.parse_args()
    if arguments.swapped and not arguments.quick:
        parser.error("--swapped is for losses and time only: give --quick")
    if arguments.subjects <= EXACT_UP_TO:
        parser.error(f"up to {EXACT_UP_TO:,} subjects a search is exact, and loses nobody")
    for found in measure(
        arguments.data, arguments.subjects, arguments.fingers, arguments.threads,
        arguments.backend, arguments.every, arguments.quick, arguments.swapped, arguments.gallery,
        arguments.turned,
    ):  # fmt: skip
        print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
