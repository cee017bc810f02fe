"""Prints compared a second beside SourceAFIS and NBIS: same images, same run, one core.

    python benchmarks/search/search_peers.py --data ../shared/data --subjects 1000000 --json

Every system extracts its own templates from FVC2002 DB1-4_B and compares all pairs. civid's search
goes end to end through a gallery of synthetic fingers with the same probes. A peer that is not
installed is left out. The process is bound to one core; times are CPU time of the process that
compares, with the reading of its input (bozorth3 reads text files, a millisecond a hundred).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import search_galleries as galleries
from search_machine import conditions

from civid.errors import UnavailableError
from civid.fingerprint.compare import compare_many, pack
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage, read_image
from civid.lab.evaluation import read_set
from civid.lab.peers.nbis_programs import Bozorth3, Mindtct
from civid.lab.peers.sourceafis import SourceAfisExtractor, SourceAfisMatcher
from civid.search import Gallery

SETS = tuple(f"FVC2002/DB{n}_B" for n in (1, 2, 3, 4))
ROUNDS = 3


def children() -> float:
    """CPU seconds of the processes that this one has waited for."""
    spent = os.times()
    return spent.children_user + spent.children_system


def of_process(pid: int) -> float:
    """CPU seconds of a process that lives."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(
    call: Callable[[Any, Sequence[Any]], Any], templates: Sequence[Any], clock: Callable[[], float]
) -> dict[str, float]:
    """Every template against all, some rounds to warm up and one that counts."""
    for _ in range(ROUNDS - 1):
        for probe in templates[:: max(len(templates) // 20, 1)]:
            call(probe, templates)
    used, begun = clock(), time.perf_counter()
    for probe in templates:
        call(probe, templates)
    cpu, wall = clock() - used, time.perf_counter() - begun
    count = len(templates) ** 2
    return {"comparisons": count, "a_cpu_second": count / cpu, "a_second": count / wall}


def civid_comparisons(images: list[FingerImage]) -> dict[str, float]:
    templates = [extract(image) for image in images]
    packed = pack(templates)
    return timed(lambda probe, _: compare_many(probe, packed), templates, time.process_time)


def bozorth(images: list[FingerImage]) -> dict[str, float]:
    extractor, matcher = Mindtct(), Bozorth3()
    with ThreadPoolExecutor(2) as pool:
        templates = list(pool.map(extractor, images))
    return timed(matcher.many, templates, children)


def sourceafis(images: list[FingerImage]) -> dict[str, float]:
    from civid.lab.peers import sourceafis as module

    extractor, matcher = SourceAfisExtractor(), SourceAfisMatcher()
    made = [one for one in extractor.many(images) if isinstance(one, bytes)]
    process = module._shared.batch()._process
    try:
        return timed(matcher.many, made, lambda: of_process(process.pid))
    finally:
        matcher.close()


def civid_search(images: list[FingerImage], work: Path, subjects: int) -> dict[str, float]:
    """End to end, as a finger of the enrolled position, one thread."""
    folder = galleries.folder_of(work, subjects, 1)
    times, cpu = [], []
    with Gallery.open(folder, read_only=True) as gallery:
        for k, image in enumerate(images[:: max(len(images) // 40, 1)]):
            probe = {galleries.FINGERS[0]: extract(image)}
            used, begun = time.process_time(), time.perf_counter()
            gallery.search(probe, 10, threads=1)
            if k >= 3:
                times.append(time.perf_counter() - begun)
                cpu.append(time.process_time() - used)
    return {
        "subjects": subjects,
        "searches": len(times),
        "median_s": float(np.median(times)),
        "a_second": subjects / float(np.median(times)),
        "a_cpu_second": subjects / float(np.median(cpu)),
    }


def measure(data: Path, work: Path, subjects: int) -> dict[str, Any]:
    paths = [one.path for name in SETS for one in read_set(data / "prints" / name).samples]
    images = [read_image(path) for path in paths]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    result: dict[str, Any] = {"kind": "peers", "images": len(images), **conditions()}
    for name, run in (
        ("civid, exact comparisons", civid_comparisons),
        ("NBIS bozorth3", bozorth),
        ("SourceAFIS", sourceafis),
    ):
        try:
            result[name] = run(images)
        except UnavailableError as error:
            result[name] = {"unavailable": str(error)}
    result["civid, 1:N search"] = civid_search(images, work, subjects)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=galleries.default_folder())
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    arguments = parser.parse_args()
    found = measure(arguments.data, arguments.work, arguments.subjects)
    print(json.dumps(found, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
