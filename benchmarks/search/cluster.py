"""What a cluster costs over one gallery, on this machine: one JSON object.

    python benchmarks/search/cluster.py --subjects 2000 --shards 4 --json

The same synthetic subjects (two fingers each, unless told) go into one gallery in a folder and into
a cluster of as many nodes as shards, each in a process of its own on this machine. Then searches of
both take turns: the overhead is the difference of the medians. ``--backend exact`` compares
everybody on both sides and checks that the answers are equal to the bit. Also: enrolments a second
that are acknowledged by both replicas, one at a time and in batches, beside those of the gallery.
Wall time; other work on the machine shows in it, so the lower quartile is told, too, and the CPU
time of a search: of this process, and for the cluster of all nodes besides (beats included).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import search_galleries as galleries

from civid.search import Gallery
from civid.search.cluster import Cluster

ONE_AT_A_TIME = 50


def people(first: int, count: int, fingers: int) -> list[tuple[str, Any]]:
    return [
        (galleries.name(first + i), galleries.probe(first + i, fingers, 0)) for i in range(count)
    ]


def seconds(call: Any) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def spread(taken: list[float]) -> dict[str, float]:
    low, median, high = np.quantile(taken, [0.25, 0.5, 0.99])
    return {"quartile_ms": low * 1e3, "median_ms": median * 1e3, "p99_ms": high * 1e3}


def searched(cluster: Cluster, one: Gallery, probes: list[Any], equal: bool) -> dict[str, Any]:
    ours: list[float] = []
    theirs: list[float] = []
    cpu = {"cluster": 0.0, "gallery": 0.0}
    nodes = sum(one["cpu_seconds"] for one in cluster.measures().values())
    for probe in probes:
        got: list[Any] = []
        want: list[Any] = []
        begun = time.process_time()
        ours.append(seconds(lambda probe=probe, got=got: got.extend(cluster.search(probe))))
        between = time.process_time()
        theirs.append(seconds(lambda probe=probe, want=want: want.extend(one.search(probe))))
        cpu["cluster"] += between - begun
        cpu["gallery"] += time.process_time() - between
        assert not equal or got == want, "the cluster does not answer as one gallery"
        assert got[0].subject_id == want[0].subject_id
    cost = {key: spread(ours)[key] - spread(theirs)[key] for key in ("quartile_ms", "median_ms")}
    cpu["cluster"] += sum(one["cpu_seconds"] for one in cluster.measures().values()) - nodes
    cpu_ms = {key: value * 1e3 / len(probes) for key, value in cpu.items()}
    return {"cpu_ms": cpu_ms, "cluster": spread(ours), "gallery": spread(theirs), "overhead": cost,
            "searches": len(probes), "equal_to_the_bit": equal}  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--subjects", type=int, default=2000)
    options.add_argument("--fingers", type=int, default=2)
    options.add_argument("--shards", type=int, default=4)
    options.add_argument("--searches", type=int, default=100)
    options.add_argument("--backend", default="exact")
    options.add_argument("--json", action="store_true", help="one line of JSON")
    chosen = options.parse_args()
    everybody = people(1, chosen.subjects, chosen.fingers)
    more = people(10_000_000, ONE_AT_A_TIME, chosen.fingers)
    probes = [
        galleries.probe(1 + i * chosen.subjects // chosen.searches, chosen.fingers)
        for i in range(chosen.searches)
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        begun = time.perf_counter()
        nodes = {f"n{i}": root / f"n{i}" for i in range(max(chosen.shards, 2))}
        cluster = Cluster.create(root / "home", nodes, shards=chosen.shards, backend=chosen.backend)
        started = time.perf_counter() - begun
        with Gallery.open(root / "one", backend=chosen.backend) as one:
            batches = {
                "cluster_a_second": chosen.subjects
                / seconds(lambda: cluster.enroll_many(everybody)),
                "gallery_a_second": chosen.subjects / seconds(lambda: one.enroll_many(everybody)),
            }
            for probe in probes[:5]:
                cluster.search(probe)
            search = searched(cluster, one, probes, chosen.backend == "exact")
            small = {
                "cluster": spread([seconds(lambda a=a: cluster.enroll(*a)) for a in more]),
                "gallery": spread([seconds(lambda a=a: one.enroll(*a)) for a in more]),
            }
        cluster.stop()
    told = {
        "subjects": chosen.subjects, "fingers": chosen.fingers, "shards": chosen.shards,
        "backend": chosen.backend, "cores": os.cpu_count(), "load": os.getloadavg()[0],
        "start_s": started, "search": search, "enrol_in_batches": batches, "enrol_one": small,
    }  # fmt: skip
    print(json.dumps(told, indent=None if chosen.json else 2))


if __name__ == "__main__":
    main()
