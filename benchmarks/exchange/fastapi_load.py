"""The FastAPI service of docs/examples under load: a writer, two readers, two clients that search.

    python benchmarks/exchange/fastapi_load.py --subjects 20000 --minutes 60 [--json]

Every process is the real thing: uvicorn, HTTP on this machine, a durable gallery in a folder. The
gallery is filled with synthetic templates. Each client sends two images of somebody (PNG, synthetic
prints, other impressions than those that were enrolled through the writer), each reader is asked in
turn, and so extraction, gate and search are all in a request. Meanwhile another client enrols
somebody, asks a reader for them with the token of that change, and removes them again. Told are
milliseconds of requests, errors, answers that were wrong, and what memory each process had (RSS).
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from civid.lab.synthetic import SyntheticGallery, impression, master
from civid.position import Position
from civid.search import Gallery

FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
#: People whose prints are images, and impressions of each; the first one is enrolled.
PEOPLE, IMPRESSIONS = 6, 3
CHUNK = 2000


def main() -> int:
    """Parse, fill, load, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subjects", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two changes")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    given = parser.parse_args()
    bodies = [[body(person, number) for number in range(IMPRESSIONS)] for person in range(PEOPLE)]
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "people", given.subjects)
        with ExitStack() as stack:
            roles = ("writer", "reader", "reader")
            servers = [stack.enter_context(serving(Path(folder), role)) for role in roles]
            found = asyncio.run(load(servers, bodies, given))
    found = {
        "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores",
        **{name: value for name, value in vars(given).items() if name != "json"},
        **found,
    }
    print(json.dumps(found, indent=1) if given.json else told(found))
    return int(found["errors"] > 0 or found["wrong"] > 0)


def told(found: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{name:16} {value}" for name, value in found.items() if name != "memory_mb"]
    rows = [f"{row['minute']:7.1f}  {row['load']:5.1f}  {row['mb']}" for row in found["memory_mb"]]
    return "\n".join([*lines, " minute   load  MB of writer, readers", *rows])


def body(person: int, number: int) -> bytes:
    """Two fingers as a client sends them."""
    fingers = {}
    for finger in FINGERS:
        made = impression(master(2 * person + (finger == FINGERS[1])), number, difficulty=0.2).image
        picture = io.BytesIO()
        Image.fromarray(made.pixels).save(picture, "PNG", dpi=(made.dpi, made.dpi))
        fingers[finger.word] = b64encode(picture.getvalue()).decode()
    return json.dumps({"fingers": fingers}).encode()


def fill(folder: Path, count: int) -> None:
    """Synthetic people, folded into a segment."""
    made = SyntheticGallery(1, FINGERS)
    with Gallery.open(folder, background=False) as gallery:
        for begin in range(0, count, CHUNK):
            several = made.templates(begin, min(begin + CHUNK, count))
            gallery.enroll_many((f"s{number}", one) for number, one in enumerate(several, begin))
        gallery.compact()


@contextmanager
def serving(folder: Path, role: str) -> Iterator[tuple[str, int]]:
    """A process; -> its address, and its number."""
    words = ["--factory", f"duplicate_check:{role}", "--port", "0", "--no-access-log"]
    log = folder / f"{role}.{time.monotonic_ns()}"
    source = os.pathsep.join([str(EXAMPLES), *filter(None, [os.environ.get("PYTHONPATH")])])
    with log.open("wb") as lines:
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *words],
            env=os.environ | {"CIVID_GALLERY": str(folder / "people"), "PYTHONPATH": source},
            stderr=lines,
            stdout=lines,
        )
        try:
            end = time.monotonic() + 60
            while not (at := re.search(r"running on (http://\S+)", log.read_text())):
                if server.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"the {role} did not start:\n{log.read_text()}")
                time.sleep(0.05)
            yield at[1], server.pid
        finally:
            server.terminate()
            server.wait(30)


async def load(
    servers: list[tuple[str, int]], bodies: list[list[bytes]], given: argparse.Namespace
) -> dict[str, Any]:
    """Ask, change and look at the memory until the time is over."""
    times: list[float] = []
    after_change: list[float] = []
    faults: list[str] = []
    wrong = 0
    memory: list[dict[str, Any]] = []
    began = time.monotonic()
    end = began + 60 * given.minutes
    async with httpx.AsyncClient(timeout=60) as client:
        writer, *readers = (address for address, _ in servers)

        async def ask(at: str, sent: bytes, seen: int | None = None) -> list[str] | None:
            parameters = {} if seen is None else {"seen": seen}
            answer = await client.post(f"{at}/search", content=sent, params=parameters)
            if answer.status_code != 200:
                faults.append(f"{answer.status_code} {answer.text[:80]}")
                return None
            return [one["subject_id"] for one in answer.json()["candidates"]]

        async def change(method: str, person: str, sent: bytes | None = None) -> int | None:
            answer = await client.request(method, f"{writer}/people/{person}", content=sent)
            if answer.status_code not in (200, 201):
                faults.append(f"{answer.status_code} {answer.text[:80]}")
                return None
            token: int = answer.json()["token"]
            return token

        async def searching(number: int) -> None:
            nonlocal wrong
            turn = number
            while time.monotonic() < end:
                turn += 1
                person = turn % (PEOPLE - 1)
                sent = bodies[person][1 + turn % (IMPRESSIONS - 1)]
                started = time.perf_counter()
                found = await ask(readers[turn % len(readers)], sent)
                times.append(time.perf_counter() - started)
                wrong += found is not None and found[:1] != [f"p{person}"]

        async def changing() -> None:
            nonlocal wrong
            turn = 0
            while time.monotonic() < end:
                turn += 1
                at, sent = readers[turn % len(readers)], bodies[-1]
                token = await change("PUT", "new", sent[0])
                if token is None:
                    continue
                started = time.perf_counter()
                found = await ask(at, sent[1], token)
                after_change.append(time.perf_counter() - started)
                wrong += found is not None and found[:1] != ["new"]
                token = await change("DELETE", "new")
                found = await ask(at, sent[1], token)
                wrong += found is not None and "new" in found
                await asyncio.sleep(given.pause)

        async def watching() -> None:
            while time.monotonic() < end:
                memory.append(looked(servers, began))
                await asyncio.sleep(min(max(given.minutes * 60 / 20, 1), 60))

        for person in range(PEOPLE - 1):
            await change("PUT", f"p{person}", bodies[person][0])
        for at in readers:
            await ask(at, bodies[0][1])
        await asyncio.gather(*map(searching, range(given.clients)), changing(), watching())
    memory.append(looked(servers, began))
    return {
        "searches": len(times),
        "p50_ms": cut(times, 50),
        "p99_ms": cut(times, 99),
        "changes": 2 * len(after_change),
        "p50_ms_after_a_change": cut(after_change, 50),
        "errors": len(faults),
        "first_errors": faults[:3],
        "wrong": wrong,
        "memory_mb": memory,
    }


def looked(servers: list[tuple[str, int]], began: float) -> dict[str, Any]:
    """Memory of each process now, in MB of 1,000,000 bytes, and the load of the machine."""
    kept = []
    for _, process in servers:
        status = Path(f"/proc/{process}/status").read_text()
        kilobytes = re.search(r"VmRSS:\s+(\d+) kB", status)
        kept.append(round(int(kilobytes[1]) * 1.024e-3, 1) if kilobytes else 0.0)
    minute = (time.monotonic() - began) / 60
    return {"minute": round(minute, 2), "load": round(os.getloadavg()[0], 1), "mb": kept}


def cut(seconds: list[float], percent: int) -> float:
    """A percentile, in ms."""
    if len(seconds) < 2:
        return round(1e3 * sum(seconds), 1)
    return round(1e3 * statistics.quantiles(seconds, n=100)[percent - 1], 1)


if __name__ == "__main__":
    sys.exit(main())
