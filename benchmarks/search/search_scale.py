"""What a search costs at a size: one JSON object.

    python benchmarks/search/search_scale.py --subjects 1000000 --fingers 1 --threads 2 --json

Makes the synthetic gallery if it is not there yet (`search_galleries.py`; a million subjects take
some ten minutes), then measures in fresh processes: opening, and `Gallery.search` end to end for
second impressions of enrolled fingers (is the mate found?) and for strangers. The loss is that of
these synthetic probes; real ones are in `search_loss.py`, and with ``--data`` here, too.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import search_galleries as galleries
from search_machine import conditions, rates

from civid.search import Gallery
from civid.search.arrays.index import Index
from civid.search.arrays.parts import Part, View
from civid.search.backends import cascade, inverted_index
from civid.search.backends.auto import EXACT_UP_TO
from civid.search.fingers import encoded

LIMIT, WARM_UP, OPENINGS = 10, 3, 5
#: Synthetic subjects from here on are enrolled nowhere.
STRANGERS = 500_000_000
MAX_FPIR = 1e-2


def quantiles(seconds: list[float]) -> dict[str, float]:
    median, high = np.quantile(seconds, [0.5, 0.99])
    return {"median_s": float(median), "p99_s": float(high), "searches": len(seconds)}


def memory() -> dict[str, int]:
    """Bytes of this process: its share of what is mapped (PSS) and all that is resident."""
    path = Path("/proc/self/smaps_rollup")
    if not path.exists():
        return {}
    sizes = dict(line.split()[:2] for line in path.read_text("ascii").splitlines()[1:])
    return {"pss": int(sizes["Pss:"]) * 1024, "rss": int(sizes["Rss:"]) * 1024}


def opening(folder: Path) -> dict[str, float]:
    begun = time.perf_counter()
    with Gallery.open(folder, read_only=True):
        return {"seconds": time.perf_counter() - begun}


@contextmanager
def stages(spent: dict[str, float]) -> Iterator[None]:
    """CPU seconds of searches in one thread: in the scan (prefilter), in lists, in comparing, in
    checking files."""
    originals = {
        (cascade, "prefilter"): "prefilter",
        (inverted_index, "prefilter"): "lists",
        (cascade, "search_top_k"): "compare",
        **{
            (kind, name): "check"
            for kind in (Part, *Part.__subclasses__())
            for name in ("check", "check_lists")
            if name in vars(kind)
        },
    }
    before = {(where, name): getattr(where, name) for where, name in originals}

    def timed(name: str, call: Any) -> Any:
        def work(*arguments: Any, **options: Any) -> Any:
            begun = time.thread_time()
            try:
                return call(*arguments, **options)
            finally:
                spent[name] = spent.get(name, 0.0) + time.thread_time() - begun

        return work

    for (where, name), stage in originals.items():
        setattr(where, name, timed(stage, before[where, name]))
    try:
        yield
    finally:
        for (where, name), call in before.items():
            setattr(where, name, call)


def two_looks(gallery: Gallery, probe: galleries.Prints) -> dict[str, float]:
    """CPU seconds of the first look at all, and of the second look at those that it lets through.

    From two runs of the prefilter that let different numbers through to the second look.
    """
    own = Index()
    own.append([""], [encoded(probe)])
    own.publish()
    view: View = gallery._directory.view()
    wanted = cascade.CascadeBackend().compared(view.living, LIMIT, len(probe))
    slot = np.zeros(1, np.int64)
    several = len(probe) > 1

    def run(keep: int) -> tuple[float, float]:
        seconds, seen = 0.0, 0.0
        for part, begin, end in view.ranges(cascade.RANGE):
            kept = (
                min(keep, end - begin)
                if keep
                else cascade.CascadeBackend()._keep(wanted, end - begin, view.subjects)
            )
            begun = time.thread_time()
            cascade.prefilter(own.part(), slot, part, begin, end, keep=kept, fingers=2)
            seconds += time.thread_time() - begun
            seen += min(end - begin, max((end - begin) // (128 if several else 32), 64, 4 * kept))
        return seconds, seen

    usual, more = (min(run(keep) for _ in range(3)) for keep in (0, 512))
    each = (more[0] - usual[0]) / (more[1] - usual[1])
    second = each * usual[1]
    words = sum(part.pointer.block_size // 8 - part.fingers for part in view.parts)
    # Of each of several fingers, the first look takes no more than 32.
    mine = sum(min(len(template), 32 if several else 255) for template in probe.values())
    return {
        "first_look_s": usual[0] - second,
        "second_look_s": second,
        "code_bytes": float(8 * words),
        # Each finger of the probe is compared with one of a subject's.
        "popcounts": float(mine * words / len(probe)),
    }


def searching(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    gallery = Gallery.open(folder, read_only=True, backend=arguments.backend)
    subjects, fingers, threads = len(gallery), arguments.fingers, arguments.threads
    rng = np.random.default_rng(subjects)
    half = max(arguments.probes // 2, 1)
    own = json.loads((folder / galleries.MADE).read_text("utf-8")).get("own", subjects)
    enrolled = rng.choice(own, half + WARM_UP, replace=half + WARM_UP > own).tolist()
    probes = [(one, galleries.probe(one, fingers)) for one in enrolled]
    probes += [(-1, galleries.probe(STRANGERS + k, fingers, 0)) for k in range(half)]
    for _, probe in probes[:WARM_UP]:
        gallery.search(probe, LIMIT, threads=threads)
    probes = probes[WARM_UP:]
    least = gallery.threshold(MAX_FPIR)
    wall: list[float] = []
    cpu: list[float] = []
    found = passed = lost = false = 0
    best_wrong: list[float] = []
    for who, probe in probes:
        gc.collect()
        used, begun = time.process_time(), time.perf_counter()
        hits = gallery.search(probe, LIMIT, threads=threads)
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
        if who < 0:
            false += bool(hits) and hits[0].score >= least
            best_wrong.append(hits[0].score if hits else 0.0)
            continue
        first = bool(hits) and hits[0].subject_id == galleries.name(who)
        found += first
        alone = Gallery(backend="exact")
        alone.enroll("mate", galleries.probe(who, fingers, 0))
        exact = alone.search(probe, 1)
        if exact and exact[0].score >= least:
            passed += 1
            lost += not any(
                one.subject_id == galleries.name(who) and one.score == exact[0].score
                for one in hits
            )
    spent: dict[str, float] = {}
    with stages(spent):
        few = [probe for _, probe in probes[:: max(len(probes) // 10, 1)]]
        used_here = time.thread_time()
        for probe in few:
            gallery.search(probe, LIMIT, threads=1)
        spent["all"] = time.thread_time() - used_here
    tables = sum(
        array.nbytes
        for part in gallery._directory.view().parts
        for array in (part.offsets, part.positions, part.first, part.alive)
    )
    ids = sum(
        len(one.segment.table(name)) * one.segment.table(name).itemsize
        for one in gallery._directory._stored
        for name in ("ids", "id_offsets", "id_hashes", "id_order", "sequences")
    )
    result = {
        "search": quantiles(wall),
        "search_cpu": quantiles(cpu),
        "mated": {"searches": half, "first": found},
        "strangers": {
            "searches": half,
            "reached_threshold": int(false),
            "best_median": float(np.median(best_wrong)),
        },
        "loss": {
            "of": f"synthetic probes, FPIR {MAX_FPIR:g}, threshold {least:.1f}",
            "mated": half,
            "exact_finds": passed,
            "lost": lost,
        },
        "stages_one_thread_s": {name: value / len(few) for name, value in spent.items()},
        "bytes": {
            "subjects": subjects,
            "templates_and_codes": gallery.nbytes / subjects,
            "tables": tables / subjects,
            "ids": ids / subjects,
            **{name: value / subjects for name, value in memory().items()},
        },
        "minutiae": (gallery.nbytes / gallery.fingers - 8) / 24,
    }
    listed = arguments.backend != "cascade" and any(
        part.lists for part in gallery._directory.view().parts
    )
    if arguments.backend != "exact" and subjects > EXACT_UP_TO and not listed:
        result["looks"] = two_looks(gallery, probes[0][1])
    gallery.close()
    return result


def child(arguments: argparse.Namespace, what: str) -> dict[str, Any]:
    words = [sys.executable, __file__, "--child", what]
    for name in ("subjects", "fingers", "threads", "probes", "backend", "work"):
        words += [f"--{name}", str(getattr(arguments, name))]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    if not galleries.complete(arguments.work, arguments.subjects, arguments.fingers):
        print("making the gallery", file=sys.stderr)
        galleries.make(arguments.work, [arguments.subjects], arguments.threads)
    folder = galleries.folder_of(arguments.work, arguments.subjects, arguments.fingers)
    made = json.loads((folder / galleries.MADE).read_text("utf-8"))
    result: dict[str, Any] = {
        "kind": "scale",
        "subjects": arguments.subjects,
        "fingers": arguments.fingers,
        "threads": arguments.threads,
        "backend": arguments.backend,
        "warm_up": WARM_UP,
        **conditions(),
    }
    openings = [child(arguments, "open")["seconds"] for _ in range(OPENINGS)]
    result["open_s"] = float(np.median(openings))
    result |= child(arguments, "search")
    result["enrolment"] = made["enrol"]
    result["compaction"] = made["compact"]
    result["bytes"]["on_disk"] = made["bytes_on_disk"] / arguments.subjects
    if "looks" in result:
        most = rates()
        looks = result["looks"]
        result["machine"] = most
        looks["share_of_popcounts"] = (
            looks["popcounts"] / looks["first_look_s"] / most["popcounts_a_second"]
        )
        looks["share_of_bandwidth"] = (
            looks["code_bytes"] / looks["first_look_s"] / most["bytes_a_second"]
        )
    if arguments.data is not None:
        from search_loss import measure

        (result["real_loss"],) = measure(
            arguments.data, arguments.subjects, arguments.fingers, arguments.threads
        )
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subjects", type=int, default=10_000)
    parser.add_argument("--fingers", type=int, choices=(1, 2), default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--probes", type=int, default=60, help="half of them enrolled")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--work", type=Path, default=galleries.default_folder())
    parser.add_argument("--data", type=Path, help="also the loss on real prints of this folder")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--child", choices=("open", "search"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = galleries.folder_of(arguments.work, arguments.subjects, arguments.fingers)
    if arguments.child == "open":
        answer: dict[str, Any] = opening(folder)
    elif arguments.child == "search":
        answer = searching(arguments, folder)
    else:
        answer = measured(arguments)
    print(json.dumps(answer, indent=None if arguments.json or arguments.child else 2))


if __name__ == "__main__":
    main()
