"""What it costs to import civid, its engine, and to ask the command for help.

    python benchmarks/import_cost.py [--runs 11] [--json]

Each line is a program of its own, run again and again; the figure is the median of CPU time (user
and system, of the whole process) and of its largest resident memory, and how much more both are
than those of a bare interpreter; Linux only. The first run of each fills caches and does not count.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass

COMMAND = "import sys; sys.argv = ['civid', '{}']; from civid.cli import main; main()"
PROGRAMS = {
    "bare": "pass",
    "import civid": "import civid",
    "numpy": "import numpy",
    "civid.extract": "import civid; civid.extract, civid.compare, civid.Gallery",
    "civid --version": COMMAND.format("--version"),
    "civid --help": COMMAND.format("--help"),
}
#: A child's `ru_maxrss` begins with what its parent had; its own largest stands here, on Linux.
OWN = """import atexit, sys
atexit.register(lambda: sys.stderr.write(open("/proc/self/status").read()))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU and megabytes (2^20 bytes), and both beyond the bare interpreter."""

    cpu_ms: float
    memory_mb: float
    more_ms: float = 0.0
    more_mb: float = 0.0


def measured(code: str, runs: int) -> Cost:
    """Median over runs of a program."""
    times, memories = [], []
    for number in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", OWN + code], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(f"{code!r} ended with {done.returncode}: {done.stderr[-2000:]}")
        if number:
            spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
            times.append(1e3 * spent)
            memories.append(int(re.findall(r"^VmHWM:\s+(\d+) kB", done.stderr, re.M)[0]) / 1024)
    return Cost(statistics.median(times), statistics.median(memories))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {name: measured(code, options.runs) for name, code in PROGRAMS.items()}
    bare = found["bare"]
    told = {
        name: Cost(
            one.cpu_ms, one.memory_mb, one.cpu_ms - bare.cpu_ms, one.memory_mb - bare.memory_mb
        )
        for name, one in found.items()
    }
    if options.json:
        print(json.dumps({name: asdict(one) for name, one in told.items()}, indent=2))
        return 0
    print(f"{'':18}{'CPU ms':>9}{'MB':>8}{'more ms':>10}{'more MB':>9}")
    for name, one in told.items():
        print(
            f"{name:18}{one.cpu_ms:9.0f}{one.memory_mb:8.1f}{one.more_ms:10.1f}{one.more_mb:9.1f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
