"""Searches a second over HTTP, beside those of the bare gallery: 8 clients, 10,000 people.

    python benchmarks/exchange/service.py --people 10000 --clients 8 --searches 400

Everything is the real thing: a durable engine in a folder, ``civid serve`` in a process of its own,
tokens, the log, and clients that send two fingers of one person as ISO/IEC 19794-2 records. The
people are synthetic (`civid.lab.synthetic.SyntheticGallery`). The bare gallery searches the same
probes, one after the other, with as many threads as the process may use, and with `--clients`
threads that search at once.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from civid.exchange.abis import Abis
from civid.exchange.service.access.office_tokens import OfficeTokens
from civid.fingerprint.template import Template
from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search import Gallery

Fingers = dict[Position, Template]
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
BATCH = 500


def main() -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--searches", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    given = parser.parse_args()
    made = SyntheticGallery(given.seed, FINGERS)
    probes = [as_sent(made, number % given.people) for number in range(given.searches)]
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), made, given.people)
        found = {
            "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores",
            "people": given.people,
            "clients": given.clients,
            "searches": given.searches,
            "bare": bare(Path(folder), probes, 1),
            "bare_at_once": bare(Path(folder), probes, given.clients),
            "http": asyncio.run(over_http(Path(folder), probes, given.clients)),
        }
    if given.json:
        print(json.dumps(found, indent=1))
        return 0
    print(f"{given.people:,} people, {given.searches} searches, {found['machine']}")
    print(f"{'':24}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}{'found':>8}")
    for name, said in (
        ("bare", "bare, one at a time"),
        ("bare_at_once", f"bare, {given.clients} threads"),
        ("http", f"HTTP, {given.clients} clients"),
    ):
        one: dict[str, Any] = found[name]
        print(
            f"{said:24}{one['a_second']:>10.1f}{one['p50_ms']:>10.1f}{one['p99_ms']:>10.1f}"
            f"{one['found']:>8}"
        )
    return 0


def as_sent(made: SyntheticGallery, subject: int) -> Fingers:
    """Another impression of somebody's fingers, as it is after the journey: a record rounds."""
    return {
        finger: Template.from_bytes(made.impression(subject, finger, 1).to_bytes())
        for finger in FINGERS
    }


def fill(folder: Path, made: SyntheticGallery, count: int) -> None:
    """Enrol everybody."""
    with Abis.open(folder, create=True) as engine:
        for begin in range(0, count, BATCH):
            with engine.batch():
                several = made.templates(begin, min(begin + BATCH, count))
                for number, fingers in enumerate(several, begin):
                    engine.insert(f"p{number}", fingers)


def bare(folder: Path, probes: list[Fingers], clients: int) -> dict[str, Any]:
    """The gallery in this process."""
    with Gallery.open(folder / "gallery", read_only=True) as gallery:
        gallery.search(probes[0], 10, max_fpir=1e-3)
        threads = None if clients == 1 else 1

        def ask(probe: Fingers) -> tuple[float, int]:
            began = time.perf_counter()
            found = gallery.search(probe, 10, max_fpir=1e-3, threads=threads)
            return time.perf_counter() - began, len(found)

        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            each = list(pool.map(ask, probes))
        return figures(each, time.perf_counter() - began)


async def over_http(folder: Path, probes: list[Fingers], clients: int) -> dict[str, Any]:
    """``civid serve`` in its own process, and clients that each wait for their answer."""
    token = OfficeTokens(folder / "service" / "tokens.json").add(
        "clients", ["identify"], until=int(time.time()) + 3600
    )
    words = ["serve", str(folder), "--port", "0", "--per-second", "100000", "--quiet"]
    server = subprocess.Popen(
        [sys.executable, "-m", "civid", *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = re.findall(r"http://\S+", server.stdout.readline())[0]
        bodies = [body(probe) for probe in probes]
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=120) as client:
            waiting, each = iter(bodies), list[tuple[float, int]]()

            async def work() -> None:
                for one in waiting:
                    began = time.perf_counter()
                    answer = await client.post("/civid/v1/search", content=one)
                    answer.raise_for_status()
                    each.append((time.perf_counter() - began, len(answer.json()["candidates"])))

            await client.post("/civid/v1/search", content=bodies[0])
            began = time.perf_counter()
            await asyncio.gather(*(work() for _ in range(clients)))
            return figures(each, time.perf_counter() - began)
    finally:
        server.terminate()
        server.wait(30)
        if server.stdout is not None:
            server.stdout.close()


def body(probe: Fingers) -> bytes:
    """What a client sends."""
    fingers = [
        {"position": int(finger), "data": base64.b64encode(one.to_bytes()).decode()}
        for finger, one in probe.items()
    ]
    return json.dumps({"fingers": fingers}).encode()


def figures(each: list[tuple[float, int]], seconds: float) -> dict[str, Any]:
    """Searches a second, milliseconds of one, and how many found somebody."""
    times = sorted(one for one, _ in each)
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
    return {
        "a_second": len(each) / seconds,
        "p50_ms": 1e3 * cuts[49],
        "p99_ms": 1e3 * cuts[98],
        "found": sum(bool(count) for _, count in each),
    }


if __name__ == "__main__":
    sys.exit(main())
