"""Speed of galleries: ``pytest benchmarks/bench_search.py --benchmark-enable``.

Random templates of 40 minutiae, two fingers a subject. Random minutiae cost a comparison about
what impostors' do. Large galleries, losses and duplicates of many are measured by
``search_scale.py``, ``search_loss.py`` and ``search_duplicates.py``.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from civid import cpu
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays import encoding

SUBJECTS = 2000
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)


def template(rng: np.random.Generator) -> Template:
    minutiae = np.zeros(40, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(20, 380, (2, 40))
    minutiae["angle"] = rng.uniform(0, 2 * np.pi, 40)
    minutiae["kind"], minutiae["quality"] = rng.integers(1, 3, 40), 60
    return Template(minutiae, 60, 400, 400)


@pytest.fixture(scope="module")
def people() -> dict[str, dict[Position, Template]]:
    rng = np.random.default_rng(1)
    return {str(i): {position: template(rng) for position in FINGERS} for i in range(SUBJECTS)}


@pytest.fixture(scope="module")
def folder(
    people: dict[str, dict[Position, Template]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("bench") / "gallery"
    with Gallery.open(path) as made:
        made.enroll_many(people)
    return path


def measure(
    benchmark: Any, work: Callable[[], Any], rounds: int, warmup: int = 0, **counts: float
) -> Any:
    """Run it, and note what it does a second, by the median and by CPU time in all threads.

    The latter tells more on a machine that others use, too.
    """
    result = benchmark.pedantic(work, rounds=rounds, warmup_rounds=warmup)
    if benchmark.stats:
        begun = time.process_time()
        work()
        used = time.process_time() - begun
        for name, count in counts.items():
            benchmark.extra_info[f"{name}_a_second"] = round(count / benchmark.stats.stats.median)
            benchmark.extra_info[f"{name}_a_cpu_second"] = round(count / used)
        benchmark.extra_info["isa"] = cpu.active()
    return result


def test_enroll_many_in_memory(benchmark: Any, people: Any) -> None:
    measure(benchmark, lambda: Gallery().enroll_many(people), 3, fingers=2 * SUBJECTS)


def test_enroll_many_in_a_folder(benchmark: Any, people: Any, tmp_path: Path) -> None:
    number = itertools.count()

    def enrol() -> None:
        with Gallery.open(tmp_path / str(next(number))) as made:
            made.enroll_many(people)

    measure(benchmark, enrol, 3, fingers=2 * SUBJECTS)


def test_enroll_one_by_one_in_a_folder(benchmark: Any, people: Any, tmp_path: Path) -> None:
    """Each one is on the disk when its call returns; the disk's flush decides."""
    number = itertools.count()
    with Gallery.open(tmp_path / "gallery") as made:
        measure(
            benchmark,
            lambda: [made.enroll(f"new {next(number)}", people["7"]) for _ in range(20)],
            10,
            subjects=20,
        )


@pytest.mark.parametrize("read_only", [False, True])
def test_open(benchmark: Any, folder: Path, read_only: bool) -> None:
    measure(
        benchmark,
        lambda: Gallery.open(folder, read_only=read_only).close(),
        3,
        fingers=2 * SUBJECTS,
    )
    size = sum(path.stat().st_size for path in folder.iterdir())
    benchmark.extra_info["bytes_a_finger_on_disk"] = round(size / SUBJECTS / 2)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("fingers", [1, 2])
@pytest.mark.parametrize("backend", ["exact", "cascade"])
def test_search(
    benchmark: Any, folder: Path, people: Any, backend: str, threads: int, fingers: int
) -> None:
    probe = dict(list(people["1234"].items())[:fingers])
    gallery = Gallery.open(folder, read_only=True, backend=backend)
    found = measure(
        benchmark,
        lambda: gallery.search(probe, limit=10, threads=threads),
        7,
        1,
        prints=SUBJECTS * fingers,
    )
    assert found[0].subject_id == "1234"
    benchmark.extra_info["bytes_a_finger_in_memory"] = round(gallery.nbytes / gallery.fingers)
    benchmark.extra_info["bytes_a_finger_encoded"] = len(
        encoding.encode(people["1"][Position.RIGHT_INDEX])
    )


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("backend", ["exact", "cascade"])
def test_duplicates(benchmark: Any, people: Any, backend: str, threads: int) -> None:
    count = 400
    some = Gallery(backend=backend)
    some.enroll_many(list(people.items())[:count])
    found = measure(
        benchmark,
        lambda: list(some.duplicates(threads=threads)),
        3,
        pairs=count * (count - 1) / 2,
    )
    assert found == []
