"""Synthetic galleries on the disk for the measurements of search, made once and kept.

    python benchmarks/search/search_galleries.py --work FOLDER --sizes 1000 10000 100000 1000000

For every size two galleries of the same subjects, ``N-1`` (right index finger) and ``N-2`` (both
index fingers), and in ``made.json`` what enrolment and compaction cost.

    python benchmarks/search/search_galleries.py --work FOLDER --sizes 1000000 --paired 100000

makes the larger one in a fraction of the time, with two fingers only: its first 100,000 subjects
are those of ``100000-2``, everybody else has a right finger of one of them and a left one of
another, so that no two have the same pair. Probes are of the first ones.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from civid.fingerprint.template import Template
from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search import Gallery

SEED = 4
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
#: Subjects of one transaction, and of one compaction.
CHUNK, FOLD = 20_000, 200_000
MADE = "made.json"
Prints = dict[Position, Template]


def default_folder() -> Path:
    return Path(tempfile.gettempdir()) / "civid-search-scale"


def name(subject: int) -> str:
    """The id of a synthetic subject."""
    return f"{subject:012}"


def probe(subject: int, fingers: int, number: int = 1) -> Prints:
    """Another impression of a synthetic subject's fingers."""
    source = SyntheticGallery(SEED, FINGERS)
    return {one: source.impression(subject, one, number) for one in FINGERS[:fingers]}


def chunks(start: int, end: int, threads: int) -> Iterator[tuple[int, list[Prints]]]:
    """The subjects in order, made some ahead in threads."""
    source = SyntheticGallery(SEED, FINGERS)
    step = CHUNK // 4

    def make(begin: int) -> list[Prints]:
        return list(source.templates(begin, min(begin + step, end)))

    with ThreadPoolExecutor(threads) as pool:
        begins = list(range(start, end, step))
        waiting = [pool.submit(make, begin) for begin in begins[: 2 * threads]]
        for k, begin in enumerate(begins):
            made = waiting.pop(0).result()
            if k + 2 * threads < len(begins):
                waiting.append(pool.submit(make, begins[k + 2 * threads]))
            yield begin, made


class Clock:
    """CPU seconds of this process's threads and seconds of the clock, summed."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0
        self.templates = 0

    def __enter__(self) -> Clock:
        self._cpu, self._wall = time.thread_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu += time.thread_time() - self._cpu
        self.wall += time.perf_counter() - self._wall

    def rate(self) -> dict[str, float]:
        return {
            "templates": self.templates,
            "templates_a_cpu_second": self.templates / self.cpu if self.cpu else 0.0,
            "templates_a_second": self.templates / self.wall if self.wall else 0.0,
        }


def folder_of(work: Path, subjects: int, fingers: int) -> Path:
    return work / f"{subjects}-{fingers}"


def complete(work: Path, subjects: int, fingers: int) -> bool:
    return (folder_of(work, subjects, fingers) / MADE).exists()


def make(work: Path, sizes: Sequence[int], threads: int) -> None:
    """Make those that are missing, in one go through the subjects."""
    sizes = sorted(size for size in sizes if not all(complete(work, size, f) for f in (1, 2)))
    if not sizes:
        return
    work.mkdir(parents=True, exist_ok=True)
    growing = {fingers: work / f"growing-{fingers}" for fingers in (1, 2)}
    for path in growing.values():
        shutil.rmtree(path, ignore_errors=True)
    open_now = {f: Gallery.open(path, background=False) for f, path in growing.items()}
    enrolling = {f: Clock() for f in growing}
    compacting = {f: Clock() for f in growing}

    def fold() -> None:
        for f, gallery in open_now.items():
            with compacting[f]:
                gallery.compact(threads=1)
            compacting[f].templates = gallery.fingers

    begin = 0
    for size in sizes:
        subjects: list[tuple[int, Prints]] = []
        for at, made in chunks(begin, size, threads):
            subjects += [(at + i, one) for i, one in enumerate(made)]
            last = at + len(made) == size
            if len(subjects) < CHUNK and not last:
                continue
            for f, gallery in open_now.items():
                some = [(name(i), dict(list(one.items())[:f])) for i, one in subjects]
                with enrolling[f]:
                    gallery.enroll_many(some, threads=1)
                enrolling[f].templates += f * len(some)
            subjects = []
            if (at + len(made)) % FOLD == 0:
                fold()
            print(f"{at + len(made):,}", end=" ", flush=True)
        fold()
        for f, path in growing.items():
            open_now[f].close()
            target = folder_of(work, size, f)
            shutil.rmtree(target, ignore_errors=True)
            if size == sizes[-1]:
                path.rename(target)
            else:
                shutil.copytree(path, target)
                open_now[f] = Gallery.open(path, background=False)
            note: dict[str, Any] = {
                "enrol": enrolling[f].rate(),
                "compact": compacting[f].rate(),
                "bytes_on_disk": sum(file.stat().st_size for file in target.iterdir()),
            }
            (target / MADE).write_text(json.dumps(note))
        begin = size
    print()


def pair(work: Path, subjects: int, own: int) -> None:
    """A gallery of two fingers, of which all but the first `own` subjects mix these."""
    target = folder_of(work, subjects, 2)
    if complete(work, subjects, 2):
        return
    with Gallery.open(folder_of(work, own, 2), read_only=True) as small:
        of = [small.get(name(k)) for k in range(own)]
    shutil.rmtree(target, ignore_errors=True)
    right, left = FINGERS
    enrolling, compacting = Clock(), Clock()
    with Gallery.open(target, background=False) as gallery:
        for begin in range(0, subjects, CHUNK):
            some = [
                (name(k), {right: of[k % own][right], left: of[(k + 7 * (k // own)) % own][left]})
                for k in range(begin, min(begin + CHUNK, subjects))
            ]
            with enrolling:
                gallery.enroll_many(some, threads=1)
            if (begin + CHUNK) % FOLD == 0 or begin + CHUNK >= subjects:
                with compacting:
                    gallery.compact(threads=1)
            print(f"{begin + len(some):,}", end=" ", flush=True)
    enrolling.templates = compacting.templates = 2 * subjects
    note: dict[str, Any] = {
        "enrol": enrolling.rate(),
        "compact": compacting.rate(),
        "bytes_on_disk": sum(file.stat().st_size for file in target.iterdir()),
        "own": own,
    }
    (target / MADE).write_text(json.dumps(note))
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=default_folder())
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--paired", type=int, metavar="N", help="mix the fingers of N subjects")
    arguments = parser.parse_args()
    if arguments.paired is None:
        make(arguments.work, arguments.sizes, arguments.threads)
        return
    make(arguments.work, [arguments.paired], arguments.threads)
    for size in arguments.sizes:
        pair(arguments.work, size, arguments.paired)


if __name__ == "__main__":
    main()
