"""What a first look costs a subject, by scan and by lists, and what a comparison in full costs.

    python benchmarks/search/look_costs.py [--subjects 100000] [--searches 24] [--folder FOLDER]
        [--isa avx2 portable] [--write] [--json]

Of synthetic subjects with one and two fingers, in a compacted folder (so that its segment has
lists), second impressions of some of them are searched by each method in turn, in one thread, and
the processor time is divided: by the subjects that were looked at, and by those compared in full.
Medians over the searches. ``--write`` puts the rows into ``civid/search/backends/look_costs.py``,
from which `Gallery.explain` foretells the time of a search; rows of other instruction sets stay.
``--folder`` may be one of `search_galleries.py`, whose galleries are taken as they are.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search_galleries import FINGERS, SEED, folder_of, name

from civid import Position, Template, cpu
from civid.lab.synthetic import SyntheticGallery
from civid.search import Gallery, SearchParameters
from civid.search.arrays.packing import view_of
from civid.search.arrays.parts import View
from civid.search.backends import backend_of
from civid.search.backends import look_costs as kept
from civid.search.backends.base import SearchQuery
from civid.search.capacity.costs.measure import _processor
from civid.search.fingers import finger_set

MODULE = Path(kept.__file__)
Prints = dict[Position, Template]


def gallery_of(folder: Path, people: SyntheticGallery, subjects: int) -> Gallery:
    gallery = Gallery.open(folder, background=False)
    for begin in range(len(gallery), subjects, 4096):
        end = min(begin + 4096, subjects)
        rows = zip(range(begin, end), people.templates(begin, end), strict=True)
        gallery.enroll_many(((name(number), one) for number, one in rows), threads=1)
    gallery.compact(threads=1)
    return gallery


def spent(work: Callable[[View], object], probes: Sequence[View]) -> float:
    """Median CPU seconds of this thread over the probes; the first one is not counted."""
    seconds = []
    for probe in [probes[0], *probes]:
        begun = time.thread_time()
        work(probe)
        seconds.append(time.thread_time() - begun)
    return statistics.median(seconds[1:])


def row_of(gallery: Gallery, people: SyntheticGallery, searches: int, isa: str) -> dict[str, Any]:
    subjects, fingers = len(gallery), len(people.fingers)
    step = subjects // searches
    probes = [
        view_of(finger_set(next(people.templates(step * k, step * k + 1, number=1))))
        for k in range(searches)
    ]
    view = gallery._directory.view()
    few = SearchParameters(compared_least=100, compared_least_of_several=100, compared_share=0,
                           compared_share_of_several=0).to_dict()  # fmt: skip
    many = {**few, "compared_least": 2100, "compared_least_of_several": 2100}

    def cost(method: str, options: dict[str, Any]) -> float:
        how = SearchParameters.from_dict({**options, "method": method, "exact_up_to": 0})
        backend, query = backend_of(how), SearchQuery(limit=10)
        return spent(lambda probe: backend.search(probe, view, query), probes)

    with cpu.using(isa):
        scan, lists, more = cost("cascade", few), cost("auto", few), cost("auto", many)
    full = (more - lists) / 2000
    return {
        "isa": isa, "fingers": fingers, "subjects": subjects, "searches": searches,
        "scan_us": 1e6 * (scan - 100 * full) / subjects,
        "lists_us": 1e6 * (lists - 100 * full) / subjects,
        "compare_us": 1e6 * full,
    }  # fmt: skip


def write(rows: list[dict[str, Any]], machine: str, date: str) -> None:
    made = [
        kept.LookCost(
            machine,
            row["isa"],
            date,
            row["fingers"],
            row["subjects"],
            row["searches"],
            *(float(f"{row[name]:.3g}") for name in ("scan_us", "lists_us", "compare_us")),
        )
        for row in rows
    ]
    cases = {(one.isa, one.fingers): one for one in (*kept.COSTS, *made)}
    text = MODULE.read_text("utf-8").partition("COSTS: Final")[0]
    lines = "".join(
        f"    LookCost({', '.join(map(json.dumps, asdict(case).values()))}),\n"
        for _, case in sorted(cases.items())
    )
    MODULE.write_text(f"{text}COSTS: Final[tuple[LookCost, ...]] = (\n{lines})\n", "utf-8")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--subjects", type=int, default=100_000)
    options.add_argument("--searches", type=int, default=24)
    options.add_argument("--folder", type=Path, help="keep the galleries here, and take them")
    options.add_argument("--isa", nargs="+", default=[cpu.active()], choices=cpu.available())
    options.add_argument("--write", action="store_true")
    options.add_argument("--json", action="store_true", help="print JSON")
    given = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="civid-looks-") as made:
        for fingers in (1, 2):
            folder = folder_of(given.folder or Path(made), given.subjects, fingers)
            folder.mkdir(parents=True, exist_ok=True)
            people = SyntheticGallery(SEED, FINGERS[:fingers])
            with gallery_of(folder, people, given.subjects) as gallery:
                for isa in given.isa:
                    rows.append(row_of(gallery, people, given.searches, isa))
                    print(json.dumps(rows[-1]) if given.json else rows[-1], flush=True)
    if given.write:
        write(rows, _processor(), datetime.now(UTC).date().isoformat())


if __name__ == "__main__":
    main()
