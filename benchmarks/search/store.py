"""What the store of a gallery costs: enrolment, compaction, opening, removal.

    python benchmarks/search/store.py --subjects 100000 [--encrypted]
    python benchmarks/search/store.py --subjects 1000000 --tails 0 2048 20000   # tails
    python benchmarks/search/store.py --subjects 100000 --copies      # backup, restore

Two fingers of 40 minutiae a subject. The searched form is filled with random bytes of the size of
the real one (328 bytes of packed template and 640 bytes of scan codes a finger), so that only the
store is measured. Prints seconds of CPU in all threads of the process, and of the clock.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.search import Gallery, upkeep
from civid.search.arrays import encoding
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.packing import INDEX_VERSION, Arrays
from civid.search.segments.keys import KeyProvider, StaticKeyProvider
from civid.search.store.sqlite_store import SqliteStore

COUNT = 40
BATCH = 512
#: Subjects between two compactions.
FOLD = 50_000


@contextmanager
def timed(what: str, number: int = 0, unit: str = "subjects") -> Iterator[None]:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    rate = f", {number / max(cpu, 1e-9):,.0f} {unit} a second of CPU" if number else ""
    print(f"{what}: {cpu:.3f} s of CPU, {wall:.3f} s{rate}", flush=True)


def template(rng: np.random.Generator) -> bytes:
    minutiae = np.zeros(COUNT, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(0, 400, (2, COUNT))
    minutiae["angle"] = rng.uniform(0, 6, COUNT)
    return encoding.encode(Template(minutiae, 50, 400, 400))


RNG = np.random.default_rng(1)
TEMPLATES = [template(RNG) for _ in range(1000)]
FORM = RNG.integers(0, 256, 328 * 2 * 2048, np.uint8)
CODES = RNG.integers(0, 1 << 63, 40 * 2 * 2048, np.uint64)


def make(templates: Sequence[bytes]) -> Arrays:
    count = len(templates)
    starts = np.arange(count + 1, dtype=np.uint64)
    codes = CODES[: 40 * count]
    return Arrays(FORM[: 328 * count], starts * np.uint64(328), codes, codes)


def subjects(begin: int, end: int) -> list[tuple[str, EncodedFingers]]:
    return [
        (f"{i:012}", ((2, TEMPLATES[i % 1000]), (7, TEMPLATES[i * 7 % 1000])))
        for i in range(begin, end)
    ]


def opened(path: Path, keys: KeyProvider | None, *, read_only: bool = False) -> SqliteStore:
    store = SqliteStore(path, create=True, read_only=read_only, timeout=5, keys=keys)
    for _ in store.load():
        pass
    return store


def memory() -> float:
    """MB that this process shares with nobody, not with the page cache either."""
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in text.splitlines() if "Private_Dirty" in line) / 1024


def forget(path: Path) -> None:
    """Drop the files from the page cache."""
    os.sync()
    for file in path.iterdir():
        fd = os.open(file, os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)


def look(path: Path, keys: KeyProvider | None) -> None:
    """What a reading process pays."""
    forget(path)
    with timed("open read-only, nothing in the page cache"):
        opened(path, keys, read_only=True).close()
    before = memory()
    with timed("open read-only"):
        store = opened(path, keys, read_only=True)
    print(f"memory of its own: {memory() - before:.0f} MB")
    total = sum(part.segment.subjects for part in store.segments())
    with timed("check block and scan, first use", total):
        for segment, _ in store.segments():
            segment.check("block")
            segment.check("codes")
            segment.check("details")
    with timed("read all ids", total):
        for segment, _ in store.segments():
            for _ in segment.ids():
                pass
    with timed("get", 1000):
        for sequence in np.linspace(1, total, 1000).astype(int).tolist():
            store.get(sequence)
    with timed("find", 1000):
        for i in range(1000):
            store.segments()[0].segment.find(f"{i * 3:012}")


def run(path: Path, count: int, keys: KeyProvider | None) -> None:
    store = opened(path, keys)
    enrolled = folding = 0.0
    for begin in range(0, count, FOLD):
        end = min(begin + FOLD, count)
        now = time.process_time()
        with store.transaction() as transaction:
            for low in range(begin, end, BATCH):
                transaction.add_many(subjects(low, min(low + BATCH, end)))
        enrolled += time.process_time() - now
        now = time.process_time()
        store.compact(make)
        folding += time.process_time() - now
    print(f"enrol: {enrolled:.2f} s of CPU, {2 * count / enrolled:,.0f} templates a second")
    print(f"fold and merge: {folding:.2f} s of CPU, {2 * count / folding:,.0f} templates a second")
    sizes = [part.segment.subjects for part in store.segments()]
    total = sum(p.stat().st_size for p in path.glob("*.seg"))
    print(f"segments of {sizes} subjects, {total / count / 2:.0f} bytes a finger; database "
          f"{(path / 'gallery.sqlite3').stat().st_size / 1e6:.1f} MB")  # fmt: skip
    with timed("close"):
        store.close()
    with timed("open to write"):
        store = opened(path, keys)
    few = list(range(1, count // 10 + 1))
    with timed("remove a tenth", len(few)), store.transaction() as transaction:
        transaction.remove_many(few)
    with timed("enrol one", 1), store.transaction() as transaction:
        transaction.add_many(subjects(count, count + 1))
    with timed("remove one", 1), store.transaction() as transaction:
        transaction.remove(count)
    store.close()
    with timed("open to write, a tenth dead"):
        store = opened(path, keys)
    with timed("purge", count - len(few)):
        store.compact(make, purge=True)
    store.close()
    sys.stdout.flush()


def tails(path: Path, count: int, keys: KeyProvider | None, lengths: list[int]) -> list[object]:
    """What a reader pays to open a gallery whose last writer left so many in no segment."""
    store = opened(path, keys)
    put(store, 0, count)
    store.compact(make, index_version=INDEX_VERSION)
    found: list[object] = []
    done = count
    for length in sorted(lengths):
        put(store, done, count + length)
        done = count + length
        runs = []
        for _ in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            gallery = Gallery.open(path, read_only=True, keys=keys, threads=1)
            runs.append((time.process_time() - cpu, time.perf_counter() - wall))
            why = gallery.describe().slow
            gallery.close()
        cpu, wall = (statistics.median(times) for times in zip(*runs, strict=True))
        print(f"{count:,} subjects and a tail of {length:,}: {cpu:.3f} s of CPU, {wall:.3f} s;"
              f" {why or 'nothing to tell'}", flush=True)  # fmt: skip
        found.append({"subjects": count, "tail": length, "cpu_s": cpu, "wall_s": wall, "told": why})
    store.close()
    return found


def put(store: SqliteStore, begin: int, end: int) -> None:
    with store.transaction() as transaction:
        for low in range(begin, end, BATCH):
            transaction.add_many(subjects(low, min(low + BATCH, end)))


def copies(path: Path, count: int, keys: KeyProvider | None) -> list[object]:
    """What a first backup, a second one and a restoration cost, and the most memory."""
    store = opened(path, keys)
    put(store, 0, count)
    store.compact(make, index_version=INDEX_VERSION)
    kept, again, found = path.with_name("copies"), path.with_name("again"), list[object]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def run_one(what: str, work: Callable[[], int]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        size = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{what}: {size / 1e6:,.1f} MB, {cpu:.2f} s of CPU, {wall:.2f} s,"
              f" {size / 1e6 / cpu:,.0f} MB a second of CPU", flush=True)  # fmt: skip
        found.append({"what": what, "bytes": size, "cpu_s": cpu, "wall_s": wall})

    run_one("backup", lambda: upkeep.backup(path, kept, keys=keys).copied_bytes)
    put(store, count, count + 1000)
    run_one("backup again", lambda: upkeep.backup(path, kept, keys=keys).copied_bytes)
    run_one("restore", lambda: upkeep.restore(kept, again, keys=keys).nbytes)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"most memory beyond that of the writer: {more // 1024} MB")
    found.append({"what": "memory", "bytes": more * 1024})
    store.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--encrypted", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--tails", type=int, nargs="+", metavar="N", help="only: open with tails")
    parser.add_argument("--copies", action="store_true", help="only: back up and restore")
    parser.add_argument("--json", type=Path, metavar="FILE", help="of --tails and --copies")
    parser.add_argument("--look", action="store_true", help="only open what is there")
    options = parser.parse_args()
    keys = StaticKeyProvider({"benchmark": bytes(32)}) if options.encrypted else None
    if options.look:
        look(options.folder, keys)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "gallery"
        if options.tails or options.copies:
            found = (
                tails(path, options.subjects, keys, options.tails)
                if options.tails
                else copies(path, options.subjects, keys)
            )
            if options.json:
                options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            return
        run(path, options.subjects, keys)
        print(
            f"most memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )
        arguments = [sys.executable, __file__, "--look", "--folder", str(path)]
        subprocess.run(arguments + ["--encrypted"] * options.encrypted, check=True)


if __name__ == "__main__":
    main()
